//! What undoing the instructions of a prolog, or doing those of an epilog, has found so far: where SP would be, and
//! where the caller's registers are. From it, a row.
//!
//! ```text
//! SP of the instruction ──undo──▶ SP, saves ──undo──▶ … ──▶ the caller's SP = the CFA
//! ```
//!
//! An address is a register's value or a word of memory, plus a constant. Saves at a constant distance from the CFA become
//! [`Rule::At`]; any other address is written as a DWARF expression (DWARF 5, 2.5), the one way that rows have to say it.

use super::{Cfa, Row, Rule, UnwindError};
use framewright_spec::{Machine, Reg};
use smallvec::SmallVec;

/// DWARF 5, 7.7.1, table 7.9.
const DW_OP_DEREF: u8 = 0x06;
const DW_OP_CONSTS: u8 = 0x11;
const DW_OP_PLUS: u8 = 0x22;
const DW_OP_BREG0: u8 = 0x70;
const DW_OP_BREGX: u8 = 0x92;
/// Registers that have a code of their own, `DW_OP_breg0` to `DW_OP_breg31`.
const SHORT_BREGS: u16 = 32;

/// What a constant is added to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Base {
    Register(Reg),
    /// What an expression gives.
    Computed(Vec<u8>),
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    base: Base,
    offset: i64,
}

impl Address {
    /// So many bytes above.
    pub(super) fn plus(&self, bytes: i64) -> Address {
        Address { base: self.base.clone(), offset: self.offset.wrapping_add(bytes) }
    }
}

/// The state between two instructions that are undone.
#[derive(Clone, Debug)]
pub(super) struct Undone<'m> {
    machine: &'m Machine,
    sp: Address,
    saved: SmallVec<[(Reg, Address); 8]>,
}

/// Where the return address is found in the end.
pub(super) enum Return {
    /// In the word at SP, which goes with it.
    Popped,
    /// Where the link register was saved, else still in it.
    Linked(Reg),
    /// In memory.
    At(Address),
}

