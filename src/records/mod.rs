//! Records of compiled methods: what a JIT hands over to be judged, one JSON object a line. The format is that of
//! `spec/RECORDS.md`.
//!
//! ```
//! use framewright::records::{Body, Record, read};
//!
//! let line = r#"{"method":"f","target":"x64-sysv","code":"c3","parts":[{"begin":0,"end":1,"unwind":""}]}"#;
//! let record = read("example", line.as_bytes()).next().expect("a line").expect("a record");
//! let Body::Single(method) = &record.body else { panic!() };
//! assert_eq!(method.code.0, [0xc3]);
//! assert_eq!(record.to_line(), line);
//! ```

mod hex;
mod raw;

pub use hex::Hex;

use serde::{Deserialize, Serialize};
use std::io::BufRead;

/// The version of the format that is read and written.
pub const FORMAT: u32 = 1;

/// Longest line that is read, in bytes.
const MAX_LINE: u64 = 256 << 20;

/// One method, or a transition from one method to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "raw::Raw", into = "raw::Raw")]
pub struct Record {
    /// The method's name, for people.
    pub method: String,
    /// Where it runs: a name of `spec/abis/targets.txt`, or of a convention.
    pub target: String,
    /// The calling convention, where it is not the target's usual one.
    pub abi: Option<String>,
    /// What compiled it.
    pub runtime: Option<String>,
    /// The transition of the specification by which the second method is entered, where the record says.
    pub transition: Option<String>,
    /// The format of the unwind data, where it is not the target's usual one.
    pub unwind_format: Option<String>,
    /// The code.
    pub body: Body,
}

/// What a record is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A method by itself.
    Single(Method),
    /// A method that is left at a patchpoint, and the one entered there.
    Pair(Box<Pair>),
}

/// A transition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The patchpoint, as the compiler numbers them.
    pub il_offset: Option<u32>,
    /// What the first compiler left for the second.
    pub patchpoint_info: PatchpointInfo,
    /// The method that is left.
    pub tier0: Method,
    /// The method that is entered.
    pub osr: Method,
}

/// A method's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// The bytes, relocations applied.
    pub code: Hex,
    /// The main body, then exception funclets.
    pub parts: Vec<Part>,
}

/// A part of a method with unwinding data of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// First byte, from the code's first one.
    pub begin: u32,
    /// The byte after the last one.
    pub end: u32,
    /// Unwinding data in the form of the target's platform.
    pub unwind: Hex,
}

/// What a tier-0 method with patchpoints says of its frame. Offsets are in bytes: from FP where a call pushes the
/// return address, else from the top of the frame.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchpointInfo {
    /// Callee-saved registers that it saved, by name.
    pub callee_saves: Vec<String>,
    /// Bytes of the frame; see `spec/RECORDS.md` for what is counted.
    pub total_frame_size: i64,
    /// Its locals by number.
    pub locals: Vec<Local>,
    /// Where the generic context argument is.
    pub generic_context: Option<i64>,
    /// Where the `this` that is kept alive is.
    pub kept_alive_this: Option<i64>,
    /// Where the security cookie is.
    pub security_cookie: Option<i64>,
    /// Where it says whether the monitor was acquired.
    pub monitor_acquired: Option<i64>,
}

/// A local of a tier-0 method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Local {
    /// Its slot.
    pub offset: i64,
    /// Whether its address is known elsewhere.
    pub exposed: bool,
}

impl Record {
    /// The record as one line, without a line break.
    pub fn to_line(&self) -> String {
        // Strings, numbers and lists of them always have a text.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A line that is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct BadLine {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// What is wrong with it.
    pub what: String,
}

/// The records of a file, line by line, with the lines that are none. Blank lines are skipped.
pub fn read<R: BufRead>(file: &str, text: R) -> impl Iterator<Item = Result<Record, BadLine>> + use<R> {
    let name = file.to_owned();
    numbered(file, text).map(move |line| line.and_then(|(line, text)| parse(&name, line, &text)))
}

/// The lines of a file that are not blank, with their numbers, counted from 1.
pub fn numbered<R: BufRead>(
    file: &str,
    mut text: R,
) -> impl Iterator<Item = Result<(u32, Vec<u8>), BadLine>> + use<R> {
    let file = file.to_owned();
    let mut line = 0;
    let mut over = false;
    std::iter::from_fn(move || {
        while !over {
            let mut bytes = Vec::new();
            line += 1;
            let read = std::io::Read::take(&mut text, MAX_LINE).read_until(b'\n', &mut bytes);
            let fail = |what: String| Some(Err(BadLine { file: file.clone(), line, what }));
            match read {
                Ok(0) => return None,
                Ok(count) if count as u64 == MAX_LINE && bytes.last() != Some(&b'\n') => {
                    over = true;
                    return fail(format!("a line of more than {MAX_LINE} bytes; the rest is not read"));
                }
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => {
                    bytes.truncate(bytes.trim_ascii_end().len());
                    return Some(Ok((line, bytes)));
                }
                Err(error) => {
                    over = true;
                    return fail(format!("cannot be read: {error}"));
                }
            }
        }
        None
    })
}

/// One line as a record.
///
/// # Errors
/// It is none; `file` and `line` are for the message.
pub fn parse(file: &str, line: u32, text: &[u8]) -> Result<Record, BadLine> {
    serde_json::from_slice(text).map_err(|error| {
        let text = error.to_string();
        let what = match error.classify() {
            // There is one line only; its number is of no interest.
            serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
                format!("not JSON: {}", text.replace("line 1 column", "column"))
            }
            _ => text.split(" at line ").next().unwrap_or_default().to_owned(),
        };
        BadLine { file: file.to_owned(), line, what }
    })
}
