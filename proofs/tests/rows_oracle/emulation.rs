//! What rows do, against QEMU: random instructions in random states, everything compared after.
//!
//! ```text
//! records ──stdin──▶ template.s under QEMU: load state, one instruction, store state ──stdout──▶ compared
//! ```
//!
//! A record is two pages. A register points somewhere into it (`start` bytes from its first byte); from there lie the
//! state before (`in`) and after (`out`), 1 KiB each, memory that the instruction may touch (`scratch`), and its code.
//!
//! ```text
//! in, out:  0x000 integer registers   0x100 floats, 16 bytes each   0x300 flags and control   0x3f0 which pointer │ exit
//! ```
//!
//! The must-fail twin: with any one update of a row inverted, the same outcomes no longer fit.

use crate::llvm::assemble;
use crate::machines::{Emulation, Subject};
use crate::random::Random;
use crate::trial::{MEMORY, Maker, RECORD, Trial, run};
use framewright_spec::machine::RegClass;
use framewright_spec::meaning::{Expr, Flow, Function};
use framewright_spec::{Machine, Reg};
use framewright_verifier::concrete::mask;
use framewright_verifier::decoded::Operand;
use framewright_verifier::{eval, target};
use libtest_mimic::Failed;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Records of one run of the emulator.
const BATCH: usize = 2000;
/// States of a row in which a wrong update is sure to show.
const ENOUGH: usize = 40;
/// Rows shown of those that differ.
const SHOWN: usize = 40;
const FLOATS: u64 = 0x100;
const SPECIALS: u64 = 0x300;
const LAST: u64 = 0x3f0;
/// Stands for the pointer in a record that is not to be run.
const PASSED: u64 = 2;

