//! Rows with bit patterns against outside tools: how they are encoded and spelled against LLVM, what they do against
//! QEMU.
//!
//! ```text
//! cargo test --test rows_oracle                       a hundred states a row
//! cargo test --test rows_oracle -- --long             10,000 states a row
//! cargo test --test rows_oracle -- riscv64            one machine
//! ```

mod emulation;
mod llvm;
mod machines;
#[path = "../rows/random.rs"]
#[allow(dead_code, reason = "the x86-64 test uses all of it")]
mod random;
mod samples;
mod spelling;
mod trial;

use libtest_mimic::{Arguments, Trial};
use std::sync::Arc;

fn main() {
    let (long, rest): (Vec<_>, Vec<_>) = std::env::args().partition(|argument| argument == "--long");
    let arguments = Arguments::from_iter(rest);
    let subjects = match machines::subjects() {
        Ok(subjects) => subjects,
        Err(error) => panic!("{error}"),
    };
    let count = if long.is_empty() { 100 } else { 10_000 };
    let mut trials = Vec::new();
    for subject in subjects {
        let subject = Arc::new(subject);
        let (spelled, run) = (Arc::clone(&subject), subject);
        let name = |what: &str| format!("{} {what}", spelled.machine.name);
        let (spelling, emulation) = (name("is encoded and spelled as by LLVM"), name("does as under QEMU"));
        trials.push(Trial::test(spelling, move || spelling::check(&spelled)));
        trials.push(Trial::test(emulation, move || emulation::check(&run, count)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}
