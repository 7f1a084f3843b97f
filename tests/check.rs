//! Foreign code judged: real methods are proven, and refuted where they are entered in the wrong way.
//!
//! The sample in `examples/records` is always judged. The whole corpus is, where it is: in the folder that
//! `FRAMEWRIGHT_CORPUS` names, or in `../shared/corpus/ryujit`.

mod stored;

use framewright::check::{Answer, Checker};
use framewright::records::{Body, Hex, Method, Pair, Part, PatchpointInfo, Record, parse, read};
use framewright_spec::Spec;
use framewright_verifier::Property;
use framewright_verifier::foreign::{Elsewhere, Unwinding, Verdict};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sample() -> PathBuf {
    root().join("examples/records")
}

/// The corpus, if it is there; a test that does without says so.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("FRAMEWRIGHT_CORPUS").map(PathBuf::from);
    let beside = [root().join("../shared/corpus/ryujit"), root().join("../../shared/corpus/ryujit")];
    let found = named.into_iter().chain(beside).find(|path| path.is_dir());
    if found.is_none() {
        println!("no corpus here: only the sample is judged (set FRAMEWRIGHT_CORPUS to its folder)");
    }
    found
}

fn records(file: &Path) -> Vec<Record> {
    let text = std::fs::read(file).expect("a file of records");
    let records = read(&file.display().to_string(), text.as_slice());
    records.collect::<Result<_, _>>().expect("records")
}

fn judged(file: &Path, transition: Option<&str>) -> Vec<(Record, Answer)> {
    let mut checker = Checker::new(Spec::embedded(), transition.map(str::to_owned));
    let records = records(file).into_iter();
    records
        .map(|record| {
            let answer = checker.check(&record).expect("a known target");
            (record, answer)
        })
        .collect()
}

/// Number of records by verdict and property; the first that is not as wanted is told.
fn check(folder: &Path, file: &str, transition: Option<&str>, wanted: &[(&str, u32)]) {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut odd = Vec::new();
    for (record, answer) in judged(&folder.join(file), transition) {
        let key = match &answer.verdict {
            Verdict::Refuted(refutation) => format!("refuted {:?}", refutation.property),
            _ => answer.word().to_owned(),
        };
        if !wanted.iter().any(|(word, _)| *word == key) {
            odd.push(format!("{}: {key}: {}", record.method, answer.detail()));
        }
        *counts.entry(key).or_default() += 1;
    }
    let wanted: BTreeMap<String, u32> = wanted.iter().map(|&(key, n)| (key.to_owned(), n)).collect();
    assert_eq!(counts, wanted, "{file} by {transition:?}\n{}", odd.join("\n"));
}

#[test]
fn methods_of_the_sample_are_proven() {
    check(&sample(), "x64-sysv-osr.jsonl", Some("ryujit-unwind"), &[("proven", 70)]);
    check(&sample(), "arm64-osr.jsonl", Some("ryujit-unwind"), &[("proven", 76)]);
    for target in ["x64-sysv", "x64-windows", "arm64", "arm64-windows"] {
        check(&sample(), &format!("{target}-optimized.jsonl"), None, &[("proven", 143)]);
    }
}

/// Without unwinding, SP is eight bytes higher than a method for x64 thinks, and one for arm64 finds no return address.
#[test]
fn methods_of_the_sample_are_refuted_when_entered_by_a_plain_jump() {
    check(&sample(), "x64-sysv-osr.jsonl", Some("ryujit"), &[("refuted P1", 70)]);
    check(&sample(), "arm64-osr.jsonl", Some("ryujit"), &[("refuted P2", 76)]);
}

/// The first answers on a file as a whole, a line each.
fn first_answers(file: &str, transition: &str) -> String {
    const FEW: usize = 6;
    let mut checker = Checker::new(Spec::embedded(), Some(transition.to_owned()));
    let mut lines = String::new();
    for (number, record) in records(&sample().join(format!("{file}.jsonl"))).iter().take(FEW).enumerate() {
        let answer = checker.check(record).expect("a known target");
        lines += &format!("{}\n", answer.to_json(file, number as u32 + 1, record));
        // Entered in a wrong way, they are refuted before.
        let lies = if transition == "ryujit" { Vec::new() } else { lies(record) };
        for lie in lies {
            let answer = checker.check(&lie).expect("a known target");
            lines += &format!("{}: {}\n", answer.word(), answer.detail());
        }
    }
    lines
}

