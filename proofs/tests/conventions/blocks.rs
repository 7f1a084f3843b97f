//! The memory of one call: registers before and after, stack arguments, and what the callee may write.

use framewright_spec::machine::RegClass;
use framewright_spec::{Machine, Reg};
use libtest_mimic::Failed;

/// Where the program's blocks are.
pub(crate) const BASE: usize = 0x2000_0000;
/// Bytes from a block to the next.
pub(crate) const STRIDE: usize = 0x1000;
/// SP at the call, bytes from the block's start; the callee's frame is below it, stack arguments are from it on.
/// Everything is close enough to SP to be reached by any machine's loads and stores.
pub(crate) const SP: usize = 0x800;
/// Bytes from SP: registers before the call and after.
pub(crate) const IN: usize = 0x100;
pub(crate) const OUT: usize = 0x400;
/// Bytes from SP: what the context, the first argument, points to.
pub(crate) const CONTEXT: usize = 0x700;
/// Bytes of all integer registers, which stand before the floats.
const INTS: usize = 0x100;

/// One call's memory.
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
}

/// Registers whose values go around a call.
pub(crate) fn registers(machine: &Machine) -> Vec<Reg> {
    let all = (0..).zip(&machine.registers);
    let valued = all.filter(|(_, register)| matches!(register.class, RegClass::Int | RegClass::Float));
    valued.map(|(number, _)| Reg(number)).collect()
}

/// Bytes of a register among those before or after the call.
pub(crate) fn slot(machine: &Machine, reg: Reg) -> usize {
    let class = machine.register(reg).class;
    let alike = |other: &Reg| machine.register(*other).class == class;
    let index = registers(machine).into_iter().filter(alike).position(|other| other == reg).unwrap_or(0);
    if class == RegClass::Float { INTS + 16 * index } else { 8 * index }
}

/// Bytes that differ by number and from those that the callee writes.
pub(crate) fn filling(number: usize) -> [u8; 16] {
    std::array::from_fn(|i| 0x80 | ((number + 37 * i) % 128) as u8)
}

impl Block {
    /// Each register with a value of its own.
    pub(crate) fn filled(machine: &Machine) -> Block {
        let mut block = Block { bytes: vec![0; STRIDE] };
        for (number, reg) in registers(machine).into_iter().enumerate() {
            let bytes = machine.register(reg).bits as usize / 8;
            block.put_register(machine, reg, &filling(number)[..bytes]);
        }
        block
    }

    /// Points a register to the context, this being the block of that number.
    pub(crate) fn put_address(&mut self, machine: &Machine, reg: Reg, number: usize) {
        let address = BASE + STRIDE * number + SP + CONTEXT;
        self.put_register(machine, reg, &(address as u64).to_le_bytes());
    }

    /// The low bytes of a register before the call.
    pub(crate) fn put_register(&mut self, machine: &Machine, reg: Reg, value: &[u8]) {
        let at = SP + IN + slot(machine, reg);
        self.bytes[at..at + value.len()].copy_from_slice(value);
    }

    /// Bytes at a place from SP on, which is not among the registers.
    pub(crate) fn put(&mut self, at: usize, value: &[u8]) -> Result<(), Failed> {
        if (IN..CONTEXT).contains(&(at + value.len() - 1)) {
            return Err("more stack arguments than there is room for".into());
        }
        self.bytes[SP + at..SP + at + value.len()].copy_from_slice(value);
        Ok(())
    }

    /// Bytes at a place from SP on.
    pub(crate) fn get(&self, at: usize, count: usize) -> &[u8] {
        &self.bytes[SP + at..SP + at + count]
    }

    /// A register after the call.
    pub(crate) fn register(&self, machine: &Machine, reg: Reg) -> &[u8] {
        self.get(OUT + slot(machine, reg), machine.register(reg).bits as usize / 8)
    }

    /// How many low bits of a register are after the call what they were before: all, a word, half a word, or none.
    pub(crate) fn kept_bits(&self, machine: &Machine, reg: Reg) -> u32 {
        let after = self.register(machine, reg);
        let before = self.get(IN + slot(machine, reg), after.len());
        let kept = [16, 8, 4].into_iter().find(|&n| n <= after.len() && before[..n] == after[..n]);
        kept.unwrap_or(0) as u32 * 8
    }
}
