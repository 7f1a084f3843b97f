//! ELF files, function by function.

use super::tally::{self, Spent, Tally, Watch};
use super::{Args, listing};
use crate::cli::{Common, Failure, input, output};
use framewright::object::{self, Judging, Member, ObjectError, Program, Told};
use framewright_spec::Spec;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// Judges files and tells how it went.
///
/// # Errors
/// Bad input, or a function that is refuted.
pub(super) fn run(common: &Common, args: &Args, spec: &Spec) -> Result<(), Failure> {
    let mut session = Session { common, args, spec, refuted: 0, bad: 0, matched: 0 };
    if args.markdown {
        output::line(tally::MARKDOWN_HEAD)?;
    }
    for path in &args.files {
        let name = path.display().to_string();
        let bytes = input::bytes(path)?;
        session.file(&name, &bytes)?;
    }
    if let Some(pattern) = args.function.as_ref().filter(|_| session.matched == 0 && session.bad == 0) {
        return Err(Failure::Input(format!(
            "no function is called `{pattern}` (`*` and `?` stand for any letters)"
        )));
    }
    match (session.bad, session.refuted) {
        (0, 0) => Ok(()),
        (0, _) => Err(Failure::Found),
        _ => Err(Failure::Bad),
    }
}

struct Session<'a> {
    common: &'a Common,
    args: &'a Args,
    spec: &'a Spec,
    refuted: u32,
    bad: u32,
    /// Functions that were asked for by name.
    matched: u32,
}

impl Session<'_> {
    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let members = match object::members(bytes) {
            Ok(members) => members,
            Err(error) => return self.bad(name, &error),
        };
        let mut tally = Tally::new(name);
        let watch = Watch::start(self.args.jobs);
        for Member { name: member, bytes } in members {
            let full = member.map_or_else(|| name.to_owned(), |member| format!("{name}({member})"));
            match Program::read(self.spec, bytes, self.common.abi.as_deref()) {
                Ok(program) => self.program(&full, &program, &mut tally)?,
                Err(error) => self.bad(&full, &error)?,
            }
        }
        self.refuted += tally.verdict("refuted");
        self.summary(&tally, &watch.spent())
    }

    fn bad(&mut self, name: &str, error: &ObjectError) -> Result<(), Failure> {
        self.bad += 1;
        if self.common.json {
            return output::line(serde_json::json!({ "error": { "file": name, "message": error.what } }));
        }
        output::note(format!("error: {name}: {error}"));
        Ok(())
    }

    fn program(&mut self, name: &str, program: &Program<'_>, tally: &mut Tally) -> Result<(), Failure> {
        let judge = match program.judge(self.spec) {
            Ok(judge) if self.args.linear => judge.linear(),
            Ok(judge) => judge,
            Err(error) => return self.bad(name, &error),
        };
        let judging = Judging::new(&judge, program, self.args.jobs);
        let bar = bar(name);
        let wanted = |number: u32| self.wanted(program, number);
        let answers = judging.run(&wanted, &mut |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        tally.program(program);
        for (function, answer) in program.functions.iter().zip(&answers) {
            let Some(answer) = answer else { continue };
            let told = Told { program, function, answer };
            tally.add(&told);
            self.matched += 1;
            self.tell(name, &told)?;
        }
        Ok(())
    }

    fn wanted(&self, program: &Program<'_>, number: u32) -> bool {
        let Some(pattern) = &self.args.function else { return true };
        let function = &program.functions[number as usize];
        let address = program.image.texts[function.text].address + u64::from(function.begin);
        let by_name = function.names.iter().any(|name| listing::matches(pattern, name));
        by_name || listing::matches(pattern, &format!("{address:#x}"))
    }

    fn tell(&self, file: &str, told: &Told<'_>) -> Result<(), Failure> {
        let word = told.word();
        let hidden = self.args.summary || self.args.markdown;
        if hidden || self.args.only.is_some_and(|only| !only.is(word)) {
            return Ok(());
        }
        if self.common.json {
            return output::line(told.to_json(file));
        }
        let unwinding = told.unwinding();
        output::line(format!(
            "{word:12} {unwinding:12} {:12x} {:8} {}",
            told.address(),
            told.bytes(),
            told.name()
        ))?;
        for why in told.why().into_iter().chain(told.why_not_unwound()) {
            output::line(format!("             {why}"))?;
        }
        match self.args.function {
            Some(_) => listing::print(self.spec, told),
            None => Ok(()),
        }
    }

    fn summary(&self, tally: &Tally, spent: &Spent) -> Result<(), Failure> {
        if self.args.markdown {
            output::line(tally.markdown(spent))?;
        } else if self.common.json {
            output::line(tally.to_json())?;
        } else {
            tally.lines().into_iter().try_for_each(output::line)?;
        }
        if self.args.stats {
            output::note(tally.speed(spent));
        }
        Ok(())
    }
}

/// How far it is, where somebody watches.
fn bar(name: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec} {eta}");
    let bar = ProgressBar::new(0).with_message(name.to_owned());
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
