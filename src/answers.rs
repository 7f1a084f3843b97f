//! Proofs kept in a folder from one run to the next.

use framewright_verifier::answers::Answers;
use framewright_verifier::{Certificate, Verifier};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A folder with one file for this very program: a line a proof, its key and its certificate.
#[derive(Clone, Debug)]
pub struct Folder {
    tool: blake3::Hash,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    known: HashMap<String, String>,
    file: File,
}

impl Folder {
    /// Opens the folder, which is made if there is none, and reads what this program has put there.
    ///
    /// # Errors
    /// The folder or this program's own file cannot be read or written.
    pub fn open(folder: &Path) -> io::Result<Folder> {
        std::fs::create_dir_all(folder)?;
        let tool = blake3::hash(&std::fs::read(std::env::current_exe()?)?);
        let path = folder.join(format!("{}.proofs", &tool.to_hex()[..16]));
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        // A last line that was cut off is nobody's proof: its certificate does not parse.
        let pairs = text.lines().filter_map(|line| line.split_once(' '));
        let known = pairs.map(|(key, rest)| (key.to_owned(), rest.to_owned())).collect();
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        Ok(Folder { tool, state: Arc::new(Mutex::new(State { known, file })) })
    }

    /// Has a judge look up proofs here, and put its own here.
    pub fn serve(&self, verifier: &mut Verifier) {
        verifier.remember(self.clone(), self.tool.as_bytes());
    }
}

impl Answers for Folder {
    fn get(&mut self, key: &str) -> Option<Certificate> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::from_str(state.known.get(key)?).ok()
    }

    fn put(&mut self, key: &str, certificate: &Certificate) {
        let Ok(text) = serde_json::to_string(certificate) else { return };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // What cannot be kept is proven again next time.
        let _ = state.file.write_all(format!("{key} {text}\n").as_bytes());
        state.known.insert(key.to_owned(), text);
    }
}
