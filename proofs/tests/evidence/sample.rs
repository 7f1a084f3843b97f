//! The questions of a sample: every frame, some frames for all sizes, a program under every convention, and code with
//! counterexamples.

use framewright::design::{Prover, statements};
use framewright::engine::Config;
use framewright::engine::build::{Builder, Built};
use framewright::engine::code::Code;
use framewright::engine::stats::{Kind, Stats};
use framewright::export::Export;
use framewright_compiler::sample::{Role, sample};
use framewright_compiler::wasm::Module;
use framewright_spec::{Shape, Spec};
use framewright_verifier::{Proven, Verdict, Verifier};
use std::path::Path;
use std::sync::Arc;

/// Shapes of each frame.
const SHAPES: usize = 2;
/// Bytes of the largest frame whose mutants are refuted.
const SMALL: i64 = 1 << 16;

/// Conventions whose frames are proven for all sizes here, and one in how many of those questions is put.
const FOR_ALL_SIZES: [(&str, usize); 2] = [("sysv", 2), ("windows_x64", 8)];

/// Writes them to a folder of their own.
pub fn write(folder: &Path) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|e| text(&e))?;
    }
    let export = Export::new(folder).map_err(|e| text(&e))?;
    let spec = Arc::new(Spec::embedded().clone());
    frames(&spec, &export)?;
    for (abi, one_in) in FOR_ALL_SIZES {
        all_sizes(&spec, abi, one_in, &export);
    }
    for abi in spec.abis.keys() {
        program(&spec, abi, &export)?;
    }
    mutants(&spec, &export)?;
    export.finish().map(drop).map_err(|e| text(&e))
}

fn frames(spec: &Spec, export: &Export) -> Result<(), String> {
    let mut prover = Prover::new(spec);
    prover.verifier().give_queries(export.sink());
    for statement in statements(spec) {
        prover.prove(&statement, Some(SHAPES)).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// Every so many question about a convention's frames with all sets and sizes.
fn all_sizes(spec: &Spec, abi: &str, one_in: usize, export: &Export) {
    let mut verifier = Verifier::new(spec);
    let (mut sink, mut number) = (export.sink(), 0);
    verifier.give_queries(move |query| {
        number += 1;
        if number % one_in == 0 {
            sink(query);
        }
    });
    for statement in statements(spec).iter().filter(|s| s.abi == abi) {
        verifier.all_sizes(&statement.frame, statement.transition.as_deref());
    }
}

fn program(spec: &Arc<Spec>, abi: &str, export: &Export) -> Result<(), String> {
    let text = include_bytes!("../../../examples/sieve.wat");
    let module = Module::parse(text).map_err(|e| e.to_string())?;
    let config = Config::default();
    let builder = Builder::new(Arc::clone(spec), Some(abi));
    let mut code = Code::new(Builder::new(Arc::clone(spec), Some(abi)), config.proofs);
    code.verifier().give_queries(export.sink());
    let mut prove = |kind, built: Built, source: Option<&Proven>| -> Result<Proven, String> {
        let built = built.map_err(|e| e.to_string())?;
        let ready = code.prove(kind, None, built, source);
        ready.map(|ready| ready.proven).map_err(|e| e.to_string())
    };
    let mut stats = Stats::default();
    for ty in &module.types {
        prove(Kind::EntryStub, builder.entry_stub(ty), None)?;
    }
    for index in module.imported_functions..module.functions.len() as u32 {
        prove(Kind::Optimized, builder.optimized(&module, index, &config, &mut stats), None)?;
        let source = prove(Kind::Tier0, builder.tier0(&module, index, &config), None)?;
        for patchpoint in source.claim().patchpoints.iter().map(|p| p.id) {
            let built = builder.osr(&module, index, source.claim(), patchpoint, &config, &mut stats);
            prove(Kind::Osr, built, Some(&source))?;
        }
    }
    Ok(())
}

/// Of each frame that is called: the first flipped bits of its prolog and epilog that are refuted.
fn mutants(spec: &Spec, export: &Export) -> Result<(), String> {
    let mut verifier = Verifier::new(spec);
    verifier.give_queries(export.sink());
    for statement in statements(spec).iter().filter(|s| s.transition.is_none()) {
        let shapes = spec.covering_shapes(&statement.frame).map_err(|e| e.to_string())?;
        // A refutation goes through a frame's probes one by one.
        let small = |shape: &&Shape| {
            spec.layout(&statement.frame, shape).is_ok_and(|layout| layout.total_bytes <= SMALL)
        };
        let small: Vec<&Shape> = shapes.iter().filter(small).collect();
        let Some(&shape) = small.get(small.len() / 2) else { continue };
        let code = sample(spec, &statement.frame, shape, Role::Called).map_err(|e| e.to_string())?;
        let mut refuted = 0;
        for at in (0..code.bytes.len()).rev() {
            let mut bytes = code.bytes.clone();
            bytes[at] ^= 8;
            let verdict = verifier.verify(&statement.frame, bytes, code.claim.clone(), None);
            refuted += usize::from(matches!(verdict, Verdict::Refuted(_)));
            if refuted == 2 {
                break;
            }
        }
    }
    Ok(())
}
