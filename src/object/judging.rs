//! All functions of a program judged, in rounds: what one is found to be may decide others.
//!
//! ```text
//! round 1: every function        then, of those not proven, the ones to which something new is known:
//!   a part placed elsewhere is theirs (they jump into it); what they call does not return
//! ```

use super::around::{Around, Asked, Learnt};
use super::functions::Kind;
use super::pads::{self, Pad};
use super::{Origin, Program, Word};
use crate::jobs::in_order;
use framewright_spec::CodeOffset;
use framewright_verifier::foreign::{Judge, LandingPad, Method, Unwinding, Verdict};
use framewright_verifier::unwind::dwarf::{Entry, Frames, Scratch};
use framewright_verifier::unwind::{Cfa, Row, Rule, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

/// Most rounds. What is learnt later than that decides nothing.
const MAX_ROUNDS: usize = 8;

/// Most places inside of other functions to which a function may jump, for it to be judged together with them.
const MAX_SHARED: usize = 8;

/// What is said of a function.
#[derive(Debug)]
pub struct Answer<'d> {
    /// The verdict on its frame.
    pub verdict: Verdict,
    /// The verdict on its unwind data.
    pub unwinding: Unwinding,
    /// Parts placed elsewhere that were judged with it: numbers of [`Program::functions`].
    pub parts: Vec<u32>,
    /// What a stub jumps to.
    pub stands_for: Option<Word<'d>>,
}

/// A function and its surroundings as far as they are known.
#[derive(Debug, Default)]
struct Known {
    /// It was seen to be no function, but a part of others.
    is_part: bool,
    parts: BTreeSet<u32>,
    pads: Vec<Pad>,
    asked: Asked,
    answer: Option<(Verdict, Unwinding)>,
}

/// Judges the functions of a program.
pub struct Judging<'a> {
    judge: &'a Judge<'a>,
    program: &'a Program<'a>,
    jobs: u32,
    known: Vec<Known>,
    learnt: Vec<Learnt<'a>>,
    frames: Option<Frames<'a>>,
    /// By offset in the section.
    entries: Vec<Entry<'a>>,
}

fn unsupported(what: String) -> (Verdict, Unwinding, Asked) {
    (Verdict::Unsupported(what.clone()), Unwinding::Undecided(what), Asked::default())
}

