//! Test listings: claim, code and expected verdict in one file.
//!
//! ```text
//! frame sysv.native saved=rbx locals=16        the claim; `source FILE` names the listing that is left from
//! windows 01 04 …                         its `UNWIND_INFO`
//! ---
//! .prolog                                 `.cfi_*` lines: unwinding data; labels: body, epilog…, data, table0 of jump0, patch0 / resume0, landing…
//! body:
//! epilog:
//! .epilog
//! ---
//! proven …                                rewritten by BLESS=1
//! ```
#![allow(dead_code)]

pub(crate) mod asm;
pub(crate) mod cfi;
pub(crate) mod rows;
pub(crate) mod unwinder;

use framewright_spec::claim::{
    Entry, JumpTable, Patchpoint, StatePlace, StateSlot, StateTarget, StateValue, Unwind, UnwindFormat,
    UnwindTiming, ValueKind,
};
use framewright_spec::{CfaOffset, Claim, CodeOffset, Machine, RegSet, Shape, Spec};
use framewright_verifier::{Proven, Verdict, Verifier};
use std::path::Path;

/// A listing, read.
pub(crate) struct Listing {
    /// For messages.
    pub(crate) name: String,
    /// Code, then data.
    pub(crate) bytes: Vec<u8>,
    /// What is said about it.
    pub(crate) claim: Claim,
    /// File name of the source listing.
    pub(crate) source: Option<String>,
}

/// The three parts of a file.
pub(crate) fn parts(text: &str) -> [&str; 3] {
    let mut parts = text.splitn(3, "---\n");
    std::array::from_fn(|_| parts.next().unwrap_or(""))
}

/// Reads a listing.
pub(crate) fn listing(spec: &Spec, name: &str, text: &str) -> Listing {
    let [head, code, _] = parts(text);
    let frame = head.lines().find_map(|line| line.strip_prefix("frame ")?.split(' ').next());
    let frame = frame.unwrap_or_else(|| panic!("{name}: no frame"));
    let machine = spec.machine_of_frame(frame).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut transition = frame.rsplit_once('.').map(|(convention, _)| format!("{convention}.ryujit"));
    let mut claim = Claim {
        machine: machine.name.clone(),
        frame: String::new(),
        shape: Shape::default(),
        entry: Entry::Call,
        body: CodeOffset(0),
        epilogs: Vec::new(),
        data: CodeOffset(0),
        jump_tables: Vec::new(),
        patchpoints: Vec::new(),
        helpers: Vec::new(),
        landings: Vec::new(),
        unwind: Vec::new(),
    };
    let mut source = None;
    let mut windows = None;
    let mut timing = UnwindTiming::Asynchronous;
    let mut targets = Vec::new();
    for line in head.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[0] {
            "frame" => {
                claim.frame = words[1].to_owned();
                claim.shape = Shape { source: claim.shape.source, ..shape(machine, &words[2..]) };
            }
            "windows" => {
                let byte = |word: &&str| u8::from_str_radix(word, 16).expect("a byte");
                windows = Some(words[1..].iter().map(byte).collect());
            }
            "unwind" if words[1] == "synchronous" => timing = UnwindTiming::Synchronous,
            "transition" => transition = Some(words[1].to_owned()),
            "source" => {
                source = Some(words[1].to_owned());
                claim.shape.source = Some(Box::new(shape(machine, &words[2..])));
            }
            "home" => {
                let (value, kind) = (value(words[1]), kind(words[2]));
                let home = CfaOffset(words[3].parse().expect("an offset"));
                if claim.patchpoints.is_empty() {
                    let (jump, resume) = (CodeOffset(0), CodeOffset(0));
                    claim.patchpoints.push(Patchpoint { id: 0, wasm_offset: 0, jump, resume, state: vec![] });
                }
                claim.patchpoints[0].state.push(StateSlot { value, kind, home });
            }
            "state" => targets.push(StateTarget {
                value: value(words[1]),
                kind: kind(words[2]),
                place: place(machine, words[3]),
            }),
            other => panic!("{name}: header `{other}`"),
        }
    }
    if source.is_some() {
        let transition = transition.unwrap_or_else(|| panic!("{name}: no transition"));
        claim.entry = Entry::Osr { transition, patchpoint: 0, state: targets };
    }
    let layout = spec.layout(&claim.frame, &claim.shape).unwrap_or_else(|e| panic!("{name}: {e}"));
    let (lines, directives) = cfi::split(code);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let assemble = if machine.has_encodings() { rows::assemble } else { asm::assemble };
    let assembled = assemble(&lines, machine, &layout);
    place_labels(&mut claim, &assembled);
    if !directives.is_empty() {
        let abi = spec.abi(&spec.frame(&claim.frame).expect("the frame").abi).expect("its convention");
        let bytes = cfi::assemble(machine, abi, &directives, &assembled.labels, claim.data);
        claim.unwind.push(Unwind { format: UnwindFormat::DwarfCfi, timing, bytes });
    }
    if let Some(bytes) = windows {
        claim.unwind.push(Unwind { format: UnwindFormat::WindowsX64, timing, bytes });
    }
    Listing { name: name.to_owned(), bytes: assembled.bytes, claim, source }
}

