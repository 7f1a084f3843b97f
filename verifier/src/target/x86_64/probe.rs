//! Probes for x86-64 Linux: each experiment loads all registers from its block, runs, and stores them to another.
//!
//! ```text
//! slot i │ load flags, xmm0–15, general registers, SP │ experiment │ jmp done │ exit := 1 │ done: store all │ jmp slot i+1
//! after the last: write(1, blocks and windows), exit_group(0)
//! ```
//!
//! Blocks are reached relative to the instruction pointer, so that no register is needed for it. Flags come and go
//! by a stack of their own; nothing of the experiment's stack is touched.

use crate::probe::elf::{Access, Image};
use crate::probe::{Experiment, Field, Lab, Probe, ProbeError, Window};
use framewright_spec::{Machine, Reg};
use iced_x86::{Code, Encoder, IcedError, Instruction, MemoryOperand, Register};

/// Bytes from the first slot to the blocks, within reach of 32-bit displacements from all code.
const BLOCKS_DISTANCE: u64 = 0x4000_0000;
/// Bytes from the first slot down to the stack for flags.
const FLAG_STACK_DISTANCE: u64 = 0x10_0000;

pub(super) const XMM: u64 = 128;
pub(super) const FLAGS: u64 = XMM + 256;
pub(super) const MXCSR: u64 = FLAGS + 8;
const EXIT: u64 = MXCSR + 8;
const BLOCK_BYTES: u64 = EXIT + 16;

pub(super) const GENERAL: [Register; 16] = [
    Register::RAX,
    Register::RCX,
    Register::RDX,
    Register::RBX,
    Register::RSP,
    Register::RBP,
    Register::RSI,
    Register::RDI,
    Register::R8,
    Register::R9,
    Register::R10,
    Register::R11,
    Register::R12,
    Register::R13,
    Register::R14,
    Register::R15,
];
const FLAG_BITS: [(&str, u32); 7] =
    [("cf", 0), ("pf", 2), ("af", 4), ("zf", 6), ("sf", 7), ("df", 10), ("of", 11)];
/// Interrupts enabled, and the bit that is always set (SDM vol. 1, 3.4.3).
const FLAGS_BASE: u64 = 0x202;
/// SDM vol. 1, 10.2.3.
const MXCSR_RESET: u128 = 0x1f80;
const EM_X86_64: u16 = 62;

/// Makes a probe of experiments over shared memory.
///
/// # Errors
/// Code past the lab's room, or (a fault of ours) an instruction that does not encode.
pub(crate) fn probe(
    machine: &Machine,
    lab: Lab,
    experiments: &[Experiment],
    windows: &[Window],
) -> Result<Probe, ProbeError> {
    let reported = fields(machine);
    let mut image = Image::default();
    for window in windows {
        image.put(Access::Data, window.address, &window.bytes);
    }
    let flag_stack = flag_stack(lab);
    image.reserve(Access::Data, flag_stack - 4096, 8192);
    let bytes = (experiments.len() as u64 * BLOCK_BYTES).max(1);
    let inputs = lab.slot(0) + BLOCKS_DISTANCE;
    let outputs = inputs + bytes.next_multiple_of(4096);
    image.reserve(Access::Data, inputs, outputs - inputs);
    image.reserve(Access::Data, outputs, bytes);
    for (index, experiment) in experiments.iter().enumerate() {
        let offset = index as u64 * BLOCK_BYTES;
        image.put(Access::Data, inputs + offset, &block(&reported, experiment));
        slot(&mut image, lab, index, &experiment.code, [inputs + offset, outputs + offset])?;
    }
    let end = lab.slot(experiments.len());
    let reports = windows.iter().map(|w| (w.address, w.bytes.len() as u64));
    let reports = std::iter::once((outputs, experiments.len() as u64 * BLOCK_BYTES)).chain(reports);
    image.put(Access::Code, end, &report(end, reports).map_err(encode)?);
    Ok(Probe {
        image: image.executable(EM_X86_64, lab.slot(0)),
        machine: "x86_64",
        reported,
        outcome_bytes: BLOCK_BYTES as usize,
        experiments: experiments.len(),
        exit_field: EXIT as usize,
        windows: windows.iter().map(|w| (w.address, w.bytes.len())).collect(),
    })
}

pub(super) fn flag_stack(lab: Lab) -> u64 {
    lab.slot(0) - FLAG_STACK_DISTANCE
}

pub(super) fn encode(error: IcedError) -> ProbeError {
    ProbeError::Encode(error.to_string())
}

/// Lays out one slot.
fn slot(
    image: &mut Image,
    lab: Lab,
    index: usize,
    code: &[u8],
    [input, output]: [u64; 2],
) -> Result<(), ProbeError> {
    let (start, store) = (lab.code(index), lab.store(index));
    let mut body = code.to_vec();
    body.extend(Asm::at(start + code.len() as u64).jump(store).map_err(encode)?.bytes());
    if body.len() > lab.room() {
        return Err(ProbeError::Room { bytes: body.len(), room: lab.room() });
    }
    let exit = lab.second_exit(index);
    let parts = [
        (lab.slot(index), load_all(lab.slot(index), input, flag_stack(lab), start).map_err(encode)?),
        (start, body),
        (exit, second_exit(exit, output, store).map_err(encode)?),
        (store, store_all(store, output, flag_stack(lab), lab.slot(index + 1)).map_err(encode)?),
    ];
    for (address, bytes) in parts {
        image.put(Access::Code, address, &bytes);
    }
    Ok(())
}

