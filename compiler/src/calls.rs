//! Where parameters and results go: the ABI of the spec applied to a Wasm signature.
//!
//! The instance context is the first integer argument. Results that find no register go to the buffer at
//! [`crate::context::RESULTS`], word by word in order.

use crate::ir::Type;
use crate::wasm::module::FuncType;
use framewright_spec::{Abi, Reg};

/// Where one parameter or result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a register.
    Register(Reg),
    /// A stack argument: bytes above the outgoing area's lowest byte (caller), or above the CFA (callee).
    Stack(u32),
    /// In the results buffer: bytes from its start.
    Buffer(u32),
}

/// Where all values of a call are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLayout {
    /// The instance context.
    pub context: Reg,
    /// Wasm parameters.
    pub params: Vec<Place>,
    /// Wasm results.
    pub results: Vec<Place>,
    /// Bytes of stack arguments, a multiple of the stack alignment.
    pub stack_bytes: u32,
}

impl CallLayout {
    /// Assigns places for a signature. The ABI must have an integer argument register.
    pub fn new(abi: &Abi, ty: &FuncType) -> CallLayout {
        let context = *abi.int_args.first().expect("a convention has an integer argument register");
        // Arguments so far: integers and floats, the context among them.
        let mut taken = [1, 0];
        let mut stack = abi.shadow_space;
        let params = ty.params.iter().map(|&ty| {
            let class = usize::from(is_float(ty));
            let index = if abi.args_by_position { taken[0] + taken[1] } else { taken[class] };
            taken[class] += 1;
            let registers = if is_float(ty) { &abi.float_args } else { &abi.int_args };
            registers
                .get(index)
                .copied()
                .map_or_else(|| Place::Stack(take(&mut stack, stack_bytes(abi, ty))), Place::Register)
        });
        let params = params.collect();
        let mut ints = abi.int_results.iter().copied();
        let mut floats = abi.float_results.iter().copied();
        let mut buffer = 0;
        let results = ty.results.iter().map(|&ty| {
            let register = if is_float(ty) { floats.next() } else { ints.next() };
            register.map_or_else(|| Place::Buffer(take(&mut buffer, 8)), Place::Register)
        });
        let results = results.collect();
        CallLayout { context, params, results, stack_bytes: stack.next_multiple_of(abi.stack_align) }
    }
}

fn is_float(ty: Type) -> bool {
    matches!(ty, Type::F32 | Type::F64)
}

/// Bytes of a stack argument.
fn stack_bytes(abi: &Abi, ty: Type) -> u32 {
    let own = if matches!(ty, Type::I32 | Type::F32) { 4u32 } else { 8 };
    own.next_multiple_of(abi.stack_arg_bytes.max(1))
}

/// The next offset that is a multiple of the size.
fn take(next: &mut u32, bytes: u32) -> u32 {
    let at = next.next_multiple_of(bytes);
    *next = at + bytes;
    at
}
