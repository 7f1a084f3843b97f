//! What is printed: lines that survive a closed pipe, errors, counterexamples.

use super::{Common, Failure, input};
use framewright::engine::config::scramble;
use framewright::engine::{EngineError, Reason, Refusal};
use framewright_spec::Spec;
use framewright_verifier::Counterexample;
use std::io::{IsTerminal, Write};

/// Writes a text to standard output as it is.
///
/// # Errors
/// [`Failure::Closed`] if nobody reads it.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::Input(format!("cannot write: {error}")),
    })
}

/// Writes a line to standard output.
///
/// # Errors
/// [`Failure::Closed`] if nobody reads it.
pub(crate) fn line(text: impl std::fmt::Display) -> Result<(), Failure> {
    print(&format!("{text}\n"))
}

/// Writes a line to standard error; what cannot be written there cannot be told.
pub(crate) fn note(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Whether to colour what goes to a stream.
pub(crate) fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// Tells of a failure and gives the exit code.
pub(crate) fn failure(common: &Common, failure: Failure) -> u8 {
    let (code, kind, message) = match failure {
        Failure::Closed => return 0,
        Failure::Found => return 1,
        Failure::Bad => return 2,
        Failure::Report(report) if !common.json => {
            note(format!("{report:?}"));
            return 2;
        }
        Failure::Report(report) => (2, "input", report.to_string()),
        Failure::Input(message) => (2, "input", message),
        Failure::Engine(error) => match *error {
            EngineError::Refused(refusal) => return refused(common, &refusal),
            EngineError::Spec(error) if !common.json => {
                note(format!("{:?}", miette::Report::new(error)));
                return 2;
            }
            EngineError::Trap(_) => (1, "trap", error.to_string()),
            EngineError::Internal(_) => (1, "internal", error.to_string()),
            _ => (2, "input", error.to_string()),
        },
    };
    if common.json {
        let _ = line(serde_json::json!({ "error": { "kind": kind, "message": message } }));
    } else {
        note(format!("error: {message}"));
    }
    code
}

/// Tells of code that was not proven; where there is a counterexample, shows and keeps it.
pub(crate) fn refused(common: &Common, refusal: &Refusal) -> u8 {
    let Reason::Refuted(counterexample) = &refusal.reason else {
        let text = format!("{refusal}; it was not run");
        if common.json {
            let _ = line(serde_json::json!({ "error": { "kind": "not proven", "message": text } }));
        } else {
            note(format!("error: {text}"));
        }
        return 1;
    };
    counterexample_found(common, counterexample, &format!("{refusal}; it was not run"));
    1
}

/// Shows and keeps a counterexample; `message` says what it refutes.
pub(crate) fn counterexample_found(common: &Common, counterexample: &Counterexample, message: &str) {
    let saved = save(common, counterexample);
    if common.json {
        let _ = line(serde_json::json!({
            "error": { "kind": "refuted", "message": message },
            "counterexample": counterexample,
            "saved": saved.as_ref().ok(),
        }));
        return;
    }
    match input::spec(common) {
        Ok(spec) => {
            note(counterexample.render(&spec, colour(&std::io::stderr())));
            spec_lines(&spec, counterexample).into_iter().for_each(note);
        }
        Err(_) => note(format!("refuted: {}", counterexample.headline)),
    }
    note(format!("error: {message}"));
    match saved {
        Ok(files) => {
            note(format!("written to {}", files.join(" and ")));
            note(format!("run it for real: framewright replay {}", files[0]));
        }
        Err(error) => note(format!("error: the counterexample was not written: {error}")),
    }
}

/// The lines of the specification that the wrong code was made from, and that say what it should do.
fn spec_lines(spec: &Spec, counterexample: &Counterexample) -> Vec<String> {
    let claim = &counterexample.claim;
    let in_epilog = counterexample.path.iter().any(|at| claim.epilogs.contains(at));
    let made_from = match (counterexample.at < claim.body, in_epilog) {
        (true, _) => Some(format!("frame {}: prolog", claim.frame)),
        (false, true) => Some(format!("frame {}: epilog", claim.frame)),
        (false, false) => None,
    };
    let statements = made_from.iter().chain(&counterexample.spec_items);
    let located = statements.filter_map(|statement| Some((statement, spec.stated_at(statement)?)));
    located.map(|(statement, at)| format!("  {statement}\n    {at}: {}", at.line_text())).collect()
}

/// Writes a counterexample to files; their names.
fn save(common: &Common, counterexample: &Counterexample) -> Result<Vec<String>, String> {
    let json = serde_json::to_string_pretty(counterexample).map_err(|e| e.to_string())?;
    let words: Vec<u64> = json.bytes().map(u64::from).collect();
    let stem = common.save.join(format!("counterexample-{:08x}", scramble(&words) as u32));
    let mut files = vec![(stem.with_extension("json"), json)];
    if common.emit_test {
        files.push((stem.with_extension("rs"), counterexample.emit_test()));
    }
    let written = files.into_iter().map(|(path, text)| {
        let name = path.display().to_string();
        std::fs::write(&path, text).map(|()| name.clone()).map_err(|e| format!("{name}: {e}"))
    });
    written.collect()
}
