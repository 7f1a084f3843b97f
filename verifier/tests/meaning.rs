//! What the evaluator makes of rows, on numbers: parts of registers, numbers that take their width from where they stand,
//! undefined values, addresses. A machine of its own, a row for each.

use framewright_spec::machine::{Above, View};
use framewright_spec::{CodeOffset, Machine, Source, Spec};
use framewright_verifier::concrete::{Access, Bits, ConcreteState, Fault};
use framewright_verifier::decoded::{Base, Decoded, MemoryOperand, Operand, RowId};
use framewright_verifier::eval::{Flow, State, execute};

const ROWS: &str = r#"
machine m { word: 8 cite "1" sp: sp cite "1" fp: fp cite "1" }
on m
registers { cite "2" int a: 64 int b: 64 int sp: 64 int fp: 64 flag z: 1 }

instruction move d, s { d := s cite "3" }
instruction swap d, s { d := s s := d cite "3" }
instruction then d, s { let r = if z then 1 else s d := zext(r, 64) cite "3" }
instruction else d, s { let r = if z then s else 1 d := zext(r, 64) cite "3" }
instruction both d, s { let r = (if z then 2 else 1) + s d := zext(r, 64) cite "3" }
instruction less d, s { let r = if z then (1 <u s) else 0 d := zext(r, 64) cite "3" }
instruction deep d, s { let r = (s + 1) + 2 d := zext(r, 64) cite "3" }
instruction lone d, s { let r = ~(1 + 2) & s d := zext(r, 64) cite "3" }
instruction parity d, s { let r = parity(s) & 1 d := zext(r, 64) cite "3" }
instruction join d, s { let r = concat(s, s) d := trunc(r, 64) cite "3" }
instruction top d, s { d := zext(s[31:31], 64) cite "3" }
instruction low d, s { d := zext(s[0:0], 64) cite "3" }
instruction width d, s { d := zext(s << width(s) - 8, 64) cite "3" }
instruction lost d, s { let u = undefined(64) + s d := u s := u + undefined(64) z := undefined(1) cite "3" }
instruction again d, s { let u = undefined(64) + s let v = undefined(64) + s d := u - v s := u + v cite "3" }
instruction named d, s { d := f64.equal(s, 0 as 64) as 64 cite "3" }
instruction skip d, s { d := if z then s else f64.nothing(s, s) cite "3" }
instruction where d, s { d := address(s) cite "3" }
instruction wide d, s { d := s + 0x1ff cite "3" }
instruction divide d, s { trap if s == 0 d := d /u s cite "3" }
"#;

fn machine() -> Machine {
    let spec = Spec::load(&[Source::new("rows.fw", ROWS.to_owned())]).unwrap_or_else(|e| panic!("{e:?}"));
    spec.machine("m").expect("declared").clone()
}

fn part(machine: &Machine, name: &str, low_bit: u32, bits: u32, above: Above) -> Operand {
    Operand::Part(View { reg: machine.reg(name).expect("declared"), low_bit, bits, above })
}

fn whole(machine: &Machine, name: &str) -> Operand {
    part(machine, name, 0, 64, Above::Keep)
}

/// A state with values in `a`, `b` and `z`.
fn state(machine: &Machine, a: u128, b: u128, z: u128) -> ConcreteState {
    let mut state = ConcreteState::new(machine, 0x1000);
    for (name, value) in [("a", a), ("b", b), ("z", z)] {
        state.set_register(machine.reg(name).expect("declared"), value);
    }
    state
}

fn run(machine: &Machine, row: &str, operands: [Operand; 2], state: &mut ConcreteState) -> Result<(), Fault> {
    let index = machine.instructions.get_index_of(row).expect("a row") as u16;
    let decoded =
        Decoded { at: CodeOffset(4), len: 4, row: RowId(index), operands: operands.into_iter().collect() };
    assert_eq!(execute(machine, &decoded, state)?, Flow::Next);
    Ok(())
}

fn get(machine: &Machine, state: &ConcreteState, name: &str) -> u128 {
    state.register(machine.reg(name).expect("declared"))
}

