//! A file's head: the contract between the two forms of a bug and the judges.
//!
//! ```text
//! // LLVM 109279: one line, in our words, of what happened.
//! //
//! // convention: sysv
//! // judge: foreign | pair | claim
//! // expect: P1, rsp, at 000c       the property, then parts of the refutation's headline
//! ```
//!
//! Then the code: `faulty` and `fixed`, or `accepted` alone for an oddity that is right. A key that begins with
//! `faulty.` or `fixed.` is for that form only. What else a judge is told:
//!
//! - a pair: `transition`, `frame-bytes`, `callee-saves`, `slots`, `generic-context`, `patchpoint`;
//!   functions `faulty.tier0` and `faulty.osr`.
//! - a claim: `frame`, and for a method that is entered from another `source`, `transition`, `state`; `home` is of the
//!   method with the patchpoint. Labels `faulty.body`, `faulty.epilog`, `faulty.patch`, `faulty.resume`; the source
//!   is the function `source`, for both forms.

use std::path::Path;

/// Who judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judge {
    /// Of a function nothing is claimed.
    Foreign,
    /// Nor of two, one entered from the other at a patchpoint.
    Pair,
    /// A frame of the specification is claimed.
    Claim,
}

/// What is said of a file.
#[derive(Clone, Debug)]
pub(crate) struct Contract {
    /// Folder and file, as in `riscv64/golang_38828`.
    pub(crate) name: String,
    /// Where the fact is from, and what happened.
    pub(crate) source: String,
    pub(crate) what: String,
    pub(crate) convention: String,
    pub(crate) judge: Judge,
    /// Property and parts of the headline. None where the code is right.
    pub(crate) expect: Option<(String, Vec<String>)>,
    keys: Vec<(String, String)>,
}

impl Contract {
    /// Of a file's text.
    pub(crate) fn read(path: &Path, text: &str) -> Result<Contract, String> {
        let part =
            |part: Option<&std::ffi::OsStr>| part.and_then(|p| p.to_str()).unwrap_or_default().to_owned();
        let name = format!("{}/{}", part(path.parent().and_then(Path::file_name)), part(path.file_stem()));
        let head: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//")).map(str::trim).collect();
        let (prose, keys) = head.split_at(head.iter().position(|line| line.is_empty()).unwrap_or(head.len()));
        let (source, what) =
            prose.first().and_then(|line| line.split_once(": ")).ok_or("no `SOURCE: what happened`")?;
        if what.is_empty() {
            return Err("nothing is said of what happened".to_owned());
        }
        let pair = |line: &&str| {
            let pair = line.split_once(": ").ok_or(format!("`{line}` is no `key: value`"))?;
            Ok::<_, String>((pair.0.to_owned(), pair.1.trim().to_owned()))
        };
        let keys = keys.iter().filter(|line| !line.is_empty()).map(pair).collect::<Result<Vec<_>, _>>()?;
        let value = |key: &str| keys.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
        let judge = match value("judge").as_deref() {
            Some("foreign") => Judge::Foreign,
            Some("pair") => Judge::Pair,
            Some("claim") => Judge::Claim,
            other => return Err(format!("judge {other:?}")),
        };
        let expect = value("expect").map(|text| {
            let mut parts = text.split(", ").map(str::to_owned);
            (parts.next().unwrap_or_default(), parts.collect())
        });
        let convention = value("convention").ok_or("no convention")?;
        let (source, what) = (source.to_owned(), what.to_owned());
        Ok(Contract { name, source, what, convention, judge, expect, keys })
    }

    /// The forms of the code, and whether each is right.
    pub(crate) fn forms(&self) -> &'static [(&'static str, bool)] {
        match self.expect {
            Some(_) => &[("faulty", false), ("fixed", true)],
            None => &[("accepted", true)],
        }
    }

    /// All values of a key for a form: its own ones, else those for all.
    pub(crate) fn values(&self, form: &str, key: &str) -> Vec<&str> {
        let of = |wanted: &str| -> Vec<&str> {
            self.keys.iter().filter(|(key, _)| key == wanted).map(|(_, value)| value.as_str()).collect()
        };
        let own = of(&format!("{form}.{key}"));
        if own.is_empty() { of(key) } else { own }
    }

    /// The value of a key for a form.
    pub(crate) fn value(&self, form: &str, key: &str) -> Option<&str> {
        self.values(form, key).first().copied()
    }
}
