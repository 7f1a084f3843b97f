//! ELF files, function by function.

use super::Args;
use crate::cli::{Common, Failure, output};
use framewright::object::{Answer, Function, Judging, Kind, ObjectError, Program};
use framewright_spec::Spec;
use framewright_verifier::foreign::Verdict;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Judges files and tells how it went.
///
/// # Errors
/// Bad input, or a function that is refuted.
pub(super) fn run(common: &Common, args: &Args, spec: &Spec) -> Result<(), Failure> {
    let mut refuted = 0;
    for path in &args.files {
        refuted += file(common, args, spec, path)?;
    }
    if refuted == 0 { Ok(()) } else { Err(Failure::Found) }
}

fn file(common: &Common, args: &Args, spec: &Spec, path: &Path) -> Result<u32, Failure> {
    let fail = |error: ObjectError| Failure::Input(format!("{}: {error}", path.display()));
    let bytes = crate::cli::input::bytes(path)?;
    let program = Program::read(spec, &bytes, common.abi.as_deref()).map_err(fail)?;
    let start = Instant::now();
    let judging = Judging::new(spec, &program, args.jobs).map_err(fail)?;
    let answers = judging.run(&|_| true, &mut |_, _| ());
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for (function, answer) in program.functions.iter().zip(&answers) {
        let Some(answer) = answer else { continue };
        *counts.entry(word(&answer.verdict)).or_default() += 1;
        tell(args, &program, function, answer)?;
    }
    output::line(format!("{counts:?} {:?}", program.notes))?;
    let seconds = start.elapsed().as_secs_f64();
    output::note(format!("{seconds:.3} s"));
    Ok(counts.get("refuted").copied().unwrap_or(0))
}

fn tell(args: &Args, program: &Program<'_>, function: &Function<'_>, answer: &Answer) -> Result<(), Failure> {
    let word = word(&answer.verdict);
    if args.only.is_some_and(|only| !only.is(word)) || function.kind == Kind::Part {
        return Ok(());
    }
    let name = function.names.first().copied().unwrap_or("?");
    let address = program.image.texts[function.text].address + u64::from(function.begin);
    let detail = match &answer.verdict {
        Verdict::Proven(_) => String::new(),
        Verdict::Refuted(refutation) => refutation.headline(),
        Verdict::Undecided(why) | Verdict::Unsupported(why) => why.clone(),
    };
    output::line(format!("{word:12} {address:8x} {name} {detail}"))
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Proven(_) => "proven",
        Verdict::Refuted(_) => "refuted",
        Verdict::Undecided(_) => "undecided",
        Verdict::Unsupported(_) => "unsupported",
    }
}
