//! Looking for what an instance exports.

use super::error::EngineError;
use super::link::signature;
use super::store::{Extern, FuncAddr, World};

impl World {
    /// An exported function.
    ///
    /// # Errors
    /// There is none of that name; the error names those there are.
    pub fn exported_function(&self, instance: usize, name: &str) -> Result<FuncAddr, EngineError> {
        let own = &self.instances[instance];
        if let Some(Extern::Function(at)) = own.export(name) {
            return Ok(*at);
        }
        let functions = own.exports.iter().filter(|(_, what)| matches!(what, Extern::Function(_)));
        let names: Vec<&str> = functions.map(|(name, _)| name.as_str()).collect();
        Err(EngineError::NoExport { kind: "function", name: name.to_owned(), hint: hint(name, &names) })
    }

    /// Whether a function takes so many arguments.
    ///
    /// # Errors
    /// It does not; the error says what it takes.
    pub fn check_arguments(&self, at: FuncAddr, args: &[u64]) -> Result<(), EngineError> {
        let ty = self.function_type(at);
        if ty.params.len() == args.len() {
            return Ok(());
        }
        let (name, wanted) = (self.function_name(at), signature(ty));
        Err(EngineError::Arguments(format!(
            "{name} takes {} arguments, not {}: {wanted}",
            ty.params.len(),
            args.len()
        )))
    }
}

/// What there is instead of a missing name: the nearest one, or all.
fn hint(name: &str, names: &[&str]) -> String {
    let near = names.iter().filter(|n| distance(name, n) <= 2).min_by_key(|n| distance(name, n));
    match near {
        Some(near) => format!("; is it `{near}`?"),
        None if names.is_empty() => "; there is none at all".to_owned(),
        None => format!("; there are: {}", names.join(", ")),
    }
}

/// Edits that make one name of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
