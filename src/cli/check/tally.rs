//! How many functions have which verdict, and why.

use framewright::object::{Kind, Program, Told};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The first two lines of the table of libraries.
pub(super) const MARKDOWN_HEAD: &str = "\
| file | machine | functions | proven | refuted | undecided | unsupported | decided | CFI proven | calls only | refuted | \
undecided | none | functions/s a core | memory |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

const VERDICTS: [&str; 4] = ["proven", "refuted", "undecided", "unsupported"];
const UNWINDING: [&str; 6] = ["proven", "calls only", "refuted", "undecided", "unsupported", "none"];

/// Most reasons that are told in text.
const MAX_REASONS: usize = 12;

/// The verdicts on a file.
pub(super) struct Tally {
    file: String,
    platforms: Vec<String>,
    notes: BTreeMap<String, u32>,
    functions: u32,
    slots: u32,
    parts: u32,
    verdicts: BTreeMap<&'static str, u32>,
    unwinding: BTreeMap<&'static str, u32>,
    /// By verdict and reason.
    reasons: BTreeMap<(&'static str, String), u32>,
    /// By what is said of unwind data, and the reason.
    unwinding_reasons: BTreeMap<(&'static str, String), u32>,
    assumptions: BTreeMap<&'static str, u32>,
}

impl Tally {
    pub(super) fn new(file: &str) -> Tally {
        Tally {
            file: file.to_owned(),
            platforms: Vec::new(),
            notes: BTreeMap::new(),
            functions: 0,
            slots: 0,
            parts: 0,
            verdicts: BTreeMap::new(),
            unwinding: BTreeMap::new(),
            reasons: BTreeMap::new(),
            unwinding_reasons: BTreeMap::new(),
            assumptions: BTreeMap::new(),
        }
    }

    /// Takes in what there is to say of a program as a whole.
    pub(super) fn program(&mut self, program: &Program<'_>) {
        let platform = format!("{}, {}", program.platform, program.abi);
        if !self.platforms.contains(&platform) {
            self.platforms.push(platform);
        }
        for note in &program.notes {
            *self.notes.entry(note.clone()).or_default() += 1;
        }
    }

    /// Takes in a function.
    pub(super) fn add(&mut self, told: &Told<'_>) {
        self.functions += 1;
        self.slots += u32::from(told.function.kind == Kind::Slot);
        self.parts += told.answer.parts.len() as u32;
        *self.verdicts.entry(told.word()).or_default() += 1;
        *self.unwinding.entry(told.unwinding()).or_default() += 1;
        if let Some(reason) = told.reason() {
            *self.reasons.entry((told.word(), reason)).or_default() += 1;
        }
        if let Some(reason) = told.unwinding_reason() {
            *self.unwinding_reasons.entry((told.unwinding(), reason)).or_default() += 1;
        }
        for name in told.assumptions() {
            *self.assumptions.entry(name).or_default() += 1;
        }
    }

    /// Functions with that verdict.
    pub(super) fn verdict(&self, word: &str) -> u32 {
        self.verdicts.get(word).copied().unwrap_or(0)
    }

    fn unwound(&self, word: &str) -> u32 {
        self.unwinding.get(word).copied().unwrap_or(0)
    }

    fn share(&self, count: u32) -> f64 {
        100.0 * f64::from(count) / f64::from(self.functions.max(1))
    }

    fn decided(&self) -> u32 {
        self.verdict("proven") + self.verdict("refuted")
    }

    /// The summary as text.
    pub(super) fn lines(&self) -> Vec<String> {
        let counts = |words: &[&str], count: &dyn Fn(&str) -> u32| {
            let counts =
                words.iter().filter(|word| count(word) > 0).map(|word| format!("{} {word}", count(word)));
            counts.collect::<Vec<_>>().join(", ")
        };
        let stubs = match self.slots {
            0 => String::new(),
            slots => format!(", {slots} of them PLT stubs"),
        };
        let mut lines = vec![
            format!("{}: {}: {} functions{stubs}", self.file, self.platforms.join("; "), self.functions),
            format!(
                "  frames: {}; {:.1} % decided",
                counts(&VERDICTS, &|word| self.verdict(word)),
                self.share(self.decided())
            ),
            format!("  unwind data: {}", counts(&UNWINDING, &|word| self.unwound(word))),
        ];
        VERDICTS.iter().for_each(|verdict| reasons(&mut lines, "", verdict, &self.reasons));
        let unwinding = &self.unwinding_reasons;
        UNWINDING.iter().for_each(|verdict| reasons(&mut lines, "unwind data ", verdict, unwinding));
        let assumed: Vec<_> =
            self.assumptions.iter().map(|(name, count)| format!("{name} {count}")).collect();
        if !assumed.is_empty() {
            lines.push(format!("  functions by what is assumed: {}", assumed.join(", ")));
        }
        lines.extend(self.notes.keys().map(|note| format!("  note: {note}")));
        lines
    }

    /// The summary as JSON.
    pub(super) fn to_json(&self) -> serde_json::Value {
        let reasons = |counts: &BTreeMap<(&'static str, String), u32>| -> serde_json::Value {
            let reason = |((verdict, reason), count): (&(&'static str, String), &u32)| json!({ "verdict": verdict, "reason": reason, "functions": count });
            counts.iter().map(reason).collect()
        };
        let all =
            |words: &[&str], count: &dyn Fn(&str) -> u32| -> serde_json::Map<String, serde_json::Value> {
                words.iter().map(|word| (word.replace(' ', "_"), count(word).into())).collect()
            };
        json!({ "summary": {
            "file": self.file,
            "platforms": self.platforms,
            "functions": self.functions,
            "plt": self.slots,
            "parts": self.parts,
            "verdicts": all(&VERDICTS, &|word| self.verdict(word)),
            "unwind": all(&UNWINDING, &|word| self.unwound(word)),
            "reasons": reasons(&self.reasons),
            "unwind_reasons": reasons(&self.unwinding_reasons),
            "assumptions": self.assumptions,
            "notes": self.notes.keys().collect::<Vec<_>>(),
        } })
    }

    /// How long it took, and how much memory at most.
    pub(super) fn speed(&self, spent: &Spent) -> String {
        let memory = peak_mib().map_or_else(String::new, |mib| format!(", {mib} MiB at most"));
        format!(
            "{} functions in {:.3} s, {:.0} a second and core{memory}",
            self.functions,
            spent.wall.as_secs_f64(),
            spent.rate(self.functions)
        )
    }

    /// The summary as a row of the table of libraries.
    pub(super) fn markdown(&self, spent: &Spent) -> String {
        let name = self.file.rsplit('/').next().unwrap_or_default();
        let machine = self.platforms.first().and_then(|p| p.split([',', '.']).nth(1)).unwrap_or_default();
        let rate = spent.rate(self.functions);
        let verdicts: Vec<String> = VERDICTS.iter().map(|word| self.verdict(word).to_string()).collect();
        let undecided = self.unwound("undecided") + self.unwound("unsupported");
        let unwinding =
            [self.unwound("proven"), self.unwound("calls only"), self.unwound("refuted"), undecided];
        let unwinding: Vec<String> = unwinding.iter().map(u32::to_string).collect();
        let memory = peak_mib().map_or_else(|| "?".to_owned(), |mib| format!("{mib} MiB"));
        format!(
            "| `{name}` | {machine} | {} | {} | {:.1} % | {} | {} | {rate:.0} | {memory} |",
            self.functions,
            verdicts.join(" | "),
            self.share(self.decided()),
            unwinding.join(" | "),
            self.unwound("none")
        )
    }
}

/// Adds the reasons for one verdict, the most frequent first.
fn reasons(lines: &mut Vec<String>, of: &str, verdict: &str, counts: &BTreeMap<(&'static str, String), u32>) {
    let mut reasons: Vec<_> = counts.iter().filter(|((word, _), _)| *word == verdict).collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let more: u32 = reasons.iter().skip(MAX_REASONS).map(|(_, count)| **count).sum();
    let told = reasons.iter().take(MAX_REASONS);
    lines.extend(told.map(|((_, reason), count)| format!("  {count:7} {of}{verdict}: {reason}")));
    if more > 0 {
        lines.push(format!("  {more:7} {of}{verdict}: for other reasons"));
    }
}

/// What judging has cost.
pub(super) struct Spent {
    /// By the clock.
    pub wall: Duration,
    /// Of all cores.
    pub cores: Duration,
}

impl Spent {
    /// Functions a second of one core.
    fn rate(&self, functions: u32) -> f64 {
        f64::from(functions) / self.cores.as_secs_f64().max(0.001)
    }
}

/// A clock that is running.
pub(super) struct Watch {
    start: Instant,
    cores: Option<Duration>,
    jobs: u32,
}

impl Watch {
    pub(super) fn start(jobs: u32) -> Watch {
        // The most memory is counted anew from here where the system can (proc_pid_clear_refs(5)); else from the start.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Watch { start: Instant::now(), cores: core_time(), jobs }
    }

    /// What was spent since; where the system does not say how long cores worked, as if they all did all the time.
    pub(super) fn spent(&self) -> Spent {
        let wall = self.start.elapsed();
        let cores = core_time().zip(self.cores).map(|(now, then)| now.saturating_sub(then));
        Spent { wall, cores: cores.unwrap_or(wall * self.jobs) }
    }
}

/// How long cores have worked for this process, where the system says it (Linux, proc_pid_stat(5), utime and stime, in
/// hundredths of a second).
fn core_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may have blanks in it.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks()? + ticks()?)))
}

/// The most memory that this process has had, in MiB, where the system says it (Linux, proc_pid_status(5), VmHWM).
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib.div_ceil(1024))
}
