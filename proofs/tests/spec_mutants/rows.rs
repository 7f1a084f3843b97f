//! Mutants of instructions and of the definitions that they use, held to what processors did.
//!
//! ```text
//! tree ──one thing changed──▶ loader ──▶ row ──states that CI tries──▶ the processor (x86-64) or QEMU did something else
//!                                                              └─────▶ the solver proves it to do the same
//! ```
//!
//! The outcomes are recorded once a row, and each mutant of it is held to them. What a changed definition does is
//! told by all rows that use it.

use crate::emulation::{self, Program};
use crate::equal;
use crate::laboratory::{self, Laboratory, NOT_RUN};
use crate::machines::Subject;
use crate::outcome::{End, Told};
use crate::random::Random;
use crate::trees::{self, Names};
use crate::trial::{self, Maker, Trial};
use framewright::witness;
use framewright_spec::lang::ast::{Block, File, Item, Line};
use framewright_spec::lang::{self, Source};
use framewright_spec::meaning::{Flow, Instruction};
use framewright_spec::{Machine, Spec};
use framewright_verifier::concrete::Fault;
use framewright_verifier::decoded::Decoded;
use framewright_verifier::target;
use libtest_mimic::Failed;
use std::collections::BTreeMap;

/// States of a row, as many as in the tests of rows.
const STATES_NATIVE: usize = 300;
const STATES_EMULATED: usize = 100;
/// Rows whose outcomes are recorded at a time.
const ROWS: usize = 20;

/// A mutant that loads.
struct Mutant {
    name: String,
    /// Rows that mean something else now, by number.
    rows: Vec<(usize, Instruction)>,
    /// Of rows in which nothing was noticed: whether they are proven to do the same.
    same: Option<bool>,
}

/// The texts of a machine, and what its mutants are loaded over.
struct Texts {
    machine: &'static Machine,
    files: Vec<(String, File)>,
    /// All but the lowerings.
    whole: Vec<Source>,
    /// Without instructions.
    small: Vec<Source>,
    names: Names,
}

/// What is to be mutated: an item of a file.
type Place<'a> = (&'a str, &'a Line<Item>);

impl Texts {
    fn of(machine: &'static Machine) -> Result<Texts, Failed> {
        let folder = format!("spec/targets/{}/", machine.name);
        let mut whole = Spec::embedded_sources();
        whole.retain(|s| s.name().starts_with(&folder) && !s.name().ends_with("/lowering.fw"));
        let parse = |s: &Source| Ok((s.name().trim_start_matches("spec/").to_owned(), lang::parse(s)?));
        let files = whole.iter().map(parse).collect::<Result<Vec<(String, File)>, Failed>>()?;
        let mut small = Vec::new();
        for (name, file) in &files {
            let mut file = file.clone();
            file.lines.retain(|line| !matches!(line.node, Item::Instruction { .. }));
            small.push(Source::new(name.as_str(), lang::print(&file)));
        }
        Ok(Texts { machine, files, whole, small, names: registers(machine) })
    }

    fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.files.iter().flat_map(|(name, file)| file.lines.iter().map(move |line| (name.as_str(), line)))
    }

    /// The machine with an item in place of its own; `Err` if the loader refuses it.
    fn load(&self, base: &[Source], line: &Line<Item>) -> Result<Machine, String> {
        let file = Block { lines: vec![line.clone()], below: Vec::new() };
        let text = format!("on {}\n\n{}", self.machine.name, lang::print(&file));
        let spec = Spec::load_over(base, &[Source::new("mutant.fw", text)]).map_err(|e| e.to_string())?;
        spec.machines.get(&self.machine.name).cloned().ok_or_else(|| "no machine".to_owned())
    }

    /// Rows of a changed definition that mean something else.
    fn changed_rows(&self, mutant: &Machine) -> Vec<(usize, Instruction)> {
        let pairs = self.machine.instructions.values().zip(mutant.instructions.values()).enumerate();
        let changed = pairs.filter(|(_, (ours, theirs))| means(ours) != means(theirs));
        changed.map(|(row, (_, theirs))| (row, theirs.clone())).collect()
    }
}

/// All that an instruction does.
fn means(row: &Instruction) -> String {
    format!("{:?} {:?} {:?} {:?}", row.lets, row.updates, row.flow, row.traps)
}

/// For each register or part another of the same class and bits.
fn registers(machine: &Machine) -> Names {
    let mut alike: BTreeMap<(String, u32, u32), Vec<&String>> = BTreeMap::new();
    for (name, view) in &machine.views {
        let class = machine.register(view.reg).class.name().to_owned();
        alike.entry((class, view.bits, view.low_bit)).or_default().push(name);
    }
    Names(alike.into_values().flat_map(cycle).collect())
}

