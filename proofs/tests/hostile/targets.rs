//! What is done to hostile input, one function a reader. Nothing is expected of the answers but that there is one: no
//! panic, no endless loop. `fuzz/` drives these with libFuzzer, the test beside this file with simple changes of seeds.

use framewright::check::Checker;
use framewright::object::{self, Judging, Program};
use framewright::records;
use framewright_compiler::backend::{self, Options};
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::Module;
use framewright_compiler::{ir, opt};
use framewright_spec::lang::{parse, print};
use framewright_spec::{Claim, CodeOffset, RegSet, Source, Spec, SpecError};
use framewright_verifier::foreign::Judge;
use framewright_verifier::target::Decoder;
use framewright_verifier::unwind::dwarf::{Frames, Scratch};
use framewright_verifier::unwind::{Format, Table};
use framewright_verifier::{Verifier, target};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A reader of input, by name.
pub type Target = (&'static str, fn(&[u8]));

/// All readers.
pub const TARGETS: [Target; 7] = [
    ("spec", spec),
    ("wasm", wasm),
    ("decoder", decoder),
    ("elf", elf),
    ("unwind", unwind),
    ("claim", claim),
    ("record", record),
];

/// Specification text: parsed, printed, parsed again; loaded by itself.
pub fn spec(bytes: &[u8]) {
    let Ok(source) = Source::from_bytes("input.fw", bytes) else { return };
    if let Ok(tree) = parse(&source) {
        let printed = print(&tree);
        let again = parse(&Source::new("printed.fw", printed.as_str()));
        match again {
            Ok(again) => assert!(print(&again) == printed, "{printed}"),
            // It has parentheses where operators mix; `fmt` refuses to write it.
            Err(error) => assert!(matches!(error.problem(), SpecError::TooDeep { .. }), "{error}: {printed}"),
        }
    }
    match Spec::load_over(&[], &[source]) {
        Ok(spec) => {
            // What is good has layouts, or says why not.
            for frame in spec.frames.keys().take(3) {
                let _ = spec.covering_shapes(frame);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A WebAssembly module, text or binary: what is valid compiles in both tiers.
pub fn wasm(bytes: &[u8]) {
    let Ok(module) = Module::parse(bytes) else { return };
    let Ok(convention) = Spec::embedded().convention("sysv") else { return };
    for index in (module.imported_functions..module.functions.len() as u32).take(4) {
        let options = Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: true, call_counter: true };
        let _ = tier0::compile(convention, &module, index, &options);
        let Ok(mut function) = ir::build(&module, index) else { continue };
        opt::optimize(&mut function, &opt::Options::default());
        let _ = backend::compile(convention, &module, &function, backend::Kind::Normal, Options::default());
    }
}

/// Bytes as instructions of the machine that the first byte chooses.
pub fn decoder(bytes: &[u8]) {
    static DECODERS: OnceLock<Vec<Box<dyn Decoder>>> = OnceLock::new();
    let all = || Spec::embedded().machines.values().filter_map(target::decoder).collect();
    let decoders = DECODERS.get_or_init(all);
    let Some((&first, code)) = bytes.split_first() else { return };
    let decoder = &decoders[usize::from(first) % decoders.len()];
    let mut at = 0;
    while at < code.len() {
        let place = CodeOffset(at as u32);
        assert!(!decoder.text(code, place).is_empty());
        let effects = decoder.effects(code, place).and_then(Result::ok).map(|effects| effects.len);
        let length = decoder.decode(code, place).map(|decoded| decoded.len).ok().or(effects);
        assert!(length.is_none_or(|length| length > 0 && length as usize <= code.len() - at));
        at += length.unwrap_or(1) as usize;
    }
}

/// Whether an input is one of the few, one in so many, that the solver is asked about: that takes milliseconds.
fn is_solved(bytes: &[u8], of: u32) -> bool {
    let sum = bytes.iter().fold(0u32, |sum, &byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    sum.is_multiple_of(of)
}

/// An object file: read, and its first functions judged.
pub fn elf(bytes: &[u8]) {
    type Judges = BTreeMap<(&'static str, bool), Judge<'static>>;
    static JUDGES: OnceLock<Judges> = OnceLock::new();
    let spec = Spec::embedded();
    let judges = |abi| {
        let judge = || Judge::new(spec, abi).ok();
        [(false, judge().map(Judge::linear)), (true, judge())]
            .into_iter()
            .filter_map(move |(solved, judge)| Some(((abi, solved), judge?)))
    };
    let all = || spec.abis.keys().flat_map(|abi| judges(abi.as_str())).collect();
    let judges: &Judges = JUDGES.get_or_init(all);
    let Ok(members) = object::members(bytes) else { return };
    for member in members.iter().take(4) {
        let Ok(program) = Program::read(spec, member.bytes, None) else { continue };
        let Some(judge) = judges.get(&(program.abi.as_str(), is_solved(bytes, 32))) else { continue };
        Judging::new(judge, &program, 1).run(&|number| number < 2, &mut |_, _| ());
    }
}

/// Unwinding data of the format and machine that the first byte chooses.
pub fn unwind(bytes: &[u8]) {
    let Some((&first, data)) = bytes.split_first() else { return };
    let machines = &Spec::embedded().machines;
    let Some((_, machine)) = machines.get_index(usize::from(first >> 2) % machines.len()) else { return };
    let code = [0x90; 64];
    match Format::ALL.get(usize::from(first & 3)) {
        Some(format) => {
            if let Ok(table) = format.read(data, &code, 0..64, machine) {
                (0..64).for_each(|pc| drop(table.at(CodeOffset(pc)).map(|row| row.text(machine))));
            }
        }
        None => {
            let frames = Frames::new(machine, data, 0x1000);
            let (mut scratch, mut table) = (Scratch::default(), Table::default());
            for entry in frames.entries().take(1000) {
                let Ok(entry) = entry else { return };
                let _ = frames.read(&entry, &mut scratch, &mut table);
            }
        }
    }
}

/// A claim as JSON, a zero byte, and code: read, written and read again; some are judged.
pub fn claim(bytes: &[u8]) {
    thread_local! {
        static VERIFIER: RefCell<Verifier> = RefCell::new(Verifier::new(Spec::embedded()));
    }
    let mut parts = bytes.splitn(2, |&byte| byte == 0);
    let (Some(json), Some(code)) = (parts.next(), parts.next()) else { return };
    let Ok(claim) = serde_json::from_slice::<Claim>(json) else { return };
    let again = serde_json::to_vec(&claim).ok().and_then(|text| serde_json::from_slice(&text).ok());
    assert!(again.as_ref() == Some(&claim), "{claim:?}");
    if !is_solved(bytes, 512) {
        return;
    }
    VERIFIER.with_borrow_mut(|verifier| drop(verifier.verify("input", code.to_vec(), claim, None)));
}

/// A line of records: parsed, written and parsed again, judged.
pub fn record(bytes: &[u8]) {
    let Ok(record) = records::parse("input", 1, bytes) else { return };
    let line = record.to_line();
    assert!(records::parse("input", 1, line.as_bytes()).is_ok(), "{line}");
    thread_local! {
        static CHECKER: RefCell<Checker<'static>> = RefCell::new(Checker::new(Spec::embedded(), None));
    }
    CHECKER.with_borrow_mut(|checker| drop(checker.check(&record)));
}