#[test]
fn a_write_to_a_part_keeps_or_clears_what_it_says() {
    let m = machine();
    let source = part(&m, "b", 0, 8, Above::Keep);
    for (low_bit, above, expected) in [
        (0, Above::Keep, 0x1111_2222_3333_44ee),
        (8, Above::Keep, 0x1111_2222_3333_ee44),
        (8, Above::Zero, 0xee44),
        (56, Above::Keep, 0xee11_2222_3333_4444),
        (0, Above::Zero, 0xee),
    ] {
        let mut state = state(&m, 0x1111_2222_3333_4444, 0xee, 0);
        let to = part(&m, "a", low_bit, 8, above);
        run(&m, "move", [to, source.clone()], &mut state).expect("a move");
        assert_eq!(get(&m, &state, "a"), expected, "bits from {low_bit} on, {above:?}");
    }
    // What is read is the part, too.
    let mut state = state(&m, 0, 0x1234_5678, 0);
    run(&m, "move", [whole(&m, "a"), part(&m, "b", 0, 64, Above::Keep)], &mut state).expect("a move");
    assert_eq!(get(&m, &state, "a"), 0x1234_5678);
    run(&m, "swap", [whole(&m, "a"), whole(&m, "b")], &mut state).expect("a swap");
    assert_eq!(get(&m, &state, "b"), 0x1234_5678);
}

/// Each row with a second operand of 32 bits, `b` and `z`; what comes out in `a`.
#[test]
fn numbers_are_as_wide_as_what_they_meet() {
    let m = machine();
    for (row, b, z, expected) in [
        ("then", 7, 1, 1),
        ("then", 7, 0, 7),
        ("else", 7, 1, 7),
        ("else", 7, 0, 1),
        ("both", u128::from(u32::MAX), 1, 1),
        ("both", u128::from(u32::MAX), 0, 0),
        ("less", 2, 1, 1),
        ("less", 1, 1, 0),
        ("less", 2, 0, 0),
        ("deep", u128::from(u32::MAX), 0, 2),
        ("lone", u128::from(u32::MAX), 0, 0xffff_fffc),
        ("parity", 3, 0, 1),
        ("parity", 1, 0, 0),
        ("join", 5, 0, 0x5_0000_0005),
        ("top", 0x8000_0000, 0, 1),
        ("top", 0x7fff_ffff, 0, 0),
        ("low", 1, 0, 1),
        ("width", 0x1ff, 0, 0xff00_0000),
    ] {
        let mut state = state(&m, 0, b, z);
        let operands = [whole(&m, "a"), part(&m, "b", 0, 32, Above::Keep)];
        run(&m, row, operands, &mut state).unwrap_or_else(|e| panic!("{row}: {e}"));
        assert_eq!(get(&m, &state, "a"), expected, "{row} of {b:#x}, {z}");
    }
}

/// An update has its own number, a value that is used twice one after those of the updates.
#[test]
fn undefined_values_are_told_apart_and_shared_ones_are_not() {
    let m = machine();
    let mut one = state(&m, 0, 0, 0);
    one.undefined = [(0, 1), (1, 20), (2, 1), (3, 300)].into_iter().collect();
    run(&m, "lost", [whole(&m, "a"), whole(&m, "b")], &mut one).expect("undefined values");
    assert_eq!(["a", "b", "z"].map(|name| get(&m, &one, name)), [300, 320, 1]);
    let mut two = state(&m, 0, 0, 0);
    two.undefined = [(0, 1), (1, 20), (2, 300), (3, 4000)].into_iter().collect();
    run(&m, "again", [whole(&m, "a"), whole(&m, "b")], &mut two).expect("undefined values");
    assert_eq!(["a", "b"].map(|name| get(&m, &two, name) as i64), [300 - 4000, 4300]);
}

#[test]
fn a_branch_that_is_not_taken_is_not_evaluated() {
    let m = machine();
    let operands = || [whole(&m, "a"), whole(&m, "b")];
    let mut taken = state(&m, 0, 7, 1);
    run(&m, "skip", operands(), &mut taken).expect("the other branch has a value");
    assert_eq!(get(&m, &taken, "a"), 7);
    let no_value = run(&m, "skip", operands(), &mut state(&m, 0, 7, 0)).expect_err("no such function");
    assert!(no_value.to_string().contains("f64.nothing"), "{no_value}");
    let [yes, no, a, b] = [(1, 1), (0, 1), (3, 64), (5, 64)].map(|(value, bits)| Bits::new(value, bits));
    assert_eq!((taken.ite(&yes, a, b), taken.ite(&no, a, b)), (a, b));
}

