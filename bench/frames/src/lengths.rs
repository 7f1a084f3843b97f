//! Prologs and epilogs of OSR methods, ours beside a production JIT's.

use crate::ours::{Ours, Wanted, ours};
use crate::theirs::{Code, Length};
use framewright::check::Checker;
use framewright::records::{Body, Pair, Record, read};
use framewright_spec::{RegSet, Spec};
use framewright_verifier::foreign::Arrival;
use framewright_verifier::target;
use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::PathBuf;

/// The transition by which the records' methods are entered; those of its variants begin with its name.
const TRANSITION: &str = "ryujit_unwind";

/// The frame of a convention that is for any shape.
const GENERAL: &str = "ours";

/// The best of a convention's frames that are of the JIT's own types.
const TYPED: &str = "RyuJIT's types";

/// Theirs and ours.
struct Compared {
    method: String,
    theirs: [Option<Length>; 2],
    ours: Ours,
}

/// Pairs by target, the frame of ours, and whether theirs sets FP.
type Groups = BTreeMap<(String, &'static str, bool), Vec<Compared>>;

/// Prints the table, and with `why` an example of each difference.
pub fn print(files: &[PathBuf], why: bool) -> anyhow::Result<()> {
    let spec = Spec::embedded();
    let checker = Checker::new(spec, None);
    let mut groups = Groups::new();
    let mut left_out: BTreeMap<String, u32> = BTreeMap::new();
    for file in files {
        let text = BufReader::new(std::fs::File::open(file)?);
        for record in read(&file.to_string_lossy(), text) {
            let record = record?;
            let Body::Pair(pair) = &record.body else { continue };
            let abi = checker.convention(&record)?;
            if let Err(what) = compare(spec, &abi, &record, pair, &mut groups) {
                *left_out.entry(format!("{}: {what}", record.target)).or_default() += 1;
            }
        }
    }
    table(&groups);
    for (what, count) in left_out {
        println!("\nnot compared: {count} of {what}");
    }
    println!();
    for ((target, frames, fp), all) in &groups {
        let fp = if *fp { "with FP" } else { "without FP" };
        for (part, name) in ["prolog", "epilog"].iter().enumerate() {
            println!("{target}, {frames}, {fp}: {name}: {}", distribution(all, part));
            if why {
                examples(all, part);
            }
        }
    }
    Ok(())
}

fn compare(
    spec: &Spec,
    abi: &str,
    record: &Record,
    pair: &Pair,
    groups: &mut Groups,
) -> Result<(), &'static str> {
    let machine = spec.machine_of_abi(abi).map_err(|_| "an unknown machine")?;
    let decoder = target::decoder(machine).ok_or("a machine without decoder")?;
    let convention = spec.abi(abi).map_err(|_| "an unknown convention")?;
    let code = Code { machine, abi: convention, decoder: &*decoder, bytes: &pair.osr.code.0 };
    let body = pair.osr.parts.first().ok_or("a method without main body")?;
    // Where a call pushes the return address, the unwinding data's second byte is the length of the prolog.
    let pushed = i64::from(convention.pushed_return);
    let end = body.unwind.0.get(1).filter(|_| pushed > 0).map(|&bytes| body.begin + u32::from(bytes));
    let prolog = code.prolog(body.begin, end).ok_or("a prolog that cannot be followed")?;
    let epilog = code.epilog(body.begin, body.end);
    let arrival = Arrival::of(spec, abi, TRANSITION).map_err(|_| "an unknown transition")?;
    let names = pair.patchpoint_info.callee_saves.iter();
    let saves: RegSet = names.filter_map(|name| machine.views.get(name)).map(|view| view.reg).collect();
    let source_bytes = pair.patchpoint_info.total_frame_size + pushed;
    let source_saved = machine.link.map_or(saves, |link| saves.without(link)).without(machine.fp);
    let bytes = source_bytes + arrival.lowered + prolog.lowers;
    let wanted = Wanted { source_saved, source_bytes, saved: prolog.saved, bytes, fp: prolog.fp };
    let prefix = format!("{abi}.{TRANSITION}");
    let (general, typed): (Vec<_>, Vec<_>) = spec
        .transitions
        .values()
        .filter(|transition| transition.name.starts_with(&prefix))
        .partition(|transition| transition.name == prefix);
    for (frames, transitions) in [(GENERAL, general), (TYPED, typed)] {
        let all = transitions.iter().filter_map(|transition| ours(spec, transition, &wanted, &code));
        let Some(best) = all.min_by_key(|o| (o.larger, o.prolog.bytes + o.epilog.bytes)) else {
            match frames {
                GENERAL => return Err("pairs of sizes that no frame of ours has"),
                _ => continue,
            }
        };
        let theirs = [Some(prolog.length.clone()), epilog.clone()];
        let compared = Compared { method: record.method.clone(), theirs, ours: best };
        groups.entry((record.target.clone(), frames, prolog.fp.is_some())).or_default().push(compared);
    }
    Ok(())
}

