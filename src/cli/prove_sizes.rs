//! `framewright prove`: machine × convention × frame × transition, each for all its shapes at once, a line each.

use super::prove_all::{prover, short, wanted};
use super::{Common, Failure, input, output};
use framewright::design::{Ending, Members, Prover, Sizes, Statement};
use framewright::engine::stats::micros;
use framewright::export::Export;
use framewright::jobs::in_order;
use std::io::IsTerminal;
use std::time::Duration;

/// What is asked for.
pub(crate) struct Wanted<'a> {
    /// Only frames, or transitions, of these names; none: all.
    pub(crate) frames: &'a [String],
    /// Print a table in Markdown.
    pub(crate) markdown: bool,
    /// Code that is held to each proof.
    pub(crate) members: Members,
    /// Threads.
    pub(crate) jobs: u32,
}

/// Runs the command.
///
/// # Errors
/// Bad input, or a statement that is not proven.
pub(crate) fn run(common: &Common, asked: &Wanted<'_>, export: Option<&Export>) -> Result<(), Failure> {
    let spec = input::spec(common)?;
    let wanted = wanted(common, &spec, asked.frames)?;
    let form = match (common.json, asked.markdown) {
        (true, _) => Form::Json,
        (false, true) => Form::Markdown,
        (false, false) => Form::Text,
    };
    let mut table =
        Table { common, form, statements: &wanted, members: asked.members, told: Vec::new(), shown: false };
    table.heading()?;
    table.progress();
    let answers = input::answers(common)?;
    let prover = || prover(&spec, export, answers.as_ref());
    let work = |prover: &mut Prover<'_>, index: usize| prover.prove_all_sizes(&wanted[index], asked.members);
    in_order(asked.jobs, wanted.len(), prover, work, |_, sizes| table.hear(sizes?))?;
    table.finish()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Markdown,
    Json,
}

struct Table<'a> {
    common: &'a Common,
    form: Form,
    statements: &'a [Statement],
    members: Members,
    /// Of the first statements; lines are told in order.
    told: Vec<Sizes>,
    /// A counterexample was shown.
    shown: bool,
}

const HEADINGS: [&str; 9] =
    ["convention", "frame", "entered by", "classes", "sets", "bytes", "conditions", "ms", "solver"];

impl Table<'_> {
    fn heading(&self) -> Result<(), Failure> {
        match self.form {
            Form::Json => Ok(()),
            Form::Text => output::line(text("", &HEADINGS.map(str::to_owned))),
            Form::Markdown => {
                output::line(format!("| {} |", HEADINGS.join(" | ")))?;
                output::line("|---|---|---|--:|--:|--:|--:|--:|--:|")
            }
        }
    }

    /// What is being proven, for whom it takes too long.
    fn progress(&self) {
        if let Some(next) = self.statements.get(self.told.len())
            && std::io::stderr().is_terminal()
        {
            let by = next.transition.as_ref().map_or(String::new(), |name| format!(" by {name}"));
            eprint!("{} of {}: {}{by}", self.told.len() + 1, self.statements.len(), next.frame);
        }
    }

    /// Takes back what [`Table::progress`] wrote.
    fn settled(&self) {
        if std::io::stderr().is_terminal() {
            eprint!("\r\x1b[K");
        }
    }

    fn hear(&mut self, sizes: Sizes) -> Result<(), Failure> {
        self.settled();
        self.row(&self.statements[self.told.len()], &sizes)?;
        if let Some(failure) = &sizes.failure {
            let message = format!("{}: {}", failure.shape, failure.why);
            match &failure.counterexample {
                Some(found) if !self.shown => {
                    self.shown = true;
                    output::counterexample_found(self.common, found, &message);
                }
                _ if self.form == Form::Json => {}
                _ => output::note(message),
            }
        }
        self.told.push(sizes);
        self.progress();
        Ok(())
    }

    fn row(&self, statement: &Statement, sizes: &Sizes) -> Result<(), Failure> {
        if self.form == Form::Json {
            return output::line(json(statement, sizes));
        }
        let Statement { abi, frame, transition, .. } = statement;
        let entered = transition.as_ref().map_or("a call", |name| short(statement, name));
        let mut cells = vec![abi.clone(), short(statement, frame).to_owned(), entered.to_owned()];
        match &sizes.figures {
            Some(figures) => cells.extend([
                figures.classes.to_string(),
                sets(figures.sets),
                format!("{}–{}", figures.bytes.0, figures.bytes.1),
                figures.conditions.to_string(),
            ]),
            None => {
                // In a table of figures it is said there; else it stands before the line.
                let said = if self.form == Form::Markdown { sizes.ending.to_string() } else { String::new() };
                cells.extend([said, String::new(), String::new(), String::new()]);
            }
        }
        cells.push(format!("{:.0}", sizes.time.as_secs_f64() * 1e3));
        let share =
            |solver: u64| format!("{:.0} %", solver as f64 / sizes.time.as_nanos().max(1) as f64 * 100.0);
        cells.push(sizes.figures.as_ref().map_or_else(String::new, |figures| share(figures.solver_nanos)));
        match self.form {
            Form::Markdown => output::line(format!("| {} |", cells.join(" | "))),
            _ => output::line(text(&sizes.ending.to_string(), &cells)),
        }
    }

    fn finish(self) -> Result<(), Failure> {
        let totals = Totals::of(&self.told);
        let failed = self.told.len() - totals.count(Ending::Proven);
        match self.form {
            Form::Json => output::line(totals.json(self.members.seed))?,
            Form::Text => output::line(totals.text(self.members.seed))?,
            // Standard output is the table.
            Form::Markdown => output::note(totals.text(self.members.seed)),
        }
        if failed == 0 { Ok(()) } else { Err(Failure::Found) }
    }
}

