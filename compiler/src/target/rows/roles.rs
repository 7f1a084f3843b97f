//! Which registers the accumulator machine of tier-0 and the stubs uses: found among those that a compiler
//! may use
//! and a call spoils.

use crate::CompileError;
use framewright_spec::lowering::Compile;
use framewright_spec::{Abi, Machine, Reg};

/// Registers by what they are for.
#[derive(Clone, Debug)]
pub(crate) struct Roles {
    /// The integer accumulator: the first result register.
    pub(crate) acc: Reg,
    /// The float accumulator: the first result register.
    pub(crate) facc: Reg,
    /// Second and third integer operands.
    pub(crate) aux: [Reg; 2],
    /// Second and third float operands.
    pub(crate) faux: [Reg; 2],
    /// What a condition compares.
    pub(crate) compared: [Reg; 2],
    /// Floats that a condition compares.
    pub(crate) fcompared: [Reg; 2],
    /// Holds an address while arguments are moved.
    pub(crate) pointer: Reg,
    /// Lost by every move.
    pub(crate) scratch: [Reg; 2],
    /// Temps of arithmetic; the scratch registers last.
    pub(crate) temps: Vec<Reg>,
    /// Float temps of arithmetic.
    pub(crate) float_temps: Vec<Reg>,
}

impl Roles {
    /// Picks them.
    ///
    /// # Errors
    /// The machine's `compile` or the convention has too few registers.
    pub(crate) fn new(machine: &Machine, abi: &Abi) -> Result<Roles, CompileError> {
        let fault = |message: String| CompileError::Internal {
            phase: "tier0",
            function: machine.name.clone(),
            message,
        };
        let Some(Compile { int, float, scratch, .. }) = &machine.compile else {
            return Err(fault("the machine has no `compile` item".to_owned()));
        };
        let (Some(&acc), Some(&facc)) = (abi.int_results.first(), abi.float_results.first()) else {
            return Err(fault(format!("the convention {} has no result registers", abi.name)));
        };
        let kept = abi.callee_saved_set();
        let is_argument = |reg: &Reg| {
            abi.int_args.contains(reg)
                || abi.float_args.contains(reg)
                || abi.int_results.contains(reg)
                || abi.float_results.contains(reg)
        };
        let free = |all: &[Reg], but: Reg| {
            let usable = || all.iter().copied().filter(|&reg| reg != but && !kept.contains(reg));
            let first = usable().filter(|reg| !is_argument(reg));
            first.chain(usable().filter(|reg| is_argument(reg))).collect::<Vec<Reg>>()
        };
        let (ints, floats) = (free(int, acc), free(float, facc));
        let (&[pointer, c0, c1, a0, a1, ref temps @ ..], &[f0, f1, f2, f3, ref float_temps @ ..]) =
            (ints.as_slice(), floats.as_slice())
        else {
            return Err(fault(format!("too few registers that a call under {} spoils", abi.name)));
        };
        if is_argument(&pointer) {
            return Err(fault(format!("no register that a call under {} spoils but no argument", abi.name)));
        }
        Ok(Roles {
            acc,
            facc,
            aux: [a0, a1],
            faux: [f0, f1],
            compared: [c0, c1],
            fcompared: [f2, f3],
            pointer,
            scratch: *scratch,
            temps: temps.iter().chain(scratch).copied().collect(),
            float_temps: float_temps.to_vec(),
        })
    }
}
