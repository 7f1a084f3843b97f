//! A validated module, its function bodies still in binary form.

use crate::ir::Type;
use std::ops::Range;
use std::sync::Arc;

/// A validated module.
#[derive(Clone, Debug)]
pub struct Module {
    /// The binary.
    pub bytes: Arc<[u8]>,
    /// Function types.
    pub types: Vec<FuncType>,
    /// Imports in order.
    pub imports: Vec<Import>,
    /// Type index of every function, imported ones first.
    pub functions: Vec<u32>,
    /// How many of `functions` are imported.
    pub imported_functions: u32,
    /// Tables, imported ones first (at most one).
    pub tables: Vec<Limits>,
    /// Memories in pages, imported ones first (at most one).
    pub memories: Vec<Limits>,
    /// Globals, imported ones first.
    pub globals: Vec<Global>,
    /// How many of `globals` are imported.
    pub imported_globals: u32,
    /// Exports in order.
    pub exports: Vec<Export>,
    /// Start function.
    pub start: Option<u32>,
    /// Active element segments.
    pub elements: Vec<ElementSegment>,
    /// Active data segments.
    pub data: Vec<DataSegment>,
    /// Body of each defined function: bytes of the module, locals declarations included.
    pub bodies: Vec<Range<usize>>,
    /// Names from the name section, by function index.
    pub names: std::collections::BTreeMap<u32, String>,
}

/// A function type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FuncType {
    /// Parameters.
    pub params: Vec<Type>,
    /// Results.
    pub results: Vec<Type>,
}

/// Limits of a table (elements) or memory (64 KiB pages).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: Option<u32>,
}

/// A global.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Global {
    /// Its type.
    pub ty: Type,
    /// Whether it can be set.
    pub mutable: bool,
    /// Its initial value; none if imported.
    pub init: Option<ConstExpr>,
}

/// A constant expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstExpr {
    /// A value's bits.
    Const(u64),
    /// The value of an imported immutable global.
    Global(u32),
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Module name.
    pub module: String,
    /// Field name.
    pub name: String,
    /// What is asked for.
    pub kind: ImportKind,
}

/// What an import asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// A function of a type index.
    Function(u32),
    /// A table of function references.
    Table(Limits),
    /// A memory.
    Memory(Limits),
    /// A global.
    Global(Type, bool),
}

/// An export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: ExportKind,
}

/// What an export is, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// A function.
    Function(u32),
    /// A table.
    Table(u32),
    /// A memory.
    Memory(u32),
    /// A global.
    Global(u32),
}

/// An active element segment of table 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementSegment {
    /// First element.
    pub offset: ConstExpr,
    /// Function indices.
    pub functions: Vec<u32>,
}

/// An active data segment of memory 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSegment {
    /// First byte.
    pub offset: ConstExpr,
    /// Bytes of the module.
    pub bytes: Range<usize>,
}

impl Module {
    /// Type of a function.
    pub fn function_type(&self, index: u32) -> &FuncType {
        &self.types[self.functions[index as usize] as usize]
    }

    /// The function's name for people: name section, else an export's name, else `func[i]`.
    pub fn function_name(&self, index: u32) -> String {
        let exported =
            || self.exports.iter().find(|e| e.kind == ExportKind::Function(index)).map(|e| e.name.clone());
        self.names.get(&index).cloned().or_else(exported).unwrap_or_else(|| format!("func[{index}]"))
    }
}