impl<'m> Undone<'m> {
    /// Nothing yet.
    pub(super) fn nothing(machine: &'m Machine) -> Undone<'m> {
        Undone {
            machine,
            sp: Address { base: Base::Register(machine.sp), offset: 0 },
            saved: SmallVec::new(),
        }
    }

    /// SP as it is found so far, plus some bytes.
    pub(super) fn above_sp(&self, bytes: i64) -> Address {
        self.sp.plus(bytes)
    }

    /// A register as it is found so far, plus some bytes.
    pub(super) fn above(&self, reg: Reg, bytes: i64) -> Address {
        match self.saved.iter().find(|(saved, _)| *saved == reg) {
            _ if reg == self.machine.sp => self.above_sp(bytes),
            Some((_, slot)) => Address { base: Base::Computed(self.loaded(slot)), offset: bytes },
            None => Address { base: Base::Register(reg), offset: bytes },
        }
    }

    /// Memory that was allocated is given back.
    pub(super) fn free(&mut self, bytes: i64) {
        self.sp.offset = self.sp.offset.wrapping_add(bytes);
    }

    /// SP becomes an address.
    pub(super) fn set_sp(&mut self, address: Address) {
        self.sp = address;
    }

    /// SP becomes a word of memory.
    pub(super) fn load_sp(&mut self, slot: &Address) {
        self.sp = Address { base: Base::Computed(self.loaded(slot)), offset: 0 };
    }

    /// A register is restored from memory; for what was restored before, that is the end.
    pub(super) fn restore(&mut self, reg: Reg, slot: Address) {
        if reg == self.machine.sp {
            return self.load_sp(&slot);
        }
        self.saved.retain(|(saved, _)| *saved != reg);
        self.saved.push((reg, slot));
    }

    /// A register is popped.
    pub(super) fn pop(&mut self, reg: Reg, bytes: i64) {
        let slot = self.above_sp(0);
        self.restore(reg, slot);
        self.free(bytes);
    }

    /// The row from `begin` to `end`.
    pub(super) fn row(mut self, begin: u32, end: u32, to: Return) -> Row {
        let return_address = match to {
            Return::Popped => {
                let slot = self.above_sp(0);
                self.free(i64::from(self.machine.word_bytes));
                self.rule(&slot)
            }
            Return::At(slot) => self.rule(&slot),
            Return::Linked(link) => {
                let slot = self.saved.iter().find(|(saved, _)| *saved == link);
                slot.map_or(Rule::SameValue, |(_, slot)| self.rule(slot))
            }
        };
        let cfa = match &self.sp {
            Address { base: Base::Register(reg), offset } => Cfa::Offset(*reg, *offset),
            computed => Cfa::Expression(self.expression(computed)),
        };
        let mut rules: SmallVec<[(Reg, Rule); 8]> =
            self.saved.iter().map(|(reg, slot)| (*reg, self.rule(slot))).collect();
        rules.sort_by_key(|(reg, _)| *reg);
        Row { begin, end, cfa, rules, return_address, signed: false }
    }

    /// In memory, by the distance from the CFA where that is known.
    fn rule(&self, slot: &Address) -> Rule {
        match slot.base == self.sp.base {
            true => Rule::At(slot.offset.wrapping_sub(self.sp.offset)),
            false => Rule::AtExpression(self.expression(slot)),
        }
    }

    fn loaded(&self, slot: &Address) -> Vec<u8> {
        let mut bytes = self.expression(slot);
        bytes.push(DW_OP_DEREF);
        bytes
    }

    /// An address as a DWARF expression. A register without a number there has none that anybody could read.
    fn expression(&self, address: &Address) -> Vec<u8> {
        match &address.base {
            Base::Register(reg) => {
                let number = self.machine.register(*reg).dwarf.unwrap_or(u16::MAX);
                let mut bytes = match u8::try_from(number) {
                    Ok(short) if number < SHORT_BREGS => vec![DW_OP_BREG0 + short],
                    _ => [vec![DW_OP_BREGX], uleb(u64::from(number))].concat(),
                };
                bytes.extend(sleb(address.offset));
                bytes
            }
            Base::Computed(bytes) if address.offset == 0 => bytes.clone(),
            Base::Computed(bytes) => {
                [bytes.as_slice(), &[DW_OP_CONSTS], &sleb(address.offset), &[DW_OP_PLUS]].concat()
            }
        }
    }
}

/// The data is not as published from a byte on.
pub(super) fn bad(at: usize, what: impl Into<String>) -> UnwindError {
    UnwindError::malformed(at as u64, what)
}

/// The data is of a kind that is not read.
pub(super) fn unread(at: usize, what: impl Into<String>) -> UnwindError {
    UnwindError::unsupported(at as u64, what)
}

/// DWARF 5, 7.6 Variable Length Data.
fn uleb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn sleb(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0) {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_spec::Spec;

    /// DWARF 5, 7.6, tables 7.7 and 7.8, and the ends of the ranges.
    #[test]
    fn numbers_are_written_as_published() {
        for (value, bytes) in [
            (2, vec![2]),
            (127, vec![127]),
            (128, vec![0x80, 1]),
            (129, vec![1 | 0x80, 1]),
            (12857, vec![57 | 0x80, 100]),
            (u64::from(u16::MAX), vec![0xff, 0xff, 3]),
        ] {
            assert_eq!(uleb(value), bytes, "{value}");
        }
        for (value, bytes) in [
            (2, vec![2]),
            (-2, vec![0x7e]),
            (63, vec![63]),
            (64, vec![0xc0, 0]),
            (-64, vec![0x40]),
            (-65, vec![0xbf, 0x7f]),
            (127, vec![0xff, 0]),
            (-129, vec![0xff, 0x7e]),
            (8192, vec![0x80, 0xc0, 0]),
        ] {
            assert_eq!(sleb(value), bytes, "{value}");
        }
    }

    #[test]
    fn an_address_that_memory_gives_is_an_expression() {
        let machine = &Spec::embedded().machines["x86_64"];
        let reg = |name: &str| machine.reg(name).expect("declared");
        let mut undone = Undone::nothing(machine);
        assert_eq!(undone.above(machine.sp, 8), undone.above_sp(8));
        undone.pop(reg("rbp"), 8);
        undone.set_sp(undone.above(reg("rbp"), 16));
        undone.restore(reg("rbx"), undone.above_sp(-8));
        undone.restore(reg("r12"), Address { base: Base::Register(reg("rdi")), offset: 300 });
        let row = undone.clone().row(0, 4, Return::Popped);
        // The word at SP, where rbp was: the caller's SP is 16 above it, and 8 more for the return address.
        assert_eq!(row.cfa, Cfa::Expression(vec![0x77, 0, 0x06, 0x11, 24, 0x22]));
        assert_eq!(row.return_address, Rule::At(-8));
        assert_eq!(row.rule(reg("rbx")), Some(&Rule::At(-16)));
        assert_eq!(row.rule(reg("rbp")), Some(&Rule::AtExpression(vec![0x77, 0])));
        assert_eq!(row.rule(reg("r12")), Some(&Rule::AtExpression(vec![0x75, 0xac, 2])));
        // SP itself is loaded, and what was restored before is where it was restored from last.
        let slot = undone.above_sp(32);
        undone.restore(machine.sp, slot);
        undone.restore(reg("rbx"), undone.above_sp(0));
        let row = undone.row(0, 4, Return::At(Address { base: Base::Register(machine.sp), offset: 5 }));
        assert_eq!(row.cfa, Cfa::Expression(vec![0x77, 0, 0x06, 0x11, 48, 0x22, 0x06]));
        assert_eq!(row.rule(reg("rbx")), Some(&Rule::At(0)));
        assert_eq!(row.return_address, Rule::AtExpression(vec![0x77, 5]));
    }

    /// Numbers from 32 on have no code of their own.
    #[test]
    fn every_register_has_its_number_in_an_expression() {
        for (machine, register, expected) in [
            ("aarch64", "sp", vec![0x70 + 31, 8]),
            ("riscv64", "ft0", vec![0x92, 32, 8]),
            ("aarch64", "v8", vec![0x92, 72, 8]),
        ] {
            let machine = &Spec::embedded().machines[machine];
            let base = Base::Register(machine.reg(register).expect("declared"));
            assert_eq!(Undone::nothing(machine).expression(&Address { base, offset: 8 }), expected);
        }
    }
}
