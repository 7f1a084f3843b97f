//! What commands read: programs and specifications.

use super::{Common, Failure};
use framewright::answers::Folder;
use framewright_compiler::wasm::Module;
use framewright_spec::{Convention, Source, Spec};
use framewright_verifier::Verifier;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The bytes of a file.
///
/// # Errors
/// It cannot be read, with its name and the reason.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    if path.is_dir() {
        return Err(Failure::Input(format!("{name} is a directory")));
    }
    std::fs::read(path).map_err(|error| Failure::Input(format!("cannot read {name}: {error}")))
}

/// The program in a file, text or binary.
///
/// # Errors
/// It cannot be read, or is not a valid program.
pub(crate) fn module(path: &Path) -> Result<Arc<Module>, Failure> {
    let bytes = bytes(path)?;
    let module = Module::parse(&bytes);
    module.map(Arc::new).map_err(|error| Failure::Input(format!("{}: {error}", path.display())))
}

/// Where proofs are kept, if they are.
///
/// # Errors
/// The folder cannot be used.
pub(crate) fn answers(common: &Common) -> Result<Option<Folder>, Failure> {
    let open = |folder: &PathBuf| {
        Folder::open(folder).map_err(|e| Failure::Input(format!("cannot use {}: {e}", folder.display())))
    };
    common.cache.as_ref().map(open).transpose()
}

/// Has a judge look up proofs where they are kept, if they are.
///
/// # Errors
/// The folder cannot be used.
pub(crate) fn remember(common: &Common, verifier: &mut Verifier) -> Result<(), Failure> {
    if let Some(answers) = answers(common)? {
        answers.serve(verifier);
    }
    Ok(())
}

/// The calling convention that was asked for, by itself or by its machine; without either, this computer's.
///
/// # Errors
/// There is none of that name, or it is for another machine.
pub(crate) fn convention<'s>(common: &Common, spec: &'s Spec) -> Result<Convention<'s>, Failure> {
    let report = |error| Failure::Report(miette::Report::new(error));
    let machine = common.target.as_deref();
    let Some(abi) = &common.abi else {
        return spec.convention_of_machine(machine.unwrap_or(std::env::consts::ARCH)).map_err(report);
    };
    let found = spec.convention(abi).map_err(report)?;
    match machine.filter(|&machine| machine != found.machine.name) {
        None => Ok(found),
        Some(other) => {
            let text = format!("convention `{abi}` is for {}, not for {other}", found.machine.name);
            Err(Failure::Input(text))
        }
    }
}

/// The embedded specification with the user's files over it.
///
/// # Errors
/// A file cannot be read or is not good.
pub(crate) fn spec(common: &Common) -> Result<Arc<Spec>, Failure> {
    let report = |error| Failure::Report(miette::Report::new(error));
    let sources = common
        .spec
        .iter()
        .map(|path| Source::from_bytes(&path.display().to_string(), &bytes(path)?).map_err(report));
    let sources = sources.collect::<Result<Vec<Source>, Failure>>()?;
    Spec::load(&sources).map(Arc::new).map_err(report)
}
