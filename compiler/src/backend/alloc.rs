//! Register allocation: the convention's registers as regalloc2 wants them, and what comes of it.
//!
//! A physical register of the allocator has the number of the spec's register. Registers that a call spoils are
//! preferred; callee-saved ones are used when those run out or a value lives across calls.

use super::Job;
use super::vcode::VCode;
use crate::CompileError;
use framewright_spec::machine::RegClass as SpecClass;
use framewright_spec::{Abi, Machine, Reg, RegSet};
use regalloc2::{
    Algorithm, Allocation, Block, Edit, Function as _, InstOrEdit, MachineEnv, Output, PReg, PRegSet,
    RegClass, RegallocOptions,
};

/// Past this many instructions the linear allocator is used.
const ION_INSTS: usize = 100_000;

/// The allocator's answer.
pub struct Allocated {
    /// Where every operand is, and the moves between.
    pub output: Output,
    /// Callee-saved registers that are written.
    pub saved: RegSet,
}

/// The allocator's name of a register; integers if it is neither integer nor float.
pub fn preg(machine: &Machine, reg: Reg) -> PReg {
    let class = match machine.register(reg).class {
        SpecClass::Float => RegClass::Float,
        SpecClass::Int | SpecClass::Flag | SpecClass::Control => RegClass::Int,
    };
    PReg::new(usize::from(reg.0), class)
}

/// The spec's name of a register.
pub fn reg(preg: PReg) -> Reg {
    Reg(preg.hw_enc() as u8)
}

/// Registers values may be in: those the machine says, else all integer and float registers but SP and FP.
fn allocatable(machine: &Machine) -> impl Iterator<Item = Reg> {
    let numbers = 0..machine.registers.len().min(PReg::MAX) as u8;
    let holds = |r: &Reg| matches!(machine.register(*r).class, SpecClass::Int | SpecClass::Float);
    let free = |r: &Reg| match &machine.compile {
        Some(compile) => compile.int.contains(r) || compile.float.contains(r),
        None => *r != machine.sp && *r != machine.fp && Some(*r) != machine.link,
    };
    numbers.map(Reg).filter(holds).filter(free)
}

/// Registers that a call spoils.
pub fn caller_saved(machine: &Machine, abi: &Abi) -> PRegSet {
    let kept = abi.callee_saved_set();
    allocatable(machine).filter(|&r| !kept.contains(r)).map(|r| preg(machine, r)).collect()
}

/// The allocator's description of the machine under the convention.
pub fn environment(machine: &Machine, abi: &Abi) -> MachineEnv {
    let kept = abi.callee_saved_set();
    let of = |class, kept_too: bool| {
        let regs = allocatable(machine).filter(|&r| kept.contains(r) == kept_too);
        regs.map(|r| preg(machine, r)).filter(|p| p.class() == class).collect::<PRegSet>()
    };
    let by_class = |kept| [of(RegClass::Int, kept), of(RegClass::Float, kept), PRegSet::empty()];
    MachineEnv {
        preferred_regs_by_class: by_class(false),
        non_preferred_regs_by_class: by_class(true),
        scratch_by_class: [None, None, None],
        fixed_stack_slots: vec![],
    }
}

/// Allocates registers.
///
/// # Errors
/// What regalloc2 finds wrong with the code: a fault of ours.
pub fn allocate<Op: Clone>(job: &Job<'_>, code: &VCode<Op>) -> Result<Allocated, CompileError> {
    let algorithm = if code.insts.len() > ION_INSTS { Algorithm::Fastalloc } else { Algorithm::Ion };
    let check = job.options.check_allocation;
    let options = RegallocOptions { verbose_log: false, validate_ssa: check, algorithm };
    let environment = environment(job.machine, job.abi);
    let output = regalloc2::run(code, &environment, &options)
        .map_err(|error| job.internal("regalloc", error.to_string()))?;
    if check {
        let mut checker = regalloc2::checker::Checker::new(code, &environment);
        checker.prepare(&output);
        checker.run().map_err(|errors| job.internal("regalloc", format!("{errors:?}")))?;
    }
    let saved = written(code, &output).intersection(job.abi.callee_saved_set());
    Ok(Allocated { output, saved })
}

/// Registers that code or moves write.
fn written<Op>(code: &VCode<Op>, output: &Output) -> RegSet {
    let moved = output.edits.iter().map(|(_, Edit::Move { to, .. })| *to);
    let clobbered = code.insts.iter().flat_map(|i| i.clobbers.into_iter().map(Allocation::reg));
    let all = output.allocs.iter().copied().chain(moved).chain(clobbered);
    all.filter_map(Allocation::as_reg).map(reg).collect()
}

/// Allocated code for people.
pub struct Shown<'a, Op> {
    /// The code.
    pub code: &'a VCode<Op>,
    /// Its allocation.
    pub output: &'a Output,
}

impl<Op: std::fmt::Display> std::fmt::Display for Shown<'_, Op> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for at in 0..self.code.num_blocks() {
            writeln!(f, "block{at}:")?;
            for step in self.output.block_insts_and_edits(self.code, Block::new(at)) {
                match step {
                    InstOrEdit::Edit(Edit::Move { from, to }) => writeln!(f, "  move {to} <- {from}")?,
                    InstOrEdit::Inst(inst) => {
                        let allocs: Vec<String> =
                            self.output.inst_allocs(inst).iter().map(Allocation::to_string).collect();
                        writeln!(f, "  {}  ; {}", self.code.insts[inst.index()].op, allocs.join(", "))?;
                    }
                }
            }
        }
        Ok(())
    }
}
