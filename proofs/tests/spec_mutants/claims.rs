//! Mutants of claims: one field of the JSON changed, code and specification as they were.
//!
//! ```text
//! claim ──JSON── a number more or less, a list shortened, a name exchanged ──▶ read ──▶ judged with the same code
//! ```

use crate::outcome::{self, End, Told};
use crate::sampled::{prove, sampled};
use framewright::design::statements;
use framewright_compiler::Compiled;
use framewright_spec::{Claim, Spec};
use framewright_verifier::{Proven, Verdict, Verifier};
use libtest_mimic::Failed;
use serde_json::{Value, json};

/// Code with its claim, and what it is entered from.
struct Subject {
    name: String,
    code: Compiled,
    source: Option<Proven>,
}

/// Judges claims of samples of all frames: all changes or a sample of so many.
pub(crate) fn check(sample: Option<usize>, told: &mut Told) -> Result<(), Failed> {
    let spec = Spec::embedded();
    let mut verifier = Verifier::new(spec);
    let mut all = Vec::new();
    let subjects = subjects(spec, &mut verifier)?;
    for (number, subject) in subjects.iter().enumerate() {
        let claim = serde_json::to_value(&subject.code.claim)?;
        let list = outcome::numbered(changes(&claim, "", spec));
        all.extend(
            list.into_iter().map(|(what, value)| (format!("{}: {what}", subject.name), (number, value))),
        );
    }
    told.listed(&all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    outcome::choose(&mut all, sample, |(name, _)| name);
    for (name, (number, value)) in all {
        let Subject { code, source, .. } = &subjects[number];
        let end = match serde_json::from_value::<Claim>(value) {
            Err(_) => End::Refused,
            Ok(claim) if claim == code.claim => End::Same,
            Ok(claim) => match verifier.verify(&code.name, code.bytes.clone(), claim, source.as_ref()) {
                Verdict::Proven(_) => End::Survived,
                _ => End::Noticed,
            },
        };
        told.add(name, end);
    }
    Ok(())
}

/// A sample of each statement; of the frames that are left also with the patchpoint.
fn subjects(spec: &Spec, verifier: &mut Verifier) -> Result<Vec<Subject>, Failed> {
    let mut all = Vec::new();
    for statement in statements(spec) {
        let (code, left) = sampled(spec, &statement)?;
        let source = left.as_ref().map(|left| prove(verifier, left, None)).transpose()?;
        prove(verifier, &code, source.as_ref())?;
        let mut name = statement.frame;
        if let (Some(left), Some(by)) = (left, statement.transition) {
            name = format!("{name} by {by}");
            let left_name = format!("{} left by {by}", left.claim.frame);
            all.push(Subject { name: left_name, code: left, source: None });
        }
        all.push(Subject { name, code, source });
    }
    Ok(all)
}

/// All ways to change one thing of a value. Bytes of unwinding data have tests of their own.
fn changes(value: &Value, at: &str, spec: &Spec) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match value {
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or(0);
            for delta in [1, -1, 8, -8, 16, 64] {
                all.push((format!("{at}: {delta:+}"), json!(number + delta)));
            }
        }
        Value::String(_) if at.ends_with("/bytes") => {}
        Value::String(text) => {
            all.extend(others(text, spec).into_iter().map(|o| (format!("{at}: another"), json!(o))));
        }
        Value::Bool(flag) => all.push((format!("{at}: {}", !flag), json!(!flag))),
        Value::Null => {}
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let with = |change: &dyn Fn(&mut Vec<Value>)| {
                    let mut items = items.clone();
                    change(&mut items);
                    Value::Array(items)
                };
                all.push((format!("{at}/{i}: left out"), with(&|items| drop(items.remove(i)))));
                all.push((format!("{at}/{i}: twice"), with(&|items| items.insert(i, item.clone()))));
                let inner = changes(item, &format!("{at}/{i}"), spec).into_iter();
                all.extend(inner.map(|(what, item)| (what, with(&|items| items[i] = item.clone()))));
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let mut without = fields.clone();
                without.remove(name);
                all.push((format!("{at}/{name}: left out"), Value::Object(without)));
                let inner = changes(field, &format!("{at}/{name}"), spec).into_iter();
                all.extend(inner.map(|(what, field)| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), field);
                    (what, Value::Object(fields))
                }));
            }
        }
    }
    all
}

/// What a name may be taken for: the next machine, frame, transition, or word of the claim's own.
fn others(text: &str, spec: &Spec) -> Option<String> {
    const WORDS: [[&str; 2]; 3] =
        [["dwarf_cfi", "windows_x64"], ["Asynchronous", "Synchronous"], ["DwarfCfi", "WindowsX64"]];
    let after = |names: Vec<&String>| {
        let at = names.iter().position(|name| *name == text)?;
        names.get((at + 1) % names.len()).map(|name| (*name).clone())
    };
    let word = || {
        let pair = WORDS.iter().find(|pair| pair.contains(&text))?;
        pair.iter().find(|word| **word != text).map(|word| (*word).to_owned())
    };
    after(spec.machines.keys().collect())
        .or_else(|| after(spec.frames.keys().collect()))
        .or_else(|| after(spec.transitions.keys().collect()))
        .or_else(|| after(spec.helpers.keys().collect()))
        .or_else(word)
}