/// Each name and the one after it.
fn cycle(names: Vec<&String>) -> Vec<(String, String)> {
    let next = names.iter().cycle().skip(1);
    names.iter().zip(next).filter(|(a, b)| a != b).map(|(a, b)| ((*a).clone(), (*b).clone())).collect()
}

/// All ways to change one thing of an item: what was changed, and the item.
fn changes(texts: &Texts, place: Place<'_>) -> Vec<(String, Line<Item>)> {
    let (file, line) = place;
    let mut names = texts.names.clone();
    let with = |node| Line { node, ..line.clone() };
    let (heading, list): (String, Vec<(String, Item)>) = match &line.node {
        Item::Instruction { name, operands, body } => {
            names.0.extend(cycle(operands.iter().map(|operand| &operand.name.text).collect()));
            let make = |body| Item::Instruction { name: name.clone(), operands: operands.clone(), body };
            let list = trees::bodies(body, &names);
            (format!("instruction {}", name.text), list.into_iter().map(|(w, b)| (w, make(b))).collect())
        }
        Item::DefineEffects { name, params, body } => {
            names.0.extend(cycle(params.iter().map(|param| &param.text).collect()));
            let make = |body| Item::DefineEffects { name: name.clone(), params: params.clone(), body };
            let list = trees::bodies(body, &names);
            (format!("define {}", name.text), list.into_iter().map(|(w, b)| (w, make(b))).collect())
        }
        Item::DefineTerm { name, params, value } => {
            names.0.extend(cycle(params.iter().map(|param| &param.text).collect()));
            let make = |value| Item::DefineTerm { name: name.clone(), params: params.clone(), value };
            let list = trees::terms(value, &names);
            (format!("define {}", name.text), list.into_iter().map(|(w, t)| (w, make(t))).collect())
        }
        _ => return Vec::new(),
    };
    let list = crate::outcome::numbered(list.into_iter().filter(|(_, node)| *node != line.node).collect());
    list.into_iter().map(|(what, node)| (format!("{file}: {heading}: {what}"), with(node))).collect()
}