/// A line of the table for people.
fn text(ending: &str, cells: &[String]) -> String {
    let cell = |i: usize| cells.get(i).map_or("", String::as_str);
    let [abi, frame, entered, classes, sets] = [0, 1, 2, 3, 4].map(cell);
    let [bytes, conditions, ms, solver] = [5, 6, 7, 8].map(cell);
    let line = format!(
        "{ending:11} {abi:16} {frame:22} {entered:24} {classes:>11} {sets:>7} {bytes:>16} {conditions:>10} {ms:>7} {solver:>6}"
    );
    line.trim_end().to_owned()
}

fn json(statement: &Statement, sizes: &Sizes) -> serde_json::Value {
    let Statement { machine, abi, frame, transition } = statement;
    let mut line = serde_json::json!({
        "machine": machine, "convention": abi, "frame": frame, "transition": transition,
        "verdict": sizes.ending.to_string(), "seconds": sizes.time.as_secs_f64(),
        "members": sizes.members, "members_proven": sizes.proven,
    });
    if let Some(failure) = &sizes.failure {
        line["why"] = format!("{}: {}", failure.shape, failure.why).into();
    }
    if let Some(figures) = &sizes.figures {
        line["classes"] = figures.classes.into();
        line["classes_with_two_shapes"] = figures.witnessed.into();
        line["arms"] = figures.arms.into();
        line["sets"] = figures.sets.to_string().into();
        line["least_bytes"] = figures.bytes.0.into();
        line["most_bytes"] = figures.bytes.1.into();
        line["conditions"] = figures.conditions.into();
        line["queries"] = figures.queries.into();
        line["solver_seconds"] = seconds(figures.solver_nanos).into();
    }
    line
}

fn seconds(nanos: u64) -> f64 {
    Duration::from_nanos(nanos).as_secs_f64()
}

/// Sums over statements.
struct Totals<'a> {
    told: &'a [Sizes],
    classes: u64,
    conditions: u64,
    queries: u64,
    time: Duration,
    solver: Duration,
    members: usize,
    members_time: Duration,
    proven: usize,
    proven_time: Duration,
}

impl Totals<'_> {
    fn of(told: &[Sizes]) -> Totals<'_> {
        let figures = || told.iter().filter_map(|sizes| sizes.figures.as_ref());
        Totals {
            told,
            classes: figures().map(|f| f.classes).sum(),
            conditions: figures().map(|f| f.conditions).sum(),
            queries: figures().map(|f| f.queries).sum(),
            time: told.iter().map(|s| s.time).sum(),
            solver: figures().map(|f| Duration::from_nanos(f.solver_nanos)).sum(),
            members: told.iter().map(|s| s.members).sum(),
            members_time: told.iter().map(|s| s.members_time).sum(),
            proven: told.iter().map(|s| s.proven).sum(),
            proven_time: told.iter().map(|s| s.proven_time).sum(),
        }
    }

    fn count(&self, ending: Ending) -> usize {
        self.told.iter().filter(|sizes| sizes.ending == ending).count()
    }

    /// How many ended how, with a name for each.
    fn endings(&self) -> [(Ending, usize); 5] {
        [Ending::Proven, Ending::Refuted, Ending::Undecided, Ending::Unsupported, Ending::Differs]
            .map(|ending| (ending, self.count(ending)))
    }

    fn json(&self, seed: u64) -> serde_json::Value {
        let mut summary = serde_json::json!({
            "statements": self.told.len(), "classes": self.classes, "conditions": self.conditions,
            "queries": self.queries, "seconds": self.time.as_secs_f64(),
            "solver_seconds": self.solver.as_secs_f64(),
            "members": self.members, "members_seconds": self.members_time.as_secs_f64(),
            "members_proven": self.proven, "members_proven_seconds": self.proven_time.as_secs_f64(),
            "seed": seed,
        });
        for (ending, count) in self.endings() {
            summary[ending.to_string()] = count.into();
        }
        serde_json::json!({ "summary": summary })
    }

    fn text(&self, seed: u64) -> String {
        let counted = self.endings().map(|(ending, count)| format!("{count} {ending}"));
        let share = self.solver.as_secs_f64() / self.time.as_secs_f64().max(1e-9) * 100.0;
        let each = |time: Duration, count: usize| micros(time.checked_div(count as u32).unwrap_or_default());
        format!(
            "{} frames by entry for all sets and sizes: {}; {} classes, {} conditions, {:.1} s, {share:.0} % of it in the \
             solver\n{} pieces of code compared with what is proven ({} each), {} of them (seed {seed}) proven by \
             themselves too ({} each)",
            self.told.len(),
            counted.join(", "),
            self.classes,
            self.conditions,
            self.time.as_secs_f64(),
            self.members,
            each(self.members_time, self.members),
            self.proven,
            each(self.proven_time, self.proven),
        )
    }
}

/// A number of sets, as a power of two where it is one or is large.
fn sets(number: u128) -> String {
    match number {
        0 | 1 => number.to_string(),
        _ if number.is_power_of_two() => format!("2^{}", number.trailing_zeros()),
        2..1_000_000 => number.to_string(),
        _ => format!("2^{:.1}", (number as f64).log2()),
    }
}
