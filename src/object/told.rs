//! What is told of a judged function: words, reasons, JSON.

use super::{Answer, Function, Kind, Program, Word};
use crate::check::refuted;
use framewright_verifier::foreign::{Unwinding, Verdict};
use serde_json::{Map, Value, json};

/// A function with its answer.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The program.
    pub program: &'a Program<'a>,
    /// The function.
    pub function: &'a Function<'a>,
    /// What was found.
    pub answer: &'a Answer<'a>,
}

impl<'a> Told<'a> {
    /// Its name, or its address where it has none.
    pub fn name(&self) -> String {
        let of = |function: &Function<'_>, address: u64| {
            let name = function.names.first().map(|name| (*name).to_owned());
            name.unwrap_or_else(|| format!("{address:#x}"))
        };
        match self.answer.stands_for {
            None => of(self.function, self.address()),
            Some(Word::Import(name)) => format!("{name}@plt"),
            Some(Word::To(address) | Word::Resolved(address)) => {
                let behind =
                    self.program.image.text(address).and_then(|(text, at)| self.program.function(text, at));
                let name = behind.map(|(number, _)| of(&self.program.functions[number as usize], address));
                format!("{}@plt", name.unwrap_or_else(|| format!("{address:#x}")))
            }
        }
    }

    /// The address of its first byte, as linked.
    pub fn address(&self) -> u64 {
        self.program.image.texts[self.function.text].address + u64::from(self.function.begin)
    }

    /// Bytes, without parts that lie elsewhere.
    pub fn bytes(&self) -> u32 {
        self.function.end - self.function.begin
    }

    /// The verdict in a word.
    pub fn word(&self) -> &'static str {
        match self.answer.verdict {
            Verdict::Proven(_) => "proven",
            Verdict::Refuted(_) => "refuted",
            Verdict::Undecided(_) => "undecided",
            Verdict::Unsupported(_) => "unsupported",
        }
    }

    /// Why it is not proven, with addresses as linked.
    pub fn why(&self) -> Option<String> {
        match &self.answer.verdict {
            Verdict::Proven(_) => None,
            Verdict::Refuted(refutation) => {
                let place = |at: framewright_spec::CodeOffset| self.absolute(at.0);
                let subject = refutation.subject.as_deref().unwrap_or("return address");
                let slot = refutation.slot.map_or_else(String::new, |slot| format!(" (slot {slot})"));
                Some(format!(
                    "{:?} {}: {subject}{slot} is {:#x}, expected {:#x}, at {:x}; first wrong at {:x}: {}",
                    refutation.property,
                    refutation.property,
                    refutation.actual,
                    refutation.expected,
                    place(refutation.seen_at),
                    place(refutation.wrong_at),
                    refutation.instruction
                ))
            }
            Verdict::Undecided(why) | Verdict::Unsupported(why) => Some(self.placed(why)),
        }
    }

    /// The kind of the reason, without places and numbers: what many functions have in common.
    pub fn reason(&self) -> Option<String> {
        match &self.answer.verdict {
            Verdict::Proven(_) => None,
            Verdict::Refuted(refutation) => {
                Some(format!("{:?} {}", refutation.property, refutation.property))
            }
            Verdict::Undecided(why) | Verdict::Unsupported(why) => Some(kind_of(why)),
        }
    }

    /// The verdict on its unwind data in a word or two.
    pub fn unwinding(&self) -> &'static str {
        self.answer.unwinding.word()
    }

    /// Where its unwind data is wrong or not understood, with addresses as linked; not told where the function itself
    /// is not understood.
    pub fn why_not_unwound(&self) -> Option<String> {
        let unwinding = &self.answer.unwinding;
        if let Some(wrong) = unwinding.wrong() {
            let actual = wrong.actual.map_or_else(|| "lost".to_owned(), |actual| format!("{actual:#x}"));
            let more = match wrong.others.len() {
                0 => String::new(),
                more => format!("; so at {more} more"),
            };
            return Some(format!(
                "P10 unwinding: before {:x}: {}: {} by the row is {actual}, the caller's is {:#x}; row: {}{more}",
                self.absolute(wrong.at.0),
                wrong.instruction,
                wrong.subject,
                wrong.expected,
                wrong.row
            ));
        }
        let understood = matches!(self.answer.verdict, Verdict::Proven(_));
        match unwinding {
            Unwinding::None | Unwinding::Proven { .. } => None,
            _ if !understood => None,
            _ => Some(format!("P10 unwinding: {}", self.placed(&unwinding.detail()))),
        }
    }

    /// The kind of what is wrong with its unwind data.
    pub fn unwinding_reason(&self) -> Option<String> {
        let unwinding = &self.answer.unwinding;
        match unwinding.wrong() {
            Some(wrong) => Some(format!("{} by the row", wrong.subject)),
            None => self.why_not_unwound().map(|_| kind_of(&unwinding.detail())),
        }
    }

    /// What is assumed if it is proven, by name.
    pub fn assumptions(&self) -> impl Iterator<Item = &'static str> {
        let summary = match &self.answer.verdict {
            Verdict::Proven(summary) => Some(summary),
            _ => None,
        };
        summary.into_iter().flat_map(|summary| summary.assumptions.keys().copied())
    }

    fn absolute(&self, offset: u32) -> u64 {
        self.program.image.texts[self.function.text].address + u64::from(offset)
    }

    /// A text that may begin with an offset in the code, with the address instead.
    fn placed(&self, text: &str) -> String {
        let split = text.split_once(": ");
        let offset = split.and_then(|(at, rest)| Some((u32::from_str_radix(at, 16).ok()?, rest)));
        offset.map_or_else(|| text.to_owned(), |(at, rest)| format!("{:x}: {rest}", self.absolute(at)))
    }

    /// The function and its answer as a JSON object; `file` as the user named it, with the member of an archive.
    pub fn to_json(&self, file: &str) -> Value {
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
        let function = self.function;
        put("file", json!(file));
        put("function", json!(self.name()));
        put("names", json!(function.names));
        put("address", json!(self.address()));
        put("bytes", json!(self.bytes()));
        let kind = match function.kind {
            Kind::Function => "function",
            Kind::Resolver => "resolver",
            Kind::Part => "part",
            Kind::Slot => "plt",
        };
        put("kind", json!(kind));
        put("abi", json!(self.program.abi));
        let parts = self.answer.parts.iter().map(|&part| {
            let part = &self.program.functions[part as usize];
            json!({ "address": self.absolute(part.begin), "bytes": part.end - part.begin })
        });
        put("parts", parts.collect());
        put("verdict", json!(self.word()));
        match &self.answer.verdict {
            Verdict::Proven(summary) => {
                put("instructions", json!(summary.instructions));
                put("returns", json!(summary.returns));
                put("tail_jumps", json!(summary.tail_jumps));
                put("assumptions", json!(summary.assumptions));
            }
            Verdict::Refuted(refutation) => {
                put("why", json!(self.why()));
                put("refutation", refuted(refutation));
            }
            Verdict::Undecided(_) | Verdict::Unsupported(_) => put("why", json!(self.why())),
        }
        put("reason", json!(self.reason()));
        let wrong = self.answer.unwinding.wrong().map(|wrong| {
            json!({
                "address": self.absolute(wrong.at.0),
                "instruction": wrong.instruction,
                "subject": wrong.subject,
                "row": wrong.row,
                "expected": format!("{:#x}", wrong.expected),
                "actual": wrong.actual.map(|actual| format!("{actual:#x}")),
                "others": wrong.others.iter().map(|at| self.absolute(at.0)).collect::<Vec<_>>(),
            })
        });
        put("unwind", json!({ "verdict": self.unwinding(), "why": self.why_not_unwound(), "wrong": wrong }));
        Value::Object(object)
    }
}

