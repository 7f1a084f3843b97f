//! The two doors between generated code and the engine, made from the spec like everything else.
//!
//! ```text
//!   engine --call--> entry stub --call--> Wasm function --call--> host stub --call--> engine
//!          fn(code, context, values,                                 fn(context, values) -> 0 or 1
//!             activation) -> 0 or 1
//! ```
//!
//! *Entry stub*: takes the parameters from `values`, a 64-bit word each, calls `code`, puts the results that come in
//! registers back there (the others are in the results buffer) and returns 0. It saves every callee-saved register
//! and stores its SP to `activation[0]`, so that the trap handler can set SP to that and go to the stub's *landing*,
//! which returns 1: whatever the trapped code did to the registers, the engine gets its own back.
//!
//! *Host stub*: the code of an imported host function. It puts the parameters into an array in its frame and calls
//! the engine with it; the array then holds the results. On 1 it raises the trap.

pub mod image;

use crate::backend::NATIVE_FRAME;
use crate::calls::{CallLayout, Place};
use crate::context::{HOST_CALL, RESULTS};
use crate::ir::Type;
use crate::target::{
    self, Assembled, Base, Home, Masm, MasmJob, Move, Pins, Site, Source, Target, frame_home,
};
use crate::wasm::module::FuncType;
use crate::{CompileError, Compiled, TrapCode, unwind};
use framewright_spec::claim::{Claim, Entry};
use framewright_spec::{Abi, CfaOffset, Convention, Layout, Machine, Reg, RegSet, Shape};
use std::collections::BTreeMap;

/// The stub by which the engine calls a function of a type.
///
/// # Errors
/// The convention lacks the frame `native` or refuses its size; the convention has fewer than four argument registers.
pub fn entry_stub(convention: Convention<'_>, ty: &FuncType) -> Result<Compiled, CompileError> {
    let saved = convention.set_bound(NATIVE_FRAME, "saved", None)?;
    let outgoing = CallLayout::new(convention.abi, ty).stack_bytes;
    let stub = Stub::new(convention, ty, "entry", saved, [1, outgoing])?;
    target::with_masm(stub.machine, stub.abi, EntryStub(stub))
}

/// The stub by which generated code calls a host function of a type. Its context is that of the host function.
///
/// # Errors
/// As [`entry_stub`].
pub fn host_stub(convention: Convention<'_>, ty: &FuncType) -> Result<Compiled, CompileError> {
    let words = ty.params.len().max(ty.results.len()) as u32;
    let outgoing = CallLayout::new(convention.abi, ty).stack_bytes;
    let stub = Stub::new(convention, ty, "host", RegSet::EMPTY, [words + 1, outgoing])?;
    target::with_masm(stub.machine, stub.abi, HostStub(stub))
}

/// What both stubs are made from.
struct Stub<'a> {
    convention: Convention<'a>,
    abi: &'a Abi,
    machine: &'a Machine,
    ty: &'a FuncType,
    calls: CallLayout,
    shape: Shape,
    layout: Layout,
    /// Lowest of its own words.
    words: CfaOffset,
    name: String,
}

struct EntryStub<'a>(Stub<'a>);
struct HostStub<'a>(Stub<'a>);

impl<'a> Stub<'a> {
    /// A stub of a type, with so many words of its own and so many bytes for outgoing arguments.
    fn new(
        convention: Convention<'a>,
        ty: &'a FuncType,
        kind: &str,
        saved: RegSet,
        [words, outgoing]: [u32; 2],
    ) -> Result<Stub<'a>, CompileError> {
        let Convention { abi, machine, .. } = convention;
        let calls = CallLayout::new(abi, ty);
        let locals = words.saturating_mul(8).next_multiple_of(abi.stack_align);
        let outgoing = outgoing.next_multiple_of(abi.stack_align);
        let shape = Shape {
            sets: BTreeMap::from([("saved".to_owned(), saved)]),
            sizes: BTreeMap::from([("locals".to_owned(), locals), ("outgoing".to_owned(), outgoing)]),
            source: None,
        };
        let layout = convention.layout(NATIVE_FRAME, &shape)?;
        let region = layout.region("locals").map(|r| r.offset);
        let name = format!("{kind} {}", signature(ty));
        let stub = Stub { convention, abi, machine, ty, calls, shape, layout, words: CfaOffset(0), name };
        let words = region.ok_or_else(|| stub.fault("the frame has no region `locals`"))?;
        Ok(Stub { words, ..stub })
    }

    fn fault(&self, message: &str) -> CompileError {
        let (function, message) = (self.name.clone(), message.to_owned());
        CompileError::Internal { phase: "stub", function, message }
    }

    /// One of its own words.
    fn word(&self, index: usize) -> Home {
        frame_home(&self.layout, CfaOffset(self.words.0 + 8 * index as i64))
    }

    fn argument(&self, index: usize) -> Result<Reg, CompileError> {
        let register = self.abi.int_args.get(index).copied();
        register.ok_or_else(|| self.fault("the convention has too few argument registers"))
    }

    fn result(&self) -> Result<Reg, CompileError> {
        let register = self.abi.int_results.first().copied();
        register.ok_or_else(|| self.fault("the convention has no integer result register"))
    }

    /// A callee-saved register to hold what outlives a call.
    fn kept(&self) -> Result<Reg, CompileError> {
        let bound = self.abi.callee_saved_set().without(self.machine.fp);
        bound.iter().next().ok_or_else(|| self.fault("no callee-saved register"))
    }

    fn claim(&self, body: framewright_spec::CodeOffset) -> Claim {
        Claim {
            machine: self.machine.name.clone(),
            frame: self.convention.named(NATIVE_FRAME),
            shape: self.shape.clone(),
            entry: Entry::Call,
            body,
            epilogs: Vec::new(),
            data: body,
            jump_tables: Vec::new(),
            patchpoints: Vec::new(),
            helpers: Vec::new(),
            landings: Vec::new(),
            unwind: Vec::new(),
        }
    }

    /// The stub as it was made, with a claim that lacks the unwinding data only.
    fn finished(&self, made: Assembled, mut claim: Claim) -> Result<Compiled, CompileError> {
        let spec = self.convention.spec;
        claim.unwind = unwind::describe(spec, &self.name, &claim, &self.layout, &made.runs)?;
        Ok(Compiled { name: self.name.clone(), bytes: made.bytes, claim, traps: made.traps })
    }
}

