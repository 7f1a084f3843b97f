//! What iced-x86 lists of an instruction: written registers and memory.
//!
//! Instructions that do more than compute are refused by name: control flow, the system, SP, the control words that a
//! convention preserves and iced does not list.

use super::{Decoder, lower, register_name};
use crate::decoded::{Base, MemoryOperand, Unsupported};
use crate::effects::{CONTROL_WORD, Effects, Extent, Store};
use framewright_spec::{CodeOffset, RegSet};
use iced_x86::{
    FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, Register, RflagsBits, UsedMemory,
};

/// Flags of the specification, by iced's bits.
const FLAGS: [(u32, &str); 7] = [
    (RflagsBits::CF, "cf"),
    (RflagsBits::PF, "pf"),
    (RflagsBits::AF, "af"),
    (RflagsBits::ZF, "zf"),
    (RflagsBits::SF, "sf"),
    (RflagsBits::OF, "of"),
    (RflagsBits::DF, "df"),
];

impl Decoder {
    pub(super) fn effects_of(&self, instruction: &Instruction) -> Result<Effects, Unsupported> {
        let at = CodeOffset(instruction.ip() as u32);
        let name = || lower(instruction.mnemonic());
        let refuse = |what: &str| Err(Unsupported { at, what: format!("{what} `{}`", name()) });
        if instruction.is_invalid() {
            return Err(Unsupported { at, what: "bytes that are no instruction".to_owned() });
        }
        if instruction.flow_control() != FlowControl::Next || instruction.is_privileged() {
            return refuse("control flow or system instruction");
        }
        if instruction.is_stack_instruction() || is_beyond(instruction) {
            return refuse("no row for the meaning of");
        }
        let mut factory = InstructionInfoFactory::new();
        let info = factory.info(instruction);
        let mut written = RegSet::EMPTY;
        for used in info.used_registers().iter().filter(|used| writes(used.access())) {
            let view = self.views.get(whole(used.register()) as usize).and_then(Option::as_ref);
            written = view.map_or(written, |view| written.with(view.reg));
        }
        let flags = instruction.rflags_modified();
        for (_, flag) in FLAGS.iter().filter(|(bit, _)| flags & bit != 0) {
            written = self.flag(flag).map_or(written, |reg| written.with(reg));
        }
        if written.contains(self.sp) {
            return refuse("a write to SP by");
        }
        let mut stores = smallvec::SmallVec::new();
        let changing = |memory: &&UsedMemory| writes(memory.access()) && !is_fence(instruction);
        for memory in info.used_memory().iter().filter(changing) {
            match self.store(instruction, memory) {
                Some(store) => stores.push(store),
                None => return refuse("the memory written by"),
            }
        }
        let assumes = sets_x87_control(instruction).then_some(CONTROL_WORD);
        Ok(Effects { at, len: instruction.len() as u32, written, stores, assumes })
    }

    fn store(&self, instruction: &Instruction, memory: &UsedMemory) -> Option<Store> {
        let repeated = instruction.has_rep_prefix() || instruction.has_repne_prefix();
        let size = if repeated { instruction.memory_size() } else { memory.memory_size() };
        let bytes = size.size() as u32;
        if bytes == 0 || memory.vsib_size() != 0 {
            return None;
        }
        let register = |register: Register| {
            self.views.get(register as usize)?.as_ref().filter(|view| view.bits == 64).map(|view| view.reg)
        };
        let extent = match repeated {
            true => Extent::Times { bytes, count: register(Register::RCX)? },
            false => Extent::Bytes(bytes),
        };
        if matches!(memory.segment(), Register::FS | Register::GS) {
            return Some(Store { address: None, extent });
        }
        let base = match memory.base() {
            Register::None => Base::Zero,
            Register::RIP => Base::Code,
            base => Base::Register(register(base)?),
        };
        let index = match memory.index() {
            Register::None => None,
            index => Some((register(index)?, memory.scale())),
        };
        let displacement = memory.displacement() as i64;
        let address = Some(MemoryOperand { base, index, displacement, bits: 0, align: 1 });
        Some(Store { address, extent })
    }

    /// The register of that name, if the specification has it.
    fn flag(&self, name: &str) -> Option<framewright_spec::Reg> {
        self.flags.iter().find(|(flag, _)| flag == name).map(|&(_, reg)| reg)
    }
}

fn writes(access: OpAccess) -> bool {
    !matches!(access, OpAccess::None | OpAccess::Read | OpAccess::CondRead | OpAccess::NoMemAccess)
}

/// The register that the specification declares in full: the low 128 bits of a vector.
fn whole(register: Register) -> Register {
    let number = register.number() as u32;
    match register.is_ymm() || register.is_zmm() || register.is_xmm() {
        true => Register::XMM0 + number,
        false => register.full_register(),
    }
}

/// SDM vol. 1, 8.1.5: the control word of the x87 unit, which the convention preserves and the machine does not
/// declare.
fn sets_x87_control(instruction: &Instruction) -> bool {
    use Mnemonic::{Fldcw, Fldenv, Fninit};
    matches!(instruction.mnemonic(), Fldcw | Fldenv | Fninit)
}

/// Memory barriers that write back what is there: `lock add dword ptr [rsp], 0` and its like.
fn is_fence(instruction: &Instruction) -> bool {
    use Mnemonic::{Add, Or, Sub, Xor};
    use iced_x86::OpKind::{
        Immediate8, Immediate8to16, Immediate8to32, Immediate8to64, Immediate32, Immediate32to64,
    };
    let constant = matches!(
        instruction.op_kind(1),
        Immediate8 | Immediate8to16 | Immediate8to32 | Immediate8to64 | Immediate32 | Immediate32to64
    );
    let keeps = matches!(instruction.mnemonic(), Add | Or | Sub | Xor);
    instruction.has_lock_prefix() && keeps && constant && instruction.immediate(1) == 0
}

/// Instructions that change what iced does not list.
fn is_beyond(instruction: &Instruction) -> bool {
    use Mnemonic::*;
    matches!(
        instruction.mnemonic(),
        Ldmxcsr
            | Vldmxcsr
            | Frstor
            | Fxrstor
            | Fxrstor64
            | Xrstor
            | Xrstor64
            | Xrstors
            | Xrstors64
            | Syscall
            | Sysenter
            | Int
            | Swapgs
    ) || register_name(instruction.op0_register()).starts_with("cr")
}
