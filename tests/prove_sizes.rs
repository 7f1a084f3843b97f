//! `framewright prove` without a file: every statement of the specification for all sets and sizes; and `--proof sizes`,
//! by which code is compared with that. What is printed, and exit codes: 0 all is proven, 1 something is not, 2 bad usage.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn prove(args: &[&str]) -> (i32, String, String) {
    framewright(&[&["prove"], args].concat())
}

fn framewright(args: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_framewright"))
        .args(args)
        .env("NO_COLOR", "1")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("panicked"), "{err}");
    (output.status.code().expect("no signal"), out, err)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sizes-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for tests");
    folder
}

const ONE: [&str; 4] = ["--abi", "sysv", "--frame", "native"];

#[test]
fn a_line_for_each_statement_and_totals() {
    let (code, out, err) = prove(&ONE);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 4, "{out}");
    assert!(lines[0].trim_start().starts_with("convention"), "{out}");
    assert!(lines[1].starts_with("proven      sysv             native"), "{out}");
    assert!(lines[1].contains(" 2^5 ") && lines[1].contains("–2147483632 "), "sets and bytes: {out}");
    let totals = "1 frames by entry for all sets and sizes: 1 proven, 0 refuted, 0 undecided, 0 unsupported, 0 differs";
    assert!(lines[2].starts_with(totals), "{out}");
    assert!(lines[3].starts_with("50 pieces of code compared"), "{out}");
}

#[test]
fn programs_and_readers_get_the_same() {
    let (code, out, _) = prove(&[&ONE[..], &["--json", "--members", "20", "--seed", "3"]].concat());
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((code, lines.len()), (0, 2));
    assert_eq!((&lines[0]["frame"], &lines[0]["verdict"]), (&"sysv.native".into(), &"proven".into()));
    assert_eq!((&lines[0]["sets"], &lines[0]["members"]), (&"32".into(), &20.into()));
    let summary = &lines[1]["summary"];
    assert_eq!(
        (&summary["proven"], &summary["undecided"], &summary["seed"]),
        (&1.into(), &0.into(), &3.into())
    );
    let (code, out, err) = prove(&[&ONE[..], &["--markdown", "--members", "0"]].concat());
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.lines().count(), 3, "{out}");
    assert!(out.lines().nth(2).is_some_and(|row| row.starts_with("| sysv | native | a call | ")), "{out}");
}

#[test]
fn an_error_at_one_size_is_refuted_with_a_counterexample() {
    let folder = folder("planted");
    let spec = folder.join("planted.fw");
    let text = std::fs::read_to_string("spec/frames/native.fw").expect("the frames");
    let text = text.replacen("add rsp, adjust\n", "add rsp, adjust + 8 * (adjust == 504)\n", 1);
    std::fs::write(&spec, text).expect("a file");
    let (spec, save) = (spec.to_str().expect("text"), folder.to_str().expect("text"));
    let (code, out, err) = prove(&[&ONE[..], &["--spec", spec, "--save", save]].concat());
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.lines().any(|line| line.starts_with("refuted     sysv ")), "{out}");
    assert!(out.contains("0 proven, 1 refuted"), "{out}");
    assert!(err.contains("saved {rbx}, locals 0, outgoing 489"), "{err}");
    assert!(err.contains("run it for real: framewright replay "), "{err}");
}

#[test]
fn bad_usage_is_told() {
    let (code, _, err) = prove(&["--abi", "sysv", "--frame", "natve"]);
    assert_eq!(code, 2);
    assert!(err.contains("no frame or transition `natve`; there are: dynamic, native, osr, "), "{err}");
    for wrong in [
        &["--shapes", "--markdown"][..],
        &["--json", "--markdown"],
        &["--abi", "nothing"],
        &["spec/frames/native.fw", "--frame", "osr"],
        &["--jobs", "0"],
    ] {
        let (code, out, err) = prove(wrong);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong:?}: {err}");
    }
}

#[test]
fn questions_are_written_for_other_solvers() {
    let folder = folder("questions");
    let (code, _, err) =
        prove(&[&ONE[..], &["--members", "0", "--export", folder.to_str().expect("text")]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(err.ends_with("new files of questions\n"), "{err}");
    let files: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert!(files.len() > 10, "{}", files.len());
    let text = std::fs::read_to_string(&files[0]).expect("text");
    assert!(text.contains("(set-logic QF_LIA)") && text.contains("(set-info :status "), "{text}");
}

const SIEVE: [&str; 5] = ["run", "examples/sieve.wat", "--invoke", "main", "20000"];

#[test]
fn code_is_compared_with_frames_proven_for_all_sizes() {
    let each = framewright(&SIEVE);
    assert_eq!((each.0, each.2.as_str()), (0, ""));
    let (code, out, err) = framewright(&[&SIEVE[..], &["--proof", "sizes,seed=2", "--stats"]].concat());
    assert_eq!((code, &out), (0, &each.1), "{err}");
    assert!(err.contains("assumed (`body`, see SOUNDNESS.md): the bodies of "), "{err}");
    assert!(err.contains("chosen by seed 2, and 0 whose frames are not proven for all sizes"), "{err}");
    assert!(err.contains("compared with frames proven for all sizes: "), "{err}");
    assert_eq!(framewright(&[&SIEVE[..], &["--proof", "none"]].concat()).0, 2);
}

#[test]
fn executables_are_compared_too() {
    let image = folder("image").join("sieve");
    let image = image.to_str().expect("text");
    for target in ["x86_64", "riscv64"] {
        let wanted = ["compile", "examples/sieve.wat", "--osr", "--invoke", "main", "20000", "-o", image];
        let (code, _, err) = framewright(&[&wanted[..], &["--target", target, "--proof", "sizes"]].concat());
        assert_eq!(code, 0, "{target}: {err}");
        assert!(err.contains(", and 0 whose frames are not proven"), "{target}: {err}");
    }
}

#[test]
fn code_of_a_frame_that_is_wrong_is_still_refuted() {
    let folder = folder("wrong");
    let spec = folder.join("wrong.fw");
    let text = std::fs::read_to_string("spec/frames/ryujit.fw").expect("the frames");
    let text = text.replace("for r in tier0.saved ascending", "for r in tier0.saved descending");
    std::fs::write(&spec, text).expect("a file");
    let (spec, save) = (spec.to_str().expect("text"), folder.to_str().expect("text"));
    let wrong = ["--proof", "sizes", "--spec", spec, "--save", save, "--stress", "osr=every,saves=random"];
    let (code, out, err) = framewright(&[&SIEVE[..], &wrong].concat());
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("is refuted (P3)") || err.contains("is refuted (P4)"), "{err}");
}
