//! ELF files that clang and lld make, judged: which functions are found, and what is said of each. `BLESS=1` writes
//! the tables anew.

#[path = "../stored/mod.rs"]
mod stored;

use framewright::object::{Judging, Member, Program, Told, members};
use framewright_spec::Spec;
use std::path::{Path, PathBuf};
use std::process::Command;

const MACHINES: [(&str, &[&str]); 4] = [
    ("x86_64", &["--target=x86_64-linux-gnu"]),
    ("aarch64", &["--target=aarch64-linux-gnu"]),
    ("riscv64", &["--target=riscv64-linux-gnu", "-march=rv64gc", "-mabi=lp64d"]),
    ("loongarch64", &["--target=loongarch64-linux-gnu"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/objects")
}

fn run(program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).current_dir(folder()).output();
    let output = output.unwrap_or_else(|error| panic!("{program} (`make packages` installs it): {error}"));
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// An object, a shared library, the same without its symbols, an executable, and an archive of the objects, of one machine.
fn build(test: &str, machine: &str, flags: &[&str]) -> Vec<(&'static str, Vec<u8>)> {
    let path = |ending: &str| format!("{}/objects-{test}-{machine}{ending}", env!("CARGO_TARGET_TMPDIR"));
    let c = ["-O2", "-fPIC", "-ffreestanding", "-fasynchronous-unwind-tables", "-c", "functions.c", "-o"];
    run("clang-19", &[flags, &c, &[&path(".c.o")]].concat());
    run("clang-19", &[flags, &["-c", &format!("{machine}.s"), "-o", &path(".s.o")]].concat());
    let objects = [path(".c.o"), path(".s.o")];
    let link = |args: &[&str], ending: &str| {
        let out = path(ending);
        run("ld.lld-19", &[args, &["-o", &out, &objects[0], &objects[1]]].concat());
        out
    };
    let object = link(&["-r"], ".o");
    let shared = link(&["-shared", "--eh-frame-hdr"], ".so");
    let ignore = "--unresolved-symbols=ignore-all";
    let executable = link(&["-pie", "--no-dynamic-linker", "--eh-frame-hdr", ignore, "-e", "add"], ".exe");
    let (stripped, archive) = (path(".stripped.so"), path(".a"));
    run("llvm-strip-19", &["--strip-all", "-o", &stripped, &shared]);
    let _ = std::fs::remove_file(&archive);
    run("llvm-ar-19", &["rc", &archive, &objects[0], &objects[1]]);
    let all = [
        ("object", object),
        ("shared", shared),
        ("stripped", stripped),
        ("executable", executable),
        ("archive", archive),
    ];
    all.map(|(name, path)| (name, std::fs::read(path).expect("what was just built"))).into()
}

/// What is said of the functions of a file, a line each.
fn judged(file: &[u8]) -> String {
    let mut lines = String::new();
    for Member { bytes, .. } in members(file).expect("a good file") {
        let program = Program::read(Spec::embedded(), bytes, None).expect("a good file");
        let judge = program.judge(Spec::embedded()).expect("a known machine");
        let judging = Judging::new(&judge, &program, 1);
        let answers = judging.run(&|_| true, &mut |_, _| ());
        for (function, answer) in program.functions.iter().zip(&answers) {
            let Some(answer) = answer else { continue };
            let told = Told { program: &program, function, answer };
            let names = if function.names.is_empty() { told.name() } else { function.names.join(" = ") };
            let names = if told.name().ends_with("@plt") { told.name() } else { names };
            // Where functions lie is the linker's business.
            let names = if names.starts_with("0x") { "(no name)".to_owned() } else { names };
            let parts = match answer.parts.len() {
                0 => String::new(),
                count => format!(" with {count} part"),
            };
            let why = told.reason().map_or_else(String::new, |reason| format!("; {reason}"));
            lines += &format!("  {names}{parts}: {}; unwinding {}{why}\n", told.word(), told.unwinding());
        }
        lines += &program.notes.iter().map(|note| format!("  note: {note}\n")).collect::<String>();
    }
    lines
}

#[test]
fn functions_are_found_and_judged() {
    let mut table = String::new();
    for (machine, flags) in MACHINES {
        for (kind, file) in build("table", machine, flags) {
            table += &format!("{machine} {kind}\n{}", judged(&file));
        }
    }
    let path = folder().join("expected.txt");
    stored::compare(&path, &table).unwrap_or_else(|differs| panic!("{differs}"));
}

/// Numbers without an end, the same for each seed (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }
}

/// The file with lies in it: bytes and words changed, most of them where headers and tables are, or its end missing.
fn corrupted(file: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..=random.below(4) {
        let at = match random.below(4) {
            0 => random.below(64),
            1 => bytes.len() - 1 - random.below(bytes.len().min(2048)),
            _ => random.below(bytes.len()),
        };
        match random.below(4) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.below(256) as u8,
            2 => bytes[at..].iter_mut().take(8).for_each(|byte| *byte = 0xff),
            _ => bytes[at..].iter_mut().take(4).for_each(|byte| *byte = 0),
        }
    }
    if random.below(6) == 0 {
        bytes.truncate(random.below(bytes.len()));
    }
    bytes
}

#[test]
fn files_that_lie_do_no_harm() {
    const RUNS: usize = 30;
    let spec = Spec::embedded();
    let (mut good, mut refused) = (0, 0);
    for (number, (machine, flags)) in MACHINES.into_iter().enumerate() {
        for (kind, file) in build("lies", machine, flags) {
            let mut random = Random(0x9e37_79b9 + number as u64 * 5 + kind.len() as u64);
            for _ in 0..RUNS {
                let bytes = corrupted(&file, &mut random);
                for Member { bytes, .. } in members(&bytes).unwrap_or_default() {
                    match Program::read(spec, bytes, None) {
                        Ok(program) => {
                            good += 1;
                            let judge = program.judge(spec).expect("a known machine");
                            let judging = Judging::new(&judge, &program, 1);
                            let few = |number: u32| number.is_multiple_of(8);
                            let answers = judging.run(&few, &mut |_, _| ());
                            assert_eq!(answers.len(), program.functions.len());
                        }
                        Err(error) => {
                            refused += 1;
                            assert!(!error.what.is_empty());
                        }
                    }
                }
            }
        }
    }
    assert!(good > 50 && refused > 50, "{good} read, {refused} refused");
}
