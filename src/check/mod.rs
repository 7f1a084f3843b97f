//! Records judged: from a line of a JIT's output to a verdict.
//!
//! ```
//! use framewright::check::Checker;
//! use framewright::records::parse;
//! use framewright_spec::Spec;
//! use framewright_verifier::foreign::Verdict;
//!
//! let line = br#"{"method":"f","target":"x64-sysv","code":"53e8000000005bc3","parts":[{"begin":0,"end":8,"unwind":""}]}"#;
//! let record = parse("example", 1, line).expect("a record");
//! let answer = Checker::new(Spec::embedded(), None).check(&record).expect("a known target");
//! assert!(matches!(answer.verdict, Verdict::Undecided(_)), "it calls its own body");
//! ```

mod answer;
mod unwind;

pub use answer::Answer;
pub(crate) use answer::refuted;

use crate::records::{Body, Method, Pair, Record};
use framewright_spec::{Reg, Spec, SpecError};
use framewright_verifier::foreign::{self, Arrival, Judge, Patchpoint};
use framewright_verifier::unwind::Format;
use std::collections::BTreeMap;
use unwind::Rows;

/// Names of targets in records, their conventions and formats of unwind data: `name convention format` a line, `#` to the
/// end of a line is a comment.
const TARGETS: &str = include_str!("../../spec/abis/targets.txt");

/// Why a record cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A target that nothing is known of.
    #[error("target `{0}` is not known; known are {known}, and the names of conventions", known = targets_list())]
    UnknownTarget(String),
    /// A pair that does not say how the second method is entered.
    #[error("the record does not say how the second method is entered; name a transition (`--transition`)")]
    NoTransition,
    /// Not in the specification.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A register that the machine does not have.
    #[error("`callee_saves` names `{0}`, which is no register of the machine")]
    UnknownRegister(String),
    /// Unwind data that nobody reads.
    #[error("unwind data of format `{0}` is not known; known are {known}", known = formats_list())]
    UnknownUnwindFormat(String),
}

/// Judges records of any target.
pub struct Checker<'s> {
    spec: &'s Spec,
    transition: Option<String>,
    judges: BTreeMap<String, Judge<'s>>,
}

