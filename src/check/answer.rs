//! What is told of a record: as text and as JSON.

use crate::records::{Body, Record};
use framewright_spec::CodeOffset;
use framewright_verifier::foreign::{Elsewhere, Part, Refutation, Unwinding, Verdict, WrongRow};
use serde_json::{Map, Value, json};

/// A record's verdict.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The convention it was judged by.
    pub abi: String,
    /// How the second method is entered, in a pair.
    pub transition: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// That on the unwind data of the method, or of the two.
    pub unwinding: Vec<Unwinding>,
}

impl Answer {
    /// The verdict in a word.
    pub fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Proven(_) => "proven",
            Verdict::Refuted(_) => "refuted",
            Verdict::Undecided(_) => "undecided",
            Verdict::Unsupported(_) => "unsupported",
        }
    }

    /// What there is to say besides: counts and assumptions, or what is wrong.
    pub fn detail(&self) -> String {
        match &self.verdict {
            Verdict::Proven(summary) => {
                let plural = |count: u32, what: &str| match count {
                    1 => format!("1 {what}"),
                    _ => format!("{count} {what}s"),
                };
                let ends = [(summary.returns, "return"), (summary.tail_jumps, "tail jump")];
                let ends =
                    ends.iter().filter(|(count, _)| *count > 0).map(|&(count, what)| plural(count, what));
                let counts: Vec<String> =
                    [plural(summary.instructions, "instruction")].into_iter().chain(ends).collect();
                counts.join(", ")
            }
            Verdict::Refuted(refutation) => refutation.headline(),
            Verdict::Undecided(what) | Verdict::Unsupported(what) => what.clone(),
        }
    }

    /// The answer as a JSON object.
    pub fn to_json(&self, file: &str, line: u32, record: &Record) -> Value {
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
        put("file", json!(file));
        put("line", json!(line));
        put("method", json!(record.method));
        put("target", json!(record.target));
        put("abi", json!(self.abi));
        if let Body::Pair(pair) = &record.body {
            put("il_offset", json!(pair.il_offset));
            put("transition", json!(self.transition));
        }
        put("verdict", json!(self.word()));
        match &self.verdict {
            Verdict::Proven(summary) => {
                put("instructions", json!(summary.instructions));
                put("returns", json!(summary.returns));
                put("tail_jumps", json!(summary.tail_jumps));
                put("assumptions", json!(summary.assumptions));
            }
            Verdict::Refuted(refutation) => put("refutation", refuted(refutation)),
            Verdict::Undecided(why) => put("why", json!(why)),
            Verdict::Unsupported(what) => put("what", json!(what)),
        }
        put("unwinding", self.unwinding.iter().map(unwound).collect());
        Value::Object(object)
    }
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Method => "method",
        Part::Source => "tier0",
        Part::Target => "osr",
    }
}

fn unwound(unwinding: &Unwinding) -> Value {
    let mut object = json!({ "verdict": unwinding.word() });
    let told = match unwinding {
        Unwinding::None => return object,
        Unwinding::Proven { instructions } => ("instructions", json!(instructions)),
        Unwinding::Refuted(wrong) | Unwinding::CallsOnly(Elsewhere::Wrong(wrong)) => {
            ("refutation", row(wrong))
        }
        Unwinding::Undecided(why) | Unwinding::CallsOnly(Elsewhere::Undecided(why)) => ("why", json!(why)),
        Unwinding::Unsupported(what) => ("what", json!(what)),
    };
    object[told.0] = told.1;
    object
}

fn row(wrong: &WrongRow) -> Value {
    let offsets = |places: &[CodeOffset]| places.iter().map(|at| at.0).collect::<Vec<_>>();
    json!({
        "headline": wrong.headline(),
        "part": part(wrong.part),
        "at": wrong.at.0,
        "instruction": wrong.instruction,
        "subject": wrong.subject,
        "row": wrong.row,
        "expected": format!("{:#x}", wrong.expected),
        "actual": wrong.actual.map(|actual| format!("{actual:#x}")),
        "others": offsets(&wrong.others),
        "path": offsets(&wrong.path),
    })
}

/// What a run shows, as a JSON object.
pub(crate) fn refuted(refutation: &Refutation) -> Value {
    let also: Vec<String> = refutation.also.iter().map(|property| format!("{property:?}")).collect();
    let path: Vec<u32> = refutation.path.iter().map(|at| at.0).collect();
    json!({
        "headline": refutation.headline(),
        "part": part(refutation.part),
        "property": format!("{:?}", refutation.property),
        "name": refutation.property.to_string(),
        "subject": refutation.subject,
        "slot": refutation.slot.map(|slot| slot.0),
        "expected": format!("{:#x}", refutation.expected),
        "actual": format!("{:#x}", refutation.actual),
        "seen_at": refutation.seen_at.0,
        "wrong_at": refutation.wrong_at.0,
        "instruction": refutation.instruction,
        "also": also,
        "path": path,
    })
}
