//! Layouts: worked examples, and the laws for every set and size.

use framewright_spec::frame::{AsmOperand, AsmStep};
use framewright_spec::{Machine, RegSet, Shape, Spec};

fn set(machine: &Machine, names: &[&str]) -> RegSet {
    machine.set_of(names.iter().copied()).expect("names of registers")
}

fn shape(machine: &Machine, saved: &[&str], locals: u32, outgoing: u32) -> Shape {
    let sizes = [("locals".to_owned(), locals), ("outgoing".to_owned(), outgoing)];
    Shape { sets: [("saved".to_owned(), set(machine, saved))].into(), sizes: sizes.into(), source: None }
}

fn listing(machine: &Machine, steps: &[AsmStep]) -> Vec<String> {
    let operand = |operand: &AsmOperand| match *operand {
        AsmOperand::Register(reg) => machine.name_of(reg).to_owned(),
        AsmOperand::Immediate(value) => value.to_string(),
        AsmOperand::Memory { base, offset } => format!("[{}+{offset}]", machine.name_of(base)),
    };
    let line = |step: &AsmStep| {
        let operands: Vec<String> = step.operands.iter().map(operand).collect();
        format!("{} {}", step.mnemonic, operands.join(", ")).trim_end().to_owned()
    };
    steps.iter().map(line).collect()
}

/// Tier-0 saved rbp only and has 168 bytes without return address and saved FP, with the 8-byte step; the OSR
/// method saves r15, r14, rbx and has 8 bytes of its own. RyuJIT: saves at the top of tier-0's room, in
/// descending order, one `add`, pops rbx, r14, r15, rbp.
#[test]
fn osr_saves_lie_under_tier0s() {
    let spec = Spec::embedded();
    let machine = &spec.machines["x86_64"];
    let tier0 = shape(machine, &[], 120, 0);
    let osr = Shape { source: Some(Box::new(tier0)), ..shape(machine, &["rbx", "r14", "r15"], 8, 0) };
    let layout = spec.layout("osr", &osr).expect("a layout");
    assert_eq!(layout.total_bytes, 208);
    assert_eq!(
        listing(machine, &layout.prolog),
        [
            "push [rbp+8]",
            "push [rbp+0]",
            "sub rsp, 16",
            "mov [rsp+184], r15",
            "mov [rsp+176], r14",
            "mov [rsp+168], rbx",
            "lea rbp, [rsp+16]",
        ]
    );
    assert_eq!(
        listing(machine, &layout.epilog),
        ["add rsp, 168", "pop rbx", "pop r14", "pop r15", "pop rbp", "ret"]
    );
}
