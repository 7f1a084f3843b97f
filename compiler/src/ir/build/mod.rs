//! WebAssembly to IR.
//!
//! [`build_osr`] makes the function that goes on in the middle of a loop. It is the same translation with
//! another entry, so that what is dead from there falls away and what is reached again through an outer loop
//! stays:
//!
//! ```text
//!     build                        build_osr(.., 1)
//!     entry                        s = state ──────────┐        state: locals, and the operand stack by depth
//!       v                                              |
//!   ┌> loop 0 ...                  ┌> loop 0 ...       |        operands live across a loop header are variables
//!   |    v                         |    v              v        here, as locals are: they meet what the other
//!   | ┌> loop 1 ...                | ┌> loop 1 (parameters)     entry brings in
//!   | └──┘                         | └──┘
//!   └────┘                         └────┘
//! ```
//!
//! Loops are numbered from 0 in code order, those in dead code too.

mod ssa;
mod translate;

use super::{Function, Type, simplify};
use crate::CompileError;
use crate::wasm::Module;
use translate::Translator;

/// A loop of a WebAssembly function, as tier-0 and the OSR function see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoopInfo {
    /// Its number in code order: the patchpoint's id.
    pub loop_id: u32,
    /// Byte offset of the `loop` operator in the module.
    pub wasm_offset: u32,
    /// Whether control may come to it: not after `br`, `return` or `unreachable`, nor past the end of a block
    /// that nothing reaches.
    pub reachable: bool,
    /// Types of the operand stack at its header, bottom first, its own parameters on top; none if not
    /// reachable.
    pub operands: Vec<Type>,
}

/// What a translation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The whole function.
    Whole,
    /// From a loop's header.
    Osr(u32),
    /// The whole function; at each loop header the state is handed to function `observer + loop`.
    Observed(u32),
}

impl Mode {
    fn tracks_operands(self) -> bool {
        self != Mode::Whole
    }
}

/// Translates a function (index in the whole function space, not imported).
///
/// # Errors
/// Not a defined function, or an operator that is not supported.
pub fn build(module: &Module, index: u32) -> Result<Function, CompileError> {
    translate(module, index, Mode::Whole)
}

/// Translates a function as entered at a loop's header.
///
/// # Errors
/// As [`build`]; no such loop, or one in dead code.
pub fn build_osr(module: &Module, index: u32, loop_id: u32) -> Result<Function, CompileError> {
    translate(module, index, Mode::Osr(loop_id))
}

/// Translates a function so that each arrival at a loop header calls function `observer + loop` with all
/// locals, then all operands. For tests, whose instance knows such functions.
///
/// # Errors
/// As [`build`].
pub fn build_observed(module: &Module, index: u32, observer: u32) -> Result<Function, CompileError> {
    translate(module, index, Mode::Observed(observer))
}

/// The loops of a function.
///
/// # Errors
/// As [`build`].
pub fn loops(module: &Module, index: u32) -> Result<Vec<LoopInfo>, CompileError> {
    let mut translator = translator(module, index, Mode::Whole)?;
    translator.run(index)?;
    Ok(translator.loops)
}

fn translate(module: &Module, index: u32, mode: Mode) -> Result<Function, CompileError> {
    let mut translator = translator(module, index, mode)?;
    translator.run(index)?;
    if let Mode::Osr(id) = mode
        && !translator.loops.get(id as usize).is_some_and(|found| found.reachable)
    {
        return Err(translator.internal(&format!("no loop {id} that can be reached")));
    }
    let mut function = translator.finish();
    simplify(&mut function);
    Ok(function)
}

fn translator(module: &Module, index: u32, mode: Mode) -> Result<Translator<'_>, CompileError> {
    if index as usize >= module.functions.len() || index < module.imported_functions {
        let (function, message) = (format!("func[{index}]"), "not a function of this module".to_owned());
        return Err(CompileError::Internal { phase: "build", function, message });
    }
    Ok(Translator::new(module, index, mode))
}