impl Compared {
    /// Ours and theirs, of prolog (0) or epilog (1).
    fn part(&self, part: usize) -> Option<(&Length, &Length)> {
        let ours = if part == 0 { &self.ours.prolog } else { &self.ours.epilog };
        Some((ours, self.theirs[part].as_ref()?))
    }

    fn difference(&self, part: usize) -> Option<(i64, i64)> {
        let (ours, theirs) = self.part(part)?;
        Some((ours.instructions - theirs.instructions, ours.bytes - theirs.bytes))
    }
}

fn table(groups: &Groups) {
    println!(
        "| target | frames | theirs sets FP | pairs | of our size | part | ours: instructions, bytes | theirs | difference | ours longer |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for ((target, frames, fp), all) in groups {
        let same = all.iter().filter(|c| c.ours.larger == 0).count();
        for (part, name) in ["prolog", "epilog"].iter().enumerate() {
            let both: Vec<_> = all.iter().filter_map(|c| c.part(part)).collect();
            let count = both.len();
            let mean = |sum: i64| sum as f64 / count.max(1) as f64;
            let sum = |of: &dyn Fn(&(&Length, &Length)) -> i64| mean(both.iter().map(of).sum());
            let ours = [sum(&|p| p.0.instructions), sum(&|p| p.0.bytes)];
            let theirs = [sum(&|p| p.1.instructions), sum(&|p| p.1.bytes)];
            let longer = both.iter().filter(|(o, t)| o.bytes > t.bytes).count();
            println!(
                "| {target} | {frames} | {} | {count} | {same} | {name} | {:.2}, {:.1} | {:.2}, {:.1} | {:+.2}, {:+.1} | {longer} |",
                if *fp { "yes" } else { "no" },
                ours[0],
                ours[1],
                theirs[0],
                theirs[1],
                ours[0] - theirs[0],
                ours[1] - theirs[1],
            );
        }
    }
}

/// How often which difference (instructions/bytes) is, the most frequent first, and the largest.
fn distribution(all: &[Compared], part: usize) -> String {
    let mut counts: BTreeMap<(i64, i64), u32> = BTreeMap::new();
    for difference in all.iter().filter_map(|c| c.difference(part)) {
        *counts.entry(difference).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let texts: Vec<String> = counts.iter().map(|((i, b), count)| format!("{i:+}/{b:+} ×{count}")).collect();
    let most = all.iter().max_by_key(|c| c.difference(part).map_or(i64::MIN, |(_, bytes)| bytes));
    let most = most.and_then(|c| Some((&c.method, c.difference(part)?)));
    let most = most.map_or_else(String::new, |(m, (i, b))| format!("; largest {i:+}/{b:+}: {m}"));
    format!("{}{most}", texts.join(", "))
}

fn examples(all: &[Compared], part: usize) {
    let mut shown = Vec::new();
    for one in all {
        let (Some(difference), Some((ours, theirs))) = (one.difference(part), one.part(part)) else {
            continue;
        };
        if shown.contains(&difference) {
            continue;
        }
        shown.push(difference);
        println!("  {:+}/{:+}: {}", difference.0, difference.1, one.method);
        println!("    ours:   {}", ours.text.join("; "));
        println!("    theirs: {}", theirs.text.join("; "));
    }
}
