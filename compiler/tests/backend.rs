//! Optimized code of random modules, and of their loops entered in the middle: it compiles, the register allocator's
//! checker agrees, and the claim fits the bytes.

mod common;

use common::smith;
use framewright_compiler::backend::{self, Kind, Options};
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::Module;
use framewright_compiler::{Compiled, ir};
use framewright_spec::claim::{Entry, StatePlace};
use framewright_spec::{Claim, RegSet, Spec};

fn compile(module: &Module, function: &ir::Function, kind: Kind<'_>, what: &str) -> Compiled {
    let options = Options { check_allocation: true, ..Options::default() };
    let compiled = backend::compile(
        Spec::embedded().convention("sysv").expect("declared"),
        module,
        function,
        kind,
        options,
    );
    let compiled = compiled.unwrap_or_else(|error| panic!("{what}: {error}\n{function}"));
    let claim = &compiled.claim;
    assert!(claim.body < claim.data && claim.data.0 as usize <= compiled.bytes.len(), "{what}: {claim:?}");
    assert!(compiled.traps.is_sorted_by_key(|t| t.at), "{what}");
    assert!(compiled.traps.iter().all(|t| t.at < claim.data), "{what}");
    for table in &claim.jump_tables {
        assert!(table.jump < claim.data && table.table.0 + 4 * table.entries <= compiled.bytes.len() as u32);
    }
    compiled
}

fn tier0(module: &Module, index: u32) -> Claim {
    let options = Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: true, call_counter: false };
    tier0::compile(Spec::embedded().convention("sysv").expect("declared"), module, index, &options)
        .expect("tier-0 compiles")
        .claim
}

#[test]
fn random_functions_compile() {
    let (mut functions, mut entries, mut saving) = (0, 0, 0);
    for seed in 0..200 {
        let (_, module) = smith(seed, 60 + seed as usize * 5);
        for index in module.imported_functions..module.functions.len() as u32 {
            let what = format!("seed {seed} function {index}");
            let function = ir::build(&module, index).expect("it builds");
            let normal = compile(&module, &function, Kind::Normal, &what);
            assert_eq!(normal.claim.entry, Entry::Call);
            functions += 1;
            saving += u32::from(!normal.claim.shape.sets["saved"].is_empty());
            let source = tier0(&module, index);
            // Tier-0 has no patchpoint where its code does not come round.
            let has = |id| source.patchpoints.iter().any(|p| p.id == id);
            let loops = ir::loops(&module, index).expect("it builds");
            for found in loops.iter().filter(|l| l.reachable && has(l.loop_id)) {
                let osr = ir::build_osr(&module, index, found.loop_id).expect("it builds");
                let kind = Kind::Osr { source: &source, patchpoint: found.loop_id };
                let compiled = compile(&module, &osr, kind, &format!("{what} loop {}", found.loop_id));
                check_entry(&compiled.claim, &source, found.loop_id);
                entries += 1;
            }
        }
    }
    assert!(
        functions > 60 && entries > 20 && saving > 10,
        "{functions} functions, {entries} entries, {saving}"
    );
}

/// Every value of the source is listed, in order, no place twice.
fn check_entry(claim: &Claim, source: &Claim, id: u32) {
    let Entry::Osr { patchpoint, state, .. } = &claim.entry else { panic!("no OSR entry") };
    assert_eq!(*patchpoint, id);
    let slots = &source.patchpoints.iter().find(|p| p.id == id).expect("it is there").state;
    let listed: Vec<_> = state.iter().map(|t| (t.value, t.kind)).collect();
    assert_eq!(listed, slots.iter().map(|s| (s.value, s.kind)).collect::<Vec<_>>());
    let registers = state.iter().filter_map(|t| match t.place {
        StatePlace::Register(reg) => Some(reg),
        StatePlace::Frame(_) | StatePlace::Dead => None,
    });
    let mut seen = RegSet::EMPTY;
    for reg in registers {
        assert!(!seen.contains(reg), "two values in {reg:?}");
        seen = seen.with(reg);
    }
    assert!(claim.shape.sets["saved"].intersection(source.shape.sets["saved"]).is_empty());
}
