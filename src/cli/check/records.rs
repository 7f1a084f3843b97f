//! `framewright check`: compiled methods that somebody else made, one JSON object a line.

use super::{Common, Failure, input, output};
use clap::ValueEnum;
use framewright::check::{Answer, Checker};
use framewright::records::{self, BadLine, Record};
use framewright_spec::Spec;
use std::collections::BTreeMap;
use std::io::{BufReader, IsTerminal};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Lines that are read before any of them is judged.
const BATCH: usize = 512;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 all proven, 1 something is not, 2 a line is no record.\n\
    The format is described in spec/RECORDS.md; what is assumed, in SOUNDNESS.md.")]
pub(crate) struct Args {
    /// Records of compiled methods, one JSON object a line
    #[arg(required = true, value_name = "FILE.jsonl")]
    files: Vec<PathBuf>,
    /// How the second method of a pair is entered, whatever its record says (`ryujit`, `ryujit-unwind`)
    #[arg(long, value_name = "NAME")]
    transition: Option<String>,
    /// Tell only of records with this verdict
    #[arg(long, value_name = "VERDICT")]
    only: Option<Word>,
    /// Threads
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    jobs: u32,
    /// Tell how long it took, on standard error
    #[arg(long)]
    stats: bool,
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Word {
    Proven,
    Refuted,
    Undecided,
    Unsupported,
}

impl Word {
    fn is(self, word: &str) -> bool {
        self.to_possible_value().is_some_and(|value| value.get_name() == word)
    }
}

/// A line judged.
type Judged = Result<(u32, Record, Answer), BadLine>;

/// Runs the command.
///
/// # Errors
/// Bad input, or something that is not proven.
pub(crate) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let spec = input::spec(common)?;
    let mut session = Session { common, args, spec: &spec, counts: BTreeMap::new(), bad: 0, done: 0 };
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
            for judged in self.judge(&name, &batch) {
                self.tell(&name, judged)?;
            }
            self.progress();
        }
    }

    /// The verdicts on a batch, in its order.
    fn judge(&self, file: &str, batch: &[Result<(u32, Vec<u8>), BadLine>]) -> Vec<Judged> {
        let next = AtomicUsize::new(0);
        let worker = || {
            let mut checker = Checker::new(self.spec, self.args.transition.clone());
            let mut judged = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(line) = batch.get(index) else { return judged };
                judged.push((index, one(&mut checker, file, line)));
            }
        };
        let mut judged: Vec<(usize, Judged)> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..self.args.jobs).map(|_| scope.spawn(worker)).collect();
            let mut all = worker();
            for other in others {
                match other.join() {
                    Ok(more) => all.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            all
        });
        judged.sort_by_key(|(index, _)| *index);
        judged.into_iter().map(|(_, judged)| judged).collect()
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
        if self.args.only.is_some_and(|only| !only.is(word)) {
            return Ok(());
        }
        if self.common.json {
            return output::line(answer.to_json(file, line, &record));
        }
        let (method, detail) = (&record.method, answer.detail());
        match word {
            "proven" => output::line(format!("{word:12} {:14} {method}: {detail}", record.target)),
            _ => output::line(format!(
                "{word:12} {:14} {method}\n             {file}:{line}: {detail}",
                record.target
            )),
        }
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
            let summary: serde_json::Map<String, serde_json::Value> =
                words.iter().map(|word| ((*word).to_owned(), count(word).into())).collect();
            output::line(serde_json::json!({ "summary": summary }))?;
        } else {
            let counts: Vec<String> = words.iter().map(|word| format!("{} {word}", count(word))).collect();
            let bad = if self.bad > 0 { format!(", {} bad lines", self.bad) } else { String::new() };
            output::line(format!("{} records: {}{bad}", self.done - self.bad, counts.join(", ")))?;
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
