use crate::{Run, support};
use framewright::object::{Judging, Program};
use framewright_spec::Spec;
use framewright_verifier::foreign::Verdict as Foreign;
use framewright_verifier::{Verdict, Verifier};
use std::fmt::Write;
use std::path::{Path, PathBuf};

thread_local! {
    static VERIFIERS: std::cell::RefCell<Vec<Verifier>> = const { std::cell::RefCell::new(Vec::new()) };
    static CHECKERS: std::cell::RefCell<Vec<framewright::check::Checker<'static>>> = const { std::cell::RefCell::new(Vec::new()) };
}
pub struct Lent(Option<Verifier>);
impl std::ops::Deref for Lent {
    type Target = Verifier;
    fn deref(&self) -> &Verifier {
        self.0.as_ref().unwrap()
    }
}
impl std::ops::DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Verifier {
        self.0.as_mut().unwrap()
    }
}
impl Drop for Lent {
    fn drop(&mut self) {
        let v = self.0.take().unwrap();
        VERIFIERS.with_borrow_mut(|all| all.push(v));
    }
}
pub fn lent() -> Lent {
    Lent(Some(VERIFIERS.with_borrow_mut(|all| all.pop()).unwrap_or_else(|| Verifier::new(Spec::embedded()))))
}
pub struct LentChecker(Option<framewright::check::Checker<'static>>);
impl std::ops::Deref for LentChecker {
    type Target = framewright::check::Checker<'static>;
    fn deref(&self) -> &Self::Target {
        self.0.as_ref().unwrap()
    }
}
impl std::ops::DerefMut for LentChecker {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.as_mut().unwrap()
    }
}
impl Drop for LentChecker {
    fn drop(&mut self) {
        let v = self.0.take().unwrap();
        CHECKERS.with_borrow_mut(|all| all.push(v));
    }
}
pub fn checker() -> LentChecker {
    LentChecker(Some(
        CHECKERS
            .with_borrow_mut(|all| all.pop())
            .unwrap_or_else(|| framewright::check::Checker::new(Spec::embedded(), None)),
    ))
}

pub fn all() -> Vec<(String, Run)> {
    let mut cases: Vec<(String, Run)> = Vec::new();
    listings("frames", &mut cases);
    listings("refute", &mut cases);
    let lacking = crate::table::lacking();
    for (contract, functions) in crate::known::read().unwrap() {
        let lacks = lacking.contains_key(&contract.name);
        cases.push((
            contract.name.clone(),
            Box::new(move || crate::known::check(&contract, &functions, lacks).map_err(|e| format!("{e:?}"))),
        ));
    }
    for machine in ["x86_64", "aarch64", "riscv64", "loongarch64"] {
        foreign(machine, &mut cases);
    }
    crate::programs::cases(&mut cases);
    proofs(&mut cases);
    crate::probes::cases(&mut cases);
    crate::sizes::cases(&mut cases);
    cases
}

fn outcome(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Proven(proven) => {
            let certificate = proven.certificate();
            let mut text = format!("proven: {} instructions\n", certificate.instructions);
            for (property, number) in &certificate.obligations {
                let _ = writeln!(text, "  {property:?} {property}: {number}");
            }
            for (name, times) in &certificate.assumptions {
                let _ = writeln!(text, "  assumed: {name} ({times}×)");
            }
            text
        }
        Verdict::Refuted(found) => found.render(Spec::embedded(), false),
        Verdict::Undecided(why) => format!("undecided: {why}\n"),
        Verdict::Unsupported(what) => format!("unsupported: {what}\n"),
    }
}

fn listings(folder: &str, cases: &mut Vec<(String, Run)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verifier/tests");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root.join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "s"));
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let frames = root.join("frames");
        cases.push((
            format!("{folder}/{name}"),
            Box::new(move || {
                let spec = Spec::embedded();
                let mut verifier = crate::cases::lent();
                let listing = support::listing(spec, &name, &text);
                let verdict = support::judge(&mut verifier, &frames, &listing);
                let [_, _, expected] = support::parts(&text);
                let actual = outcome(&verdict);
                if actual != expected {
                    return Err(actual);
                }
                if let Verdict::Refuted(found) = verdict {
                    if found.path.is_empty() || found.disputed.is_none() {
                        return Ok(());
                    }
                    let rerun =
                        framewright_verifier::replay::rerun(&found, spec).map_err(|e| e.to_string())?;
                    if !rerun.observation.is_some_and(|o| o.as_predicted) {
                        return Err("replay".into());
                    }
                }
                Ok(())
            }),
        ));
    }
}