/// Parameters and results of a signature, as in `(i32, i64) -> f64`.
fn signature(ty: &FuncType) -> String {
    let list = |types: &[Type]| {
        let names: Vec<String> = types.iter().map(|ty| format!("{ty:?}").to_lowercase()).collect();
        names.join(", ")
    };
    match ty.results.as_slice() {
        [] => format!("({})", list(&ty.params)),
        [one] => format!("({}) -> {}", list(&ty.params), list(&[*one])),
        many => format!("({}) -> ({})", list(&ty.params), list(many)),
    }
}

impl MasmJob for EntryStub<'_> {
    type Output = Compiled;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Compiled, CompileError> {
        let stub = &self.0;
        let [code, context, values, activation] =
            [stub.argument(0)?, stub.argument(1)?, stub.argument(2)?, stub.argument(3)?];
        let (kept, result) = (stub.kept()?, stub.result()?);
        let value = |i: usize| Home { base: Base::Second, offset: 8 * i as i32 };
        let mut masm = new(&stub.name, Pins { context: kept, second: kept });
        masm.steps(&stub.layout.prolog)?;
        let body = masm.mark();
        masm.store_sp(activation);
        masm.store(Type::I64, Source::Register(code), stub.word(0));
        masm.load(Type::I64, Source::Register(values), kept);
        masm.load(Type::I64, Source::Register(context), stub.calls.context);
        let params = stub.ty.params.iter().zip(&stub.calls.params).enumerate();
        let moves = params.map(|(i, (&ty, &place))| {
            let to = match place {
                Place::Register(reg) => Target::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => {
                    Target::Home(Home { base: Base::Stack, offset: offset as i32 })
                }
            };
            Move { ty, from: Source::Home(value(i)), to }
        });
        masm.moves(&moves.collect::<Vec<Move>>());
        masm.call(stub.word(0));
        for (i, (&ty, &place)) in stub.ty.results.iter().zip(&stub.calls.results).enumerate() {
            if let Place::Register(reg) = place {
                if matches!(ty, Type::I32 | Type::F32) {
                    masm.store(Type::I64, Source::Const(0), value(i));
                }
                masm.store(ty, Source::Register(reg), value(i));
            }
        }
        masm.load(Type::I64, Source::Const(0), result);
        let epilog = masm.mark();
        masm.steps(&stub.layout.epilog)?;
        let landing = masm.mark();
        masm.load(Type::I64, Source::Const(1), result);
        masm.jump(epilog);
        let made = masm.finish()?;
        let claim = Claim {
            epilogs: vec![made.offset(epilog)],
            helpers: Vec::new(),
            landings: vec![made.offset(landing)],
            unwind: Vec::new(),
            data: made.data,
            ..stub.claim(made.offset(body))
        };
        stub.finished(made, claim)
    }
}

impl MasmJob for HostStub<'_> {
    type Output = Compiled;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Compiled, CompileError> {
        let stub = &self.0;
        let result = stub.result()?;
        let (context_arg, values_arg) = (stub.argument(0)?, stub.argument(1)?);
        let kept = stub.kept()?;
        let context = stub.word(stub.ty.params.len().max(stub.ty.results.len()));
        let pointed = |offset: u32| Home { base: Base::Pointer, offset: offset as i32 };
        let mut masm = new(&stub.name, Pins { context: kept, second: kept });
        masm.steps(&stub.layout.prolog)?;
        let body = masm.mark();
        masm.store(Type::I64, Source::Register(stub.calls.context), context);
        for (i, (&ty, &place)) in stub.ty.params.iter().zip(&stub.calls.params).enumerate() {
            let from = match place {
                Place::Register(reg) => Source::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => {
                    Source::Home(frame_home(&stub.layout, CfaOffset(i64::from(offset))))
                }
            };
            masm.store(ty, from, stub.word(i));
        }
        masm.point(context);
        masm.load(Type::I64, Source::Home(context), context_arg);
        masm.load(Type::I64, Source::Address(stub.word(0)), values_arg);
        masm.call(pointed(HOST_CALL));
        masm.take(Type::I32, Source::Register(result));
        let failed = masm.test(Source::Accumulator);
        masm.trap_if(failed, Site { code: TrapCode::Host, wasm_offset: 0 });
        if stub.calls.results.iter().any(|p| matches!(p, Place::Buffer(_))) {
            masm.point(context);
            masm.point(pointed(RESULTS));
        }
        let results = stub.ty.results.iter().zip(&stub.calls.results).enumerate();
        let moves = results.map(|(i, (&ty, &place))| {
            let to = match place {
                Place::Register(reg) => Target::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => Target::Home(pointed(offset)),
            };
            Move { ty, from: Source::Home(stub.word(i)), to }
        });
        masm.moves(&moves.collect::<Vec<Move>>());
        let epilog = masm.mark();
        masm.steps(&stub.layout.epilog)?;
        let made = masm.finish()?;
        let claim =
            Claim { epilogs: vec![made.offset(epilog)], data: made.data, ..stub.claim(made.offset(body)) };
        stub.finished(made, claim)
    }
}