/// Checks every row of a machine in `count` states.
pub(crate) fn check(subject: &Subject, count: usize) -> Result<(), Failed> {
    let machine = subject.machine;
    let decoder = target::decoder(machine).ok_or("no decoder")?;
    let maker = Maker { machine, decoder: decoder.as_ref(), emulation: &subject.emulation };
    let program = Program::build(subject)?;
    let mut wrong: Vec<String> = Vec::new();
    let mut trials: Vec<Trial> = Vec::new();
    for row in (0..machine.instructions.len()).filter(|&row| is_run(subject, row)) {
        program.stops(&maker, row, &mut wrong)?;
    }
    for (row, (name, _)) in machine.instructions.iter().enumerate() {
        if !is_run(subject, row) {
            continue;
        }
        let mut random = Random::new(0x0e5a_1e00 + row as u64);
        for _ in 0..count {
            match maker.trial(row, trials.len() as u64, &mut random) {
                Some(trial) => trials.push(trial),
                None => {
                    wrong.push(format!("{name}: no state in which it can be run"));
                    break;
                }
            }
            if trials.len() == BATCH {
                let trials = predictable(subject, std::mem::take(&mut trials))?;
                program.judge(machine, &trials, &mut wrong)?;
            }
        }
    }
    program.judge(machine, &predictable(subject, trials)?, &mut wrong)?;
    if let Some(name) =
        subject.emulation.not_run.keys().find(|name| !machine.instructions.contains_key(*name))
    {
        wrong.push(format!("{name}: machines.json excuses it, and there is no such row"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let shown = wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    Err(format!("{} differences:\n{shown}", wrong.len()).into())
}

/// Whether a row is run.
pub(crate) fn is_run(subject: &Subject, row: usize) -> bool {
    subject.machine.instructions.get_index(row).is_some_and(|(name, row)| {
        let decode_only = row.encoding.as_ref().is_none_or(|encoding| encoding.decode_only);
        row.flow != Flow::Trap && !decode_only && !subject.emulation.not_run.contains_key(name)
    })
}

/// The template of a machine as a program.
pub(crate) struct Program<'a> {
    emulation: &'a Emulation,
    path: PathBuf,
    /// What stands behind the instruction, for each pointer.
    exits: Vec<Vec<u8>>,
}

impl Program<'_> {
    pub(crate) fn build(subject: &Subject) -> Result<Program<'_>, Failed> {
        let emulation = &subject.emulation;
        let template =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rows_oracle").join(&emulation.template);
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rows_oracle_{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let file = |ending: &str| folder.join(format!("{}.{ending}", subject.machine.name));
        let (object, path) = (file("o"), file("elf"));
        let text = |path: &Path| path.display().to_string();
        let mut arguments = vec!["-c".to_owned(), text(&template), "-o".to_owned(), text(&object)];
        arguments.push(format!("--target={}-linux-gnu", subject.triple));
        tool("clang-19", &arguments)?;
        tool("ld.lld-19", &["-static", "-o", &text(&path), &text(&object)].map(str::to_owned))?;
        let exit = |number: usize| -> Result<Vec<u8>, Failed> {
            let (section, out) = (format!("--only-section=.exit{number}"), file(&format!("exit{number}")));
            tool(
                "llvm-objcopy-19",
                &["-O", "binary", &section, &text(&path), &text(&out)].map(str::to_owned),
            )?;
            Ok(std::fs::read(out)?)
        };
        let exits = vec![exit(0)?, exit(1)?];
        Ok(Program { emulation, path, exits })
    }

    /// Runs states in which a row that may raises an exception; each must end the program.
    fn stops(&self, maker: &Maker<'_>, row: usize, wrong: &mut Vec<String>) -> Result<(), Failed> {
        for trial in maker.trapping(row) {
            if self.run(self.records(maker.machine, std::slice::from_ref(&trial))?)?.is_some() {
                let inputs = self.inputs(maker.machine, &trial);
                wrong.push(format!("`{}` does not stop, by the row it does; {inputs}", trial.text));
            }
        }
        Ok(())
    }

    /// The records of trials after a run.
    #[allow(dead_code, reason = "the test of mutants uses it")]
    pub(crate) fn outcomes(&self, machine: &Machine, trials: &[Trial]) -> Result<Vec<u8>, Failed> {
        self.run(self.records(machine, trials)?)?.ok_or_else(|| "a trial ends the program".into())
    }

    /// Runs the trials and notes what differs, at most one difference a row.
    fn judge(&self, machine: &Machine, trials: &[Trial], wrong: &mut Vec<String>) -> Result<(), Failed> {
        let Some(output) = self.run(self.records(machine, trials)?)? else {
            let rows: Vec<&[Trial]> = trials.chunk_by(|a, b| a.decoded.row == b.decoded.row).collect();
            if let [_, _, ..] = rows.as_slice() {
                return rows.into_iter().try_for_each(|row| self.judge(machine, row, wrong));
            }
            let trial = self.culprit(machine, trials)?;
            wrong.push(format!("`{}` ends the program; {}", trial.text, self.inputs(machine, trial)));
            return Ok(());
        };
        let mut mutant = machine.clone();
        for row in trials.chunk_by(|a, b| a.decoded.row == b.decoded.row) {
            let record = |trial: &Trial| output.get((trial.number * RECORD) as usize..).unwrap_or_default();
            let differs = |machine: &Machine| {
                row.iter().find_map(|trial| Some((trial, self.compare(machine, trial, record(trial))?)))
            };
            match differs(machine) {
                Some((trial, what)) => {
                    wrong.push(format!("`{}`: {what}; {}", trial.text, self.inputs(machine, trial)));
                }
                // A few states may all be such that it does not matter.
                None if row.len() < ENOUGH => {}
                None => unnoticed(&mut mutant, &row[0], |mutant| differs(mutant).is_some(), wrong),
            }
        }
        Ok(())
    }

    /// One of the trials that ends the program, where together they do.
    fn culprit<'t>(&self, machine: &Machine, trials: &'t [Trial]) -> Result<&'t Trial, Failed> {
        let mut trials = trials;
        while trials.len() > 1 {
            let (low, high) = trials.split_at(trials.len() / 2);
            trials = if self.run(self.records(machine, low)?)?.is_none() { low } else { high };
        }
        trials.first().ok_or_else(|| "no trials".into())
    }

    /// Registers that the instruction names, before it.
    fn inputs(&self, machine: &Machine, trial: &Trial) -> String {
        let named = trial.decoded.operands.iter().filter_map(|operand| match operand {
            Operand::Part(view) => Some(view.reg),
            _ => None,
        });
        let show = |reg| format!("{} {:#x}", machine.name_of(reg), trial.before.register(reg));
        format!("before: {}", named.map(show).collect::<Vec<_>>().join(", "))
    }

    /// Records at their places; those between are passed over.
    fn records(&self, machine: &Machine, trials: &[Trial]) -> Result<Vec<u8>, Failed> {
        let count = trials.iter().map(|trial| trial.number + 1).max().unwrap_or(0);
        let mut records = vec![0; (count * RECORD) as usize];
        for record in records.chunks_mut(RECORD as usize) {
            self.place(record, self.emulation.before, LAST, &PASSED.to_le_bytes())?;
        }
        for trial in trials {
            let record = records.get_mut((trial.number * RECORD) as usize..).ok_or("no record")?;
            self.record(machine, trial, record)?;
        }
        Ok(records)
    }

    fn record(&self, machine: &Machine, trial: &Trial, record: &mut [u8]) -> Result<(), Failed> {
        let emulation = self.emulation;
        let mut specials: BTreeMap<u64, u64> = BTreeMap::new();
        for (i, register) in machine.registers.iter().enumerate() {
            let value = trial.before.register(Reg(i as u8));
            match self.slot(machine, Reg(i as u8))? {
                Slot::Bytes { at, bytes } => {
                    self.place(record, emulation.before, at, &value.to_le_bytes()[..bytes])?;
                }
                Slot::Bits { word, low } => {
                    *specials.entry(word).or_default() |= (value as u64 & mask(register.bits) as u64) << low;
                }
            }
        }
        for (word, value) in specials {
            self.place(record, emulation.before, SPECIALS + 8 * word, &value.to_le_bytes())?;
        }
        self.place(record, emulation.before, LAST, &(trial.pointer as u64).to_le_bytes())?;
        let memory = Trial::memory(emulation, trial.number);
        let content: Vec<u8> = (memory..memory + MEMORY).map(|at| trial.before.memory.byte(at)).collect();
        self.place(record, emulation.scratch, 0, &content)?;
        let half = if trial.bytes.len() == 2 { emulation.half.as_slice() } else { &[] };
        let code = [half, &trial.bytes, &self.exits[trial.pointer]].concat();
        self.place(record, emulation.code, 0, &code)
    }

    /// Writes bytes at a place `offset` bytes into an area.
    fn place(&self, record: &mut [u8], area: i64, offset: u64, bytes: &[u8]) -> Result<(), Failed> {
        let at = (area - self.emulation.start) as usize + offset as usize;
        let place = record.get_mut(at..at + bytes.len()).ok_or("a place outside the record")?;
        place.copy_from_slice(bytes);
        Ok(())
    }

    /// Where a register is in the state of a record.
    fn slot(&self, machine: &Machine, reg: Reg) -> Result<Slot, Failed> {
        let register = machine.register(reg);
        let number = register.dwarf.map(|number| u64::from(number % 32));
        Ok(match (self.emulation.specials.get(&register.name), register.class, number) {
            (Some(&(word, low)), _, _) => Slot::Bits { word, low },
            (None, RegClass::Int, Some(number)) => Slot::Bytes { at: 8 * number, bytes: 8 },
            (None, RegClass::Float, Some(number)) => {
                Slot::Bytes { at: FLOATS + 16 * number, bytes: register.bits as usize / 8 }
            }
            _ => return Err(format!("machines.json has no place for register {}", register.name).into()),
        })
    }

    /// The records after a run; `None` if the program was ended by a signal.
    fn run(&self, records: Vec<u8>) -> Result<Option<Vec<u8>>, Failed> {
        let (emulator, arguments) = self.emulation.emulator.split_first().ok_or("no emulator")?;
        let mut child = Command::new(emulator)
            .args(arguments)
            .arg(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{emulator} does not start ({error}); `make packages` installs it"))?;
        let length = records.len();
        let mut stdin = child.stdin.take().ok_or("no standard input")?;
        let writer = std::thread::spawn(move || stdin.write_all(&records));
        let output = child.wait_with_output()?;
        let written = writer.join().map_err(|_| "the writer failed")?;
        if output.status.code().is_some_and(|code| code != 0) {
            return Err(format!("{emulator} ends with {}", output.status).into());
        }
        if output.status.success() {
            written?;
        }
        if output.status.success() && output.stdout.len() != length {
            return Err(format!("{} bytes of records for {length}", output.stdout.len()).into());
        }
        Ok(output.status.success().then_some(output.stdout))
    }

    /// What row and emulator do not agree on.
    pub(crate) fn compare(&self, machine: &Machine, trial: &Trial, record: &[u8]) -> Option<String> {
        let emulation = self.emulation;
        let number = |area: i64, offset: u64, bytes: usize| {
            let at = (area - emulation.start) as usize + offset as usize;
            let bytes = record.get(at..at + bytes).unwrap_or_default();
            bytes.iter().rev().fold(0u128, |value, &byte| value << 8 | u128::from(byte))
        };
        // What differs when undefined values do is what the row leaves undefined.
        let ((low, flow), (high, _)) = match (run(machine, trial, 0), run(machine, trial, u128::MAX)) {
            (Ok(low), Ok(high)) => (low, high),
            (Err(fault), _) | (_, Err(fault)) => return Some(fault.to_string()),
        };
        for (i, register) in machine.registers.iter().enumerate() {
            let reg = Reg(i as u8);
            let found = match self.slot(machine, reg).ok()? {
                Slot::Bytes { at, bytes } => number(emulation.after, at, bytes),
                Slot::Bits { word, low } => number(emulation.after, SPECIALS + 8 * word, 8) >> low,
            };
            let sticky = emulation.sticky.get(&register.name).copied().unwrap_or(0);
            let defined = mask(register.bits) & !(low.register(reg) ^ high.register(reg) | sticky);
            let (found, expected) = (found & defined, low.register(reg) & defined);
            if found != expected {
                return Some(format!("{} is {found:#x}, by the row {expected:#x}", register.name));
            }
        }
        let memory = Trial::memory(emulation, trial.number);
        for offset in 0..MEMORY {
            let (found, expected) = (number(emulation.scratch, offset, 1), low.memory.byte(memory + offset));
            let defined = !(expected ^ high.memory.byte(memory + offset));
            if found as u8 & defined != expected & defined {
                return Some(format!("byte {offset} of memory is {found:#x}, by the row {expected:#x}"));
            }
        }
        let exit = u128::from(Trial::second_exit(emulation, trial.number));
        let taken = match flow {
            eval::Flow::Next | eval::Flow::Trap => false,
            eval::Flow::Jump(to) | eval::Flow::Call(to) | eval::Flow::Return(to) => to.value == exit,
            eval::Flow::Branch { condition, target } => condition.value == 1 && target.value == exit,
        };
        let left = number(emulation.after, LAST, 8) == 1;
        (left != taken).then(|| format!("it leaves: {left}, by the row: {taken}"))
    }
}