fn place_labels(claim: &mut Claim, assembled: &asm::Assembled) {
    let label = |name: &str| assembled.labels.get(name).map(|&at| CodeOffset(at));
    let end = CodeOffset(assembled.bytes.len() as u32);
    claim.body = label("body").unwrap_or(end);
    claim.data = label("data").unwrap_or(end);
    let mut named: Vec<(&String, CodeOffset)> =
        assembled.labels.iter().map(|(name, &at)| (name, CodeOffset(at))).collect();
    named.sort();
    claim.epilogs = named.iter().filter(|(n, _)| n.starts_with("epilog")).map(|&(_, at)| at).collect();
    claim.landings = named.iter().filter(|(n, _)| n.starts_with("landing")).map(|&(_, at)| at).collect();
    if let (Some(jump), Some(table)) = (label("jump0"), label("table0")) {
        claim.jump_tables.push(JumpTable { jump, table, entries: (end.0 - table.0) / 4 });
    }
    if let (Some(patchpoint), Some(jump), Some(resume)) =
        (claim.patchpoints.first_mut(), label("patch0"), label("resume0"))
    {
        (patchpoint.jump, patchpoint.resume) = (jump, resume);
    }
}

fn shape(machine: &Machine, words: &[&str]) -> Shape {
    let mut shape = Shape::default();
    for word in words {
        let (name, value) = word.split_once('=').expect("name=value");
        if let Ok(bytes) = value.parse() {
            shape.sizes.insert(name.to_owned(), bytes);
        } else {
            let regs =
                value.split(',').filter(|r| !r.is_empty()).map(|r| machine.reg(r).expect("a register"));
            shape.sets.insert(name.to_owned(), regs.collect::<RegSet>());
        }
    }
    shape.sets.entry("saved".to_owned()).or_default();
    shape.sizes.entry("locals".to_owned()).or_default();
    shape.sizes.entry("outgoing".to_owned()).or_default();
    shape
}

fn value(text: &str) -> StateValue {
    match text.strip_prefix("local") {
        Some(index) => StateValue::Local(index.parse().expect("an index")),
        None => StateValue::Context,
    }
}

fn kind(text: &str) -> ValueKind {
    match text {
        "i32" => ValueKind::I32,
        "f32" => ValueKind::F32,
        "f64" => ValueKind::F64,
        _ => ValueKind::I64,
    }
}

fn place(machine: &Machine, text: &str) -> StatePlace {
    match (text, text.parse()) {
        ("dead", _) => StatePlace::Dead,
        (_, Ok(offset)) => StatePlace::Frame(CfaOffset(offset)),
        _ => StatePlace::Register(machine.reg(text).expect("a register")),
    }
}

/// Judges a listing; its source is read from the same folder and must prove.
pub(crate) fn judge(verifier: &mut Verifier, folder: &Path, listing: &Listing) -> Verdict {
    let spec = Spec::embedded();
    let source: Option<Proven> = listing.source.as_ref().map(|file| {
        let text = std::fs::read_to_string(folder.join(file)).expect("the source listing");
        let source = self::listing(spec, file, &text);
        match judge(verifier, folder, &source) {
            Verdict::Proven(proven) => proven,
            other => panic!("{file}: {other:?}"),
        }
    });
    verifier.verify(&listing.name, listing.bytes.clone(), listing.claim.clone(), source.as_ref())
}
