//! What came of mutants, and the list of those that survive, with reasons.
//!
//! ```text
//! # lines of explanation
//! KIND: the reason
//!   name of a mutant
//!   the names of some*: with anything in place of stars
//! ```

use framewright::engine::config::scramble;
use libtest_mimic::Failed;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Chooses the sample.
const SEED: u64 = 5;
/// What a reason may be: it does the same; it says less, and what it says is so; it is another statement that is so; nothing at
/// hand can tell.
const KINDS: [&str; 4] = ["same", "weaker", "true", "untried"];

/// The end of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// By the loader.
    Refused,
    /// What it makes is what the original makes, or the solver proves that it does the same.
    Same,
    /// Something else was seen, refuted, or said to be different.
    Noticed,
    /// It is of rows that are not run, which `machines.json` and the test of rows name with reasons.
    NotRun,
    /// By nothing.
    Survived,
}

/// What came of the mutants of a part.
#[derive(Debug, Default)]
pub(crate) struct Told {
    all: BTreeMap<String, End>,
    /// Names of all mutants there are, chosen or not.
    known: Vec<String>,
}

impl Told {
    pub(crate) fn add(&mut self, name: String, end: End) {
        self.all.insert(name, end);
    }

    pub(crate) fn listed(&mut self, names: &[String]) {
        self.known.extend_from_slice(names);
    }

    /// Writes down what survives, and compares it with the reasons. Where all mutants were tried, each reason must be
    /// of one that survives; else of one that there is.
    pub(crate) fn finish(&self, part: &str, whole: bool) -> Result<(), Failed> {
        let count = |end| self.all.values().filter(|&&e| e == end).count();
        let [refused, same, noticed] = [End::Refused, End::Same, End::Noticed].map(count);
        let [not_run, survived] = [End::NotRun, End::Survived].map(count);
        let figures = format!(
            "{part}: {} of {} mutants: {refused} refused, {same} the same, {noticed} noticed, {not_run} of rows that \
             are not run, {survived} survive",
            self.all.len(),
            self.known.len()
        );
        println!("{figures}");
        let reasons = reasons(part)?;
        let survivors: Vec<&String> =
            self.all.iter().filter(|(_, end)| **end == End::Survived).map(|(name, _)| name).collect();
        let unexplained: Vec<&&String> =
            survivors.iter().filter(|name| !reasons.iter().any(|(p, _)| matches(p, name))).collect();
        let (stale, mut wrong): (Vec<_>, String) = match whole {
            true => {
                (reasons.iter().filter(|(p, _)| !survivors.iter().any(|n| matches(p, n))).collect(), figures)
            }
            false => {
                (reasons.iter().filter(|(p, _)| !self.known.iter().any(|n| matches(p, n))).collect(), figures)
            }
        };
        for name in &unexplained {
            let _ = write!(wrong, "\nnot noticed: {name}");
        }
        for (pattern, _) in &stale {
            let _ = write!(wrong, "\na reason for what does not survive: {pattern}");
        }
        if whole {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("spec_mutants_{part}.txt"));
            std::fs::write(path, &wrong)?;
        }
        if unexplained.is_empty() && stale.is_empty() { Ok(()) } else { Err(wrong.into()) }
    }
}

/// Names of mutants and the kinds of their reasons, from `reasons/PART.txt`; without the file there are none.
fn reasons(part: &str) -> Result<Vec<(String, String)>, Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec_mutants/reasons");
    let path = folder.join(format!("{part}.txt"));
    let mut kind = None;
    let mut all = Vec::new();
    if !path.exists() {
        return Ok(all);
    }
    for line in std::fs::read_to_string(path)?.lines() {
        match line.strip_prefix("  ") {
            Some(name) => {
                let kind: &String = kind.as_ref().ok_or("a mutant without a reason")?;
                all.push((name.to_owned(), kind.clone()));
            }
            None if line.starts_with('#') || line.is_empty() => {}
            None => {
                let word = line.split(':').next().filter(|word| KINDS.contains(word));
                kind = Some(word.ok_or_else(|| format!("{part}.txt: no kind of reason: {line}"))?.to_owned());
            }
        }
    }
    Ok(all)
}

/// Whether a name fits a pattern, in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(name) = name.strip_prefix(start) else { return false };
    (0..=name.len()).filter(|&at| name.is_char_boundary(at)).any(|at| matches(rest, &name[at..]))
}

/// Tells mutants of one description apart: all but the first get a number.
pub(crate) fn numbered<T>(list: Vec<(String, T)>) -> Vec<(String, T)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let number = |(what, item): (String, T)| {
        let count = seen.entry(what.clone()).or_default();
        *count += 1;
        let name = if *count == 1 { what } else { format!("{what} @{count}") };
        (name, item)
    };
    list.into_iter().map(number).collect()
}

/// Keeps a sample of so many, by name.
pub(crate) fn choose<T>(all: &mut Vec<T>, sample: Option<usize>, name: impl Fn(&T) -> &String) {
    let Some(most) = sample else { return };
    let key = |item: &T| {
        let bytes: Vec<u64> = name(item).bytes().map(u64::from).collect();
        scramble(&[SEED, scramble(&bytes)])
    };
    all.sort_by_cached_key(key);
    all.truncate(most);
    all.sort_by_cached_key(|item| name(item).clone());
}
