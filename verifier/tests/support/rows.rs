//! Listings of machines whose rows have bit patterns: LLVM assembles them.
//!
//! Every instruction has four bytes, so that a label's place follows from the lines before it.

use super::asm::Assembled;
use framewright_spec::encoding::KindForm;
use framewright_spec::frame::{AsmOperand, AsmStep};
use framewright_spec::{Layout, Machine, Reg};
use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};

/// What LLVM calls the machines.
const TRIPLES: [(&str, &str); 3] =
    [("aarch64", ""), ("riscv64", "+d,-c,-relax"), ("loongarch64", "+d,-relax")];

/// Assembles lines; `.prolog` and `.epilog` stand for the layout's steps.
pub(crate) fn assemble(lines: &[&str], machine: &Machine, layout: &Layout) -> Assembled {
    let steps = |steps: &[AsmStep]| steps.iter().map(|s| step(machine, s)).collect::<Vec<_>>();
    let mut text = Vec::new();
    let mut labels = HashMap::new();
    let mut instructions = 0;
    for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        let made = match line {
            ".prolog" => steps(&layout.prolog),
            ".epilog" => steps(&layout.epilog),
            other => vec![other.to_owned()],
        };
        match line.strip_suffix(':') {
            Some(label) => drop(labels.insert(label.to_owned(), 4 * instructions)),
            None => instructions += made.len() as u32,
        }
        text.extend(made);
    }
    let bytes = assembled(machine, &(text.join("\n") + "\n"));
    assert_eq!(bytes.len(), 4 * instructions as usize, "instructions of four bytes each");
    Assembled { bytes, labels }
}

/// A step in the assembler's words.
fn step(machine: &Machine, step: &AsmStep) -> String {
    let row = &machine.instructions[&step.mnemonic];
    let mut values: Vec<i128> = Vec::new();
    for operand in &step.operands {
        let at = values.len();
        match *operand {
            AsmOperand::Register(reg) => values.push(number(machine, step, at, reg)),
            AsmOperand::Immediate(value) => values.push(value.into()),
            AsmOperand::Memory { base, offset } => {
                values.extend([number(machine, step, at, base), offset.into()]);
            }
            AsmOperand::Step(_) | AsmOperand::Helper(_) => panic!("{step:?}: the listings have none"),
        }
    }
    machine.display_instruction(row, &values)
}

/// The number of a register, or of the part of it that the operand's kind lists.
fn number(machine: &Machine, step: &AsmStep, operand: usize, reg: Reg) -> i128 {
    let kind = machine.kind(machine.instructions[&step.mnemonic].kinds[operand]).expect("a kind");
    let KindForm::Register { choices, .. } = &kind.form else { panic!("{step:?}: a register") };
    let is_reg = |choice: &Option<framewright_spec::encoding::Choice>| {
        choice.as_ref().and_then(|c| c.view.as_ref()).is_some_and(|view| view.reg == reg)
    };
    choices.iter().position(is_reg).unwrap_or_else(|| panic!("{step:?}: a register of the kind")) as i128
}

fn assembled(machine: &Machine, text: &str) -> Vec<u8> {
    let (triple, features) = TRIPLES.iter().find(|(name, _)| *name == machine.name).expect("a triple");
    let object = run(
        "llvm-mc-19",
        &[&format!("-triple={triple}"), &format!("-mattr={features}"), "-filetype=obj", "-o", "-", "-"],
        text.as_bytes(),
    );
    run("llvm-objcopy-19", &["-O", "binary", "-j", ".text", "-", "-"], &object)
}

fn run(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    child.stdin.take().expect("its input").write_all(input).expect("its input");
    let output = child.wait_with_output().expect("its output");
    assert!(output.status.success(), "{program}: {}", output.status);
    output.stdout
}
