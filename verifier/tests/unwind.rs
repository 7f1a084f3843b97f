//! The reader of call frame information: rows of fragments made by hand, and bytes that are none.

mod support;

use framewright_spec::{CodeOffset, Machine, Reg, Spec};
use framewright_verifier::concrete::{Bits, ConcreteState};
use framewright_verifier::unwind::dwarf::{self, Address, Columns, Frames, Scratch};
use framewright_verifier::unwind::expression::evaluate;
use framewright_verifier::unwind::{At, Cfa, Fault, Format, Rule, Table};
use quickcheck::quickcheck;
use support::cfi::{Cie, entry, fragment, uleb};

fn sysv() -> (&'static Machine, Cie) {
    let spec = Spec::embedded();
    let abi = spec.abi("sysv").expect("the convention");
    let machine = spec.machine(&abi.machine).expect("its machine");
    (machine, Cie::at_call(machine, abi))
}

/// `push rbp; mov rbp, rsp; push rbx; …; pop rbx; pop rbp; ret`, and a second way out.
fn usual() -> Vec<u8> {
    let (_, cie) = sysv();
    let push = [&[0x41, 0x0e, 16, 0x86, 2][..], &[0x43, 0x0d, 6], &[0x41, 0x83, 3]].concat();
    let pop = [&[0x0a, 0x50][..], &[0x42, 0xc3, 0x0c, 7, 8, 0xc6], &[0x41, 0x0b]].concat();
    fragment(&cie, &[push, pop].concat(), 0x40)
}

fn rows(bytes: &[u8]) -> Result<Vec<String>, String> {
    let (machine, _) = sysv();
    let table = dwarf::fragment(machine, bytes, 0x40).map_err(|error| error.to_string())?;
    Ok(table.rows.iter().map(|r| format!("{:02x}-{:02x} {}", r.begin, r.end, r.text(machine))).collect())
}

#[test]
fn a_fragment_has_the_rows_that_its_instructions_make() {
    let expected = [
        "00-01 cfa = rsp+8, return [cfa-8]",
        "01-04 cfa = rsp+16, return [cfa-8], rbp [cfa-16]",
        "04-05 cfa = rbp+16, return [cfa-8], rbp [cfa-16]",
        "05-17 cfa = rbp+16, return [cfa-8], rbx [cfa-24], rbp [cfa-16]",
        "17-18 cfa = rsp+8, return [cfa-8]",
        "18-40 cfa = rbp+16, return [cfa-8], rbx [cfa-24], rbp [cfa-16]",
    ];
    assert_eq!(rows(&usual()).expect("rows"), expected);
}

#[test]
fn a_table_knows_the_row_of_a_pc() {
    let table = dwarf::fragment(sysv().0, &usual(), 0x40).expect("rows");
    assert_eq!(table.index(CodeOffset(0)), Some(0));
    assert_eq!(table.index(CodeOffset(3)), Some(1));
    assert_eq!(table.index(CodeOffset(0x3f)), Some(5));
    assert_eq!(table.at(CodeOffset(0x40)), None);
}

#[test]
fn a_register_holds_the_return_address_where_there_is_a_link_register() {
    let spec = Spec::embedded();
    let abi = spec.abi("aapcs64").expect("the convention");
    let machine = spec.machine(&abi.machine).expect("its machine");
    let (link, fp) = (machine.link.expect("a link register"), machine.fp);
    let column = |reg| machine.register(reg).dwarf.expect("a number") as u8;
    let saved = [0x44, 0x0e, 16, 0x80 | column(link), 1, 0x80 | column(fp), 2];
    let bytes = fragment(&Cie::at_call(machine, abi), &saved, 8);
    let table = dwarf::fragment(machine, &bytes, 8).expect("rows");
    assert_eq!(table.rows[0].return_address, Rule::Register(link));
    assert_eq!(table.rows[1].return_address, Rule::At(-8));
    assert_eq!(table.rows[1].rules[..], [(fp, Rule::At(-16))]);
}

