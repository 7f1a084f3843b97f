//! Unwinding data, read by those it is for: gdb steps through executables, of every machine that it knows, and finds all
//! callers with their callee-saved registers before every instruction, transitions included; a profiler's unwinder
//! (framehop) finds the same from the states that gdb saw. A machine that gdb does not know is stepped through by its
//! emulator's stub, and its rows are read by gimli.
//!
//! ```text
//! compile -o ──> executable ──> gdb, step.py: every instruction ──> chain as it is, known by calls and returns
//!      └─ .eh_frame ────────────────> framehop <── pc, SP, FP, link, stack of each instruction
//! ```
//!
//! The must-fail twin: with one byte of `.eh_frame` changed gdb finds something else.
//! `cargo test -p framewright-proofs --test unwinders -- --long` steps through all of the examples.

mod gdb;
mod profiler;
mod stub;

use framewright::engine::{Config, Tier};
use framewright::image::{Form, Makers, Program};
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use gdb::{Debugger, Stepped};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::PathBuf;
use std::sync::Arc;

/// Programs: file, function, its arguments; small enough to be stepped through.
const PROGRAMS: [(&str, &str, &[u64]); 1] = [("sieve.wat", "main", &[12])];
/// More of them, for `--long`.
const LONG: [(&str, &str, &[u64]); 3] =
    [("sieve.wat", "main", &[60]), ("sum.wat", "sum", &[30]), ("fib.wat", "fib", &[6])];

fn main() {
    let (long, rest): (Vec<_>, Vec<_>) = std::env::args().partition(|argument| argument == "--long");
    let programs: Vec<_> = if long.is_empty() { PROGRAMS.to_vec() } else { [&PROGRAMS[..], &LONG].concat() };
    let machines = gdb::machines();
    let mut trials = Vec::new();
    for (machine, debugger) in machines {
        for &(file, function, args) in &programs {
            if !example(file).exists() {
                continue;
            }
            let (machine, debugger) = (machine.clone(), debugger.clone());
            let name = format!("{machine} {file} {args:?}");
            trials.push(Trial::test(name, move || steps(&machine, &debugger, file, function, args)));
        }
    }
    trials.push(Trial::test("a wrong byte is noticed", a_wrong_byte_is_noticed));
    let name = "a handler's caller is the code that trapped";
    trials.push(Trial::test(name, handlers_are_seen_through));
    libtest_mimic::run(&Arguments::from_iter(rest), trials).exit();
}

fn example(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples").join(file)
}

/// Divides by zero two calls deep.
const TRAP: &str = r#"
(module
  (func $divide (param $x i32) (result i32) (i32.div_u (i32.const 1) (local.get $x)))
  (func $outer (export "main") (result i32) (i32.add (call $divide (i32.const 0)) (i32.const 1))))
"#;

fn image(machine: &str, file: &str, function: &str, args: &[u64]) -> Result<Vec<u8>, Failed> {
    image_of(machine, &std::fs::read(example(file))?, function, args)
}

/// A program that goes over to optimized code at the second pass of each loop.
fn image_of(machine: &str, module: &[u8], function: &str, args: &[u64]) -> Result<Vec<u8>, Failed> {
    let spec = Arc::new(Spec::embedded().clone());
    let abi = Some(spec.convention_of_machine(machine)?.abi.name.clone());
    let config = Config { tier: Tier::Auto, abi, osr_threshold: 2, ..Config::default() };
    let mut makers = Makers::new(spec, config);
    let mut program = Program::new(makers.platform()?)?;
    let module = Arc::new(Module::parse(module)?);
    let instance = program.instantiate(module)?;
    let at = program.world().instances[instance].export(function);
    let Some(framewright::engine::Extern::Function(at)) = at else { return Err("no such function".into()) };
    program.call(*at, args)?;
    Ok(program.image(&mut makers, Form::Text)?.bytes)
}

fn steps(machine: &str, debugger: &Debugger, file: &str, function: &str, args: &[u64]) -> Result<(), Failed> {
    let bytes = image(machine, file, function, args)?;
    let stepped = match &debugger.stub {
        Some(stub) => stub::step(stub, &bytes, file)?,
        None => gdb::step(machine, debugger, &bytes, file)?,
    };
    let Stepped { instructions, deepest, frames, functions, states } = &stepped;
    eprintln!("{machine} {file}: {instructions} instructions, {deepest} deep, {frames} frames compared");
    let transition = functions.iter().any(|name| name.contains("@loop"));
    if !transition || *deepest < 5 {
        return Err(format!("no transition, or only {deepest} deep: {functions:?}").into());
    }
    profiler::check(machine, &bytes, states)
}

/// In the handler of a signal, gdb goes on behind the kernel's frame where the program was.
fn handlers_are_seen_through() -> Result<(), Failed> {
    let machine = std::env::consts::ARCH;
    let Some((_, debugger)) = gdb::machines().into_iter().find(|(name, _)| name == machine) else {
        return Ok(());
    };
    let bytes = image_of(machine, TRAP.as_bytes(), "main", &[])?;
    let lines = gdb::in_handler(&debugger, &bytes)?;
    let place = |what: &str| lines.iter().position(|line| line.contains(what));
    let found = [place("<signal handler called>"), place(" in divide ("), place(" in outer (")];
    match found {
        [Some(signal), Some(inner), Some(outer)] if inner == signal + 1 && outer == inner + 1 => Ok(()),
        _ => Err(format!("{found:?}: {lines:#?}").into()),
    }
}

/// The data of one function says another distance: every frame below it is lost.
fn a_wrong_byte_is_noticed() -> Result<(), Failed> {
    let machine = std::env::consts::ARCH;
    let Some((_, debugger)) = gdb::machines().into_iter().find(|(name, _)| name == machine) else {
        return Ok(());
    };
    let mut bytes = image(machine, "sieve.wat", "main", &[12])?;
    let at = profiler::a_distance(&bytes).ok_or("no distance to change")?;
    bytes[at] ^= 8;
    match gdb::step(machine, &debugger, &bytes, "wrong") {
        Err(failed) if failed.message().is_some_and(|text| text.contains("WRONG")) => Ok(()),
        Err(failed) => Err(failed),
        Ok(_) => Err("gdb found all callers with wrong data".into()),
    }
}
