//! Steps through a program in an emulator by its stub for debuggers, where no debugger knows the machine: registers and
//! memory by the remote protocol (gdb manual, appendix E), rows of `.eh_frame` by gimli.
//!
//! As `step.py` does: calls and returns are told by the instructions, what is true at a call is noted, and must be found
//! again before every later instruction.

use crate::gdb::{Stepped, executable, waiting};
use gimli::{
    BaseAddresses, CfaRule, EhFrame, EndianSlice, LittleEndian, Register, RegisterRule, UnwindContext,
    UnwindSection,
};
use libtest_mimic::Failed;
use object::{Object, ObjectSection, ObjectSymbol};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::io::{BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

/// Instructions that a program may take.
const STEPS: u64 = 200_000;
/// Bytes of the stack that are read at once.
const STACK_BYTES: u64 = 1024;
/// Most callers.
const MOST: usize = 64;

/// What the stub and the instructions look like.
#[derive(Clone, Debug)]
pub(crate) struct Stub {
    emulator: String,
    /// Instructions under masks.
    calls: Vec<(u32, u32)>,
    returns: Vec<(u32, u32)>,
    /// DWARF numbers, by which the stub has them in order.
    sp: u16,
    saved: Vec<u16>,
}

impl Stub {
    /// As `machines.json` has it.
    pub(crate) fn read(entry: &Value) -> Option<Stub> {
        let list = |key: &str| entry.get(key).and_then(Value::as_array);
        let word = |value: &Value| u32::from_str_radix(value.as_str()?, 16).ok();
        let masks = |key: &str| -> Option<Vec<(u32, u32)>> {
            list(key)?.iter().map(|pair| Some((word(pair.get(0)?)?, word(pair.get(1)?)?))).collect()
        };
        let number = |value: &Value| value.as_u64().and_then(|number| u16::try_from(number).ok());
        Some(Stub {
            emulator: entry.get("stub")?.as_str()?.to_owned(),
            calls: masks("calls")?,
            returns: masks("returns")?,
            sp: number(entry.get("sp")?)?,
            saved: list("saved")?.iter().map(number).collect::<Option<_>>()?,
        })
    }
}

/// A conversation with a stub.
struct Remote {
    from: BufReader<UnixStream>,
    to: UnixStream,
}

impl Remote {
    fn ask(&mut self, question: &str) -> Result<String, Failed> {
        let sum = question.bytes().fold(0_u8, u8::wrapping_add);
        self.to.write_all(format!("${question}#{sum:02x}").as_bytes())?;
        let mut byte = [0];
        while byte != *b"$" {
            self.from.read_exact(&mut byte)?;
        }
        let mut answer = String::new();
        loop {
            self.from.read_exact(&mut byte)?;
            match byte[0] {
                b'#' => break,
                // The byte before once more, so many times.
                b'*' => {
                    self.from.read_exact(&mut byte)?;
                    let last = answer.chars().last().ok_or("a repetition of nothing")?;
                    (0..byte[0].saturating_sub(29)).for_each(|_| answer.push(last));
                }
                b'}' => {
                    self.from.read_exact(&mut byte)?;
                    answer.push(char::from(byte[0] ^ 0x20));
                }
                other => answer.push(char::from(other)),
            }
        }
        self.from.read_exact(&mut [0; 2])?;
        self.to.write_all(b"+")?;
        Ok(answer)
    }

    fn memory(&mut self, at: u64, bytes: u64) -> Result<Vec<u8>, Failed> {
        let hex = self.ask(&format!("m{at:x},{bytes:x}"))?;
        Ok(numbers(&hex, 2)?.into_iter().map(|byte| byte as u8).collect())
    }

    /// Registers as they lie in the answer, words of 8 bytes.
    fn registers(&mut self) -> Result<Vec<u64>, Failed> {
        let hex = self.ask("g")?;
        Ok(numbers(&hex, 16)?.into_iter().map(u64::swap_bytes).collect())
    }
}

fn numbers(hex: &str, digits: usize) -> Result<Vec<u64>, Failed> {
    let chunks = hex.as_bytes().chunks_exact(digits);
    let number = |chunk: &[u8]| Ok(u64::from_str_radix(std::str::from_utf8(chunk)?, 16)?);
    chunks.map(number).collect()
}

/// A state: pc, and registers by DWARF number.
#[derive(Clone)]
struct State {
    pc: u64,
    registers: HashMap<u16, u64>,
}

/// What is known of a caller: pc, SP, saved registers.
type Caller = Vec<u64>;

struct Program<'a> {
    stub: &'a Stub,
    section: EhFrame<EndianSlice<'a, LittleEndian>>,
    bases: BaseAddresses,
}