/// That the link register is as it was is what holds without a rule; of others it is a rule.
#[test]
fn the_link_register_as_it_was_is_where_the_return_address_is() {
    let spec = Spec::embedded();
    let abi = spec.abi("aapcs64").expect("the convention");
    let machine = spec.machine(&abi.machine).expect("its machine");
    let (link, x9) = (machine.link.expect("a link register"), machine.reg("x9").expect("x9"));
    let instructions = [0x44, 0x0e, 16, 0x9e, 1, 0x44, 0x08, 30, 0x08, 9];
    let bytes = fragment(&Cie::at_call(machine, abi), &instructions, 12);
    let table = dwarf::fragment(machine, &bytes, 12).expect("rows");
    let returns: Vec<&Rule> = table.rows.iter().map(|row| &row.return_address).collect();
    assert_eq!(returns, [&Rule::Register(link), &Rule::At(-8), &Rule::Register(link)]);
    assert_eq!(table.rows[2].rules[..], [(x9, Rule::SameValue)]);
}

/// A CIE or an FDE: its second word, then the rest.
fn part(word: u32, rest: &[&[u8]]) -> Vec<u8> {
    entry([&word.to_le_bytes()[..], &rest.concat()].concat())
}

/// An FDE of the CIE at `cie`, with what follows the length of its augmentation.
fn fde(section: &mut Vec<u8>, cie: usize, (begin, bytes): (u64, u64), rest: &[u8]) {
    let back = (section.len() + 4 - cie) as u32;
    section.extend(part(back, &[&begin.to_le_bytes(), &bytes.to_le_bytes(), rest]));
}

