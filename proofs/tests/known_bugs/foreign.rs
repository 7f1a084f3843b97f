//! Forms judged as other people's code: as records, by what `framewright check` runs.

use crate::Answer;
use crate::contract::{Contract, Judge};
use crate::objects::Functions;
use framewright::check::Checker;
use framewright::records::{Body, Hex, Local, Method, Pair, Part, PatchpointInfo, Record};
use framewright_spec::Spec;
use framewright_verifier::foreign::Verdict;

/// How many random runs what is proven must stand.
const RUNS: u64 = 8;

/// The verdict on a form.
pub(crate) fn judge(contract: &Contract, form: &str, functions: &Functions) -> Result<Answer, String> {
    let record = Record {
        method: contract.name.clone(),
        target: contract.convention.clone(),
        abi: None,
        runtime: None,
        unwind_format: None,
        transition: contract.value(form, "transition").map(str::to_owned),
        body: body(contract, form, functions)?,
    };
    let mut checker = Checker::new(Spec::embedded(), None);
    let answer = checker.check(&record).map_err(|error| error.to_string())?;
    match answer.verdict {
        Verdict::Proven(_) => {
            let wrong = checker.trial(&record, 0..RUNS).map_err(|error| error.to_string())?;
            if wrong.is_empty() {
                Ok(Answer::Proven)
            } else {
                Err(format!("proven, but a run shows {wrong:?}"))
            }
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

fn body(contract: &Contract, form: &str, functions: &Functions) -> Result<Body, String> {
    let method = |name: &str| -> Result<Method, String> {
        let own = functions.get(name).or_else(|| functions.get(&name.replace(form, "source")));
        let function = own.ok_or(format!("no function `{name}`"))?;
        let part = Part { begin: 0, end: function.bytes.len() as u32, unwind: Hex::default() };
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