/// A reason without the place that it begins with, and with `…` for numbers.
fn kind_of(reason: &str) -> String {
    let reason = match reason.split_once(": ") {
        Some((at, rest)) if u32::from_str_radix(at, 16).is_ok() => rest,
        _ => reason,
    };
    let is_number = |word: &str| {
        let digits = word.strip_prefix("0x").unwrap_or(word);
        let hex = digits.chars().all(|c| c.is_ascii_hexdigit());
        hex && !digits.is_empty()
            && digits.contains(|c: char| c.is_ascii_digit())
            && (digits.len() >= 4 || digits != word)
    };
    let separators = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let mut kind = String::new();
    for piece in reason.split_inclusive(separators) {
        let word = piece.trim_end_matches(separators);
        if is_number(word) {
            kind.push('…');
            kind.push_str(&piece[word.len()..]);
        } else {
            kind.push_str(piece);
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::kind_of;

    #[test]
    fn reasons_of_one_kind_are_alike() {
        for (reason, kind) in [
            ("1fa0: no row for `xbegin`", "no row for `xbegin`"),
            (
                "0012: P1 stack balance: rsp is any; no run shows it",
                "P1 stack balance: rsp is any; no run shows it",
            ),
            ("12abc0: jump to 0x1234f, 0012ab", "jump to …, …"),
            ("a jump into add", "a jump into add"),
        ] {
            assert_eq!(kind_of(reason), kind);
        }
    }
}
