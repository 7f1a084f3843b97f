//! Mutants of the texts of rows, and of claims: each is refused by the loader, noticed by what CI has to
//! judge with, or listed in `reasons` with why nothing need notice it.
//!
//! ```text
//! row or definition ── one thing changed ──▶ loader ──▶ what the processor or QEMU did ──▶ proven to do the same
//! claim             ── one field changed ──▶ reader ──▶ judged with the code it was made for
//! ```
//!
//! ```text
//! cargo test --test spec_mutants                  a sample of each part
//! cargo test --test spec_mutants -- --long        all; what survives is written to the target's folder
//! ```
//!
//! Bytes, and steps of frames, are `mutants`'s; bytes of unwinding data `cfi_bytes`'s; flipped bits of patterns and other statements of
//! conventions those tests' that hold them to other tools. Lowerings, platforms and contracts by name are not mutated.

mod claims;
#[path = "../rows_oracle/emulation.rs"]
#[allow(dead_code, reason = "the test of rows uses all of it")]
mod emulation;
mod equal;
#[path = "../rows/forms.rs"]
mod forms;
#[path = "../rows/laboratory.rs"]
mod laboratory;
#[path = "../rows_oracle/llvm.rs"]
#[allow(dead_code, reason = "the test of rows uses all of it")]
mod llvm;
#[path = "../rows_oracle/machines.rs"]
#[allow(dead_code, reason = "the test of rows uses all of it")]
mod machines;
mod outcome;
#[path = "../rows/random.rs"]
mod random;
mod rows;
#[path = "../sampled/mod.rs"]
mod sampled;
#[path = "../rows_oracle/samples.rs"]
#[allow(dead_code, reason = "the test of rows uses all of it")]
mod samples;
mod trees;
#[path = "../rows_oracle/trial.rs"]
mod trial;

use framewright_spec::Spec;
use libtest_mimic::{Arguments, Trial};
use outcome::Told;
use std::sync::Arc;

/// Mutants of each machine's rows in every run.
const ROWS: usize = 150;

/// Mutants of claims in every run.
const CLAIMS: usize = 400;

fn main() {
    let (long, rest): (Vec<_>, Vec<_>) = std::env::args().partition(|argument| argument == "--long");
    let arguments = Arguments::from_iter(rest);
    let whole = !long.is_empty();
    let subjects = match machines::subjects() {
        Ok(subjects) => Arc::new(subjects),
        Err(error) => panic!("{error}"),
    };
    let rows = Spec::embedded().machines.values().map(|machine| {
        let subjects = Arc::clone(&subjects);
        Trial::test(format!("rows of {}", machine.name), move || {
            let subject = subjects.iter().find(|subject| subject.machine.name == machine.name);
            let mut told = Told::default();
            rows::check(machine, subject, (!whole).then_some(ROWS), &mut told)?;
            told.finish(&format!("rows_{}", machine.name), whole)
        })
    });
    let claims = Trial::test("claims", move || {
        let mut told = Told::default();
        claims::check((!whole).then_some(CLAIMS), &mut told)?;
        told.finish("claims", whole)
    });
    libtest_mimic::run(&arguments, rows.chain([claims]).collect()).exit();
}