impl<'a> Judging<'a> {
    /// Makes ready; nothing is judged yet. The judge is one for the program's convention ([`Program::judge`]).
    pub fn new(judge: &'a Judge<'a>, program: &'a Program<'a>, jobs: u32) -> Judging<'a> {
        let frames = program.image.frames.as_ref().map(|(address, bytes)| {
            let text = program.image.texts.first().map_or(0, |text| text.address);
            Frames::new(judge.machine(), bytes, *address).relative_to(text, 0)
        });
        // What is wrong with the section is told when its functions are looked for.
        let entries = frames.iter().flat_map(|frames| frames.entries().map_while(Result::ok)).collect();
        let count = program.functions.len();
        let mut known = Vec::new();
        known.resize_with(count, Known::default);
        let mut learnt = Vec::new();
        learnt.resize_with(count, Learnt::default);
        let mut judging = Judging { judge, program, jobs, known, learnt, frames, entries };
        judging.parts_by_name();
        judging.parts_by_rows(judge);
        judging.read_pads();
        judging
    }

    /// Judges all, or those that are `wanted` and what they need; `hear` is told how many of how many are done.
    pub fn run(
        mut self,
        wanted: &dyn Fn(u32) -> bool,
        hear: &mut dyn FnMut(usize, usize),
    ) -> Vec<Option<Answer<'a>>> {
        let kind = |number: u32| self.program.functions[number as usize].kind;
        let all = || 0..self.program.functions.len() as u32;
        // What stubs stand for says whether those who call them go on.
        let stubs: Vec<u32> = all().filter(|&number| kind(number) == Kind::Slot).collect();
        self.stubs(&stubs);
        let mut round: Vec<u32> = all().filter(|&n| wanted(n) && self.is_function(n)).collect();
        for _ in 0..MAX_ROUNDS {
            if round.is_empty() {
                break;
            }
            let answers = self.round(&round, hear);
            round = self.learn(&round, answers);
        }
        let answer = |(number, (known, learnt)): (usize, (Known, Learnt<'a>))| {
            let parts = known.parts.into_iter().collect();
            let stands_for = learnt.stands_for.into_inner();
            let answer = known.answer.filter(|_| wanted(number as u32) && !known.is_part);
            answer.map(|(verdict, unwinding)| Answer { verdict, unwinding, parts, stands_for })
        };
        self.known.into_iter().zip(self.learnt).enumerate().map(answer).collect()
    }

    /// Judges the entries of sections with stubs. Those that jump by a word that the loader fills are stubs of functions;
    /// the others are headers of sections, or parts of stubs, entered with words pushed that say which.
    fn stubs(&mut self, stubs: &[u32]) {
        let answers = self.round(stubs, &mut |_, _| ());
        for (&number, (verdict, unwinding, asked)) in stubs.iter().zip(answers) {
            let (Verdict::Proven(summary), [word]) = (&verdict, asked.words.as_slice()) else { continue };
            if summary.tail_jumps == 1
                && summary.returns == 0
                && let Some(word) = self.program.image.pointers.get(word)
            {
                let _ = self.learnt[number as usize].stands_for.set(*word);
                self.known[number as usize].answer = Some((verdict, unwinding));
            }
        }
    }

    fn round(&self, round: &[u32], hear: &mut dyn FnMut(usize, usize)) -> Vec<(Verdict, Unwinding, Asked)> {
        let mut answers = Vec::with_capacity(round.len());
        let work = |scratch: &mut Scratch, index: usize| self.one(scratch, round[index]);
        let told = in_order(self.jobs, round.len(), Scratch::default, work, |index, answer| {
            answers.push(answer);
            hear(index + 1, round.len());
            Ok::<(), std::convert::Infallible>(())
        });
        match told {
            Ok(()) => answers,
        }
    }

    fn one(&self, scratch: &mut Scratch, number: u32) -> (Verdict, Unwinding, Asked) {
        let function = &self.program.functions[number as usize];
        let text = function.text;
        let known = &self.known[number as usize];
        if let Some(what) = self.unknown_relocation(number) {
            return unsupported(what);
        }
        let parts = known.parts.iter().map(|&part| &self.program.functions[part as usize]);
        let others: Vec<(u32, u32)> = parts.map(|part| (part.begin, part.end)).collect();
        let place = |address: u64| self.program.image.text(address).filter(|at| at.0 == text).map(|at| at.1);
        let pads = known.pads.iter().filter_map(|pad| {
            let calls = (place(pad.begin)?, place(pad.end.checked_sub(1)?)? + 1);
            // What is caught in code that is not this section's is caught nowhere in it.
            Some(LandingPad { calls, landing: place(pad.landing).unwrap_or(u32::MAX) })
        });
        let pads: Vec<LandingPad> = pads.collect();
        let around = Around::new(self.program, &self.learnt, text);
        let table = self.table(scratch, number);
        if let Ok(Some(table)) = &table
            && table.at(CodeOffset(function.begin)).is_some_and(|row| row.return_address == Rule::Undefined)
        {
            let what = "by its unwind data it has no caller: it begins on a stack of its own";
            return (Verdict::Unsupported(what.to_owned()), Unwinding::None, Asked::default());
        }
        let (mut verdict, mut unwinding) = self.judge.single_unwound(&Method {
            bytes: &self.program.image.texts[text].bytes,
            body: (function.begin, function.end),
            others: &others,
            pads: &pads,
            funclets: false,
            name: function.names.first().copied(),
            surroundings: &around,
            unwind: table.as_ref().ok().and_then(Option::as_ref),
        });
        if let Err(what) = table {
            unwinding = Unwinding::Unsupported(what);
        }
        if let Verdict::Proven(summary) = &mut verdict {
            // They are as many as there are returns, and not told.
            summary.exits = Vec::new();
        }
        (verdict, unwinding, around.asked())
    }

    /// The rows of a function and its parts; none if it has no unwind data.
    fn table(&self, scratch: &mut Scratch, number: u32) -> Result<Option<Table>, String> {
        let Some(frames) = &self.frames else { return Ok(None) };
        let function = &self.program.functions[number as usize];
        let text = self.program.image.texts[function.text].address;
        let parts =
            self.known[number as usize].parts.iter().map(|&part| &self.program.functions[part as usize]);
        let of_all: BTreeSet<u32> =
            std::iter::once(function).chain(parts).flat_map(|f| &f.frames).copied().collect();
        let (mut all, mut one) = (Table::default(), Table::default());
        for frame in of_all {
            let at = self.program.frames[frame as usize].entry as u64;
            let index = self.entries.binary_search_by_key(&at, Entry::offset);
            let Some(entry) = index.ok().map(|index| &self.entries[index]) else { continue };
            if entry.is_signal_frame() {
                return Err("the frame that the kernel makes for a signal handler".to_owned());
            }
            frames.read(entry, scratch, &mut one).map_err(|error| error.to_string())?;
            let from = entry.begin().wrapping_sub(text) as u32;
            for row in one.rows.drain(..) {
                let (begin, end) = (row.begin.saturating_add(from), row.end.saturating_add(from));
                if all.rows.last().is_some_and(|last| last.end > begin) {
                    return Err("unwind data of overlapping code".to_owned());
                }
                all.push(Row { begin, end, ..row });
            }
        }
        Ok(Some(all).filter(|table| !table.rows.is_empty()))
    }

    /// The first relocation in a function or its parts of which it is not known what it puts there.
    fn unknown_relocation(&self, number: u32) -> Option<String> {
        let parts = &self.known[number as usize].parts;
        let ranges = std::iter::once(number).chain(parts.iter().copied());
        let unknown = &self.program.image.unknown;
        ranges.into_iter().find_map(|number| {
            let function = &self.program.functions[number as usize];
            let start = self.program.image.texts[function.text].address;
            let (begin, end) = (start + u64::from(function.begin), start + u64::from(function.end));
            let first = unknown.partition_point(|(at, _)| *at < begin);
            let (at, kind) = unknown.get(first).filter(|(at, _)| *at < end)?;
            Some(format!("{:04x}: relocation of type {kind}", at - start))
        })
    }

    /// Takes in the answers of a round; which functions to judge again.
    fn learn(&mut self, round: &[u32], answers: Vec<(Verdict, Unwinding, Asked)>) -> Vec<u32> {
        let mut final_ones = BTreeSet::new();
        for (&number, (verdict, unwinding, asked)) in round.iter().zip(answers) {
            if let Verdict::Proven(summary) = &verdict
                && summary.returns == 0
                && summary.tail_jumps == 0
                && !summary.assumptions.contains_key("switch-targets")
            {
                self.learnt[number as usize].never_returns.store(true, Ordering::Relaxed);
                final_ones.insert(number);
            }
            let known = &mut self.known[number as usize];
            let unwound = matches!(unwinding, Unwinding::None | Unwinding::Proven { .. });
            let proven = matches!(verdict, Verdict::Proven(_)) && unwound;
            known.answer = Some((verdict, unwinding));
            known.asked = if proven { Asked::default() } else { asked };
        }
        let mut again = BTreeSet::new();
        for number in 0..self.known.len() as u32 {
            let asked = &self.known[number as usize].asked.places;
            let calls = asked.iter().filter(|(_, first)| *first).map(|(place, _)| *place);
            // Where only some are wanted, what they call is judged too, as far as it matters.
            let unknown = |n: &u32| self.known[*n as usize].answer.is_none() && self.is_function(*n);
            again.extend(calls.clone().filter(unknown));
            if calls.clone().any(|place| final_ones.contains(&place)) {
                again.insert(number);
            }
        }
        for &number in round {
            if self.take_parts(number) {
                again.insert(number);
            }
        }
        again.into_iter().filter(|&number| self.is_function(number)).collect()
    }

    fn is_function(&self, number: u32) -> bool {
        let kind = self.program.functions[number as usize].kind;
        matches!(kind, Kind::Function | Kind::Resolver) && !self.known[number as usize].is_part
    }

    /// Gives a function the parts that it was seen to jump to; whether there are new ones.
    fn take_parts(&mut self, number: u32) -> bool {
        let asked = self.known[number as usize].asked.places.clone();
        let shares = asked.iter().filter(|(_, first)| !first).count() <= MAX_SHARED;
        let mut new = false;
        for (place, first) in asked {
            let function = &self.program.functions[place as usize];
            let theirs = match function.kind {
                Kind::Part => true,
                Kind::Function if self.known[place as usize].is_part => true,
                // Known by its unwind data only, and it jumps back into the middle: a part without a frame.
                Kind::Function if first && function.origin == Origin::Frame => {
                    let back = self.known[place as usize].asked.places.contains(&(number, false));
                    self.known[place as usize].is_part |= back;
                    back
                }
                // Functions in assembly language share their ends, or one goes on in the middle of another.
                Kind::Function => !first && shares,
                _ => false,
            };
            if theirs && place != number && self.known[number as usize].parts.insert(place) {
                self.add_pads(number, place);
                new = true;
            }
        }
        new
    }

    /// `f.cold` is of `f`.
    fn parts_by_name(&mut self) {
        let functions = &self.program.functions;
        let names =
            functions.iter().enumerate().flat_map(|(n, f)| f.names.iter().map(move |name| (*name, n as u32)));
        let whole = |&(_, n): &(&str, u32)| functions[n as usize].kind != Kind::Part;
        let mut by_name: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (name, number) in names.clone().filter(whole) {
            by_name.entry(name).or_default().push(number);
        }
        for (name, number) in names.filter(|named| !whole(named)) {
            let Some((of, _)) = name.rsplit_once(".cold") else { continue };
            // Of several local functions with one name it is seen who jumps to it.
            if let Some([owner]) = by_name.get(of).map(Vec::as_slice) {
                self.known[*owner as usize].parts.insert(number);
            }
        }
    }

    /// What is known by its unwind data only, and has a frame after an instruction that does nothing, is not called: GCC
    /// puts one before a landing pad that a part begins with.
    fn parts_by_rows(&mut self, judge: &Judge<'_>) {
        let mut scratch = Scratch::default();
        for number in 0..self.known.len() as u32 {
            let function = &self.program.functions[number as usize];
            if function.kind != Kind::Function || function.origin != Origin::Frame {
                continue;
            }
            let begin = CodeOffset(function.begin);
            let code = &self.program.image.texts[function.text].bytes;
            let Some(length) = judge.idles(code, begin) else { continue };
            let Ok(Some(table)) = self.table(&mut scratch, number) else { continue };
            let row = |at: u32| table.at(CodeOffset(at)).map(|row| &row.cfa);
            if let (Some(Cfa::Offset(first, near)), Some(Cfa::Offset(second, far))) =
                (row(function.begin), row(function.begin + length))
            {
                self.known[number as usize].is_part = first == second && near != far;
            }
        }
    }

    /// Reads where exceptions of functions and of their parts are caught, and takes the parts where that is.
    fn read_pads(&mut self) {
        for number in 0..self.known.len() as u32 {
            if self.program.functions[number as usize].kind == Kind::Part {
                continue;
            }
            self.add_pads(number, number);
            for part in self.known[number as usize].parts.clone() {
                self.add_pads(number, part);
            }
        }
    }

    fn add_pads(&mut self, number: u32, part: u32) {
        let function = &self.program.functions[part as usize];
        for &frame in &function.frames {
            let frame = &self.program.frames[frame as usize];
            let Some(at) = frame.exceptions else { continue };
            let Some(pads) = pads::pads(&self.program.image, at, frame.begin) else { continue };
            for pad in &pads {
                let place = self.program.image.text(pad.landing);
                let landing = place.and_then(|(text, at)| self.program.function(text, at));
                let Some((landing, _)) = landing.filter(|(landing, _)| *landing != part) else { continue };
                // Unwind data of a part may begin with a row for a byte before the first landing pad.
                let function = &self.program.functions[landing as usize];
                if function.kind == Kind::Part || function.origin == Origin::Frame {
                    self.known[landing as usize].is_part = true;
                    self.known[number as usize].parts.insert(landing);
                }
            }
            self.known[number as usize].pads.extend(pads);
        }
    }
}
