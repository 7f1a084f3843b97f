//! Compiled methods that somebody else made, one JSON object a line.

use super::Args;
use crate::cli::{Common, Failure, output};
use framewright::check::{Answer, Checker};
use framewright::jobs::in_order;
use framewright::records::{self, BadLine, Record};
use framewright_spec::Spec;
use framewright_verifier::foreign::Unwinding;
use std::collections::BTreeMap;
use std::io::{BufReader, IsTerminal};
use std::path::PathBuf;
use std::time::Instant;

/// Lines that are read before any of them is judged.
const BATCH: usize = 512;

/// A line judged.
type Judged = Result<(u32, Record, Answer), BadLine>;

/// Judges files of records and tells how it went.
///
/// # Errors
/// Bad input, or something that is not proven.
pub(super) fn run(common: &Common, args: &Args, spec: &Spec) -> Result<(), Failure> {
    let (counts, unwinding) = (BTreeMap::new(), BTreeMap::new());
    let mut session = Session { common, args, spec, counts, unwinding, bad: 0, done: 0 };
    let start = Instant::now();
    for path in &args.files {
        session.file(path)?;
    }
    session.finish(start)
}

struct Session<'a> {
    common: &'a Common,
    args: &'a Args,
    spec: &'a Spec,
    /// Records by verdict.
    counts: BTreeMap<&'static str, u32>,
    /// Methods that have unwind data, by the verdict on that.
    unwinding: BTreeMap<&'static str, u32>,
    bad: u32,
    done: u32,
}

impl Session<'_> {
    fn file(&mut self, path: &PathBuf) -> Result<(), Failure> {
        let name = path.display().to_string();
        let fail = |error| Failure::Input(format!("cannot read {name}: {error}"));
        let file = std::fs::File::open(path).map_err(fail)?;
        let mut lines = records::numbered(&name, BufReader::new(file));
        loop {
            let batch: Vec<_> = lines.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            self.judge(&name, &batch)?;
            self.progress();
        }
    }

    /// Tells the verdicts on a batch, in its order.
    fn judge(&mut self, name: &str, batch: &[Result<(u32, Vec<u8>), BadLine>]) -> Result<(), Failure> {
        let (spec, args) = (self.spec, self.args);
        let state = || Checker::new(spec, args.transition.clone());
        let work = |checker: &mut Checker<'_>, index: usize| one(checker, name, &batch[index]);
        in_order(args.jobs, batch.len(), state, work, |_, judged| self.tell(name, judged))
    }

    fn tell(&mut self, file: &str, judged: Judged) -> Result<(), Failure> {
        self.done += 1;
        let (line, record, answer) = match judged {
            Ok(judged) => judged,
            Err(bad) => {
                self.bad += 1;
                if self.common.json {
                    let BadLine { file, line, what } = bad;
                    return output::line(
                        serde_json::json!({ "error": { "file": file, "line": line, "message": what } }),
                    );
                }
                output::note(format!("error: {bad}"));
                return Ok(());
            }
        };
        let word = answer.word();
        *self.counts.entry(word).or_default() += 1;
        for unwinding in answer.unwinding.iter().filter(|unwinding| !matches!(unwinding, Unwinding::None)) {
            *self.unwinding.entry(unwinding.word()).or_default() += 1;
        }
        if self.args.only.is_some_and(|only| !only.is(word)) {
            return Ok(());
        }
        if self.common.json {
            return output::line(answer.to_json(file, line, &record));
        }
        let (method, detail) = (&record.method, answer.detail());
        match word {
            "proven" => output::line(format!("{word:12} {:14} {method}: {detail}", record.target))?,
            _ => output::line(format!(
                "{word:12} {:14} {method}\n             {file}:{line}: {detail}",
                record.target
            ))?,
        }
        let odd = |unwinding: &&Unwinding| !matches!(unwinding, Unwinding::None | Unwinding::Proven { .. });
        for unwinding in answer.unwinding.iter().filter(odd) {
            output::line(format!("             unwind data: {}: {}", unwinding.word(), unwinding.detail()))?;
        }
        Ok(())
    }

    /// How far it is, where somebody watches.
    fn progress(&self) {
        let watched = std::io::stderr().is_terminal() && !std::io::stdout().is_terminal();
        if watched {
            eprint!("\r{} records", self.done);
        }
    }

    fn finish(self, start: Instant) -> Result<(), Failure> {
        let count = |word: &str| self.counts.get(word).copied().unwrap_or(0);
        let words = ["proven", "refuted", "undecided", "unsupported"];
        let seconds = start.elapsed().as_secs_f64();
        if self.common.json {
            let mut summary: serde_json::Map<String, serde_json::Value> =
                words.iter().map(|word| ((*word).to_owned(), count(word).into())).collect();
            if !self.unwinding.is_empty() {
                summary.insert("unwinding".to_owned(), serde_json::json!(self.unwinding));
            }
            output::line(serde_json::json!({ "summary": summary }))?;
        } else {
            let counts: Vec<String> = words.iter().map(|word| format!("{} {word}", count(word))).collect();
            let bad = if self.bad > 0 { format!(", {} bad lines", self.bad) } else { String::new() };
            output::line(format!("{} records: {}{bad}", self.done - self.bad, counts.join(", ")))?;
            let unwinding: Vec<String> =
                self.unwinding.iter().map(|(word, count)| format!("{count} {word}")).collect();
            if !unwinding.is_empty() {
                let methods: u32 = self.unwinding.values().sum();
                output::line(format!("unwind data of {methods} methods: {}", unwinding.join(", ")))?;
            }
        }
        if self.args.stats {
            let rate = f64::from(self.done) / seconds;
            output::note(format!("{} records in {seconds:.3} s, {rate:.0} a second", self.done));
        }
        match (self.bad, self.done - count("proven")) {
            (0, 0) => Ok(()),
            (0, _) => Err(Failure::Found),
            _ => Err(Failure::Bad),
        }
    }
}

fn one(checker: &mut Checker<'_>, file: &str, line: &Result<(u32, Vec<u8>), BadLine>) -> Judged {
    let (line, text) = line.as_ref().map_err(BadLine::clone)?;
    let record = records::parse(file, *line, text)?;
    let bad = |what: String| BadLine { file: file.to_owned(), line: *line, what };
    let answer = checker.check(&record).map_err(|error| bad(error.to_string()))?;
    Ok((*line, record, answer))
}
