//! What code needs that runs without the engine, in an executable of its own: doors, and what the kernel is asked by.
//!
//! ```text
//!   generated code --patchpoint, memory_grow, tier_up--> door ---> function of the runtime, with the runtime's context
//!   kernel --signal--> door (kernel's convention) ---------^
//!   function of the runtime --call--> system_call, poke
//! ```
//!
//! All of these have a frame and a claim. Only [`start`], where the kernel starts a program, and [`restorer`], to which a
//! signal handler returns, have neither: they are trusted, and a few instructions long.

use super::Stub;
use crate::calls::{CallLayout, Place};
use crate::ir::Type;
use crate::target::{self, Base, Home, Masm, MasmJob, Move, Pins, Site, Source, Target, frame_home};
use crate::wasm::module::FuncType;
use crate::{CompileError, Compiled, TrapCode, unwind};
use framewright_spec::claim::Claim;
use framewright_spec::{CfaOffset, Convention, Platform, Reg, RegSet};

/// A function at a known address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callee {
    /// Address of the word that holds its code's address.
    pub cell: u64,
    /// Address of its context.
    pub context: u64,
}

/// A function of the convention `outer`, of a type with at most one result. It calls `callee`, of the convention
/// `inner` on the same machine, whose parameters are its own first argument and then its own.
///
/// # Errors
/// The convention lacks the frame `native`, or a result finds no register.
pub fn door(
    outer: Convention<'_>,
    inner: Convention<'_>,
    ty: &FuncType,
    callee: Callee,
) -> Result<Compiled, CompileError> {
    let params = std::iter::once(Type::I64).chain(ty.params.iter().copied()).collect();
    let inner_ty = FuncType { params, results: ty.results.clone() };
    let calls = CallLayout::new(inner.abi, &inner_ty);
    let saved = outer.abi.callee_saved_set().intersection(inner.abi.int_args.iter().copied().collect());
    let words = inner_ty.params.len() as u32 + 1;
    let stub = Stub::new(outer, ty, "door", saved, [words, calls.stack_bytes])?;
    target::with_masm(stub.machine, stub.abi, Door { stub, inner_ty, calls, callee })
}

/// The system call as a function: of a context, the number and as many i64 as the platform has arguments; its result
/// is the kernel's.
///
/// # Errors
/// As [`door`].
pub fn system_call(convention: Convention<'_>, platform: &Platform) -> Result<Compiled, CompileError> {
    let ty = system_call_type(platform);
    let saved = convention.abi.callee_saved_set().intersection(platform.call_registers());
    let stub = Stub::new(convention, &ty, "system_call", saved, [ty.params.len() as u32, 0])?;
    target::with_masm(stub.machine, stub.abi, SystemCall { stub, platform })
}

/// The type of [`system_call`].
pub fn system_call_type(platform: &Platform) -> FuncType {
    FuncType { params: vec![Type::I64; platform.call_args.len() + 1], results: vec![Type::I64] }
}

/// A function of a context, an address and an i32 that it stores there.
///
/// # Errors
/// As [`door`].
pub fn poke(convention: Convention<'_>) -> Result<Compiled, CompileError> {
    let ty = poke_type();
    let stub = Stub::new(convention, &ty, "poke", RegSet::EMPTY, [2, 0])?;
    target::with_masm(stub.machine, stub.abi, Poke(stub))
}

/// The type of [`poke`].
pub fn poke_type() -> FuncType {
    FuncType { params: vec![Type::I64, Type::I32], results: Vec::new() }
}

/// Code to start a program with: stores the SP that the kernel gives to the word `sp` and calls `main`, a function
/// without parameters that does not return.
///
/// # Errors
/// The convention has no register for it.
pub fn start(convention: Convention<'_>, main: Callee, sp: u64) -> Result<Vec<u8>, CompileError> {
    let ty = FuncType { params: Vec::new(), results: Vec::new() };
    let stub = Stub::new(convention, &ty, "start", RegSet::EMPTY, [0, 0])?;
    target::with_masm(stub.machine, stub.abi, Start { stub, main, sp })
}

/// Call frame information for the code that a program starts with, which nobody called.
///
/// # Errors
/// The convention's machine says not enough for it.
pub fn start_frame(convention: Convention<'_>, code: &[u8]) -> Result<Vec<u8>, CompileError> {
    let made = unwind::outermost(convention.machine, convention.abi, code.len() as u32);
    made.map_err(|what| CompileError::Unwind { function: "start".to_owned(), what })
}

/// Bytes in front of [`restorer`] that its call frame information is for, too.
pub const RESTORER_AHEAD: u32 = 1;

/// Call frame information for the code that handlers return to, and for the byte before it: in it the interrupted state is
/// where SP is.
///
/// # Errors
/// The convention's machine says not enough for it.
pub fn restorer_frame(
    convention: Convention<'_>,
    platform: &Platform,
    code: &[u8],
) -> Result<Vec<u8>, CompileError> {
    let Convention { machine, abi, .. } = convention;
    let made = unwind::trampoline(machine, abi, platform, RESTORER_AHEAD, code.len() as u32);
    made.map_err(|what| CompileError::Unwind { function: "restorer".to_owned(), what })
}

/// Code that handlers return to: ends the handler.
///
/// # Errors
/// The machine cannot encode it.
pub fn restorer(
    convention: Convention<'_>,
    platform: &Platform,
    number: u32,
) -> Result<Vec<u8>, CompileError> {
    target::with_masm(
        convention.machine,
        convention.abi,
        Restorer { convention, register: platform.call_number, number },
    )
}

