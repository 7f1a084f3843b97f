//! Experiments for the real processor: pieces of code, each with a whole machine state before it.
//!
//! ```text
//! Experiment { state, code } …  ──target adapter──▶  Probe: one static executable
//!                                                        │ whoever may start processes runs it
//!                       states after each  ◀──outcomes──  its standard output
//! ```
//!
//! The processor is a witness outside the model: the rows are compared with it, and counterexamples are replayed
//! on it. An executable of its own keeps wild code away from us, needs nothing of the host's memory layout, and
//! runs under an emulator where the host is another machine. Nothing is run here.

pub mod elf;

use crate::concrete::{Bits, ConcreteState};
use framewright_spec::Reg;

/// Code and the state it starts in.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Registers at the start. Memory is shared by all experiments of a probe and given to it.
    pub registers: ConcreteState,
    /// Position-dependent code for [`Lab::code`]. It ends by running off its end or by going to the second
    /// exit.
    pub code: Vec<u8>,
}

/// Where things are in a probe.
///
/// ```text
/// slot i │ load: SEQUENCE_BYTES │ experiment i: room │ exits: EXIT_BYTES │ store: SEQUENCE_BYTES │ slot i+1 …
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lab {
    base: u64,
    room: u64,
}

/// Address of the first slot, unless it is asked for elsewhere.
const LAB_BASE: u64 = 0x2300_0000_0000;
/// Room to load or store a state.
const SEQUENCE_BYTES: u64 = 320;
/// Room for both exits.
const EXIT_BYTES: u64 = 32;

impl Lab {
    /// A lab with room for experiments of `bytes` bytes of code.
    pub fn with_room(bytes: usize) -> Lab {
        Lab { base: LAB_BASE, room: (bytes as u64).next_multiple_of(32) }
    }

    /// The same with its first slot at another address (a multiple of the page size), 2 MiB below and 2 GiB above
    /// which are the lab's.
    #[must_use]
    pub fn at(self, base: u64) -> Lab {
        Lab { base, ..self }
    }

    /// The addresses that the lab uses.
    pub fn range(&self) -> std::ops::Range<u64> {
        self.base - 0x20_0000..self.base + 0x8000_0000
    }

    /// Address of the `index`-th slot.
    pub(crate) fn slot(&self, index: usize) -> u64 {
        self.base + index as u64 * (2 * SEQUENCE_BYTES + EXIT_BYTES + self.room)
    }

    /// Address of the code of the `index`-th experiment.
    pub fn code(&self, index: usize) -> u64 {
        self.slot(index) + SEQUENCE_BYTES
    }

    /// Address just behind the code's room, where the `index`-th experiment may go instead of running off its end.
    pub fn second_exit(&self, index: usize) -> u64 {
        self.code(index) + self.room
    }

    /// Address where the `index`-th experiment's state is stored.
    pub(crate) fn store(&self, index: usize) -> u64 {
        self.second_exit(index) + EXIT_BYTES
    }

    /// Most bytes of an experiment's code, with the jump behind it.
    pub fn room(&self) -> usize {
        self.room as usize
    }
}

/// Why there is no probe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// More code than the lab has room for.
    #[error("the experiment has {bytes} bytes of code, the lab has room for {room}")]
    Room {
        /// Bytes.
        bytes: usize,
        /// Bytes.
        room: usize,
    },
    /// A fault of ours.
    #[error("an instruction of the probe does not encode: {0}")]
    Encode(String),
}

/// A run of memory, given before and reported after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Lowest byte.
    pub address: u64,
    /// What is there.
    pub bytes: Vec<u8>,
}

/// An executable that performs experiments one after the other and writes their outcomes.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The executable.
    pub image: Vec<u8>,
    /// The probe's machine in the words of emulators (`x86_64` for `qemu-x86_64`).
    pub machine: &'static str,
    /// Registers that each outcome reports.
    pub(crate) reported: Vec<(Reg, Field)>,
    pub(crate) outcome_bytes: usize,
    pub(crate) experiments: usize,
    pub(crate) exit_field: usize,
    pub(crate) windows: Vec<(u64, usize)>,
}

/// Where a register is in an outcome.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Byte offset.
    pub(crate) offset: usize,
    /// Bit of the 16 bytes from there.
    pub(crate) bit: u32,
    /// Width.
    pub(crate) bits: u32,
}

/// What the processor made of one experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Registers after it.
    pub registers: Vec<(Reg, Bits)>,
    /// Whether it left by the second exit.
    pub second_exit: bool,
}

/// Output that no probe writes: it was cut off, or it is someone else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the probe wrote {found} bytes instead of {expected}")]
pub struct BadOutput {
    /// Bytes.
    pub expected: usize,
    /// Bytes.
    pub found: usize,
}

impl Probe {
    /// Reads the output: the outcome of each experiment, and the windows after all of them.
    ///
    /// # Errors
    /// The output's length is wrong.
    pub fn outcomes(&self, output: &[u8]) -> Result<(Vec<Outcome>, Vec<Window>), BadOutput> {
        let blocks = self.outcome_bytes * self.experiments;
        let expected = blocks + self.windows.iter().map(|(_, bytes)| bytes).sum::<usize>();
        if output.len() != expected {
            return Err(BadOutput { expected, found: output.len() });
        }
        let (blocks, mut rest) = output.split_at(blocks);
        let outcomes =
            blocks.chunks_exact(self.outcome_bytes.max(1)).map(|block| self.outcome(block)).collect();
        let windows = self.windows.iter().map(|&(address, bytes)| {
            let (window, after) = rest.split_at(bytes);
            rest = after;
            Window { address, bytes: window.to_vec() }
        });
        Ok((outcomes, windows.collect()))
    }

    fn outcome(&self, block: &[u8]) -> Outcome {
        let number = |offset: usize| {
            let mut bytes = [0; 16];
            let count = block.len().saturating_sub(offset).min(16);
            bytes[..count].copy_from_slice(&block[offset..offset + count]);
            u128::from_le_bytes(bytes)
        };
        let read = |field: &Field| Bits::new(number(field.offset) >> field.bit, field.bits);
        Outcome {
            registers: self.reported.iter().map(|(reg, field)| (*reg, read(field))).collect(),
            second_exit: block[self.exit_field] != 0,
        }
    }
}