/// Statements of three conventions, for few of their shapes.
fn proofs(cases: &mut Vec<(String, Run)>) {
    let few = |s: &framewright::design::Statement| ["sysv", "windows_x64", "aapcs64"].contains(&&*s.abi);
    for statement in framewright::design::statements(Spec::embedded()).into_iter().filter(few) {
        let name = statement.transition.as_ref().unwrap_or(&statement.frame);
        cases.push((
            format!("proof/{name}"),
            Box::new(move || {
                let mut prover = framewright::design::Prover::new(Spec::embedded());
                let proof = prover.prove(&statement, Some(2)).map_err(|e| e.to_string())?;
                proof.failure.map_or(Ok(()), |failure| Err(failure.why))
            }),
        ));
    }
}

fn told(verdict: &Foreign) -> (String, Vec<String>) {
    match verdict {
        Foreign::Proven(summary) => {
            ("proven".to_owned(), summary.assumptions.keys().map(|&name| name.to_owned()).collect())
        }
        Foreign::Refuted(found) => (format!("refuted {:?}", found.property), vec![found.headline()]),
        Foreign::Undecided(why) => ("undecided".to_owned(), vec![why.clone()]),
        Foreign::Unsupported(what) => ("unsupported".to_owned(), vec![what.clone()]),
    }
}

fn foreign(machine: &'static str, cases: &mut Vec<(String, Run)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/foreign");
    let listing = root.join(format!("{machine}.s"));
    let out = |e: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("judged_{machine}.{e}"));
    let target = format!("--target={machine}-linux-gnu");
    let run = |c: &mut std::process::Command| assert!(c.status().unwrap().success());
    run(std::process::Command::new("clang-19").args([&target, "-c", "-o"]).arg(out("o")).arg(&listing));
    run(std::process::Command::new("ld.lld-19").args(["-shared", "-o"]).arg(out("so")).arg(out("o")));
    let bytes: &'static [u8] = std::fs::read(out("so")).unwrap().leak();
    let text = std::fs::read_to_string(&listing).unwrap();
    let lines: Vec<String> = text
        .lines()
        .filter_map(|l| l.strip_prefix("#= ").or(l.strip_prefix("//= ")))
        .map(str::to_owned)
        .collect();
    for lines in lines.chunks(6) {
        let lines = lines.to_vec();
        let first = lines[0].split(':').next().unwrap().to_owned();
        cases.push((
            format!("foreign/{machine}/{first}"),
            Box::new(move || {
                let program = Program::read(Spec::embedded(), bytes, None).map_err(|e| e.to_string())?;
                let judge = program.judge(Spec::embedded()).map_err(|e| e.to_string())?;
                let judging = Judging::new(&judge, &program, 1);
                let expected: Vec<(String, String, Vec<String>)> = lines
                    .iter()
                    .map(|l| {
                        let (name, rest) = l.split_once(": ").unwrap();
                        let mut words = rest.split(", ").map(str::to_owned);
                        (name.to_owned(), words.next().unwrap(), words.collect())
                    })
                    .collect();
                let names = |n: usize| program.functions[n].names.first().copied().unwrap_or("");
                let answers =
                    judging.run(&|n| expected.iter().any(|e| e.0 == names(n as usize)), &mut |_, _| {});
                for (n, answer) in answers.iter().enumerate() {
                    let Some(e) = expected.iter().find(|e| e.0 == names(n)) else { continue };
                    let Some(answer) = answer else { return Err("none".into()) };
                    let (word, details) = told(&answer.verdict);
                    if word != e.1 || !e.2.iter().all(|a| details.contains(a)) {
                        return Err(format!("{}: {word} {details:?}", e.0));
                    }
                }
                Ok(())
            }),
        ));
    }
}