struct Door<'a> {
    stub: Stub<'a>,
    inner_ty: FuncType,
    calls: CallLayout,
    callee: Callee,
}

struct SystemCall<'a> {
    stub: Stub<'a>,
    platform: &'a Platform,
}

struct Poke<'a>(Stub<'a>);

struct Start<'a> {
    stub: Stub<'a>,
    main: Callee,
    sp: u64,
}

struct Restorer<'a> {
    convention: Convention<'a>,
    register: Reg,
    number: u32,
}

const POINTED: Home = Home { base: Base::Pointer, offset: 0 };

impl Stub<'_> {
    /// Stores the parameters to the words from `first` on.
    fn keep_params<M: Masm>(&self, masm: &mut M, first: usize) {
        for (i, (&ty, &place)) in self.ty.params.iter().zip(&self.calls.params).enumerate() {
            let from = match place {
                Place::Register(reg) => Source::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => {
                    Source::Home(frame_home(&self.layout, CfaOffset(i64::from(offset))))
                }
            };
            masm.store(ty, from, self.word(first + i));
        }
    }

    /// A function with a prolog, what `body` emits, and an epilog.
    fn framed<M: Masm>(
        &self,
        new: impl Fn(&str, Pins) -> M,
        body: impl FnOnce(&mut M) -> Result<(), CompileError>,
    ) -> Result<Compiled, CompileError> {
        let kept = self.kept()?;
        let mut masm = new(&self.name, Pins { context: kept, second: kept });
        masm.steps(&self.layout.prolog)?;
        let start = masm.mark();
        body(&mut masm)?;
        let epilog = masm.mark();
        masm.steps(&self.layout.epilog)?;
        let made = masm.finish()?;
        let claim =
            Claim { epilogs: vec![made.offset(epilog)], data: made.data, ..self.claim(made.offset(start)) };
        self.finished(made, claim)
    }
}

impl MasmJob for Door<'_> {
    type Output = Compiled;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Compiled, CompileError> {
        let Door { stub, inner_ty, calls, callee } = &self;
        let cell = stub.word(inner_ty.params.len());
        stub.framed(new, |masm| {
            masm.store(Type::I64, Source::Register(stub.calls.context), stub.word(0));
            stub.keep_params(masm, 1);
            masm.store(Type::I64, Source::Const(callee.cell), cell);
            masm.load(Type::I64, Source::Const(callee.context), calls.context);
            let params = inner_ty.params.iter().zip(&calls.params).enumerate();
            let moves = params.map(|(i, (&ty, &place))| {
                let to = match place {
                    Place::Register(reg) => Target::Register(reg),
                    Place::Stack(offset) | Place::Buffer(offset) => {
                        Target::Home(Home { base: Base::Stack, offset: offset as i32 })
                    }
                };
                Move { ty, from: Source::Home(stub.word(i)), to }
            });
            masm.moves(&moves.collect::<Vec<Move>>());
            masm.point(cell);
            masm.call(POINTED);
            match (stub.ty.results.as_slice(), calls.results.as_slice(), stub.calls.results.as_slice()) {
                ([], ..) => Ok(()),
                ([_], [from], [to]) if from == to => Ok(()),
                (&[ty], &[Place::Register(from)], &[Place::Register(to)]) => {
                    masm.load(ty, Source::Register(from), to);
                    Ok(())
                }
                _ => Err(stub.fault("a door has one result, in a register")),
            }
        })
    }
}

impl MasmJob for SystemCall<'_> {
    type Output = Compiled;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Compiled, CompileError> {
        let SystemCall { stub, platform } = &self;
        let result = stub.result()?;
        stub.framed(new, |masm| {
            stub.keep_params(masm, 0);
            let registers = std::iter::once(platform.call_number).chain(platform.call_args.iter().copied());
            for (i, register) in registers.enumerate() {
                masm.load(Type::I64, Source::Home(stub.word(i)), register);
            }
            masm.system_call();
            if platform.call_result != result {
                masm.load(Type::I64, Source::Register(platform.call_result), result);
            }
            Ok(())
        })
    }
}

impl MasmJob for Poke<'_> {
    type Output = Compiled;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Compiled, CompileError> {
        let stub = &self.0;
        stub.framed(new, |masm| {
            stub.keep_params(masm, 0);
            masm.point(stub.word(0));
            masm.store(Type::I32, Source::Home(stub.word(1)), POINTED);
            Ok(())
        })
    }
}

impl MasmJob for Start<'_> {
    type Output = Vec<u8>;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Vec<u8>, CompileError> {
        let Start { stub, main, sp } = &self;
        let kept = stub.kept()?;
        let mut masm = new(&stub.name, Pins { context: kept, second: kept });
        masm.load(Type::I64, Source::Const(*sp), kept);
        masm.store_sp(kept);
        masm.load(Type::I64, Source::Const(main.context), stub.calls.context);
        masm.load(Type::I64, Source::Const(main.cell), kept);
        masm.call(Home { base: Base::Second, offset: 0 });
        masm.trap(Site { code: TrapCode::Unreachable, wasm_offset: 0 });
        Ok(masm.finish()?.bytes)
    }
}

impl MasmJob for Restorer<'_> {
    type Output = Vec<u8>;

    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Vec<u8>, CompileError> {
        let Convention { abi, machine, .. } = self.convention;
        let pins = abi.callee_saved_set().iter().next();
        let pin = pins.unwrap_or(machine.sp);
        let mut masm = new("restorer", Pins { context: pin, second: pin });
        masm.load(Type::I64, Source::Const(self.number.into()), self.register);
        masm.system_call();
        Ok(masm.finish()?.bytes)
    }
}