/// The record of a pair with one thing said of the frame that is not so, each.
fn lies(record: &Record) -> Vec<Record> {
    let Body::Pair(pair) = &record.body else { return Vec::new() };
    let info = &pair.patchpoint_info;
    let registers = if record.target.starts_with("x64") {
        ["rbx", "rbp", "r12", "r13", "r14", "r15"]
    } else {
        ["x19", "x20", "x27", "x28", "x29", "x30"]
    };
    let mut told = Vec::new();
    for name in registers {
        let mut info = info.clone();
        info.callee_saves.retain(|known| known != name);
        if info.callee_saves.len() == pair.patchpoint_info.callee_saves.len() {
            info.callee_saves.push(name.to_owned());
        }
        told.push(info);
    }
    for bytes in [8, 16, -16] {
        let total_frame_size = info.total_frame_size + bytes;
        told.push(PatchpointInfo { total_frame_size, ..info.clone() });
    }
    for offset in [-1_000_000, -info.total_frame_size - 8, -8, -4, 0, 4, 8, 12, 16] {
        told.push(PatchpointInfo { generic_context: Some(offset), ..info.clone() });
    }
    let lie = |patchpoint_info| {
        let body = Body::Pair(Box::new(Pair { patchpoint_info, ..(**pair).clone() }));
        Record { body, ..record.clone() }
    };
    told.into_iter().map(lie).collect()
}

/// Files of the sample, and ways of entering.
fn ways() -> impl Iterator<Item = (&'static str, &'static str)> {
    const FILES: [&str; 5] =
        ["x64-sysv-osr", "arm64-osr", "x64-sysv-optimized", "x64-windows-optimized", "arm64-optimized"];
    FILES.into_iter().flat_map(|file| [(file, "ryujit-unwind"), (file, "ryujit")])
}

/// Where the first answers of before are; `BLESS=1` writes them anew.
const BEFORE: &str = "tests/records.jsonl";

#[test]
fn answers_of_the_sample_are_as_before() {
    let lines: String = ways().map(|(file, transition)| first_answers(file, transition)).collect();
    stored::compare(&root().join(BEFORE), &lines).unwrap_or_else(|differs| panic!("{differs}"));
}

#[test]
fn the_corpus_is_proven() {
    let Some(corpus) = corpus() else { return };
    check(&corpus, "x64-sysv-osr.jsonl", Some("ryujit-unwind"), &[("proven", 924)]);
    check(&corpus, "arm64-osr.jsonl", Some("ryujit-unwind"), &[("proven", 340)]);
}

/// Two methods for arm64 run until the process ends: there is nothing for them to return.
#[test]
fn the_corpus_is_refuted_when_entered_by_a_plain_jump() {
    let Some(corpus) = corpus() else { return };
    check(&corpus, "x64-sysv-osr.jsonl", Some("ryujit"), &[("refuted P1", 924)]);
    check(&corpus, "arm64-osr.jsonl", Some("ryujit"), &[("proven", 2), ("refuted P2", 338)]);
}