/// Two CIEs in turn, the second with all that an augmentation can have, of code that does not begin at 0.
#[test]
fn a_section_has_entries_of_several_kinds() {
    let (machine, _) = sysv();
    let usual = part(0, &[&[1], b"zR\0", &[1, 0x78, 16, 1, 0x04, 0x0c, 7, 8, 0x90, 1]]);
    let second = usual.len();
    let personality = [&[11, 0x84][..], &0x5000_u64.to_le_bytes(), &[0x04, 0x04]].concat();
    let kernel = part(0, &[&[1], b"zPLRS\0", &[1, 0x78, 16], &personality, &[0x0c, 6, 16, 0x90, 1]]);
    let mut section = [usual, kernel].concat();
    fde(&mut section, 0, (0x1000, 0x10), &[0]);
    fde(
        &mut section,
        second,
        (0x1010, 0x20),
        &[&[8][..], &0x6000_u64.to_le_bytes(), &[0x48, 0x83, 3]].concat(),
    );
    fde(&mut section, 0, (0x2000, 8), &[0]);
    section.extend([0; 4]);
    let frames = Frames::new(machine, &section, 0);
    let entries: Vec<_> = frames.entries().collect::<Result<_, _>>().expect("entries");
    let mut scratch = Scratch::default();
    let mut found = Vec::new();
    for entry in &entries {
        let mut table = Table::default();
        frames.read(entry, &mut scratch, &mut table).expect("rows");
        let rows = table.rows.iter().map(|r| format!("{:x}-{:x} {}", r.begin, r.end, r.text(machine)));
        let kind = (entry.is_signal_frame(), entry.personality(), entry.lsda());
        found.push((entry.begin(), entry.end(), kind, rows.collect::<Vec<_>>()));
    }
    let plain = (false, None, None);
    let all = (true, Some(Address::Indirect(0x5000)), Some(Address::Direct(0x6000)));
    let row = |row: &str| row.to_owned();
    let expected = [
        (0x1000, 0x1010, plain, vec![row("0-10 cfa = rsp+8, return [cfa-8]")]),
        (
            0x1010,
            0x1030,
            all,
            vec![
                row("0-8 cfa = rbp+16, return [cfa-8]"),
                row("8-20 cfa = rbp+16, return [cfa-8], rbx [cfa-24]"),
            ],
        ),
        (0x2000, 0x2008, plain, vec![row("0-8 cfa = rsp+8, return [cfa-8]")]),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_rule_gives_as_many_bits_as_are_asked_for() {
    let machine = Spec::embedded().machine("aarch64").expect("embedded");
    let reg = |name| machine.reg(name).expect("declared");
    let (v8, x0) = (reg("v8"), reg("x0"));
    let flag = machine.registers.iter().position(|register| register.bits == 1).expect("a flag");
    let mut state = ConcreteState::new(machine, 0);
    state.set_register(v8, 0x1111_2222_3333_4444_5555_6666_7777_8888);
    state.set_register(x0, 0x0123_4567_89ab_cdef);
    let columns = Columns::new(machine);
    let cfa = Bits::new(0x1000, 64);
    let mut at = At { columns: &columns, at: CodeOffset(0), state: &mut state };
    for (rule, reg, bits, expected) in [
        (Rule::SameValue, v8, 64, Bits::new(0x5555_6666_7777_8888, 64)),
        (Rule::SameValue, v8, 128, Bits::new(0x1111_2222_3333_4444_5555_6666_7777_8888, 128)),
        (Rule::Register(v8), x0, 64, Bits::new(0x5555_6666_7777_8888, 64)),
        (Rule::SameValue, x0, 64, Bits::new(0x0123_4567_89ab_cdef, 64)),
        (Rule::SameValue, x0, 32, Bits::new(0x89ab_cdef, 32)),
        (Rule::Is(-16), x0, 64, Bits::new(0xff0, 64)),
        (Rule::SameValue, Reg(flag as u8), 64, Bits::new(0, 1)),
    ] {
        let value = at.value(&rule, reg, bits, &cfa).expect("a value");
        assert_eq!(value, Some(expected), "{rule:?} of {} bits", bits);
    }
    assert_eq!(at.value(&Rule::Undefined, x0, 64, &cfa).expect("a value"), None);
}

#[test]
fn bad_bytes_are_errors_that_say_where() {
    let (_, cie) = sysv();
    let error = |instructions: &[u8]| rows(&fragment(&cie, instructions, 0x40)).expect_err("an error");
    let at_fde = "unwinding data, byte 0x18: an instruction of an FDE, after the row that ends at 0x";
    for (instructions, end, said) in [
        (&[0x41, 0x3b][..], "1", "unknown call frame instruction: 0x3b"),
        (&[0x0b], "0", "empty"),
        (&[0x0d, 99], "", "number 99, which the machine does not declare"),
        (&[0x16, 6, 100, 0x70], "0", "end"),
    ] {
        let text = error(instructions);
        let begin = if end.is_empty() {
            "unwinding data, byte 0x18: ".to_owned()
        } else {
            format!("{at_fde}{end}: ")
        };
        assert!(text.starts_with(&begin) && text.contains(said), "{instructions:x?}: {text}");
    }
    let whole = usual();
    let short = rows(&whole[..whole.len() - 4]).expect_err("no terminator");
    assert!(short.contains("is not followed by the terminator"), "{short}");
    let wrong = dwarf::fragment(sysv().0, &whole, 0x41).expect_err("another length");
    assert!(wrong.to_string().contains("code from 0x0 to 0x40, not from 0 to 0x41"), "{wrong}");
    let part = Format::Dwarf.read(&whole, &[], 4..0x44, sysv().0).expect_err("code that begins elsewhere");
    assert!(part.to_string().contains("does not begin at 0"), "{part}");
    assert!(Format::Dwarf.read(&whole, &[], 0..0x40, sysv().0).is_ok());
    // What is another's is told apart from what is nobody's.
    for (instruction, fault) in [(0x3b, Fault::Unsupported), (0x0b, Fault::Malformed)] {
        let bytes = fragment(&cie, &[instruction], 0x40);
        assert_eq!(dwarf::fragment(sysv().0, &bytes, 0x40).expect_err("an error").fault, fault);
    }
    let two = [&whole[..whole.len() - 4], &whole].concat();
    assert!(rows(&two).expect_err("two FDEs").contains("a second FDE"));
    assert!(rows(&[0; 4]).expect_err("none").contains("there is no FDE"));
}

#[test]
fn every_beginning_and_every_changed_byte_is_read_without_a_panic() {
    let whole = usual();
    for end in 0..whole.len() {
        assert!(rows(&whole[..end]).is_err(), "the first {end} bytes");
    }
    for (at, bit) in (0..whole.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut changed = whole.clone();
        changed[at] ^= 1 << bit;
        let _ = rows(&changed);
    }
}

quickcheck! {
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) -> bool {
        let (machine, cie) = sysv();
        let _ = dwarf::fragment(machine, &bytes, 0x40);
        let _ = dwarf::fragment(machine, &fragment(&cie, &bytes, 0x40), 0x40);
        true
    }
}

#[test]
fn expressions_are_kept_and_evaluated() {
    let (machine, cie) = sysv();
    // cfa = rsp + 8 + ((rax & 15) ≥ 11) · 8, as in a PLT; rbx is in the word at rbp.
    let cfa = [0x77, 8, 0x70, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22];
    let instructions = [&[0x0f][..], &uleb(11), &cfa, &[0x10, 3, 2, 0x76, 0]].concat();
    let table = dwarf::fragment(machine, &fragment(&cie, &instructions, 0x40), 0x40).expect("rows");
    assert_eq!(table.rows[0].cfa, Cfa::Expression(cfa.to_vec()));
    let rbx = machine.reg("rbx").expect("rbx");
    assert_eq!(table.rows[0].rule(rbx), Some(&Rule::AtExpression(vec![0x76, 0])));
    let columns = Columns::new(machine);
    let mut state = ConcreteState::new(machine, 0);
    state.set_register(machine.sp, 0x1000);
    for (rax, expected) in [(0x2a, 0x1008), (0x2b, 0x1010)] {
        state.set_register(machine.reg("rax").expect("rax"), rax);
        let value = evaluate(&cfa, &columns, CodeOffset(0), None, &mut state).expect("a value");
        assert_eq!(value, Bits::new(expected, 64));
    }
    // The column of the return address, 16, stands for the pc.
    let pc = evaluate(&[0x80, 1], &columns, CodeOffset(0x10), None, &mut state).expect("a value");
    assert_eq!(pc, Bits::new(0x11, 64));
    let away = Columns::new(machine).without_pc();
    assert!(evaluate(&[0x80, 1], &away, CodeOffset(0x10), None, &mut state).is_err());
    let error = evaluate(&[0x2f, 0, 0], &columns, CodeOffset(0), None, &mut state).expect_err("a skip");
    assert!(error.to_string().contains("Skip"), "{error}");
}

/// DWARF 5, 2.5.1: operations with what is on top of the stack after them.
#[test]
fn every_operation_that_is_evaluated_has_its_meaning() {
    let (machine, _) = sysv();
    let columns = Columns::new(machine);
    let operations: &[(&[u8], i64)] = &[
        (&[0x35, 0x33, 0x22], 8),
        (&[0x35, 0x33, 0x1c], 2),
        (&[0x35, 0x33, 0x1e], 15),
        (&[0x35, 0x33, 0x1a], 1),
        (&[0x35, 0x33, 0x21], 7),
        (&[0x35, 0x33, 0x27], 6),
        (&[0x35, 0x33, 0x24], 40),
        (&[0x09, 0xf8, 0x31, 0x25], (u64::MAX >> 1) as i64 - 3),
        (&[0x09, 0xf8, 0x31, 0x26], -4),
        (&[0x35, 0x1f], -5),
        (&[0x35, 0x20], -6),
        // Comparisons of 5 with 3, of -1 with 5, of 5 with itself: =, ≥, >, ≤, <, ≠.
        (&[0x35, 0x33, 0x29], 0),
        (&[0x35, 0x33, 0x2a], 1),
        (&[0x35, 0x33, 0x2b], 1),
        (&[0x35, 0x33, 0x2c], 0),
        (&[0x35, 0x33, 0x2d], 0),
        (&[0x35, 0x33, 0x2e], 1),
        (&[0x09, 0xff, 0x35, 0x2a], 0),
        (&[0x09, 0xff, 0x35, 0x2b], 0),
        (&[0x09, 0xff, 0x35, 0x2c], 1),
        (&[0x09, 0xff, 0x35, 0x2d], 1),
        (&[0x35, 0x12, 0x29], 1),
        (&[0x35, 0x12, 0x2a], 1),
        (&[0x35, 0x12, 0x2b], 0),
        (&[0x35, 0x12, 0x2c], 1),
        (&[0x35, 0x12, 0x2d], 0),
        (&[0x35, 0x12, 0x2e], 0),
        // The stack: over, the third from the top, drop, swap, rotate (the top goes third), nothing.
        (&[0x35, 0x33, 0x14], 5),
        (&[0x35, 0x33, 0x31, 0x15, 2], 5),
        (&[0x35, 0x33, 0x13], 5),
        (&[0x35, 0x33, 0x16], 5),
        (&[0x35, 0x33, 0x16, 0x1c], -2),
        (&[0x35, 0x33, 0x31, 0x17], 3),
        (&[0x35, 0x33, 0x31, 0x17, 0x1c], 2),
        (&[0x35, 0x33, 0x31, 0x17, 0x13, 0x13], 1),
        (&[0x35, 0x96], 5),
        // Constants.
        (&[0x08, 0xff], 255),
        (&[0x0a, 0x34, 0x12], 0x1234),
        (&[0x10, 0x80, 1], 128),
        (&[0x11, 0x7f], -1),
        (&[0x03, 8, 7, 6, 5, 4, 3, 2, 1], 0x0102_0304_0506_0708),
        (&[0x35, 0x23, 0x80, 1], 133),
        // Registers and memory: rsp + 8, the word there, its lowest bytes.
        (&[0x77, 8], 0x1008),
        (&[0x77, 8, 0x06], -0x0102_0304_0506_0709),
        (&[0x77, 8, 0x94, 8], -0x0102_0304_0506_0709),
        (&[0x77, 8, 0x94, 4], 0xfaf9_f8f7),
        (&[0x77, 8, 0x94, 1], 0xf7),
    ];
    for (bytes, expected) in operations {
        let mut state = ConcreteState::new(machine, 0);
        state.set_register(machine.sp, 0x1000);
        state.memory.write(0x1008, &(-0x0102_0304_0506_0709_i64).to_le_bytes());
        let value = evaluate(bytes, &columns, CodeOffset(0), None, &mut state).expect("a value");
        assert_eq!(value, Bits::new(*expected as u128, 64), "{bytes:x?}");
    }
    let mut state = ConcreteState::new(machine, 0);
    // Too little on the stack; registers and memory with a type; loads that are no part of an address.
    let stack: [&[u8]; 8] =
        [&[], &[0x22], &[0x35, 0x22], &[0x16], &[0x35, 0x33, 0x17], &[0x35, 0x14], &[0x13], &[0x06]];
    let typed: [&[u8]; 2] = [&[0xa5, 7, 1], &[0x77, 8, 0xa6, 8, 1]];
    let loads: [&[u8]; 4] =
        [&[0x77, 8, 0x94, 16], &[0x77, 8, 0x94, 0], &[0x77, 8, 0x94, 3], &[0x77, 8, 0x94, 255]];
    for bytes in stack.into_iter().chain(typed).chain(loads) {
        assert!(evaluate(bytes, &columns, CodeOffset(0), None, &mut state).is_err(), "{bytes:x?}");
    }
    let long = [&[0x35][..], &[0x96; 62]].concat();
    assert!(evaluate(&long, &columns, CodeOffset(0), None, &mut state).is_ok());
    assert!(
        evaluate(&[&long[..], &[0x96, 0x96]].concat(), &columns, CodeOffset(0), None, &mut state).is_err()
    );
    // A vector register holds no address.
    let xmm0 = evaluate(&[0x92, 17, 0], &columns, CodeOffset(0), None, &mut state);
    assert!(xmm0.expect_err("a vector").to_string().contains("holds no address"));
}