/// Where the spec's registers are in a block.
pub(super) fn fields(machine: &Machine) -> Vec<(Reg, Field)> {
    let mut fields = Vec::new();
    let mut field = |name: &str, offset: u64, bit: u32| {
        if let Some(reg) = machine.reg(name) {
            fields.push((reg, Field { offset: offset as usize, bit, bits: machine.register(reg).bits }));
        }
    };
    for (index, register) in GENERAL.iter().enumerate() {
        field(&super::register_name(*register), index as u64 * 8, 0);
        field(&format!("xmm{index}"), XMM + index as u64 * 16, 0);
    }
    for (name, bit) in FLAG_BITS {
        field(name, FLAGS, bit);
    }
    field("mxcsr", MXCSR, 0);
    fields
}

/// The input block of an experiment.
fn block(fields: &[(Reg, Field)], experiment: &Experiment) -> Vec<u8> {
    let mut block = vec![0; BLOCK_BYTES as usize];
    block[FLAGS as usize..][..8].copy_from_slice(&FLAGS_BASE.to_le_bytes());
    for (reg, field) in fields {
        // Floats in the model are those of MXCSR at reset: a state's own value may raise exceptions that it does not
        // speak of. What the experiment itself loads is not touched.
        let own = experiment.registers.register(*reg);
        let value = if field.offset as u64 == MXCSR { MXCSR_RESET } else { own << field.bit };
        let bytes = (field.bits + field.bit).div_ceil(8) as usize;
        for (byte, new) in block[field.offset..].iter_mut().zip(&value.to_le_bytes()[..bytes]) {
            *byte |= new;
        }
    }
    block
}

/// Instructions at an address.
pub(super) struct Asm {
    encoder: Encoder,
    at: u64,
}

impl Asm {
    pub(super) fn at(at: u64) -> Asm {
        Asm { encoder: Encoder::new(64), at }
    }

    pub(super) fn emit(&mut self, instruction: &Instruction) -> Result<&mut Asm, IcedError> {
        self.at += self.encoder.encode(instruction, self.at)? as u64;
        Ok(self)
    }

    fn jump(&mut self, target: u64) -> Result<&mut Asm, IcedError> {
        self.emit(&Instruction::with_branch(Code::Jmp_rel32_64, target)?)
    }

    pub(super) fn set(&mut self, register: Register, value: u64) -> Result<&mut Asm, IcedError> {
        self.emit(&Instruction::with2(Code::Mov_r64_imm64, register, value)?)
    }

    pub(super) fn bytes(&mut self) -> Vec<u8> {
        self.encoder.take_buffer()
    }
}

/// Memory at an absolute address near the code.
pub(super) fn near(address: u64) -> MemoryOperand {
    MemoryOperand::with_base_displ(Register::RIP, address as i64)
}

pub(super) fn xmm(index: usize) -> Register {
    Register::XMM0 + index as u32
}

fn load_all(at: u64, block: u64, flag_stack: u64, next: u64) -> Result<Vec<u8>, IcedError> {
    let mut asm = Asm::at(at);
    asm.set(Register::RSP, flag_stack)?;
    asm.emit(&Instruction::with1(Code::Ldmxcsr_m32, near(block + MXCSR))?)?;
    asm.emit(&Instruction::with1(Code::Push_rm64, near(block + FLAGS))?)?;
    asm.emit(&Instruction::with(Code::Popfq))?;
    for index in 0..16 {
        let from = near(block + XMM + index as u64 * 16);
        asm.emit(&Instruction::with2(Code::Movups_xmm_xmmm128, xmm(index), from)?)?;
    }
    for (index, &register) in GENERAL.iter().enumerate() {
        let from = near(block + index as u64 * 8);
        asm.emit(&Instruction::with2(Code::Mov_r64_rm64, register, from)?)?;
    }
    asm.jump(next)?;
    Ok(asm.bytes())
}

fn second_exit(at: u64, block: u64, store: u64) -> Result<Vec<u8>, IcedError> {
    let mut asm = Asm::at(at);
    asm.emit(&Instruction::with2(Code::Mov_rm32_imm32, near(block + EXIT), 1)?)?;
    asm.jump(store)?;
    Ok(asm.bytes())
}

fn store_all(at: u64, block: u64, flag_stack: u64, next: u64) -> Result<Vec<u8>, IcedError> {
    let mut asm = Asm::at(at);
    for (index, &register) in GENERAL.iter().enumerate() {
        let to = near(block + index as u64 * 8);
        asm.emit(&Instruction::with2(Code::Mov_rm64_r64, to, register)?)?;
    }
    asm.set(Register::RSP, flag_stack)?;
    asm.emit(&Instruction::with(Code::Pushfq))?;
    asm.emit(&Instruction::with1(Code::Pop_rm64, near(block + FLAGS))?)?;
    for index in 0..16 {
        let to = near(block + XMM + index as u64 * 16);
        asm.emit(&Instruction::with2(Code::Movups_xmmm128_xmm, to, xmm(index))?)?;
    }
    asm.emit(&Instruction::with1(Code::Stmxcsr_m32, near(block + MXCSR))?)?;
    asm.jump(next)?;
    Ok(asm.bytes())
}

/// System calls: write each run of memory to standard output, then end with 0 if the last was written whole.
fn report(at: u64, runs: impl Iterator<Item = (u64, u64)>) -> Result<Vec<u8>, IcedError> {
    const WRITE: u64 = 1;
    const EXIT_GROUP: u64 = 231;
    let mut asm = Asm::at(at);
    for (address, bytes) in runs {
        asm.set(Register::RAX, WRITE)?.set(Register::RDI, 1)?;
        asm.set(Register::RSI, address)?.set(Register::RDX, bytes)?;
        asm.emit(&Instruction::with(Code::Syscall))?;
    }
    asm.set(Register::RAX, EXIT_GROUP)?.set(Register::RDI, 0)?;
    asm.emit(&Instruction::with(Code::Syscall))?;
    Ok(asm.bytes())
}
