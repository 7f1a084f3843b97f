//! Other people's code: whole answers on constructs, objects and records, flipped or not, against those of before.

use crate::{Run, constructs, elf_files, flips, sample, unwind_flips};
use framewright::object::{Judging, Program, Told};
use framewright_spec::Spec;
use std::path::{Path, PathBuf};

/// Functions of one case.
const FEW: usize = 8;

/// A test's stored answers.
fn before(path: &str) -> String {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join("tests").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn same(expected: &str, found: &str) -> Result<(), String> {
    let pair = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
    match pair {
        Some((expected, found)) => Err(format!("{expected}\n{found}")),
        None if expected.lines().count() != found.lines().count() => Err("lines".to_owned()),
        None => Ok(()),
    }
}

pub fn cases(cases: &mut Vec<(String, Run)>) {
    for machine in ["x86_64", "aarch64", "riscv64", "loongarch64"] {
        of_constructs(machine, cases);
    }
    let small = || {
        sample::small_methods_are_judged();
        Ok(())
    };
    cases.push(("records/small".to_owned(), Box::new(small)));
    let saves = || {
        sample::what_is_said_of_saves_is_compared_with_the_frame();
        Ok(())
    };
    cases.push(("records/saves".to_owned(), Box::new(saves)));
    let mut known = 0;
    for (file, transition) in sample::ways() {
        let path = sample::BEFORE.trim_start_matches("tests/");
        let count = sample::first_answers(file, transition).lines().count();
        let lines: Vec<String> = before(path).lines().skip(known).take(count).map(str::to_owned).collect();
        let run = move || same(&lines.join("\n"), &sample::first_answers(file, transition));
        cases.push((format!("records/{file}/{transition}"), Box::new(run)));
        known += count;
    }
    let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/records");
    for file in flips::FILES {
        let path = records.join(file);
        let run = move || find("flips.txt", file, &flips::line(file, &flips::flip_file(&path, flips::FLIPS)));
        cases.push((format!("flips/{file}"), Box::new(run)));
        let path = records.join(file);
        let run = move || {
            let tally = unwind_flips::change_file(&path, unwind_flips::CHANGES);
            find("unwind_flips.txt", file, &unwind_flips::line(file, &tally))
        };
        cases.push((format!("unwind_flips/{file}"), Box::new(run)));
    }
    for (name, test) in framewright_verifier::foreign::tests::all() {
        let run = move || {
            test();
            Ok(())
        };
        cases.push((format!("units/{name}"), Box::new(run)));
    }
    of_objects(cases);
}

/// The line of a file among those of before.
fn find(path: &str, file: &str, line: &str) -> Result<(), String> {
    let lines = before(path);
    same(lines.lines().find(|line| line.starts_with(file)).unwrap_or_default(), line.trim_end())
}

fn of_constructs(machine: &'static str, cases: &mut Vec<(String, Run)>) {
    let bytes: &'static [u8] = constructs::library(machine).leak();
    let program = Program::read(Spec::embedded(), bytes, None).expect("an ELF file");
    let lines: Vec<String> = before(&format!("foreign/{machine}.jsonl")).lines().map(str::to_owned).collect();
    let numbers: Vec<usize> = (0..program.functions.len()).collect();
    for few in numbers.chunks(FEW) {
        let (few, all) = (few.to_vec(), lines.clone());
        let name = program.functions[few[0]].names.first().copied().unwrap_or("nameless");
        let run = move || {
            let program = Program::read(Spec::embedded(), bytes, None).map_err(|e| e.to_string())?;
            let judge = program.judge(Spec::embedded()).map_err(|e| e.to_string())?;
            let judging = Judging::new(&judge, &program, 1);
            let answers = judging.run(&|n| few.contains(&(n as usize)), &mut |_, _| {});
            for (function, answer) in program.functions.iter().zip(&answers) {
                let Some(answer) = answer else { continue };
                let line = Told { program: &program, function, answer }.to_json(machine).to_string();
                if !all.contains(&line) {
                    return Err(line);
                }
            }
            Ok(())
        };
        cases.push((format!("constructs/{machine}/{name}"), Box::new(run)));
    }
}

fn of_objects(cases: &mut Vec<(String, Run)>) {
    let table = before("objects/expected.txt");
    for (machine, flags) in elf_files::MACHINES {
        for (kind, file) in elf_files::build("judged", machine, flags) {
            let head = format!("{machine} {kind}\n");
            let expected = table.split_once(&head).map_or("", |(_, rest)| rest);
            let expected: String =
                expected.lines().take_while(|l| l.starts_with(' ')).map(|l| format!("{l}\n")).collect();
            let run = move || same(&expected, &elf_files::judged(&file));
            cases.push((format!("objects/{machine}/{kind}"), Box::new(run)));
        }
    }
}
