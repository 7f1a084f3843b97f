//! Plants a bug in a frame declaration, compiles a function with it, and shows the counterexample.
//!
//! `cargo run --example plant_a_bug`

use framewright_compiler::wasm::Module;
use framewright_compiler::{backend, ir};
use framewright_spec::lang::Source;
use framewright_spec::{RegSet, Spec};
use framewright_verifier::{Verdict, Verifier};

const PROGRAM: &str = "(module (func (export \"inc\") (param i32) (result i32)
  (i32.add (local.get 0) (i32.const 1))))";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The epilog pops in the order of the pushes: with two saves, each register gets the other's value.
    let frames = include_str!("../spec/frames/native.fw");
    let planted = frames.replace("for r in saved ascending", "for r in saved descending");
    assert_ne!(frames, planted, "the declaration has changed; plant another bug");
    let spec = Spec::load(&[Source::new("native.fw with a bug", planted)])?;

    let machine = spec.machine_of_frame("sysv.native")?;
    let module = Module::parse(PROGRAM.as_bytes())?;
    let function = ir::build(&module, 0)?;
    let extra_saves: RegSet = ["rbx", "r12"].iter().filter_map(|name| machine.reg(name)).collect();
    let options = backend::Options { extra_saves, ..backend::Options::default() };
    let compiled = backend::compile(
        spec.convention("sysv").expect("declared"),
        &module,
        &function,
        backend::Kind::Normal,
        options,
    )?;

    match Verifier::new(&spec).verify(&compiled.name, compiled.bytes, compiled.claim, None) {
        Verdict::Refuted(counterexample) => {
            println!("{}", counterexample.render(&spec, false));
            let rerun = framewright_verifier::replay::rerun(&counterexample, &spec)?;
            println!("The interpreter of the same rows sees it too: {:x?}", rerun.observation);
            Ok(())
        }
        other => Err(format!("the bug was not found: {other:?}").into()),
    }
}