/// What is said of the frame must be so: each of these is a record with one thing said wrongly.
#[test]
fn patchpoint_information_that_is_not_so_is_refuted() {
    type Lie = fn(&mut PatchpointInfo);
    let lies: [(&str, Lie); 6] = [
        ("total frame size", |info| info.total_frame_size += 16),
        ("rbx", |info| info.callee_saves.retain(|name| name != "rbx")),
        ("local 0", |info| info.locals[0].offset = 4),
        ("local 1", |info| info.locals[1].offset = -8),
        ("kept-alive this", |info| info.kept_alive_this = Some(-1_000_000)),
        ("r15", |info| info.callee_saves.retain(|name| name != "r15")),
    ];
    let saves_all = |record: &Record| match &record.body {
        Body::Pair(pair) => {
            pair.patchpoint_info.callee_saves.len() == 6 && pair.patchpoint_info.locals.len() > 1
        }
        Body::Single(_) => false,
    };
    let record = corpus_or_sample("x64-sysv-osr.jsonl").into_iter().find(saves_all);
    let Some(record) = record else {
        println!("no record of a method that saved all registers here");
        return;
    };
    for (subject, lie) in lies {
        let mut record = record.clone();
        let Body::Pair(pair) = &mut record.body else { panic!("not a pair") };
        lie(&mut pair.patchpoint_info);
        let answer = Checker::new(Spec::embedded(), Some("ryujit-unwind".to_owned())).check(&record);
        let Verdict::Refuted(refutation) = answer.expect("a known target").verdict else {
            panic!("{subject}")
        };
        assert_eq!((refutation.property, refutation.subject.as_deref()), (Property::P12, Some(subject)));
    }
}

fn corpus_or_sample(file: &str) -> Vec<Record> {
    records(&corpus().unwrap_or_else(sample).join(file))
}

/// One instruction changed: the right register and slot are named, with the value it has and the one it must have.
#[test]
fn a_wrong_epilog_is_refuted_by_register_and_slot() {
    // push rbx │ xor ebx, ebx │ pop rcx │ ret
    let code = "5331db59c3";
    let line = format!(
        r#"{{"method":"f","target":"x64-sysv","code":"{code}","parts":[{{"begin":0,"end":5,"unwind":""}}]}}"#
    );
    let record = parse("f", 1, line.as_bytes()).expect("a record");
    let answer = Checker::new(Spec::embedded(), None).check(&record).expect("a known target");
    let expected = "P3 callee saves: rbx (slot cfa-16) is 0x0, expected 0xca11040404040404, at 0004; \
                    first wrong at 0003: pop rcx";
    assert_eq!(answer.detail(), expected);
}

