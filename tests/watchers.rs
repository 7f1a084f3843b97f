//! Those who watch a run: gdb is told of generated code by its JIT interface, a profiler by a file of records that a reader of
//! others, the crate `linux-perf-data`, takes apart.
//!
//! The program prints from what an OSR method calls, in the middle of a loop that tier-0 began.

use gimli::{
    BaseAddresses, CfaRule, EhFrame, EhFrameHdr, LittleEndian, Register, UnwindContext, UnwindSection,
};
use linux_perf_data::jitdump::{JitDumpReader, JitDumpRecord};
use linux_perf_data::linux_perf_event_reader::RawData;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FRAMEWRIGHT: &str = env!("CARGO_BIN_EXE_framewright");

const PROGRAM: &str = r#"
(module
  (import "spectest" "print_i32" (func $print (param i32)))
  (func $inner (param $i i32) (result i32)
    (if (i32.eq (local.get $i) (i32.const 40)) (then (call $print (local.get $i))))
    (i32.add (local.get $i) (i32.const 1)))
  (func $turn (param $n i32) (result i32)
    (local $i i32)
    (loop $again
      (local.set $i (call $inner (local.get $i)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  (func $outer (export "main") (result i32)
    (i32.add (call $turn (i32.const 50)) (i32.const 1))))
"#;

/// A folder of the test's own, with the program in it.
fn folder(name: &str) -> (PathBuf, PathBuf) {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("watchers-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let program = folder.join("program.wat");
    std::fs::write(&program, PROGRAM).expect("the program");
    (folder, program)
}

/// gdb's lines of a backtrace from the first word that the program writes.
fn backtrace(options: &[&str]) -> Vec<String> {
    let (folder, program) = folder(&format!("gdb{}", options.len()));
    let commands = [
        "set pagination off",
        "set confirm off",
        "set debuginfod enabled off",
        "set startup-with-shell off",
        "catch syscall write",
        "run",
        "bt",
        "kill",
    ];
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch"]);
    for command in commands {
        gdb.args(["-ex", command]);
    }
    gdb.args(["--args", FRAMEWRIGHT, "run", "--osr-threshold", "3"]).args(options);
    gdb.arg(&program).args(["--invoke", "main"]).stdin(Stdio::null());
    let output = gdb.output().expect("gdb is there (`make packages`)");
    std::fs::remove_dir_all(&folder).expect("it was ours");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<String> = text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect();
    assert!(!lines.is_empty(), "no backtrace: {text}\n{}", String::from_utf8_lossy(&output.stderr));
    lines
}

/// Where in a backtrace a function is.
fn place(lines: &[String], name: &str) -> Option<usize> {
    lines.iter().position(|line| line.contains(&format!(" in {name} (")))
}

#[test]
fn a_debugger_sees_through_a_running_transition() {
    let lines = backtrace(&["--debugger"]);
    let names = ["host (i32)", "inner", "turn@loop0", "outer", "entry () -> i32"];
    let places: Vec<Option<usize>> = names.iter().map(|name| place(&lines, name)).collect();
    let first = places[0].unwrap_or_else(|| panic!("{lines:#?}"));
    let expected: Vec<Option<usize>> = (first..).take(names.len()).map(Some).collect();
    assert_eq!(places, expected, "{lines:#?}");
    // The engine called it, and gdb finds that too.
    let caller = lines.get(first + names.len()).unwrap_or_else(|| panic!("{lines:#?}"));
    assert!(caller.contains("src/native"), "{caller}");
}

#[test]
fn a_debugger_that_is_not_told_does_not() {
    let lines = backtrace(&[]);
    assert_eq!(place(&lines, "turn@loop0"), None, "{lines:#?}");
    assert_eq!(place(&lines, "outer"), None, "{lines:#?}");
}

/// A piece of code as the file has it.
struct Loaded {
    name: String,
    bytes: u64,
    unwinding: Option<(Vec<u8>, usize)>,
}

fn bytes(data: RawData<'_>) -> Vec<u8> {
    data.as_slice().into_owned()
}

/// The records of a file: each piece, with the unwinding data in front of it.
fn records(file: &Path) -> Vec<Loaded> {
    let mut reader = JitDumpReader::new(std::fs::File::open(file).expect("the file")).expect("a header");
    let header = reader.header();
    assert_eq!((header.version, header.elf_machine_arch), (1, 62), "x86-64 (ELF: EM_X86_64)");
    let (mut list, mut unwinding, mut last) = (Vec::new(), None, 0);
    while let Some(record) = reader.next_record().expect("a record") {
        assert!(record.timestamp >= last, "records are in order");
        last = record.timestamp;
        match record.parse().expect("a known record") {
            JitDumpRecord::CodeUnwindingInfo(info) => {
                // The reader takes the index to come first; perf takes it to come last (tools/perf/util/genelf.c).
                let index = info.eh_frame_hdr.len();
                let all = [bytes(info.eh_frame_hdr), bytes(info.eh_frame)].concat();
                assert_eq!(info.mapped_size, all.len() as u64);
                unwinding = Some((all, index));
            }
            JitDumpRecord::CodeLoad(load) => {
                assert_eq!((load.vma, load.code_index), (load.code_addr, list.len() as u64));
                let name = String::from_utf8(bytes(load.function_name)).expect("a name");
                list.push(Loaded { name, bytes: load.code_bytes.len() as u64, unwinding: unwinding.take() });
            }
            other => panic!("{other:?}"),
        }
    }
    list
}

/// The index leads to an entry that covers the piece, where both are laid behind it; what it says of the first instruction.
fn first_cfa(loaded: &Loaded) -> (Register, i64) {
    let (all, index_bytes) = loaded.unwinding.as_ref().unwrap_or_else(|| panic!("{}", loaded.name));
    let (section, index) = all.split_at(all.len() - index_bytes);
    let section_at = loaded.bytes.next_multiple_of(8);
    let index_at = section_at + section.len() as u64;
    let bases = BaseAddresses::default().set_eh_frame(section_at).set_eh_frame_hdr(index_at);
    let index = EhFrameHdr::new(index, LittleEndian).parse(&bases, 8).expect("an index");
    let section = EhFrame::new(section, LittleEndian);
    let table = index.table().expect("a table");
    let entry = |at| {
        let fde = table.fde_for_address(&section, &bases, at, EhFrame::cie_from_offset).expect("an entry");
        assert_eq!((fde.initial_address(), fde.contains(at)), (0, true), "{}", loaded.name);
        fde
    };
    entry(loaded.bytes / 2);
    let mut context = UnwindContext::new();
    let fde = entry(0);
    let row = fde.unwind_info_for_address(&section, &bases, &mut context, 0).expect("a row");
    match row.cfa() {
        CfaRule::RegisterAndOffset { register, offset } => (*register, *offset),
        CfaRule::Expression(_) => panic!("{}: an expression", loaded.name),
    }
}

#[test]
fn a_profiler_reads_names_code_and_unwinding_data() {
    let (folder, program) = folder("perf");
    let mut run = Command::new(FRAMEWRIGHT);
    run.args(["run", "--osr-threshold", "3"]).arg(format!("--perf-jitdump={}", folder.display()));
    let output = run.arg(&program).args(["--invoke", "main"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = std::fs::read_dir(&folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let dump = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "dump"));
    let loaded = records(&dump.expect("a file of records"));
    std::fs::remove_dir_all(&folder).expect("it was ours");
    let names: Vec<&str> = loaded.iter().map(|piece| piece.name.as_str()).collect();
    for name in ["outer", "turn", "inner", "turn@loop0", "host (i32)", "entry () -> i32"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for piece in &loaded {
        let (register, offset) = first_cfa(piece);
        // rsp + 8 after a call; an OSR method's caller is that of the frame it was entered from.
        let is_osr = piece.name.contains('@');
        assert_eq!((register, offset) == (Register(7), 8), !is_osr, "{}: {register:?}+{offset}", piece.name);
    }
}
