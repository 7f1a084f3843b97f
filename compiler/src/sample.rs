//! The smallest code that uses a frame of any shape: every register that the frame saves is overwritten in
//! the body, and
//! where an activation may leave for another frame there is one patchpoint, without live values.
//!
//! With these a frame and its transitions are proven for shapes that no program happens to need.

use crate::ir::Type;
use crate::target::{
    Assembled, Base, CalledHelper, Home, Label, Masm, MasmJob, Move, Pins, Source, Target, with_masm,
};
use crate::{CompileError, Compiled, unwind};
use framewright_spec::claim::{Entry, HelperCall, Patchpoint};
use framewright_spec::machine::RegClass;
use framewright_spec::{Abi, Claim, Layout, Machine, Reg, RegSet, Shape, Spec, SpecError};

/// What the body leaves in registers that are saved.
const POISON: u64 = 0x5afe_dead_5afe_dead;

/// How a sample is entered, and whether it can be left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'a> {
    /// By a call, to return.
    Called,
    /// By a call; it has a patchpoint, number 0.
    Source,
    /// By the transition of that name, from the patchpoint of a [`Role::Source`] sample.
    Target(&'a str),
}

/// Code around an almost empty body for a frame.
///
/// # Errors
/// The frame has no such shape, one of its steps has no encoding, or there is no adapter for its machine.
pub fn sample(spec: &Spec, frame: &str, shape: &Shape, role: Role<'_>) -> Result<Compiled, CompileError> {
    let layout = spec.layout(frame, shape)?;
    let abi = spec.abi(&spec.frame(frame)?.abi)?;
    let machine = spec.machine(&abi.machine)?;
    with_masm(machine, abi, Sample { spec, machine, abi, frame, shape, layout, role })
}

struct Sample<'a> {
    spec: &'a Spec,
    machine: &'a Machine,
    abi: &'a Abi,
    frame: &'a str,
    shape: &'a Shape,
    layout: Layout,
    role: Role<'a>,
}

impl Sample<'_> {
    /// Registers whose entry values the frame keeps, but for FP, which the body uses.
    fn kept(&self) -> RegSet {
        let slots: RegSet = self.layout.slots.keys().copied().collect();
        let base = self.spec.frames.get(self.frame).and_then(|frame| frame.base);
        let kept = slots.without(self.machine.fp);
        base.map_or(kept, |base| kept.without(base))
    }

    /// What a body may do in a frame that touches its pages or whose SP moves: lower SP, and call.
    fn move_sp<M: Masm>(&self, masm: &mut M) -> Result<(), CompileError> {
        let frame = self.spec.frame(self.frame)?;
        if let Some((bytes, steps)) = &self.layout.allocate {
            masm.load(Type::I64, Source::Home(Home { base: Base::Context, offset: 8 }), *bytes);
            masm.steps(steps)?;
        }
        if frame.probed || self.layout.realign.is_some() {
            masm.call(Home { base: Base::Context, offset: 0 });
        }
        Ok(())
    }

    fn argument(&self, index: usize) -> Result<Reg, CompileError> {
        let missing = SpecError::Missing {
            what: "fourth integer argument register",
            of: format!("convention `{}`", self.abi.name),
        };
        Ok(*self.abi.int_args.get(index).ok_or(missing)?)
    }

    /// Calls of probe helpers, by name.
    fn helpers(&self, made: &Assembled) -> Vec<HelperCall> {
        let name = |number: u32| self.spec.helpers.get_index(number as usize).map(|(name, _)| name.clone());
        let call = |c: &CalledHelper| {
            let (at, word) = (made.offset(c.at), made.offset(c.word));
            Some(HelperCall { at, helper: name(c.helper)?, word })
        };
        made.helpers.iter().filter_map(call).collect()
    }

    /// Calls the helper, whose address is in a word at the last argument, and goes where it says.
    fn leave<M: Masm>(&self, masm: &mut M, jump: Label, resume: Label) -> Result<(), CompileError> {
        let number = (Source::Const(0), self.argument(0)?);
        let back = (Source::Code(resume), self.argument(1)?);
        let moves = [number, back].map(|(from, to)| Move { ty: Type::I64, from, to: Target::Register(to) });
        masm.moves(&moves);
        masm.call(Home { base: Base::Context, offset: 0 });
        masm.bind(jump);
        masm.jump_to_result();
        masm.bind(resume);
        Ok(())
    }
}

impl MasmJob for Sample<'_> {
    type Output = Compiled;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Compiled, CompileError> {
        let context = self.argument(3)?;
        let mut masm = new(self.frame, Pins { context, second: context });
        masm.steps(&self.layout.prolog)?;
        let body = masm.mark();
        self.move_sp(&mut masm)?;
        for reg in self.kept().iter() {
            let is_float = self.machine.register(reg).class == RegClass::Float;
            let ty = if is_float { Type::F64 } else { Type::I64 };
            masm.load(ty, Source::Const(POISON), reg);
        }
        let [jump, resume] = [masm.label(), masm.label()];
        if self.role == Role::Source {
            self.leave(&mut masm, jump, resume)?;
        }
        let epilog = masm.mark();
        masm.steps(&self.layout.epilog)?;
        let made = masm.finish()?;
        let helpers = self.helpers(&made);
        let patchpoint = (self.role == Role::Source).then(|| Patchpoint {
            id: 0,
            wasm_offset: 0,
            jump: made.offset(jump),
            resume: made.offset(resume),
            state: Vec::new(),
        });
        let entry = match self.role {
            Role::Called | Role::Source => Entry::Call,
            Role::Target(transition) => {
                Entry::Osr { transition: transition.to_owned(), patchpoint: 0, state: Vec::new() }
            }
        };
        let mut claim = Claim {
            machine: self.machine.name.clone(),
            frame: self.frame.to_owned(),
            shape: self.shape.clone(),
            entry,
            body: made.offset(body),
            epilogs: vec![made.offset(epilog)],
            data: made.data,
            jump_tables: made.jump_tables,
            patchpoints: patchpoint.into_iter().collect(),
            helpers,
            landings: Vec::new(),
            unwind: Vec::new(),
        };
        let mut runs = made.runs;
        if self.layout.allocate.is_some() && runs.len() > 1 {
            // What the body does to SP in between is neither prolog nor epilog.
            runs.remove(1);
        }
        claim.unwind = unwind::describe(self.spec, self.frame, &claim, &self.layout, &runs)?;
        Ok(Compiled { name: self.frame.to_owned(), bytes: made.bytes, claim, traps: made.traps })
    }
}
