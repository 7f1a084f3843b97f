//! The command line from outside: what it prints, and its exit codes. 0 is done, 1 a trap or a refutation, 2 bad
//! usage or input; nothing panics.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const TIERS: [&str; 4] = ["interp", "tier0", "opt", "auto"];

fn framewright() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_framewright"));
    command.env("NO_COLOR", "1").current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Runs with arguments; the exit code, standard output, standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let output = framewright().args(args).output().expect("it starts");
    finished(&output)
}

fn finished(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("panicked"), "{err}");
    let code = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {}\n{err}", output.status));
    (code, out, err)
}

/// A file of this test process alone.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory for tests");
    let path = directory.join(name);
    std::fs::write(&path, content).expect("a file for tests");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain name")
}

const PROGRAM: &str = r#"(module
    (func (export "add") (param i32 i64) (result i64)
        (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1)))
    (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
    (func (export "pair") (param i32) (result i32 f32) (local.get 0) (f32.const 0.5))
    (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
    (func $deep (export "deep") (param i32) (result i32)
        (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
    (func (export "down") (param i32) (result i32)
        (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (local.get 0)))"#;

#[test]
fn values_go_in_and_come_out() {
    let program = file("values.wat", PROGRAM);
    for tier in TIERS {
        let call =
            |args: &[&str]| run(&[&["run", text(&program), "--tier", tier, "--invoke"], args].concat());
        assert_eq!(call(&["add", "-5", "0x10"]).1, "11\n", "{tier}");
        assert_eq!(call(&["half", "-0.5"]).1, "-0.25\n", "{tier}");
        assert_eq!(call(&["half", "--", "-inf"]).1, "-inf\n", "{tier}");
        assert_eq!(call(&["pair", "4294967295"]).1, "-1\n0.5\n", "{tier}");
        assert_eq!(call(&["down", "100000"]).1, "0\n", "{tier}");
        let json = call(&["add", "1", "2", "--json"]).1;
        assert_eq!(json, "{\"results\":[{\"type\":\"i64\",\"value\":\"3\"}]}\n", "{tier}");
    }
}

#[test]
fn traps_end_a_program_with_1_and_say_where() {
    let program = file("traps.wat", PROGRAM);
    for tier in TIERS {
        let call =
            |args: &[&str]| run(&[&["run", text(&program), "--tier", tier, "--invoke"], args].concat());
        let (code, out, err) = call(&["divide", "1", "0"]);
        assert_eq!((code, out.as_str()), (1, ""), "{tier}");
        assert!(err.contains("integer divide by zero in divide at offset 0x"), "{tier}: {err}");
        let (code, _, err) = call(&["deep", "0"]);
        assert_eq!(code, 1, "{tier}");
        assert!(err.contains("call stack exhausted in deep"), "{tier}: {err}");
    }
}

#[test]
fn wrong_calls_end_with_2_and_say_what_is_wanted() {
    let program = file("usage.wat", PROGRAM);
    let cases: [(&[&str], &str); 6] = [
        (&["--invoke", "ad"], "is it `add`?"),
        (&["--invoke", "nothing"], "there are: add, half"),
        (&["--invoke", "add", "1"], "takes 2 arguments, 1 given: add (i32, i64) -> (i64)"),
        (&["--invoke", "add", "1.5", "1"], "`1.5` is not a value of type i32"),
        (&[], "give --invoke NAME"),
        (&["--invoke", "add", "1", "2", "--osr-at", "nobody:0"], "there is no function `nobody`"),
    ];
    for (args, message) in cases {
        let (code, out, err) = run(&[&["run", text(&program)], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(message), "{args:?}: {err}");
    }
    for args in
        [&["run"][..], &["run", "x", "--tier", "fast"], &["run", "x", "--stress", "osr=never"], &["dance"]]
    {
        assert_eq!(run(args).0, 2, "{args:?}");
    }
}

#[test]
fn bad_input_ends_with_2_and_a_reason() {
    let directory = file("directory.txt", "");
    let cases = [
        (file("empty.wasm", ""), "empty.wasm: "),
        (file("cut.wasm", b"\0asm\x01\0\0\0\x01\x7f"), "cut.wasm: invalid WebAssembly at offset"),
        (file("text.wat", "(module (func (result i32)"), "text.wat: "),
        (file("types.wat", "(module (func (result i32) i64.const 1))"), "type mismatch"),
        (file("vector.wat", "(module (func (result v128) unreachable))"), "vector.wat: "),
        (file("import.wat", "(module (import \"env\" \"f\" (func)))"), "unknown import `env` `f`"),
        (file("memory.wat", "(module (memory 65537))"), "memory.wat: "),
        (directory.with_file_name("absent.wat"), "cannot read"),
        (directory.parent().expect("a parent").to_owned(), "is a directory"),
    ];
    for (path, message) in cases {
        let (code, _, err) = run(&["run", text(&path), "--invoke", "f"]);
        assert_eq!(code, 2, "{}: {err}", path.display());
        assert!(err.contains(message), "{}: {err}", path.display());
    }
    let spec = file("bad.fw", "frame x {\n  abi nowhere\n}\n");
    let (code, _, err) = run(&["explain", "tier0", "--spec", text(&spec)]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("bad.fw:"), "{err}");
    let (code, _, err) = run(&["replay", text(&spec)]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is not a counterexample"), "{err}");
}

#[test]
fn what_has_no_form_that_can_be_read_is_left_alone() {
    let specification = format!("define f() = a{} + b\n", " & a".repeat(98));
    let path = file("deep.fw", &specification);
    let (code, out, err) = run(&["fmt", text(&path)]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("nested too deeply"), "{err}");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), specification);
}

#[test]
fn large_memories_are_had_or_refused_without_a_crash() {
    let program = file(
        "large.wat",
        "(module (memory 65536) (func (export \"last\") (result i32) (i32.load8_u (i32.const -1)))
            (func (export \"grow\") (result i32) (memory.grow (i32.const 1))))",
    );
    for tier in TIERS {
        let (code, out, err) = run(&["run", text(&program), "--tier", tier, "--invoke", "last"]);
        assert!(
            code == 0 && out == "0\n" || code == 2 && err.contains("cannot reserve"),
            "{tier}: {code} {err}"
        );
        let (code, out, err) = run(&["run", text(&program), "--tier", tier, "--invoke", "grow"]);
        assert!(
            code == 0 && out == "-1\n" || code == 2 && err.contains("cannot reserve"),
            "{tier}: {code} {err}"
        );
    }
}

#[test]
fn nobody_reading_is_no_error() {
    let mut child = framewright();
    child.args(["explain", "x86_64"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(finished(&output).0, 0);
}

#[test]
fn transitions_are_traced_and_chosen() {
    let program = file("trace.wat", PROGRAM);
    let call = |args: &[&str]| {
        run(&[&["run", text(&program), "--invoke", "down", "5000", "--trace"], args].concat())
    };
    let (code, out, err) = call(&[]);
    assert_eq!((code, out.as_str()), (0, "0\n"), "{err}");
    assert!(err.contains("transition: down, loop 0, after 1000 passes"), "{err}");
    assert!(err.contains("sysv.tier0 above, sysv.osr below"), "{err}");
    assert!(call(&["--osr-threshold", "10"]).2.contains("after 10 passes"));
    assert!(call(&["--osr-at", "down:0"]).2.contains("after its first pass"));
    assert!(!call(&["--osr-at", "deep:0"]).2.contains("transition"));
    assert!(!call(&["--tier", "tier0"]).2.contains("transition"));
    let stress = |seed| call(&["--stress", &format!("osr=every,saves=random,seed={seed}")]).2;
    let frames =
        |text: String| text.lines().filter(|l| l.contains('│')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(frames(stress(3)), frames(stress(3)), "the same seed, the same frames");
    assert!((4..12).any(|seed| frames(stress(seed)) != frames(stress(3))), "seeds matter");
}

/// The demonstration: one line of a frame is broken, nothing runs, and the processor shows why.
#[test]
fn a_broken_epilog_is_refused_with_a_counterexample_that_replays() {
    let program = file("broken.wat", PROGRAM);
    let frames = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/frames/ryujit.fw"));
    let frames = frames.expect("the embedded frames");
    // The OSR epilog no longer pops what tier-0 saved.
    let broken =
        frames.replace("for r in tier0.saved ascending {", "for r in tier0.saved - {rbx} ascending {");
    assert_ne!(frames, broken, "the epilog is as this test knows it");
    let spec = file("broken.fw", broken);
    let saved = spec.with_file_name("saved");
    std::fs::create_dir_all(&saved).expect("a directory for tests");
    let with = ["--spec", text(&spec), "--save", text(&saved), "--emit-test"];
    let (code, out, err) = run(&[&["run", text(&program), "--invoke", "down", "5000"], &with[..]].concat());
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("down@loop0 is refuted"), "{err}");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&saved).expect("it exists").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let [json, test] = &files[..] else { panic!("a counterexample and a test: {files:?}") };
    assert_eq!((json.extension(), test.extension()), (Some("json".as_ref()), Some("rs".as_ref())));
    let (code, out, err) = run(&["replay", text(json), "--spec", text(&spec)]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("confirmed"), "{out}");
    // Nothing of the refused code is needed by a program without a transition.
    let short = ["run", text(&program), "--invoke", "down", "5", "--spec", text(&spec)];
    assert_eq!(run(&short).1, "0\n");
    let (code, out, _) = run(&["prove", text(&spec), "--save", text(&saved)]);
    assert_eq!(code, 1);
    assert!(out.contains("NOT PROVEN osr"), "{out}");
}

#[test]
fn every_phase_can_be_shown() {
    let program = file("phases.wat", PROGRAM);
    for phase in ["wasm", "ir", "opt", "isel", "regalloc", "asm", "claim", "tier0", "osr"] {
        let (code, out, err) = run(&["compile", text(&program), "--dump", phase, "--function", "down"]);
        assert_eq!(code, 0, "{phase}: {err}");
        assert!(out.contains("down"), "{phase}: {out}");
    }
    let (code, _, err) = run(&["compile", text(&program), "--dump", "soup"]);
    assert_eq!(code, 2);
    assert!(err.contains("regalloc"), "{err}");
}

/// An executable prints as `run` does, but for floats, and ends with 134 after a trap.
#[test]
fn programs_become_executables() {
    let program = file(
        "image.wat",
        "(module (memory 1)
          (func (export \"div\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
          (func (export \"mixed\") (param f64) (result f64 f32 i64 i32)
            (local.get 0) (f32.const 0.1) (i64.const -5) (memory.grow (i32.const 3)))
          (func $down (export \"down\") (param i32) (result i32)
            (loop $next (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 0)))",
    );
    let image = file("image.elf", "");
    let compile = |args: &[&str]| {
        let all = [&["compile", text(&program), "-o", text(&image)], args].concat();
        assert_eq!(run(&all), (0, String::new(), String::new()));
    };
    let told = || finished(&Command::new(&image).output().expect("it starts"));
    compile(&["--invoke", "div", "--", "-7", "2"]);
    assert_eq!(told(), (0, "-3\n".to_owned(), String::new()));
    compile(&["--invoke", "mixed", "--", "-0x1.8p-1030"]);
    let lines = "-0x0.018p-1022\n0x1.99999ap-4\n-5\n1\n";
    assert_eq!(told(), (0, lines.to_owned(), String::new()));
    compile(&["--osr", "--trace", "--osr-threshold", "3", "--invoke", "down", "9"]);
    assert_eq!(told(), (0, "0\n".to_owned(), "down: loop 0 goes on optimized\n".to_owned()));
    compile(&["--tier", "tier0", "--invoke", "div", "7", "0"]);
    let (code, out, err) = told();
    assert_eq!((code, out.as_str()), (134, ""));
    assert_eq!(err, run(&["run", text(&program), "--invoke", "div", "7", "0"]).2);
    compile(&["--emit", "obj", "--invoke", "div", "7", "1"]);
    assert_eq!(&std::fs::read(&image).expect("the object")[16..18], [1, 0], "ET_REL");
    let emit = |form| run(&["compile", text(&program), "--osr", "--emit", form, "--invoke", "down", "9"]);
    assert!(emit("asm").1.contains("leaves at patchpoint 0"));
    assert_eq!(emit("json").1.lines().count(), 1);
    assert_eq!(emit("elf").0, 2, "where to?");
}

#[test]
fn programs_and_the_embedded_frames_are_proven() {
    let program = file("prove.wat", PROGRAM);
    let (code, out, err) = run(&["prove", text(&program)]);
    assert_eq!(code, 0, "{out}{err}");
    for kind in ["entry", "tier0", "opt", "osr"] {
        assert!(out.lines().any(|line| line.starts_with("proven") && line.contains(kind)), "{kind}: {out}");
    }
    let (code, out, err) = run(&["prove", "spec/frames/ryujit.fw"]);
    assert_eq!(code, 0, "{out}{err}");
}
