//! One function, instruction by instruction.

use crate::cli::{Failure, output};
use framewright::object::Told;
use framewright_spec::{CodeOffset, Spec};
use framewright_verifier::foreign::{Judge, Verdict};
use std::collections::BTreeSet;

/// Whether a name is as a pattern says, in which `*` stands for any letters and `?` for one.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    // Where the last `*` was, and where what it stands for ends as far as is tried.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&letter) if letter == b'?' || letter == name[n] => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, end)) => {
                    star = Some((at, end + 1));
                    (p, n) = (at + 1, end + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&letter| letter == b'*')
}

/// Prints the instructions of a function and of its parts; those of the run that refutes it are marked `>`, the first
/// after which it cannot come right `!`. Where the frame is right the run is that to the first wrong row.
pub(super) fn print(spec: &Spec, told: &Told<'_>) -> Result<(), Failure> {
    let judge = Judge::new(spec, &told.program.abi).map_err(|error| Failure::Input(error.to_string()))?;
    let text = &told.program.image.texts[told.function.text];
    let (run, wrong): (BTreeSet<u32>, Option<u32>) = match &told.answer.verdict {
        Verdict::Refuted(r) => (r.path.iter().map(|at| at.0).collect(), Some(r.wrong_at.0)),
        _ => match told.answer.unwinding.wrong() {
            Some(wrong) => (wrong.path.iter().map(|at| at.0).collect(), Some(wrong.at.0)),
            None => (BTreeSet::new(), None),
        },
    };
    let parts = told.answer.parts.iter().map(|&part| &told.program.functions[part as usize]);
    for range in std::iter::once(told.function).chain(parts) {
        let mut at = range.begin;
        while at < range.end {
            let bytes = text.bytes.get(..range.end as usize).unwrap_or_default();
            let (length, instruction) = judge.listing(bytes, CodeOffset(at));
            let mark = match () {
                () if wrong == Some(at) => '!',
                () if run.contains(&at) => '>',
                () => ' ',
            };
            output::line(format!("  {mark} {:12x}  {instruction}", text.address + u64::from(at)))?;
            at += length;
        }
        output::line("")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_any_letters() {
        for (pattern, name, is) in [
            ("memcpy", "memcpy", true),
            ("memcpy", "memcpy2", false),
            ("mem*", "memcpy", true),
            ("*cpy*", "memcpy", true),
            ("*c?y", "memccpy", true),
            ("*x*", "memcpy", false),
            ("*", "", true),
            ("?", "", false),
        ] {
            assert_eq!(matches(pattern, name), is, "{pattern} {name}");
        }
    }
}
