//! Code of another compiler: every instruction that clang makes of ordinary functions has a row, of the same length
//! and with the same text as in llvm's disassembly.

use framewright_spec::{CodeOffset, Spec};
use framewright_verifier::target;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A machine, how clang is told of it, and how the disassembler is.
struct Compiler {
    machine: &'static str,
    flags: &'static [&'static str],
    disassembler: &'static [&'static str],
    /// Whether the disassembler shows where a branch goes as the distance from it.
    distances: bool,
}

const COMPILERS: [Compiler; 2] = [
    Compiler {
        machine: "riscv64",
        flags: &["--target=riscv64-linux-gnu", "-march=rv64gc", "-mabi=lp64d"],
        disassembler: &["--mattr=+m,+a,+f,+d,+c", "-M", "no-aliases", "--no-print-imm-hex"],
        distances: false,
    },
    Compiler {
        machine: "loongarch64",
        flags: &["--target=loongarch64-linux-gnu", "-march=loongarch64", "-mabi=lp64d", "-msimd=none"],
        disassembler: &["--mattr=+f,+d", "--no-print-imm-hex"],
        distances: true,
    },
];

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("the tools of llvm 19 are installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    output.stdout
}

/// A line of a disassembly.
struct Listed {
    at: u32,
    bytes: Vec<u8>,
    text: String,
}

/// `      1a: 8082         \tc.jr\tra`; digits in one word are a little-endian number, else bytes.
fn listed(line: &str) -> Option<Listed> {
    let (at, rest) = line.trim().split_once(':')?;
    let (digits, text) = rest.split_once('\t')?;
    let digits = digits.trim();
    let bytes = if digits.contains(' ') {
        let byte = |digits| u8::from_str_radix(digits, 16).ok();
        digits.split_whitespace().map(byte).collect::<Option<_>>()?
    } else {
        let word = u32::from_str_radix(digits, 16).ok()?;
        word.to_le_bytes()[..digits.len() / 2].to_vec()
    };
    Some(Listed { at: u32::from_str_radix(at, 16).ok()?, bytes, text: plain(text) })
}

/// Without symbols and comments, all numbers decimal, one space between words.
fn plain(text: &str) -> String {
    let text = text.split(['<', '#']).next().unwrap_or_default();
    let words = text.split_whitespace().map(|word| {
        let number = word.strip_prefix("0x").and_then(|digits| u64::from_str_radix(digits, 16).ok());
        number.map_or_else(|| word.to_owned(), |number| number.to_string())
    });
    words.collect::<Vec<_>>().join(" ")
}

fn disassembly(compiler: &Compiler, level: &str) -> Vec<Listed> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_code/functions.c");
    let object: PathBuf =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}{level}.o", compiler.machine));
    let flags = ["-ffreestanding", "-nostdlib", "-c", level, "-o"];
    run(Command::new("clang-19").args(compiler.flags).args(flags).arg(&object).arg(source));
    let listing = run(Command::new("llvm-objdump-19").arg("-d").args(compiler.disassembler).arg(object));
    String::from_utf8_lossy(&listing).lines().filter_map(listed).collect()
}

#[test]
fn what_clang_emits_has_rows() {
    for compiler in &COMPILERS {
        let machine = Spec::embedded().machine(compiler.machine).expect("a machine of the specification");
        let decoder = target::decoder(machine).expect("a decoder");
        for level in ["-O0", "-O2", "-Os"] {
            let listing = disassembly(compiler, level);
            assert!(listing.len() > 200, "{}: {} instructions", compiler.machine, listing.len());
            let code: Vec<u8> = listing.iter().flat_map(|line| line.bytes.clone()).collect();
            for Listed { at, bytes, text } in listing {
                let at = CodeOffset(at);
                let decoded = decoder.decode(&code, at).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!(decoded.len as usize, bytes.len(), "{text}");
                let (_, row) = machine.instructions.get_index(decoded.row.0.into()).expect("a row");
                // A row for reading only stands for several forms, and is spelled as one of them.
                if row.encoding.as_ref().is_some_and(|encoding| !encoding.decode_only) {
                    // At 0 an address is the distance.
                    let shown = if compiler.distances {
                        decoder.text(&bytes, CodeOffset(0))
                    } else {
                        decoder.text(&code, at)
                    };
                    assert_eq!(plain(&shown), text, "{}", compiler.machine);
                }
            }
        }
    }
}
