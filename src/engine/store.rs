//! What instances are made of and share: functions, types, host functions, names.

use super::instance::Instance;
use super::memory::LinearMemory;
use super::table::Table;
use super::words::{Cell, Words};
use crate::native::{CodeSpace, callback_addresses};
use crate::stay::CallbackAddresses;
use framewright_compiler::context;
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::module::FuncType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Words of the buffer for results beyond the registers; a function has at most 1000 results.
const RESULT_WORDS: u32 = 1024;

/// A function of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncAddr(pub u32);

/// A function: where its code's address is kept, and what it runs with.
#[derive(Debug)]
pub struct Function {
    /// Index of its type in [`World::types`].
    pub ty: u32,
    /// Holds the address of its current code.
    pub code: Cell,
    /// Its instance's context, or its own if the host's.
    pub context: Words,
    /// What it is.
    pub kind: FunctionKind,
}

/// What a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A function of an instance: index of the instance, index in its function space.
    Wasm {
        /// Instance.
        instance: usize,
        /// Function.
        index: u32,
    },
    /// A host function by index.
    Host(usize),
}

impl Function {
    /// Store-wide identity of its type, as contexts and tables hold it; never 0.
    pub fn type_id(&self) -> u64 {
        u64::from(self.ty) + 1
    }
}

/// A function of the host: parameters as bits to results as bits, or why it failed.
pub type HostCall = Box<dyn Fn(&[u64]) -> Result<Vec<u64>, String> + Send + Sync>;

/// A host function.
pub struct HostFunction {
    /// For people.
    pub name: String,
    /// Index of its type in [`World::types`].
    pub ty: u32,
    /// What it does.
    pub call: HostCall,
}

impl std::fmt::Debug for HostFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostFunction").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A global: its type and cell.
#[derive(Clone, Debug)]
pub struct Global {
    /// Type of the value.
    pub ty: Type,
    /// Whether it can be set.
    pub mutable: bool,
    /// Its cell.
    pub cell: Cell,
}

/// Something that can be imported and exported.
#[derive(Clone, Debug)]
pub enum Extern {
    /// A function.
    Function(FuncAddr),
    /// A table.
    Table(Arc<Table>),
    /// A memory.
    Memory(Arc<LinearMemory>),
    /// A global.
    Global(Global),
}

/// All that running code may reach. Shared between the thread of the program and the one that compiles.
#[derive(Debug)]
pub struct World {
    /// Function types; an index is a type's identity.
    pub types: Vec<FuncType>,
    /// Functions by [`FuncAddr`].
    pub functions: Vec<Function>,
    /// Instances.
    pub instances: Vec<Instance>,
    /// Host functions.
    pub hosts: Vec<HostFunction>,
    /// What imports may name: module, field.
    pub names: BTreeMap<String, BTreeMap<String, Extern>>,
    /// All code.
    pub space: CodeSpace,
    /// The buffer for results beyond the registers.
    pub results: Words,
    /// The convention of all code.
    pub convention: String,
}

impl Default for World {
    fn default() -> World {
        World {
            types: Vec::new(),
            functions: Vec::new(),
            instances: Vec::new(),
            hosts: Vec::new(),
            names: BTreeMap::new(),
            space: CodeSpace::default(),
            results: Words::new(RESULT_WORDS * 8),
            convention: String::new(),
        }
    }
}

impl World {
    /// What code of the store's convention calls. All zero where that cannot run: then none is entered.
    pub fn callbacks(&self) -> CallbackAddresses {
        callback_addresses(&self.convention).unwrap_or_default()
    }

    /// The store-wide index of a type.
    pub fn intern(&mut self, ty: &FuncType) -> u32 {
        let known = self.types.iter().position(|t| t == ty);
        known.unwrap_or_else(|| {
            self.types.push(ty.clone());
            self.types.len() - 1
        }) as u32
    }

    /// The function at an address.
    pub fn function(&self, at: FuncAddr) -> &Function {
        &self.functions[at.0 as usize]
    }

    /// Its type.
    pub fn function_type(&self, at: FuncAddr) -> &FuncType {
        &self.types[self.function(at).ty as usize]
    }

    /// Its name for people.
    pub fn function_name(&self, at: FuncAddr) -> String {
        match self.function(at).kind {
            FunctionKind::Wasm { instance, index } => self.instances[instance].module.function_name(index),
            FunctionKind::Host(host) => self.hosts[host].name.clone(),
        }
    }

    /// Makes something importable.
    pub fn define(&mut self, module: &str, name: &str, what: Extern) {
        self.names.entry(module.to_owned()).or_default().insert(name.to_owned(), what);
    }

    /// Makes an instance's exports importable under a module name.
    pub fn register(&mut self, module: &str, instance: usize) {
        let exports = self.instances[instance].exports.clone();
        self.names.insert(module.to_owned(), exports.into_iter().collect());
    }

    /// Makes a function of the host importable.
    pub fn define_host(&mut self, module: &str, name: &str, ty: &FuncType, call: HostCall) {
        let host = self.hosts.len();
        let ty = self.intern(ty);
        self.hosts.push(HostFunction { name: format!("{module}.{name}"), ty, call });
        let context = self.host_context(host);
        let code = Cell::new(&context, context::FUNCTIONS);
        let at = self.add_function(Function { ty, code, context, kind: FunctionKind::Host(host) });
        self.define(module, name, Extern::Function(at));
    }

    /// The short context of a host function: its fixed words, then its code cell.
    fn host_context(&self, host: usize) -> Words {
        let words = Words::new(context::FUNCTIONS + 8);
        words.set(context::RESULTS, self.results.address(0));
        words.set(context::HOST, host as u64);
        words.set(context::HOST_CALL, self.callbacks().host_call);
        words
    }

    pub(super) fn add_function(&mut self, function: Function) -> FuncAddr {
        self.functions.push(function);
        FuncAddr(self.functions.len() as u32 - 1)
    }

    /// Words that the values of a call of a function need.
    pub fn arity_words(&self, at: FuncAddr) -> usize {
        let ty = self.function_type(at);
        ty.params.len().max(ty.results.len())
    }

    /// Tells every context how far the stack of this run goes.
    pub(super) fn set_stack_limit(&self, limit: u64) {
        for function in &self.functions {
            function.context.set(context::STACK_LIMIT, limit);
        }
    }
}