#[test]
fn addresses_add_up_and_accesses_are_noted() {
    let m = machine();
    let reg = |name| m.reg(name).expect("declared");
    for (base, index, displacement, expected) in [
        (Base::Register(reg("a")), None, 0, 0x100),
        (Base::Register(reg("a")), None, -8, 0xf8),
        (Base::Register(reg("a")), Some((reg("b"), 4)), 8, 0x148),
        (Base::Zero, Some((reg("b"), 1)), 0, 0x10),
        (Base::Zero, None, 0x70, 0x70),
        (Base::Code, None, 0x20, 0x1020),
    ] {
        let memory = MemoryOperand { base, index, displacement, bits: 32, align: 4 };
        let mut state = state(&m, 0x100, 0x10, 0);
        state.memory.write(expected, &[1, 2, 3, 4]);
        run(&m, "where", [whole(&m, "a"), Operand::Memory(memory.clone())], &mut state).expect("an address");
        assert_eq!(get(&m, &state, "a"), u128::from(expected));
        assert!(state.accesses.is_empty());
        let mut state = self::state(&m, 0x100, 0x10, 0);
        state.memory.write(expected, &[1, 2, 3, 4]);
        let to = part(&m, "fp", 0, 32, Above::Zero);
        run(&m, "move", [to, Operand::Memory(memory)], &mut state).expect("a load");
        assert_eq!(get(&m, &state, "fp"), 0x0403_0201);
        assert_eq!(state.accesses, [Access { address: expected, bytes: 4, write: false }]);
    }
}

#[test]
fn exceptions_names_and_zeros_have_their_meaning() {
    let m = machine();
    let mut zero = state(&m, 6, 0, 0);
    let operands = || [whole(&m, "a"), whole(&m, "b")];
    assert_eq!(run(&m, "divide", operands(), &mut zero), Err(Fault::Exception));
    let mut two = state(&m, 6, 2, 0);
    run(&m, "divide", operands(), &mut two).expect("a quotient");
    assert_eq!(get(&m, &two, "a"), 3);
    run(&m, "named", operands(), &mut zero).expect("a comparison");
    assert_eq!(get(&m, &zero, "a"), 1);
    run(&m, "move", [Operand::Zero { bits: 64 }, whole(&m, "b")], &mut two).expect("a write to nowhere");
    run(&m, "move", [whole(&m, "b"), Operand::Zero { bits: 64 }], &mut two).expect("zero");
    assert_eq!(get(&m, &two, "b"), 0);
    let misfit = run(&m, "move", [whole(&m, "a"), part(&m, "b", 0, 32, Above::Keep)], &mut two);
    assert!(misfit.expect_err("widths differ").to_string().contains("32 bits for 64"));
    // What does not fit the operands' width is refused, not cut.
    let byte = |name| part(&m, name, 0, 8, Above::Keep);
    for (row, to) in [("wide", byte("a")), ("top", byte("a")), ("top", whole(&m, "a"))] {
        let misfit = run(&m, row, [to, byte("b")], &mut two).expect_err("too wide for a byte");
        assert!(misfit.to_string().contains("does not fit"), "{row}: {misfit}");
    }
    let constant = Operand::Immediate { value: 1, bits: 64 };
    assert!(run(&m, "move", [constant, whole(&m, "b")], &mut two).is_err());
    let mut odd = state(&m, 3, 0, 0);
    let base = Base::Register(m.reg("a").expect("declared"));
    let memory = MemoryOperand { base, index: None, displacement: 0, bits: 64, align: 2 };
    let misaligned = run(&m, "move", [whole(&m, "b"), Operand::Memory(memory)], &mut odd);
    assert_eq!(misaligned, Err(Fault::Misaligned { address: 3, align: 2 }));
}
