//! The frame `tier0` for one function: its layout, the homes in it and the registers it pins.

use super::Tier0Options;
use crate::CompileError;
use crate::backend::TIER0_FRAME;
use crate::target::{Home, Pins, frame_home};
use crate::wasm::Module;
use framewright_spec::{Abi, CfaOffset, Convention, Layout, Machine, RegSet, Shape, SpecError};
use std::collections::BTreeMap;

/// The region that holds the homes.
const LOCALS: &str = "locals";
/// Bytes of a home.
const WORD: i64 = 8;

/// One instance of the frame.
pub(super) struct Frame<'a> {
    pub(super) convention: Convention<'a>,
    pub(super) machine: &'a Machine,
    pub(super) abi: &'a Abi,
    pub(super) pins: Pins,
    pub(super) shape: Shape,
    pub(super) layout: Layout,
    pub(super) name: String,
    /// First byte above the homes.
    top: CfaOffset,
}

impl<'a> Frame<'a> {
    /// The frame's full name.
    pub(super) fn full_name(&self) -> String {
        self.convention.named(TIER0_FRAME)
    }

    /// The smallest frame for a function.
    pub(super) fn new(
        convention: Convention<'a>,
        module: &Module,
        function: u32,
        options: &Tier0Options,
    ) -> Result<Frame<'a>, CompileError> {
        let Convention { abi, machine, .. } = convention;
        let name = module.function_name(function);
        let mut free = abi.callee_saved.iter().map(|&(reg, _)| reg).filter(|&reg| reg != machine.fp);
        let (Some(context), Some(second)) = (free.next(), free.next()) else {
            let message = "fewer than two callee-saved registers".to_owned();
            return Err(CompileError::Internal { phase: "tier0", function: name, message });
        };
        let needed = RegSet::EMPTY.with(context);
        let needed = if module.memories.is_empty() { needed } else { needed.with(second) };
        let saved = needed.union(options.extra_saves.without(machine.fp));
        let mut shape = Shape { sets: BTreeMap::from([("saved".to_owned(), saved)]), ..Shape::default() };
        let layout = lay_out(convention, &mut shape, 2, 0)?;
        let top = top_of(&layout)?;
        Ok(Frame { convention, machine, abi, pins: Pins { context, second }, shape, layout, name, top })
    }

    /// The same frame with room for so many homes and for arguments.
    pub(super) fn sized(&self, words: u32, outgoing_bytes: u32) -> Result<Frame<'a>, CompileError> {
        let mut shape = self.shape.clone();
        let layout = lay_out(self.convention, &mut shape, words, outgoing_bytes)?;
        let top = top_of(&layout)?;
        Ok(Frame { shape, layout, top, name: self.name.clone(), ..*self })
    }

    /// The registers it saves.
    pub(super) fn saved(&self) -> RegSet {
        self.shape.sets.values().fold(RegSet::EMPTY, |all, &set| all.union(set))
    }

    /// Where the home of a number is, relative to the CFA.
    pub(super) fn place(&self, word: u32) -> CfaOffset {
        CfaOffset(self.top.0 - WORD * (i64::from(word) + 1))
    }

    /// The home of a number, as code reaches it.
    pub(super) fn home(&self, word: u32) -> Home {
        frame_home(&self.layout, self.place(word))
    }

    /// The first home; all others are at fixed distances from it.
    pub(super) fn first_home(&self) -> Home {
        self.home(0)
    }

    /// A stack argument of this function, by bytes above the CFA.
    pub(super) fn argument(&self, offset: u32) -> Home {
        frame_home(&self.layout, CfaOffset(i64::from(offset)))
    }

    /// A fault of ours or of the frame's declaration.
    pub(super) fn fault(&self, message: &str) -> CompileError {
        let (function, message) = (self.name.clone(), message.to_owned());
        CompileError::Internal { phase: "tier0", function, message }
    }
}

fn lay_out(
    convention: Convention<'_>,
    shape: &mut Shape,
    words: u32,
    outgoing_bytes: u32,
) -> Result<Layout, CompileError> {
    let locals = u64::from(words).next_multiple_of(2) * WORD as u64;
    let locals = u32::try_from(locals).unwrap_or(u32::MAX);
    shape.sizes = BTreeMap::from([(LOCALS.to_owned(), locals), ("outgoing".to_owned(), outgoing_bytes)]);
    Ok(convention.layout(TIER0_FRAME, shape)?)
}

fn top_of(layout: &Layout) -> Result<CfaOffset, CompileError> {
    let unknown = || SpecError::Unknown { what: "region", name: LOCALS.to_owned() };
    let region = layout.region(LOCALS).ok_or_else(unknown)?;
    Ok(CfaOffset(region.offset.0 + region.bytes))
}