/// Judges the mutants of a machine's rows, all or a sample of so many.
pub(crate) fn check(
    machine: &'static Machine,
    subject: Option<&Subject>,
    sample: Option<usize>,
    told: &mut Told,
) -> Result<(), Failed> {
    let texts = Texts::of(machine)?;
    let mut all = Vec::new();
    for place in texts.places() {
        all.extend(changes(&texts, place));
    }
    told.listed(&all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    crate::outcome::choose(&mut all, sample, |(name, _)| name);
    let mut mutants = Vec::new();
    for (name, line) in all {
        let is_row = matches!(line.node, Item::Instruction { .. });
        let made = match texts.load(if is_row { &texts.small } else { &texts.whole }, &line) {
            Err(_) => {
                told.add(name, End::Refused);
                continue;
            }
            Ok(made) => made,
        };
        let rows = match (is_row, made.instructions.first()) {
            (true, Some((row, changed))) => {
                let number = machine.instructions.get_index_of(row).ok_or("no such row")?;
                let same = means(&machine.instructions[number]) == means(changed);
                if same { Vec::new() } else { vec![(number, changed.clone())] }
            }
            _ => texts.changed_rows(&made),
        };
        match rows.is_empty() {
            true => told.add(name, End::Same),
            false => mutants.push(Mutant { name, rows, same: None }),
        }
    }
    match subject {
        Some(subject) => emulated(subject, mutants, told),
        None => native(machine, mutants, told),
    }
}

/// Tells of mutants none of whose rows is run, and lists the rows of the others.
fn split(mutants: &mut Vec<Mutant>, is_run: impl Fn(usize) -> bool, told: &mut Told) -> Vec<usize> {
    for mutant in mutants.iter_mut() {
        mutant.rows.retain(|(row, _)| is_run(*row));
    }
    for mutant in mutants.extract_if(.., |mutant| mutant.rows.is_empty()) {
        told.add(mutant.name, End::NotRun);
    }
    let mut rows: Vec<usize> = mutants.iter().flat_map(|m| m.rows.iter().map(|(row, _)| *row)).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Takes out the mutants that are noticed by the outcomes of a row, and asks the solver whether the others do the same.
fn noticed(
    mutants: &mut Vec<Mutant>,
    row: usize,
    scratch: &mut Machine,
    instances: &[&Decoded],
    notices: impl Fn(&Machine) -> bool,
    told: &mut Told,
) {
    let whole = scratch.clone();
    let original = scratch.instructions[row].clone();
    let dead = mutants.extract_if(.., |mutant| {
        let changed = mutant.rows.iter().find(|(number, _)| *number == row);
        changed.is_some_and(|(_, changed)| {
            scratch.instructions[row] = changed.clone();
            notices(scratch)
        })
    });
    for mutant in dead {
        told.add(mutant.name, End::Noticed);
    }
    let mut forms: BTreeMap<String, &Decoded> = BTreeMap::new();
    for decoded in instances {
        forms.insert(equal::form(decoded), decoded);
    }
    for mutant in mutants {
        if let Some((_, changed)) = mutant.rows.iter().find(|(number, _)| *number == row) {
            scratch.instructions[row] = changed.clone();
            if !forms.is_empty() {
                let same = forms.values().all(|decoded| equal::same(&whole, scratch, decoded));
                mutant.same = Some(same && mutant.same.unwrap_or(true));
            }
        }
    }
    scratch.instructions[row] = original;
}

/// Those that nothing has noticed.
fn rest(mutants: Vec<Mutant>, told: &mut Told) {
    for mutant in mutants {
        told.add(mutant.name, if mutant.same == Some(true) { End::Same } else { End::Survived });
    }
}

fn native(machine: &'static Machine, mut mutants: Vec<Mutant>, told: &mut Told) -> Result<(), Failed> {
    let laboratory = Laboratory::new(machine);
    let is_run = |row: usize| {
        let name = machine.instructions.get_index(row).map_or("", |(name, _)| name.as_str());
        NOT_RUN.iter().all(|(not_run, _)| *not_run != name)
    };
    let mut scratch = machine.clone();
    for row in split(&mut mutants, is_run, told) {
        let meaning = &machine.instructions[row];
        if meaning.traps.is_some() || meaning.flow == Flow::Trap {
            // The test of rows sees that the processor stops in these.
            let trials =
                laboratory.trapping(row, laboratory::STOPS).or_else(|_| laboratory.trials(row, 1))?;
            let goes_on = |machine: &Machine| trials.iter().any(|trial| !laboratory::stops(machine, trial));
            noticed(&mut mutants, row, &mut scratch, &[], goes_on, told);
        }
        if meaning.flow != Flow::Trap {
            let trials = laboratory.trials(row, STATES_NATIVE)?;
            let (outcomes, windows) = witness::run(&laboratory.probe(&trials)?)?;
            let memory = windows.first().ok_or("no window")?;
            let pairs = || trials.iter().zip(&outcomes);
            let notices = |machine: &Machine| {
                pairs().any(|(trial, outcome)| laboratory.compare(machine, trial, outcome, memory).is_err())
            };
            let instances: Vec<&Decoded> = trials.iter().map(laboratory::Trial::decoded).collect();
            noticed(&mut mutants, row, &mut scratch, &instances, notices, told);
        }
    }
    rest(mutants, told);
    Ok(())
}

fn emulated(subject: &Subject, mut mutants: Vec<Mutant>, told: &mut Told) -> Result<(), Failed> {
    let machine = subject.machine;
    let decoder = target::decoder(machine).ok_or("no decoder")?;
    let maker = Maker { machine, decoder: decoder.as_ref(), emulation: &subject.emulation };
    let program = Program::build(subject)?;
    let mut scratch = machine.clone();
    let rows = split(&mut mutants, |row| emulation::is_run(subject, row), told);
    for &row in &rows {
        // The test of rows sees that the program ends in these.
        let trials = maker.trapping(row);
        let stops = |machine: &Machine, t: &Trial| matches!(trial::run(machine, t, 0), Err(Fault::Exception));
        let goes_on = |machine: &Machine| trials.iter().any(|trial| !stops(machine, trial));
        noticed(&mut mutants, row, &mut scratch, &[], goes_on, told);
    }
    for rows in rows.chunks(ROWS) {
        let mut trials = Vec::new();
        for &row in rows {
            let mut random = Random::new(0x0e5a_1e00 + row as u64);
            let first = trials.len() as u64;
            let made = (first..first + STATES_EMULATED as u64).map(|n| maker.trial(row, n, &mut random));
            trials.extend(made.collect::<Option<Vec<_>>>().ok_or("no state in which a row can be run")?);
        }
        let trials = emulation::predictable(subject, trials)?;
        let output = program.outcomes(machine, &trials)?;
        for row in trials.chunk_by(|a, b| a.decoded.row == b.decoded.row) {
            let record = |number: u64| output.get((number * trial::RECORD) as usize..).unwrap_or_default();
            let notices = |machine: &Machine| {
                row.iter().any(|trial| program.compare(machine, trial, record(trial.number)).is_some())
            };
            let instances: Vec<&Decoded> = row.iter().map(|trial| &trial.decoded).collect();
            let number = usize::from(row[0].decoded.row.0);
            noticed(&mut mutants, number, &mut scratch, &instances, notices, told);
        }
    }
    rest(mutants, told);
    Ok(())
}