/// Small methods with their verdicts: where their parts end, and what follows the body.
#[test]
fn small_methods_are_judged() {
    let cases = [
        // jmp to the byte behind the body, in a funclet; call of the funclet; call of itself
        ("eb00 c3", [2, 3], "undecided: 0000: jump to 0x2, which is outside of the main body"),
        ("e801000000 c3 c3", [6, 7], "proven: callee-abi funclets handler-resume unaligned-helper"),
        ("50 e8faffffff 58 c3", [8, 8], "proven: callee-abi"),
        // lea rax, [rip + 2]; push rax; ret; ret
        (
            "488d0502000000 50 c3 c3",
            [10, 10],
            "undecided: 0008: P1 stack balance: SP is Frame(-8) where the caller wants Frame(0); no run shows it",
        ),
        // push rbx; jmp [rip]
        (
            "53 ff2500000000",
            [7, 7],
            "refuted: P1 stack balance: rsp is 0x7ffe3ffffff0, expected 0x7ffe3ffffff8, at 0001; first wrong at 0000: push rbx",
        ),
        // The body ends without an end.
        ("90", [1, 1], "undecided: 0000: control runs past the end of the body"),
    ];
    for (code, [body, end], expected) in cases {
        let code = code.replace(' ', "");
        let funclet = if end > body {
            format!(r#",{{"begin":{body},"end":{end},"unwind":""}}"#)
        } else {
            String::new()
        };
        let line = format!(
            r#"{{"method":"f","target":"x64-sysv","code":"{code}","parts":[{{"begin":0,"end":{body},"unwind":""}}{funclet}]}}"#
        );
        let record = parse("f", 1, line.as_bytes()).expect("a record");
        let answer = Checker::new(Spec::embedded(), None).check(&record).expect("a known target");
        let told = match &answer.verdict {
            Verdict::Proven(summary) => summary.assumptions.keys().copied().collect::<Vec<_>>().join(" "),
            _ => answer.detail(),
        };
        assert_eq!(format!("{}: {told}", answer.word()), expected, "{code}");
    }
}

#[test]
fn bad_records_are_told_of() {
    let line = |target: &str| {
        format!(
            r#"{{"method":"f","target":"{target}","code":"c3","parts":[{{"begin":0,"end":1,"unwind":""}}]}}"#
        )
    };
    let record = |text: &str| parse("f", 1, text.as_bytes()).expect("a record");
    let told = |record: &Record| {
        let answer = Checker::new(Spec::embedded(), None).check(record);
        answer.map(|answer| answer.word()).expect_err("bad input").to_string()
    };
    assert!(told(&record(&line("z80"))).starts_with("target `z80` is not known; known are `x64-sysv`"));
    let pair = corpus_or_sample("x64-sysv-osr.jsonl").swap_remove(0);
    assert!(told(&pair).contains("name a transition"));
}

/// The unwind data of every sample is right at every instruction, but for one oddity of arm64: RyuJIT's OSR methods
/// begin with codes for the frame they keep, which stand for no instruction, so that the first two are wrong.
#[test]
fn unwind_data_of_the_sample_is_right() {
    let mut odd = 0;
    for file in ["x64-sysv-osr", "arm64-osr", "x64-sysv-optimized", "x64-windows-optimized"] {
        for (record, answer) in judged(&sample().join(format!("{file}.jsonl")), Some("ryujit_unwind")) {
            for (part, unwinding) in answer.unwinding.iter().enumerate() {
                match (unwinding, (file, part)) {
                    (Unwinding::Proven { instructions }, _) => assert!(*instructions > 0),
                    (
                        Unwinding::CallsOnly(Elsewhere::Wrong(wrong)) | Unwinding::Refuted(wrong),
                        ("arm64-osr", 1),
                    ) => {
                        let pcs: Vec<u32> = [wrong.at].iter().chain(&wrong.others).map(|at| at.0).collect();
                        assert_eq!(pcs, [0, 4], "{}", record.method);
                        odd += 1;
                    }
                    _ => panic!("{} {part}: {unwinding:?}", record.method),
                }
            }
        }
    }
    assert!(odd > 0, "arm64 has its oddity");
}

// Methods by hand. The helper at a patchpoint is called with 7, and returns where to jump to or, in the
// second and the last, not.

/// stp x29, x30, [sp, #-64]!; str x19, [sp, #56]; mov x29, sp; cbz x1, 1f; mov x19, x0; add x0, sp, #48; mov
/// w1, #7;
/// blr x2; br x0; 1: ldr x19, [sp, #56]; ldp x29, x30, [sp], #64; ret
const LOW: &str = "fd7bbca9f31f00f9fd030091c10000b4f30300aae0c30091e100805240003fd600001fd6\
                   f31f40f9fd7bc4a8c0035fd6";
/// The same without its jump.
const LOW_UNWOUND: &str = "fd7bbca9f31f00f9fd030091a10000b4f30300aae0c30091e100805240003fd6\
                           f31f40f9fd7bc4a8c0035fd6";
/// sub sp, sp, #64; str x19, [sp, #40]; stp x29, x30, [sp, #48]; add x29, sp, #48; …: FP at the upper end of
/// the frame.
const HIGH: &str = "ff0301d1f31700f9fd7b03a9fdc30091c10000b4f30300aae0630091e100805240003fd600001fd6\
                    fd7b43a9f31740f9ff030191c0035fd6";
/// stp x29, x30, [sp, #-32]!; str x19, [sp, #16]; mov x29, sp; mov x19, x1; ldr x19, [sp, #16]; ldp x29,
/// x30, [sp], #32;
/// add sp, sp, #64; ret
const UNWOUND: &str = "fd7bbea9f30b00f9fd030091f30301aaf30b40f9fd7bc2a8ff030191c0035fd6";
/// The same after ldr x19, [sp, #56]; ldp x29, x30, [x29].
const FROM_LOW: &str = "f31f40f9bd7b40a9fd7bbea9f30b00f9fd030091f30301aaf30b40f9fd7bc2a8ff030191c0035fd6";
/// The same after ldr x19, [sp, #40]; ldp x29, x30, [x29].
const FROM_HIGH: &str = "f31740f9bd7b40a9fd7bbea9f30b00f9fd030091f30301aaf30b40f9fd7bc2a8ff030191c0035fd6";
/// push rcx; push rbp; mov rbp, rsp; sub rsp, 72; test esi, esi; je 1f; lea rdi, [rbp-48]; mov esi, 7; call
/// rdx; jmp rax;
/// 1: add rsp, 72; pop rbp; pop rcx; ret: what is above the caller's FP is not the return address.
const APART: &str = "51554889e54883ec4885f6740d488d7dd0be07000000ffd2ffe04883c4485d59c3";
/// push rax; sub rsp, 32; mov [rsp+64], rbx; mov rbx, rdx; mov rbx, [rsp+64]; add rsp, 112; pop rbp; pop
/// rcx; ret
const FROM_APART: &str = "504883ec2048895c24404889d3488b5c24404883c4705d59c3";
/// push rbp; push rbx; sub rsp, 72; lea rbp, [rsp+80]; test esi, esi; je 1f; lea rdi, [rbp-48]; mov esi, 7;
/// call rdx;
/// 1: add rsp, 72; pop rbx; pop rbp; ret
const PUSHES: &str = "55534883ec48488d6c245085f6740b488d7dd0be07000000ffd24883c4485b5dc3";
/// sub rsp, 32; mov [rsp+112], rbx; mov rbx, rdx; add rsp, 112; pop rbx; pop rbp; ret
const FROM_PUSHES: &str = "4883ec2048895c24704889d34883c4705b5dc3";

fn method(code: &str) -> Method {
    let bytes = (0..code.len()).step_by(2).map(|at| u8::from_str_radix(&code[at..at + 2], 16));
    let code: Vec<u8> = bytes.collect::<Result<_, _>>().expect("hexadecimal");
    let part = Part { begin: 0, end: code.len() as u32, unwind: Hex(Vec::new()) };
    Method { code: Hex(code), parts: vec![part] }
}

/// What is said of a frame: where FP and the return address are, and which registers are saved.
#[test]
fn what_is_said_of_saves_is_compared_with_the_frame() {
    for (target, by, tier0, osr, bytes, saves, expected) in [
        ("arm64", "ryujit", LOW, FROM_LOW, 64, "x19", "proven"),
        ("arm64", "ryujit", LOW, FROM_LOW, 64, "x19 x29", "refuted P12 x29"),
        ("arm64", "ryujit", LOW, FROM_LOW, 64, "", "refuted P12 x19"),
        ("arm64", "ryujit", HIGH, FROM_HIGH, 64, "x19 x29", "proven"),
        ("arm64", "ryujit", HIGH, FROM_HIGH, 64, "x19", "refuted P12 x29"),
        // Where a helper unwinds, nobody has to be told of a save.
        ("arm64", "ryujit-unwind", LOW_UNWOUND, UNWOUND, 64, "", "proven"),
        ("x64-sysv", "ryujit", APART, FROM_APART, 88, "rbp", "undecided"),
        ("x64-sysv", "ryujit-unwind", PUSHES, FROM_PUSHES, 88, "rbp", "refuted P12 rbx"),
        ("x64-sysv", "ryujit-unwind", PUSHES, FROM_PUSHES, 88, "rbp rbx", "proven"),
    ] {
        let patchpoint_info = PatchpointInfo {
            callee_saves: saves.split_whitespace().map(str::to_owned).collect(),
            total_frame_size: bytes,
            ..PatchpointInfo::default()
        };
        let (tier0, osr) = (method(tier0), method(osr));
        let record = Record {
            method: "f".to_owned(),
            target: target.to_owned(),
            abi: None,
            runtime: None,
            transition: None,
            unwind_format: None,
            body: Body::Pair(Box::new(Pair { il_offset: Some(7), patchpoint_info, tier0, osr })),
        };
        let answer =
            Checker::new(Spec::embedded(), Some(by.to_owned())).check(&record).expect("a known target");
        let told = match &answer.verdict {
            Verdict::Refuted(found) => {
                format!("refuted {:?} {}", found.property, found.subject.as_deref().unwrap_or_default())
            }
            _ => answer.word().to_owned(),
        };
        assert_eq!(told, expected, "{target} by {by}, {saves}: {}", answer.detail());
    }
}
