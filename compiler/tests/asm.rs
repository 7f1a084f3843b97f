//! Optimized code as text: each file of `tests/asm` is a program and, in comments at its end, the code of its
//! functions, then of their loops entered in the middle. The optimizer does not run, so that the files show
//! selection, allocation and layout alone. `BLESS=1` rewrites the expected part.

use framewright_compiler::backend::{self, Kind, Options};
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::Module;
use framewright_compiler::{Compiled, ir};
use framewright_spec::claim::{Entry, StatePlace};
use framewright_spec::{RegSet, Spec};
use iced_x86::{Decoder, DecoderOptions, Formatter, IntelFormatter};
use std::fmt::Write as _;
use std::path::Path;

/// Between the program and the code expected of it.
const MARK: &str = "\n;; ---- code ----\n";

#[test]
fn code_is_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asm");
    let files = std::fs::read_dir(folder).expect("the folder is there").map(|f| f.expect("a file").path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    let mut wrong = Vec::new();
    for path in &files {
        let text = std::fs::read_to_string(path).expect("a text");
        let (program, expected) = text.split_once(MARK).unwrap_or((&text, ""));
        let actual = listing(program);
        if expected == actual {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, format!("{program}{MARK}{actual}")).expect("it can be written");
        } else {
            wrong.push(format!("{}:\n{}", path.display(), difference(expected, &actual)));
        }
    }
    assert!(files.len() >= 8, "only {} files", files.len());
    assert!(wrong.is_empty(), "BLESS=1 accepts what follows\n{}", wrong.join("\n"));
}

fn listing(program: &str) -> String {
    let module = Module::parse(program.as_bytes()).expect("a valid program");
    let spec = Spec::embedded();
    let options = || Options { check_allocation: true, ..Options::default() };
    let mut text = String::new();
    for index in module.imported_functions..module.functions.len() as u32 {
        let function = ir::build(&module, index).expect("it builds");
        let code = backend::compile(
            spec.convention("sysv").expect("declared"),
            &module,
            &function,
            Kind::Normal,
            options(),
        )
        .expect("it compiles");
        show(&mut text, &code);
        let tier0_options =
            Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: true, call_counter: false };
        let source =
            tier0::compile(spec.convention("sysv").expect("declared"), &module, index, &tier0_options)
                .expect("tier-0 compiles")
                .claim;
        let wanted = program.contains(";; osr");
        for found in ir::loops(&module, index).expect("it builds").iter().filter(|l| wanted && l.reachable) {
            let function = ir::build_osr(&module, index, found.loop_id).expect("it builds");
            let kind = Kind::Osr { source: &source, patchpoint: found.loop_id };
            let code = backend::compile(
                spec.convention("sysv").expect("declared"),
                &module,
                &function,
                kind,
                options(),
            )
            .expect("it compiles");
            show(&mut text, &code);
        }
    }
    text
}

fn show(text: &mut String, code: &Compiled) {
    let machine = Spec::embedded().machine(&code.claim.machine).expect("the machine is known");
    let names =
        |set: RegSet| set.iter().map(|r| machine.register(r).name.as_str()).collect::<Vec<_>>().join(" ");
    let saved = names(code.claim.shape.sets["saved"]);
    let sizes = &code.claim.shape.sizes;
    let _ = writeln!(text, ";;\n;; {}: saved {{{saved}}}, {sizes:?}", code.name);
    if let Entry::Osr { state, .. } = &code.claim.entry {
        for target in state {
            let place = match target.place {
                StatePlace::Register(reg) => machine.register(reg).name.clone(),
                StatePlace::Frame(at) => at.to_string(),
                StatePlace::Dead => "dead".to_owned(),
            };
            let _ = writeln!(text, ";;   {:?} in {place}", target.value);
        }
    }
    let bytes = &code.bytes[..code.claim.data.0 as usize];
    let mut formatter = IntelFormatter::new();
    for instruction in Decoder::with_ip(64, bytes, 0, DecoderOptions::NONE).iter() {
        let at = instruction.ip() as u32;
        let mut line = String::new();
        formatter.format(&instruction, &mut line);
        let body = if at == code.claim.body.0 { "body: " } else { "" };
        let epilog = if code.claim.epilogs.iter().any(|e| e.0 == at) { "epilog: " } else { "" };
        let trap = code.traps.iter().find(|t| t.at.0 == at);
        let trap = trap.map_or(String::new(), |t| format!("  ; trap: {}", t.code));
        let _ = writeln!(text, ";; {at:04x}  {body}{epilog}{line}{trap}");
    }
    let data = &code.bytes[code.claim.data.0 as usize..];
    if !data.is_empty() {
        let _ = writeln!(text, ";; {:04x}  data {data:02x?}", code.claim.data.0);
    }
}

/// The first lines that differ.
fn difference(expected: &str, actual: &str) -> String {
    let (mut old, mut new) = (expected.lines(), actual.lines());
    let mut shown = String::new();
    for number in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (old, new) if old == new => {}
            (old, new) => {
                let (old, new) = (old.unwrap_or("nothing"), new.unwrap_or("nothing"));
                let _ = writeln!(shown, "line {number} of the code\n  expected {old}\n  actual   {new}");
                break;
            }
        }
    }
    shown
}