impl Program<'_> {
    fn caller(&self, state: &State) -> Option<Caller> {
        let saved = [self.stub.sp].into_iter().chain(self.stub.saved.iter().copied());
        let values: Option<Vec<u64>> = saved.map(|reg| state.registers.get(&reg).copied()).collect();
        Some([vec![state.pc], values?].concat())
    }

    /// The callers of a state, the innermost first.
    fn callers(&self, remote: &mut Remote, state: &State) -> Result<Vec<Caller>, Failed> {
        let (mut now, mut found) = (state.clone(), Vec::new());
        let sp = state.registers[&self.stub.sp];
        let stack = remote.memory(sp, STACK_BYTES).unwrap_or_default();
        let mut read = |at: u64| -> Result<u64, Failed> {
            let near = at.checked_sub(sp).and_then(|at| stack.get(at as usize..at as usize + 8));
            let bytes = match near {
                Some(bytes) => bytes.to_vec(),
                None => remote.memory(at, 8)?,
            };
            Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| "a word that is not there")?))
        };
        while found.len() < MOST {
            // A caller's row is that of its call.
            let at = if found.is_empty() { now.pc } else { now.pc - 1 };
            let fde = self.section.fde_for_address(&self.bases, at, EhFrame::cie_from_offset);
            let fde = fde.map_err(|error| format!("no row for {at:#x}: {error}"))?;
            let mut context = UnwindContext::new();
            let row = fde.unwind_info_for_address(&self.section, &self.bases, &mut context, at)?.clone();
            let CfaRule::RegisterAndOffset { register, offset } = *row.cfa() else {
                return Err("an expression".into());
            };
            let base = now.registers.get(&register.0).copied().ok_or("a CFA from a register that is lost")?;
            let cfa = base.wrapping_add_signed(offset);
            let mut next = HashMap::from([(self.stub.sp, cfa)]);
            let column = fde.cie().return_address_register();
            let mut back = None;
            for number in (0..32).map(Register) {
                let own = now.registers.get(&number.0).copied();
                let value = match row.register(number) {
                    None | Some(RegisterRule::SameValue) => own,
                    Some(RegisterRule::Undefined) => None,
                    Some(RegisterRule::Offset(at)) => Some(read(cfa.wrapping_add_signed(at))?),
                    Some(RegisterRule::Register(other)) => now.registers.get(&other.0).copied(),
                    Some(rule) => return Err(format!("at {at:#x}: {rule:?}").into()),
                };
                if number == column {
                    back = value;
                } else if number.0 != self.stub.sp
                    && let Some(value) = value
                {
                    next.insert(number.0, value);
                }
            }
            let Some(pc) = back else { break };
            now = State { pc, registers: next };
            found.push(self.caller(&now).ok_or_else(|| format!("at {at:#x}: a saved register is lost"))?);
        }
        Ok(found)
    }
}

/// Steps through an executable to its end.
pub(crate) fn step(stub: &Stub, bytes: &[u8], name: &str) -> Result<Stepped, Failed> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("unwinders-{}-stub-{name}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (file, socket) = (folder.join("program"), folder.join("socket"));
    std::fs::write(&file, bytes)?;
    executable(&file)?;
    let mut emulator = waiting(&stub.emulator, &socket, &file)?;
    let stepped = UnixStream::connect(&socket).map_err(Failed::from).and_then(|to| {
        let from = BufReader::new(to.try_clone()?);
        run(stub, bytes, &mut Remote { from, to })
    });
    emulator.kill().ok();
    emulator.wait()?;
    std::fs::remove_dir_all(&folder)?;
    stepped
}

fn run(stub: &Stub, bytes: &[u8], remote: &mut Remote) -> Result<Stepped, Failed> {
    let file = object::File::parse(bytes)?;
    let frames = file.section_by_name(".eh_frame").ok_or("no `.eh_frame`")?;
    let section = EhFrame::new(frames.data()?, LittleEndian);
    let bases = BaseAddresses::default().set_eh_frame(frames.address());
    let program = Program { stub, section, bases };
    // QEMU 7.2 names a description of the machine's registers and has none. The first of the answer are the general ones;
    // of those behind them the pc is the one that is the program's entry.
    let pc_place =
        (32..).zip(remote.registers()?.into_iter().skip(32)).find(|(_, word)| *word == file.entry());
    let (pc_place, _) = pc_place.ok_or("the program does not start at its entry")?;
    let numbered: Vec<(u16, usize)> = (0..32).map(|n| (n, usize::from(n))).collect();
    let matches = |list: &[(u32, u32)], word: u32| list.iter().any(|&(mask, value)| word & mask == value);
    let (mut callers, mut pcs): (Vec<Caller>, BTreeSet<u64>) = Default::default();
    let (mut deepest, mut compared) = (0, 0);
    for instructions in 0..STEPS {
        let words = remote.registers()?;
        let word = |at: usize| words.get(at).copied().ok_or("a short answer");
        let registers =
            numbered.iter().map(|&(n, at)| Ok((n, word(at)?))).collect::<Result<HashMap<_, _>, &str>>()?;
        let state = State { pc: word(pc_place)?, registers };
        let found = program.callers(remote, &state)?;
        if !found.iter().eq(callers.iter().rev()) {
            let pc = state.pc;
            return Err(
                format!("WRONG at {pc:#x}\n  rows: {found:x?}\n  is:   {callers:x?}, reversed").into()
            );
        }
        (deepest, compared) = (deepest.max(found.len() as u64), compared + found.len() as u64);
        pcs.insert(state.pc);
        let instruction = remote.memory(state.pc, 4)?;
        let instruction = u32::from_le_bytes(instruction.try_into().map_err(|_| "no instruction")?);
        if matches(&stub.calls, instruction) {
            let mut caller = program.caller(&state).ok_or("a register is not there")?;
            caller[0] += 4;
            callers.push(caller);
        } else if matches(&stub.returns, instruction) {
            callers.pop();
        }
        if remote.ask("s")?.starts_with('W') {
            let inside = |symbol: &object::Symbol<'_, '_>| {
                pcs.range(symbol.address()..symbol.address() + symbol.size().max(1)).next().is_some()
            };
            let names = file.symbols().filter(|symbol| symbol.size() > 0).filter(inside);
            let functions = names.filter_map(|symbol| symbol.name().ok().map(str::to_owned)).collect();
            let instructions = instructions + 1;
            return Ok(Stepped { instructions, deepest, frames: compared, functions, states: Vec::new() });
        }
    }
    Err(format!("more than {STEPS} instructions").into())
}
