//! The decoder that rows with bit patterns are: a machine of the language's own tests, read word by word.

// Bits are grouped as the patterns of the rows are.
#![allow(clippy::unusual_byte_groupings)]

use framewright_spec::{CodeOffset, Machine, Source, Spec};
use framewright_verifier::decoded::Operand;
use framewright_verifier::target::template::{Number, StepOperand};
use framewright_verifier::target::{self, Decoder};

fn machine() -> Machine {
    let text = include_str!("../../spec/tests/good/encodings.fw");
    let spec = Spec::load(&[Source::new("encodings.fw", text)]).expect("it loads");
    spec.machine("coded").expect("declared").clone()
}

fn text(decoder: &dyn Decoder, word: u32) -> String {
    decoder.text(&word.to_le_bytes(), CodeOffset(0))
}

#[test]
fn words_are_their_rows() {
    let machine = machine();
    let decoder = target::decoder(&machine).expect("its rows have patterns");
    let decoder = decoder.as_ref();
    for (word, expected) in [
        // 000000 0000 d i[11:4] 00 s 111 i[3:0] 1
        (0b000000_0000_01_11111111_00_10_111_1110_1, "add %r1, %sp, #-2"),
        (0b000000_0000_00_00000000_00_11_111_0001_1, "add %zero, %r3, #1"),
        // The special case: both fields of the register are equal.
        (0b000000_0000_11_00000000_00_11_111_0001_1, "add %r3, %r3, #1"),
        (0b000001_00000_01_10_1_000000_000111_1111, "and %r1, %sp, #0xff"),
        (0b000001_00000_01_10_1_000000_111111_1111, "(no instruction)"),
        // Halfwords: an immediate, the value it excludes, the register that is none, the other excluded value.
        (0b100000_01_0_000011_0, "half h2, 3"),
        (0b100000_01_0_000000_0, "half.none h2.h"),
        (0b100000_11_0_000000_0, "(no instruction)"),
        (0b100000_01_0_100000_0, "(no instruction)"),
        // Bits that do not matter, and a distance backwards.
        (0b11_11111110_0_00000_00_00000_0000_00_101, "far -4"),
        (0b11_00000001_0_11111_00_10101_0000_11_101, "far 2"),
        (0xffff_aaaa, "ret"),
    ] {
        assert_eq!(text(decoder, word), expected.replace("add %r3, %r3", "twice %r3"), "{word:#034b}");
    }
}

#[test]
fn instructions_end_where_the_code_does() {
    let machine = machine();
    let decoder = target::decoder(&machine).expect("its rows have patterns");
    let ret = 0xaaaau16.to_le_bytes();
    let found = decoder.decode(&ret, CodeOffset(0)).expect("a halfword at the end");
    assert_eq!((found.len, found.operands.len()), (2, 0));
    let add = 0b000000_0000_01_11111111_00_10_111_1110_1u32.to_le_bytes();
    assert!(decoder.decode(&add[..3], CodeOffset(0)).is_err());
    assert!(decoder.decode(&[], CodeOffset(0)).is_err());
    assert!(decoder.decode(&add, CodeOffset(9)).is_err());
}

#[test]
fn the_zero_register_and_targets_are_operands() {
    let machine = machine();
    let decoder = target::decoder(&machine).expect("its rows have patterns");
    let mut code = vec![0; 8];
    code.extend(0b000000_0000_00_00000000_00_11_111_0001_1u32.to_le_bytes());
    let found = decoder.decode(&code, CodeOffset(8)).expect("an addition");
    assert_eq!(found.operands[0], Operand::Zero { bits: 64 });
    assert_eq!(found.operands[2], Operand::Immediate { value: 1, bits: 12 });
    code.extend(0b11_11111110_0_00000_00_00000_0000_00_101u32.to_le_bytes());
    let found = decoder.decode(&code, CodeOffset(12)).expect("a jump");
    assert_eq!(found.operands[0], Operand::Code(8));
}

#[test]
fn operands_share_bits() {
    let machine = Spec::embedded().machine("aarch64").expect("embedded");
    let decoder = target::decoder(machine).expect("its rows have patterns");
    // ld3 { v31.16b, v0.16b, v1.16b }, [x3]
    let found = decoder.decode(&0x4c40_407f_u32.to_le_bytes(), CodeOffset(0)).expect("a load of three");
    let registers = found.operands.iter().map(|operand| match operand {
        Operand::Part(view) => machine.register(view.reg).name.as_str(),
        _ => "none",
    });
    assert_eq!(registers.collect::<Vec<_>>(), ["v31", "v0", "v1", "x3"]);
}

/// A step has all operands of its row, and a row that can be written.
#[test]
fn steps_are_rows_with_open_numbers() {
    let machine = machine();
    let decoder = target::decoder(&machine).expect("its rows have patterns");
    let register = |name| StepOperand::Register(machine.reg(name).expect("declared"));
    let (r1, r2) = (register("r1"), register("r2"));
    let add = decoder.template("add", &[r1, r2, StepOperand::Number]).expect("an addition");
    assert_eq!(add.decoded.operands[2], Operand::Immediate { value: 0, bits: 12 });
    assert_eq!(add.numbers, [Number::signed(2, 12)]);
    for operands in [&[r1, r2][..], &[r1], &[], &[r1, r2, StepOperand::Number, StepOperand::Number]] {
        let error = decoder.template("add", operands).expect_err("three operands");
        assert!(error.contains(&format!("with {} operands", operands.len())), "{error}");
    }
    // Bits that do not matter cannot be written.
    assert!(decoder.template("far", &[StepOperand::Place]).is_err());
    assert!(decoder.template("farther", &[StepOperand::Place]).is_err());
}
