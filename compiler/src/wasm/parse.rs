//! Bytes or text to a validated [`Module`].

use super::module::{
    ConstExpr, DataSegment, ElementSegment, Export, ExportKind, FuncType, Global, Import, ImportKind, Limits,
    Module,
};
use crate::CompileError;
use crate::ir::Type;
use std::ops::Range;
use wasmparser::{
    DataKind, ElementItems, ElementKind, ExternalKind, FuncValidatorAllocations, FunctionBody, KnownCustom,
    Name, Operator, Parser, Payload, TableInit, TypeRef, ValType, ValidPayload, Validator, WasmFeatures,
};

/// The WebAssembly that is accepted.
pub const FEATURES: WasmFeatures = WasmFeatures::WASM1
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::MULTI_VALUE);

impl Module {
    /// Reads and validates a module in binary or text form.
    ///
    /// # Errors
    /// Malformed or invalid input, with the byte offset (binary) or line and column (text); features that are
    /// not supported, by name.
    pub fn parse(source: &[u8]) -> Result<Module, CompileError> {
        let bytes = wat::parse_bytes(source).map_err(|e| CompileError::Text(e.to_string()))?;
        if u32::try_from(bytes.len()).is_err() {
            let limit = u64::from(u32::MAX);
            return Err(CompileError::Limit {
                function: "module".into(),
                what: "size in bytes".into(),
                limit,
            });
        }
        let mut module = empty(bytes.as_ref().into());
        let mut validator = Validator::new_with_features(FEATURES);
        let mut allocations = FuncValidatorAllocations::default();
        let mut parser = Parser::new(0);
        parser.set_features(FEATURES);
        for payload in parser.parse_all(&bytes) {
            let payload = payload?;
            if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
                let index = function.index;
                let mut validator = function.into_validator(allocations);
                validator.validate(&body).map_err(|error| in_function(error.into(), index))?;
                allocations = validator.into_allocations();
            }
            module.read(payload)?;
        }
        Ok(module)
    }

    fn read(&mut self, payload: Payload<'_>) -> Result<(), CompileError> {
        match payload {
            Payload::TypeSection(types) => {
                for ty in types.into_iter_err_on_gc_types() {
                    let ty = ty?;
                    let params = value_types(ty.params())?;
                    self.types.push(FuncType { params, results: value_types(ty.results())? });
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports_with_offsets() {
                    let (offset, import) = import?;
                    self.import(import, offset)?;
                }
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    let table = table?;
                    if !matches!(table.init, TableInit::RefNull) {
                        return Err(unsupported("table initializer", 0));
                    }
                    self.tables.push(limits(table.ty.initial, table.ty.maximum)?);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    let memory = memory?;
                    self.memories.push(limits(memory.initial, memory.maximum)?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let global = global?;
                    let init = Some(const_expr(&global.init_expr)?);
                    let ty = value_type(global.ty.content_type)?;
                    self.globals.push(Global { ty, mutable: global.ty.mutable, init });
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    self.exports.push(self::export(export?)?);
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(elements) => {
                for element in elements {
                    self.elements.push(element_segment(element?)?);
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    self.data.push(data_segment(segment?)?);
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body_range(&body)),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.names(names);
                }
            }
            // Framing without content of its own; other sections were refused by the validator.
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: wasmparser::Import<'_>, offset: u64) -> Result<(), CompileError> {
        let kind = match import.ty {
            TypeRef::Func(ty) => {
                self.functions.push(ty);
                self.imported_functions += 1;
                ImportKind::Function(ty)
            }
            TypeRef::Table(ty) => {
                let limits = limits(ty.initial, ty.maximum)?;
                self.tables.push(limits);
                ImportKind::Table(limits)
            }
            TypeRef::Memory(ty) => {
                let limits = limits(ty.initial, ty.maximum)?;
                self.memories.push(limits);
                ImportKind::Memory(limits)
            }
            TypeRef::Global(global) => {
                let ty = value_type(global.content_type)?;
                self.globals.push(Global { ty, mutable: global.mutable, init: None });
                self.imported_globals += 1;
                ImportKind::Global(ty, global.mutable)
            }
            TypeRef::Tag(_) => return Err(unsupported("tag import", offset)),
            TypeRef::FuncExact(_) => return Err(unsupported("exact function import", offset)),
        };
        self.imports.push(Import { module: import.module.into(), name: import.name.into(), kind });
        Ok(())
    }

    /// Names are for people: a malformed name section loses names and is no error.
    fn names(&mut self, sections: wasmparser::NameSectionReader<'_>) {
        for section in sections {
            let Ok(section) = section else { return };
            if let Name::Function(names) = section {
                let names = names.into_iter().map_while(Result::ok);
                self.names.extend(names.map(|naming| (naming.index, naming.name.to_owned())));
            }
        }
    }
}

fn empty(bytes: std::sync::Arc<[u8]>) -> Module {
    Module {
        bytes,
        types: vec![],
        imports: vec![],
        functions: vec![],
        imported_functions: 0,
        tables: vec![],
        memories: vec![],
        globals: vec![],
        imported_globals: 0,
        exports: vec![],
        start: None,
        elements: vec![],
        data: vec![],
        bodies: vec![],
        names: Default::default(),
    }
}

fn value_types(types: &[ValType]) -> Result<Vec<Type>, CompileError> {
    types.iter().map(|&ty| value_type(ty)).collect()
}

/// A value type that the IR has.
pub(crate) fn value_type(ty: ValType) -> Result<Type, CompileError> {
    match ty {
        ValType::I32 => Ok(Type::I32),
        ValType::I64 => Ok(Type::I64),
        ValType::F32 => Ok(Type::F32),
        ValType::F64 => Ok(Type::F64),
        ValType::V128 | ValType::Ref(_) => Err(unsupported(&format!("values of type {ty}"), 0)),
    }
}

fn limits(min: u64, max: Option<u64>) -> Result<Limits, CompileError> {
    let narrow = |n: u64| u32::try_from(n).map_err(|_| unsupported("64-bit limits", 0));
    Ok(Limits { min: narrow(min)?, max: max.map(narrow).transpose()? })
}

fn const_expr(expr: &wasmparser::ConstExpr<'_>) -> Result<ConstExpr, CompileError> {
    let mut operators = expr.get_operators_reader();
    let offset = operators.original_position();
    let value = match operators.read()? {
        Operator::I32Const { value } => ConstExpr::Const(u64::from(value as u32)),
        Operator::I64Const { value } => ConstExpr::Const(value as u64),
        Operator::F32Const { value } => ConstExpr::Const(u64::from(value.bits())),
        Operator::F64Const { value } => ConstExpr::Const(value.bits()),
        Operator::GlobalGet { global_index } => ConstExpr::Global(global_index),
        other => return Err(unsupported(&format!("constant expression {other:?}"), offset)),
    };
    match operators.read()? {
        Operator::End => Ok(value),
        other => Err(unsupported(&format!("constant expression with {other:?}"), offset)),
    }
}

fn export(export: wasmparser::Export<'_>) -> Result<Export, CompileError> {
    let kind = match export.kind {
        ExternalKind::Func => ExportKind::Function(export.index),
        ExternalKind::Table => ExportKind::Table(export.index),
        ExternalKind::Memory => ExportKind::Memory(export.index),
        ExternalKind::Global => ExportKind::Global(export.index),
        other => return Err(unsupported(&format!("export of kind {other:?}"), 0)),
    };
    Ok(Export { name: export.name.into(), kind })
}

fn element_segment(element: wasmparser::Element<'_>) -> Result<ElementSegment, CompileError> {
    let at = element.range.start;
    let ElementKind::Active { table_index: None | Some(0), offset_expr } = element.kind else {
        return Err(unsupported("element segment that is not active on table 0", at));
    };
    let ElementItems::Functions(functions) = element.items else {
        return Err(unsupported("element segment of expressions", at));
    };
    let functions = functions.into_iter().collect::<Result<_, _>>()?;
    Ok(ElementSegment { offset: const_expr(&offset_expr)?, functions })
}

fn data_segment(data: wasmparser::Data<'_>) -> Result<DataSegment, CompileError> {
    let DataKind::Active { memory_index: 0, offset_expr } = data.kind else {
        return Err(unsupported("data segment that is not active on memory 0", data.range.start));
    };
    let end = data.range.end as usize;
    Ok(DataSegment { offset: const_expr(&offset_expr)?, bytes: end - data.data.len()..end })
}

fn body_range(body: &FunctionBody<'_>) -> Range<usize> {
    let range = body.range();
    range.start as usize..range.end as usize
}

/// An error that names a feature of WebAssembly beyond those of [`FEATURES`].
pub(crate) fn unsupported(feature: &str, offset: u64) -> CompileError {
    CompileError::Unsupported { feature: feature.to_owned(), offset: offset as usize }
}

/// The reader of a text knows functions rather than offsets.
fn in_function(error: CompileError, index: u32) -> CompileError {
    match error {
        CompileError::Invalid { offset, message } => {
            CompileError::Invalid { offset, message: format!("{message} (in function {index})") }
        }
        CompileError::Unsupported { feature, offset } => {
            CompileError::Unsupported { feature: format!("{feature} (in function {index})"), offset }
        }
        other => other,
    }
}

impl From<wasmparser::Error> for CompileError {
    fn from(error: wasmparser::Error) -> CompileError {
        let offset = error.offset() as usize;
        let message = error.message().to_owned();
        match error.missing_wasm_feature().and_then(|feature| feature.iter_names().next()) {
            Some((name, _)) => {
                let name = name.to_lowercase().replace('_', "-");
                CompileError::Unsupported { feature: format!("{name} ({message})"), offset }
            }
            None => CompileError::Invalid { offset, message },
        }
    }
}
