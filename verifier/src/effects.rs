//! What an instruction without a row may write: enough to tell that it leaves a frame alone.

use crate::decoded::{Decoded, MemoryOperand, Operand};
use framewright_spec::meaning::Place;
use framewright_spec::{CodeOffset, Machine, Reg, RegSet};
use smallvec::SmallVec;

/// The effects of an instruction that only computes, and goes on to the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// Its first byte.
    pub at: CodeOffset,
    /// Its length in bytes.
    pub len: u32,
    /// Registers of the specification of which any bit may change.
    pub written: RegSet,
    /// Where it may write memory.
    pub stores: SmallVec<[Store; 1]>,
    /// What has to be assumed of it, by name (see `SOUNDNESS.md`).
    pub assumes: Option<&'static str>,
}

/// What is assumed of an instruction that sets a control word which the machine does not declare.
pub const CONTROL_WORD: &str = "control-word";

/// Memory that an instruction may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The lowest byte; `None` where it is not computed from registers of the specification.
    pub address: Option<MemoryOperand>,
    /// How much.
    pub extent: Extent,
}

/// How much memory is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// So many bytes.
    Bytes(u32),
    /// So many bytes as often as a register says.
    Times {
        /// Each time.
        bytes: u32,
        /// How often.
        count: Reg,
    },
}

impl Effects {
    /// What an instruction with a row may write, without what it means.
    pub fn of_row(machine: &Machine, decoded: &Decoded) -> Effects {
        let row = machine.instructions.get_index(decoded.row.0 as usize);
        let mut effects = Effects {
            at: decoded.at,
            len: decoded.len,
            written: RegSet::EMPTY,
            stores: SmallVec::new(),
            assumes: None,
        };
        let somewhere = |bytes: u32| Store { address: None, extent: Extent::Bytes(bytes) };
        for update in row.into_iter().flat_map(|(_, row)| &row.updates) {
            match &update.place {
                Place::Register(reg) | Place::Part { reg, .. } => {
                    effects.written = effects.written.with(*reg)
                }
                Place::Memory { .. } => effects.stores.push(somewhere(1)),
                Place::Operand(index) => match decoded.operands.get(*index) {
                    Some(Operand::Part(view)) => effects.written = effects.written.with(view.reg),
                    Some(Operand::Memory(memory)) => effects.stores.push(Store {
                        address: Some(memory.clone()),
                        extent: Extent::Bytes(memory.bits / 8),
                    }),
                    _ => {}
                },
            }
        }
        effects
    }
}