impl<'s> Checker<'s> {
    /// A checker; `transition` is how second methods are entered, whatever a record says.
    pub fn new(spec: &'s Spec, transition: Option<String>) -> Checker<'s> {
        Checker { spec, transition, judges: BTreeMap::new() }
    }

    /// The verdict on a record.
    ///
    /// # Errors
    /// It speaks of something that the specification does not have.
    pub fn check(&mut self, record: &Record) -> Result<Answer, CheckError> {
        let abi = self.judge(record)?;
        let judge = &self.judges[&abi];
        let format = unwind::format(record)?;
        let rows = |method: &Method| Rows::of(method, format, judge.machine());
        match &record.body {
            Body::Single(method) => {
                let rows = rows(method);
                let (verdict, unwinding) = judge.single_unwound(&rows.view(method));
                let unwinding = vec![rows.verdict(unwinding)];
                Ok(Answer { abi, transition: None, verdict, unwinding })
            }
            Body::Pair(pair) => {
                let name = self.transition(record)?;
                let (arrival, patchpoint) = (Arrival::of(self.spec, &abi, &name)?, patchpoint(judge, pair)?);
                let (first, second) = (rows(&pair.tier0), rows(&pair.osr));
                let methods = (first.view(&pair.tier0), second.view(&pair.osr));
                let (verdict, [source, target]) =
                    judge.pair_unwound(&methods.0, &methods.1, &patchpoint, &arrival);
                let unwinding = vec![first.verdict(source), second.verdict(target)];
                Ok(Answer { abi, transition: Some(name), verdict, unwinding })
            }
        }
    }

    /// What concrete runs of a record's methods show to be wrong; see [`Judge::try_single`].
    ///
    /// # Errors
    /// As for [`Checker::check`].
    pub fn trial(&mut self, record: &Record, seeds: std::ops::Range<u64>) -> Result<Vec<String>, CheckError> {
        let abi = self.judge(record)?;
        let judge = &self.judges[&abi];
        match &record.body {
            Body::Single(method) => Ok(judge.try_single(&view(method), seeds)),
            Body::Pair(pair) => {
                let arrival = Arrival::of(self.spec, &abi, &self.transition(record)?)?;
                let patchpoint = patchpoint(judge, pair)?;
                Ok(judge.try_pair(&view(&pair.tier0), &view(&pair.osr), &patchpoint, &arrival, seeds))
            }
        }
    }

    /// What random runs of a record's methods show to be wrong of their unwind data, for each: for tests of the judge.
    ///
    /// # Errors
    /// As for [`Checker::check`].
    pub fn trial_of_rows(
        &mut self,
        record: &Record,
        seeds: std::ops::Range<u64>,
    ) -> Result<Vec<Vec<String>>, CheckError> {
        let abi = self.judge(record)?;
        let judge = &self.judges[&abi];
        let format = unwind::format(record)?;
        let rows = |method: &Method| Rows::of(method, format, judge.machine());
        match &record.body {
            Body::Single(method) => Ok(vec![judge.try_rows(&rows(method).view(method), seeds)]),
            Body::Pair(pair) => {
                let arrival = Arrival::of(self.spec, &abi, &self.transition(record)?)?;
                let patchpoint = patchpoint(judge, pair)?;
                let (first, second) = (rows(&pair.tier0), rows(&pair.osr));
                let (source, target) = (first.view(&pair.tier0), second.view(&pair.osr));
                let first = judge.try_rows(&source, seeds.clone());
                Ok(vec![first, judge.try_rows_of_target(&source, &target, &patchpoint, &arrival, seeds)])
            }
        }
    }

    fn transition(&self, record: &Record) -> Result<String, CheckError> {
        let name = self.transition.as_ref().or(record.transition.as_ref());
        name.cloned().ok_or(CheckError::NoTransition)
    }

    /// Makes the judge for a record's convention, whose name it gives.
    fn judge(&mut self, record: &Record) -> Result<String, CheckError> {
        let abi = self.convention(record)?;
        if !self.judges.contains_key(&abi) {
            self.judges.insert(abi.clone(), Judge::new(self.spec, &abi)?);
        }
        Ok(abi)
    }

    /// The name of a record's convention.
    ///
    /// # Errors
    /// Neither its convention nor its target is known.
    pub fn convention(&self, record: &Record) -> Result<String, CheckError> {
        if let Some(abi) = &record.abi {
            return Ok(self.spec.abi(abi)?.name.clone());
        }
        let listed = targets().find(|target| target.name == record.target).map(|target| target.abi);
        let name = listed.unwrap_or(&record.target);
        let known = self.spec.abis.get(name).map(|abi| abi.name.clone());
        known.ok_or_else(|| CheckError::UnknownTarget(record.target.clone()))
    }
}

/// A line of the list of targets.
struct Target {
    name: &'static str,
    abi: &'static str,
    /// The usual format of unwind data.
    unwind: Option<&'static str>,
}

fn targets() -> impl Iterator<Item = Target> {
    let lines = TARGETS.lines().map(|line| line.split('#').next().unwrap_or_default());
    lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        Some(Target { name: words.next()?, abi: words.next()?, unwind: words.next() })
    })
}

fn targets_list() -> String {
    let names: Vec<String> = targets().map(|target| format!("`{}`", target.name)).collect();
    names.join(", ")
}

fn formats_list() -> String {
    let names: Vec<String> = Format::ALL.iter().map(|format| format!("`{}`", format.name())).collect();
    names.join(", ")
}

fn view(method: &Method) -> foreign::Method<'_> {
    let body = method.parts.first().map_or((0, 0), |part| (part.begin, part.end));
    foreign::Method { funclets: method.parts.len() > 1, ..foreign::Method::alone(&method.code.0, body) }
}

fn patchpoint(judge: &Judge<'_>, pair: &Pair) -> Result<Patchpoint, CheckError> {
    let info = &pair.patchpoint_info;
    let register = |name: &String| -> Result<Reg, CheckError> {
        let machine = judge.machine();
        let view = machine.views.get(name).ok_or_else(|| CheckError::UnknownRegister(name.clone()))?;
        Ok(view.reg)
    };
    let locals = info.locals.iter().enumerate().map(|(number, l)| (format!("local {number}"), l.offset));
    let special = [
        ("generic context", info.generic_context),
        ("kept-alive this", info.kept_alive_this),
        ("security cookie", info.security_cookie),
        ("monitor-acquired flag", info.monitor_acquired),
    ];
    let special = special.into_iter().filter_map(|(name, offset)| Some((name.to_owned(), offset?)));
    Ok(Patchpoint {
        id: pair.il_offset,
        callee_saves: info.callee_saves.iter().map(register).collect::<Result<_, _>>()?,
        frame_bytes: info.total_frame_size,
        slots: locals.chain(special).collect(),
    })
}
