//! The two ends of a function: what runs before the body, what runs after it, and what is out of line.

use super::body::{Body, FIRST_LOCAL, context_word};
use super::frame::Frame;
use crate::calls::{CallLayout, Place};
use crate::context::{MEMORY_BASE, OSR_THRESHOLD, PATCHPOINT, STACK_LIMIT, TIER_UP};
use crate::ir::Type;
use crate::target::{Label, Masm, Site, Source};
use crate::{CompileError, Compiled, TrapCode, unwind};
use framewright_spec::claim::{Claim, Entry};
use framewright_spec::machine::RegClass;

/// What an extra callee-saved register is overwritten with, so that one that is not restored shows.
const POISON: u64 = 0x5afe_dead_5afe_dead;

/// Code out of line.
pub(super) enum Cold {
    /// A patchpoint whose counter ran out: asks the engine where to go on.
    Patchpoint {
        /// Its place.
        at: Label,
        /// The loop.
        id: u32,
        /// The indirect jump.
        jump: Label,
        /// Where the loop goes on.
        resume: Label,
    },
    /// A call counter that ran out: tells the engine.
    TierUp {
        /// Its place.
        at: Label,
        /// Where the entry goes on.
        back: Label,
    },
}

/// Emits the ends around the body and puts everything together.
pub(super) fn finish<M: Masm>(mut body: Body<'_, M>, frame: &Frame<'_>) -> Result<Compiled, CompileError> {
    if body.returns {
        let epilog = body.epilog;
        body.masm.bind(epilog);
        body.masm.steps(&frame.layout.epilog)?;
    }
    let counted = body.options.call_counter.then(|| (body.masm.label(), body.masm.label()));
    if let Some((at, back)) = counted {
        body.cold.push(Cold::TierUp { at, back });
    }
    for cold in std::mem::take(&mut body.cold) {
        body.out_of_line(cold)?;
    }
    body.masm.begin_front();
    body.masm.steps(&frame.layout.prolog)?;
    let start = body.masm.mark();
    body.entry(counted);
    body.masm.end_front();
    let Body { masm, patchpoints, returns, epilog, .. } = body;
    let code = masm.finish()?;
    let placed = patchpoints.into_iter().map(|(mut patchpoint, jump, resume)| {
        (patchpoint.jump, patchpoint.resume) = (code.offset(jump), code.offset(resume));
        patchpoint
    });
    let mut claim = Claim {
        machine: frame.machine.name.clone(),
        frame: frame.full_name(),
        shape: frame.shape.clone(),
        entry: Entry::Call,
        body: code.offset(start),
        epilogs: if returns { vec![code.offset(epilog)] } else { Vec::new() },
        data: code.data,
        patchpoints: placed.collect(),
        jump_tables: code.jump_tables.clone(),
        helpers: Vec::new(),
        landings: Vec::new(),
        unwind: Vec::new(),
    };
    claim.unwind = unwind::describe(frame.convention.spec, &frame.name, &claim, &frame.layout, &code.runs)?;
    Ok(Compiled { name: frame.name.clone(), bytes: code.bytes, claim, traps: code.traps })
}

impl<M: Masm> Body<'_, M> {
    /// From the end of the prolog to the first operator.
    fn entry(&mut self, counted: Option<(Label, Label)>) {
        let (pins, abi) = (self.frame.pins, self.frame.abi);
        let ty = self.module.function_type(self.function);
        let calls = CallLayout::new(abi, ty);
        let site = Site { code: TrapCode::StackExhausted, wasm_offset: self.start };
        self.masm.stack_check(calls.context, STACK_LIMIT, site);
        self.masm.load(Type::I64, Source::Register(calls.context), pins.context);
        self.masm.store(Type::I64, Source::Register(pins.context), self.frame.home(0));
        for (local, (&ty, &place)) in (0..).zip(ty.params.iter().zip(&calls.params)) {
            let from = match place {
                Place::Register(reg) => Source::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => Source::Home(self.frame.argument(offset)),
            };
            let home = self.local_home(local);
            self.masm.store(ty, from, home);
        }
        let zeroed = (self.locals.len() - ty.params.len()) as u32;
        if zeroed > 0 {
            let lowest = self.frame.home(FIRST_LOCAL + self.locals.len() as u32 - 1);
            self.masm.zero(lowest, zeroed);
        }
        if !self.patchpoints.is_empty() {
            let threshold = Source::Home(context_word(OSR_THRESHOLD));
            let counter = self.counter();
            self.masm.store(Type::I32, threshold, counter);
        }
        if !self.module.memories.is_empty() {
            self.masm.load(Type::I64, Source::Home(context_word(MEMORY_BASE)), pins.second);
        }
        for reg in self.frame.saved().without(pins.context).iter() {
            if reg != pins.second || self.module.memories.is_empty() {
                let float = self.frame.machine.register(reg).class == RegClass::Float;
                let ty = if float { Type::F64 } else { Type::I64 };
                self.masm.load(ty, Source::Const(POISON), reg);
            }
        }
        if let Some((cold, back)) = counted {
            let counter = context_word(self.context.call_counter(self.function));
            let spent = self.masm.count_down(counter);
            self.masm.branch(spent, cold);
            self.masm.bind(back);
        }
    }

    fn out_of_line(&mut self, cold: Cold) -> Result<(), CompileError> {
        match cold {
            Cold::Patchpoint { at, id, jump, resume } => {
                self.masm.bind(at);
                let key = u64::from(self.function) << 32 | u64::from(id);
                let counter = Source::Address(self.counter());
                let args = [Source::Const(key), counter, Source::Code(resume)];
                self.call_helper(PATCHPOINT, &args.map(|arg| (Type::I64, arg)))?;
                self.masm.bind(jump);
                self.masm.jump_to_result();
            }
            Cold::TierUp { at, back } => {
                self.masm.bind(at);
                let function = Source::Const(u64::from(self.function));
                self.call_helper(TIER_UP, &[(Type::I32, function)])?;
                self.masm.jump(back);
            }
        }
        Ok(())
    }
}
