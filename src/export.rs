//! Questions to the solver as files, for other solvers.

use framewright_verifier::Query;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A folder that questions are written to, each named after its content, so that equal ones are written once.
#[derive(Clone, Debug)]
pub struct Export {
    folder: PathBuf,
    so_far: Arc<Mutex<SoFar>>,
}

#[derive(Debug, Default)]
struct SoFar {
    written: usize,
    error: Option<std::io::Error>,
}

impl Export {
    /// Makes the folder.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(folder: &Path) -> std::io::Result<Export> {
        std::fs::create_dir_all(folder)?;
        Ok(Export { folder: folder.to_owned(), so_far: Arc::default() })
    }

    /// What writes a question there. The first error is kept for [`Export::finish`]; nothing is written after it.
    pub fn sink(&self) -> impl FnMut(Query) + Send + 'static {
        let this = self.clone();
        move |query| this.write(&query)
    }

    fn write(&self, query: &Query) {
        let text = query.to_string();
        // What it is about may be told in many ways; the question is the text.
        let hash = blake3::hash(query.text.as_bytes()).to_hex();
        let path = self.folder.join(format!("{}-{}.smt2", file_name(&query.name), &hash[..16]));
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        if so_far.error.is_some() || path.exists() {
            return;
        }
        match std::fs::write(&path, text) {
            Ok(()) => so_far.written += 1,
            Err(error) => {
                let what = format!("{}: {error}", path.display());
                so_far.error = Some(std::io::Error::new(error.kind(), what));
            }
        }
    }

    /// The number of files that are new.
    ///
    /// # Errors
    /// A file could not be written.
    pub fn finish(&self) -> std::io::Result<usize> {
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        so_far.error.take().map_or(Ok(so_far.written), Err)
    }
}

/// A name without what file systems and shells take ill.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    name.chars().take(80).map(plain).collect()
}