/// The trials whose effect the manual does not leave open, by what the assembler says.
pub(crate) fn predictable(subject: &Subject, mut trials: Vec<Trial>) -> Result<Vec<Trial>, Failed> {
    if !subject.unpredictable.is_empty() {
        let texts: Vec<(&str, usize)> = trials.iter().map(|t| (t.text.as_str(), t.bytes.len())).collect();
        let said = assemble(subject, &texts)?;
        let is_open = |what: &String| subject.unpredictable.iter().any(|open| what.contains(open));
        let mut said = said.iter().map(|answer| answer.as_ref().err().is_some_and(is_open));
        trials.retain(|_| !said.next().unwrap_or(false));
    }
    Ok(trials)
}

/// Inverts each update and the condition of a row in turn; each must be noticed.
fn unnoticed(
    machine: &mut Machine,
    trial: &Trial,
    is_noticed: impl Fn(&Machine) -> bool,
    wrong: &mut Vec<String>,
) {
    let index = usize::from(trial.decoded.row.0);
    let row = machine.instructions[index].clone();
    let invert = |value: &Expr| Expr::Apply { function: Function::Not, args: vec![value.clone()] };
    for (i, update) in row.updates.iter().enumerate() {
        if !matches!(update.value, Expr::Undefined(_)) {
            machine.instructions[index].updates[i].value = invert(&update.value);
            if !is_noticed(machine) {
                wrong.push(format!("{}: inverting update {i} is not noticed", row.name));
            }
            machine.instructions[index].updates[i].value = update.value.clone();
        }
    }
    if let Flow::Branch { condition, target } = &row.flow {
        let flow = Flow::Branch { condition: invert(condition), target: target.clone() };
        machine.instructions[index].flow = flow;
        if !is_noticed(machine) {
            wrong.push(format!("{}: inverting the condition is not noticed", row.name));
        }
        machine.instructions[index].flow = row.flow.clone();
    }
}

/// Where a register is in a state.
enum Slot {
    /// Bytes from the state's first one.
    Bytes { at: u64, bytes: usize },
    /// Bits of a word of flags and control.
    Bits { word: u64, low: u32 },
}

fn tool(name: &str, arguments: &[String]) -> Result<(), Failed> {
    let output = Command::new(name).args(arguments).output();
    let output =
        output.map_err(|error| format!("{name} does not start ({error}); `make packages` installs it"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)).into())
}
