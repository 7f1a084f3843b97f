//! Rows with bit patterns against outside tools: how they are encoded and spelled against LLVM, what they do against
//! QEMU.
//!
//! ```text
//! cargo test --test rows_oracle                       a hundred states a row
//! cargo test --test rows_oracle -- --long             10,000 states a row
//! cargo test --test rows_oracle -- riscv64            one machine
//! ```

mod llvm;
mod machines;
#[path = "../rows/random.rs"]
#[allow(dead_code, reason = "the x86-64 test uses all of it")]
mod random;
mod samples;
mod spelling;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let (_long, rest): (Vec<_>, Vec<_>) = std::env::args().partition(|argument| argument == "--long");
    let arguments = Arguments::from_iter(rest);
    let subjects = match machines::subjects() {
        Ok(subjects) => subjects,
        Err(error) => panic!("{error}"),
    };
    let mut trials = Vec::new();
    for subject in subjects {
        let name = format!("{} is encoded and spelled as by LLVM", subject.machine.name);
        trials.push(Trial::test(name, move || spelling::check(&subject)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}
