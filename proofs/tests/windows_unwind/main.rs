//! Unwind data of Windows against another reader and against the code: functions assembled with `.seh_` directives are read
//! as llvm reads them, and judged at every instruction; functions that clang compiles are judged too.

mod coff;
mod listing;

use coff::Function;
use framewright::check::{Answer, Checker};
use framewright::records::{Body, Hex, Method, Part, Record};
use framewright_spec::{Machine, Spec};
use framewright_verifier::foreign::Unwinding;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a target is called by clang, in records, and in file names.
struct Target {
    name: &'static str,
    record: &'static str,
    abi: &'static str,
    triple: &'static str,
}

const TARGETS: [Target; 2] = [
    Target { name: "x64", record: "x64-windows", abi: "windows_x64", triple: "x86_64-pc-windows-msvc" },
    Target {
        name: "arm64",
        record: "arm64-windows",
        abi: "aapcs64_windows",
        triple: "aarch64-pc-windows-msvc",
    },
];

impl Target {
    fn machine(&self) -> &'static Machine {
        Spec::embedded().machine_of_abi(self.abi).expect("a convention")
    }

    /// An object file of a source, by clang.
    fn object(&self, source: &Path, flags: &[&str]) -> PathBuf {
        let name =
            format!("{}{}{}.o", source.file_stem().expect("a name").display(), self.name, flags.concat());
        let object = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        run(Command::new("clang-19")
            .arg(format!("--target={}", self.triple))
            .args(flags)
            .args(["-c", "-o"])
            .arg(&object)
            .arg(source));
        object
    }

    fn judged(&self, function: &Function) -> Answer {
        let part = Part { begin: 0, end: function.code.len() as u32, unwind: Hex(function.unwind.clone()) };
        let record = Record {
            method: function.name.clone(),
            target: self.record.to_owned(),
            abi: None,
            runtime: None,
            transition: None,
            unwind_format: None,
            body: Body::Single(Method { code: Hex(function.code.clone()), parts: vec![part] }),
        };
        Checker::new(Spec::embedded(), None).check(&record).expect("a known target")
    }
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("the tools of llvm 19 are installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    output.stdout
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

#[test]
fn codes_are_read_as_llvm_reads_them() {
    for target in &TARGETS {
        let object = target.object(&folder().join(format!("windows_unwind/{}.s", target.name)), &[]);
        let text = run(Command::new("llvm-readobj-19").arg("--unwind").arg(&object));
        let wanted = listing::listed(&String::from_utf8_lossy(&text));
        let functions = coff::functions(&object);
        assert_eq!(functions.len(), wanted.len(), "{}", target.name);
        for (function, wanted) in functions.iter().zip(&wanted) {
            assert_eq!(function.name, wanted.name);
            let ours = match target.name {
                "x64" => listing::x64(&function.unwind, target.machine()),
                _ => listing::arm64(&function.unwind),
            };
            assert_eq!(ours, wanted.codes, "{} of {}", function.name, target.name);
        }
    }
}

#[test]
fn assembled_functions_are_judged_as_their_names_say() {
    for target in &TARGETS {
        let object = target.object(&folder().join(format!("windows_unwind/{}.s", target.name)), &[]);
        for function in coff::functions(&object) {
            let answer = target.judged(&function);
            let unwinding = &answer.unwinding[0];
            let found = match unwinding {
                Unwinding::Proven { .. } => "right_",
                unwinding if unwinding.wrong().is_some() => "wrong_",
                _ => "listed_",
            };
            let Function { name, .. } = &function;
            let told = format!("{name} of {}: {}: {}", target.name, unwinding.word(), unwinding.detail());
            assert!(name.starts_with(found) || name.starts_with("listed_"), "{told}\n{}", answer.detail());
        }
    }
}

/// What clang compiles is right everywhere; without its stack probe, which would have to be known by name. The number of functions that cannot be judged may only fall.
#[test]
fn compiled_functions_are_right_at_every_instruction() {
    for (target, most_skipped) in TARGETS.iter().zip(SKIPPED) {
        let (mut right, mut skipped) = (0, 0);
        for level in ["-O0", "-O2", "-Os"] {
            let flags =
                [level, "-w", "-ffreestanding", "-fasynchronous-unwind-tables", "-mno-stack-arg-probe"];
            let object = target.object(&folder().join("real_code/functions.c"), &flags);
            for function in coff::functions(&object) {
                let answer = target.judged(&function);
                let unwinding = &answer.unwinding[0];
                assert!(unwinding.wrong().is_none(), "{} at {level}: {}", function.name, unwinding.detail());
                match unwinding {
                    Unwinding::Proven { .. } => right += 1,
                    _ => {
                        skipped += 1;
                        println!("{} {level} {}: {}", target.name, function.name, unwinding.detail());
                    }
                }
            }
        }
        println!("{}: {right} right, {skipped} not judged", target.name);
        assert!(right > 0 && skipped <= most_skipped, "{}: {right} right, {skipped} not judged", target.name);
    }
}

/// Functions that are not judged, by target: instructions without a row.
const SKIPPED: [u32; 2] = [0, 0];
