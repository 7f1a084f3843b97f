//! Forms judged as other people's code: as records, by what `framewright check` runs.

use crate::Answer;
use crate::contract::{Contract, Judge};
use crate::objects::Functions;
use framewright::check::Checker;
use framewright::records::{Body, Hex, Local, Method, Pair, Part, PatchpointInfo, Record};
use framewright_spec::Spec;
use framewright_verifier::foreign::{Unwinding, Verdict};
use framewright_verifier::unwind::{Fault, Format};

/// How many random runs what is proven must stand.
const RUNS: u64 = 8;

/// The verdict on a form.
pub(crate) fn judge(contract: &Contract, form: &str, functions: &Functions) -> Result<Answer, String> {
    let data = functions.values().find_map(|function| function.unwind.as_ref());
    let record = Record {
        method: contract.name.clone(),
        target: contract.convention.clone(),
        abi: None,
        runtime: None,
        unwind_format: data.map(|unwind| unwind.format.to_owned()),
        transition: contract.value(form, "transition").map(str::to_owned),
        body: body(contract, form, functions)?,
    };
    let mut checker = Checker::new(Spec::embedded(), None);
    let answer = checker.check(&record).map_err(|error| error.to_string())?;
    match answer.verdict {
        Verdict::Proven(_) => {
            let wrong = checker.trial(&record, 0..RUNS).map_err(|error| error.to_string())?;
            if !wrong.is_empty() {
                return Err(format!("proven, but a run shows {wrong:?}"));
            }
            unwinding(contract, &record, &answer.unwinding)
        }
        Verdict::Refuted(found) if found.path.is_empty() || found.expected == found.actual => {
            Err(format!("no run shows it: {}", found.headline()))
        }
        Verdict::Refuted(found) => {
            Ok(Answer::Refuted { property: format!("{:?}", found.property), headline: found.headline() })
        }
        Verdict::Undecided(why) => Ok(Answer::Other(format!("undecided: {why}"))),
        Verdict::Unsupported(what) => Ok(Answer::Other(format!("unsupported: {what}"))),
    }
}

/// The answer for a form whose frame is right: what is said of its unwind data, if it has any.
fn unwinding(contract: &Contract, record: &Record, answers: &[Unwinding]) -> Result<Answer, String> {
    let told = || answers.iter().filter(|answer| !matches!(answer, Unwinding::None));
    let matters = contract.expect.as_ref().is_some_and(|(property, _)| property == "P10");
    if matters && told().next().is_none() {
        return Err("there is no unwind data".to_owned());
    }
    let refuted = |headline| Ok(Answer::Refuted { property: "P10".to_owned(), headline });
    for answer in told() {
        let wrong = answer.wrong();
        if wrong.is_some_and(|wrong| wrong.path.is_empty() || wrong.actual == Some(wrong.expected)) {
            return Err(format!("no run shows it: {}", answer.detail()));
        }
        match answer {
            Unwinding::Proven { .. } => {}
            Unwinding::Refuted(wrong) => return refuted(wrong.headline()),
            _ if wrong.is_some() => return refuted(format!("{}: {}", answer.word(), answer.detail())),
            Unwinding::Unsupported(what) if malformed(record) => {
                return refuted(format!("malformed: {what}"));
            }
            other => return Ok(Answer::Other(format!("{}: {}", other.word(), other.detail()))),
        }
    }
    Ok(Answer::Proven)
}

/// Whether the unwind data of a record is not as published, which is as good as wrong.
fn malformed(record: &Record) -> bool {
    let (Body::Single(method), Some(format)) = (&record.body, &record.unwind_format) else { return false };
    let machine = Spec::embedded().machine_of_abi(&record.target);
    let (Some(part), Ok(machine)) = (method.parts.first(), machine) else { return false };
    let read = Format::named(format)
        .map(|format| format.read(&part.unwind.0, &method.code.0, part.begin..part.end, machine));
    matches!(read, Some(Err(error)) if error.fault == Fault::Malformed)
}

fn body(contract: &Contract, form: &str, functions: &Functions) -> Result<Body, String> {
    let method = |name: &str| -> Result<Method, String> {
        let own = functions.get(name).or_else(|| functions.get(&name.replace(form, "source")));
        let function = own.ok_or(format!("no function `{name}`"))?;
        let unwind = function.unwind.as_ref().map(|unwind| unwind.bytes.clone()).unwrap_or_default();
        let part = Part { begin: 0, end: function.bytes.len() as u32, unwind: Hex(unwind) };
        Ok(Method { code: Hex(function.bytes.clone()), parts: vec![part] })
    };
    if contract.judge == Judge::Foreign {
        return method(form).map(Body::Single);
    }
    let number = |text: &str| text.parse::<i64>().map_err(|_| format!("`{text}` is no number"));
    let optional = |key: &str| contract.value(form, key).map(number).transpose();
    let words = |key: &str| contract.value(form, key).unwrap_or_default().split_whitespace();
    let local = |text: &str| number(text).map(|offset| Local { offset, exposed: false });
    Ok(Body::Pair(Box::new(Pair {
        il_offset: optional("patchpoint")?.map(|number| number as u32),
        patchpoint_info: PatchpointInfo {
            callee_saves: words("callee-saves").map(str::to_owned).collect(),
            total_frame_size: optional("frame-bytes")?.ok_or("no `frame-bytes`")?,
            locals: words("slots").map(local).collect::<Result<_, _>>()?,
            generic_context: optional("generic-context")?,
            ..PatchpointInfo::default()
        },
        tier0: method(&format!("{form}.tier0"))?,
        osr: method(&format!("{form}.osr"))?,
    })))
}
