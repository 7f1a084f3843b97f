//! Listings of good and of broken frames with their verdict: `frames/*.s` prove, `refute/*.s` show the whole
//! counterexample. `BLESS=1` rewrites what is expected.

mod support;

use framewright_spec::Spec;
use framewright_verifier::{Verdict, Verifier};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of listings");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "s"));
    files.sort();
    files
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

fn check(folder: &str, accept: impl Fn(&Verdict) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let bless = std::env::var_os("BLESS").is_some();
    let mut verifier = Verifier::new(Spec::embedded());
    let mut wrong = Vec::new();
    for file in files(&folder) {
        let text = std::fs::read_to_string(&file).expect("a listing");
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let listing = support::listing(Spec::embedded(), &name, &text);
        let frames = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frames");
        let verdict = support::judge(&mut verifier, &frames, &listing);
        let [head, code, expected] = support::parts(&text);
        let actual = outcome(&verdict);
        if bless && actual != expected {
            std::fs::write(&file, format!("{head}---\n{code}---\n{actual}")).expect("a blessing");
        } else if actual != expected && !bless {
            wrong.push(format!("{name}\nexpected:\n{expected}\nactual:\n{actual}"));
        }
        if !accept(&verdict) {
            wrong.push(format!("{name} is in the wrong folder:\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What the prover says, the interpreter sees: along the same path, in the same place, the same wrong value.
#[test]
fn counterexamples_replay() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refute");
    let frames = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frames");
    let spec = Spec::embedded();
    let mut verifier = Verifier::new(spec);
    let mut seen = 0;
    for file in files(&folder) {
        let text = std::fs::read_to_string(&file).expect("a listing");
        let listing = support::listing(spec, &file.to_string_lossy(), &text);
        let Verdict::Refuted(found) = support::judge(&mut verifier, &frames, &listing) else { continue };
        if found.path.is_empty() || found.disputed.is_none() {
            continue;
        }
        let rerun = framewright_verifier::replay::rerun(&found, spec);
        let rerun = rerun.unwrap_or_else(|error| panic!("{}: {error}", listing.name));
        let observation = rerun.observation.unwrap_or_else(|| panic!("{}: nothing observed", listing.name));
        assert!(observation.as_predicted, "{}: {observation:?}", listing.name);
        seen += 1;
    }
    assert!(seen > 15, "only {seen} counterexamples were replayed");
}

/// A counterexample is the same after a way through JSON.
#[test]
fn counterexamples_survive_json() {
    let text = include_str!("refute/swapped_pops.s");
    let listing = support::listing(Spec::embedded(), "swapped_pops", text);
    let verdict = support::judge(&mut Verifier::new(Spec::embedded()), Path::new("."), &listing);
    let Verdict::Refuted(found) = verdict else { panic!("{verdict:?}") };
    let json = serde_json::to_string(&found).expect("JSON");
    let back: framewright_verifier::Counterexample = serde_json::from_str(&json).expect("a counterexample");
    assert_eq!(*found, back);
    assert!(found.emit_test().contains("fn swapped_pops_P3()"));
}

#[test]
fn good_frames_prove() {
    check("frames", |verdict| matches!(verdict, Verdict::Proven(_)));
}

/// Or at least not proven: that others may write the caller's frame is no path's doing.
#[test]
fn broken_frames_are_refuted() {
    check("refute", |verdict| !matches!(verdict, Verdict::Proven(_)));
}
