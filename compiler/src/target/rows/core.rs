//! Operations on registers that are known: expanded, remembered, emitted.

use super::asm::Asm;
use super::select::{Arg, Expansion, expand};
use crate::target::{Label, Site};
use framewright_spec::machine::RegClass;
use framewright_spec::{Machine, Reg};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::rc::Rc;

/// What an operation is expanded for.
pub(crate) type Key = (String, SmallVec<[Arg; 4]>);

/// Expansions made before.
pub(crate) type Cache = FxHashMap<Key, Rc<Expansion>>;

/// An assembler that knows operations.
pub(crate) struct Core<'m> {
    pub(crate) asm: Asm<'m>,
    pub(crate) machine: &'m Machine,
    cache: Cache,
}

/// What an operation is done with besides its operands.
#[derive(Clone, Copy)]
pub(crate) struct With<'a> {
    /// Labels by number.
    pub(crate) labels: &'a [Label],
    /// Registers for integer temps.
    pub(crate) ints: &'a [Reg],
    /// Registers for float temps.
    pub(crate) floats: &'a [Reg],
    /// The trap of its accesses to memory.
    pub(crate) access: Option<Site>,
    /// The place in the module of its other traps.
    pub(crate) wasm_offset: u32,
}

impl<'m> Core<'m> {
    pub(crate) fn new(machine: &'m Machine, function: &str) -> Core<'m> {
        Core { asm: Asm::new(machine, function), machine, cache: Cache::default() }
    }

    /// Does an operation. Temps are those of the registers given that are no operands.
    pub(crate) fn operation(&mut self, name: &str, args: &[Arg], with: With<'_>) {
        let expansion = match remembered(&mut self.cache, self.machine, name, args, 0) {
            Ok(expansion) => expansion,
            Err(missing) => return self.asm.fail(missing),
        };
        let free = |reg: &&Reg| !args.contains(&Arg::Register(**reg));
        let (mut ints, mut floats) = (with.ints.iter().filter(free), with.floats.iter().filter(free));
        let mut registers: SmallVec<[Reg; 4]> = SmallVec::new();
        for class in &expansion.temps {
            let free = if *class == RegClass::Float { floats.next() } else { ints.next() };
            match free {
                Some(reg) => registers.push(*reg),
                None => return self.asm.fail(format!("`{name}` needs more temps than there are")),
            }
        }
        self.asm.emit(&expansion, &registers, with.labels, with.access, with.wasm_offset);
    }
}

/// An expansion, made if it was not before.
///
/// # Errors
/// No lowering matches.
pub(crate) fn remembered(
    cache: &mut Cache,
    machine: &Machine,
    name: &str,
    args: &[Arg],
    given: u8,
) -> Result<Rc<Expansion>, String> {
    let key: Key = (name.to_owned(), args.into());
    if let Some(known) = cache.get(&key) {
        return Ok(Rc::clone(known));
    }
    let made = Rc::new(expand(machine, name, args, given).map_err(|missing| missing.0)?);
    cache.insert(key, Rc::clone(&made));
    Ok(made)
}
