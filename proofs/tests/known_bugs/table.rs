//! The table of bugs caught, and the list of those that are not.

use crate::contract::Contract;
use libtest_mimic::Failed;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const COMMAND: &str = "BLESS=1 cargo test -p framewright-proofs --test known_bugs";

/// Files that are not judged as their heads say, and what is missing.
pub(crate) fn lacking() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known_bugs/lacking.txt");
    let text = std::fs::read_to_string(path).expect("the list of what is lacking");
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let pair = |line: &str| {
        let pair = line.split_once(": ").map(|(name, why)| (name.to_owned(), why.to_owned()));
        pair.unwrap_or_else(|| panic!("lacking.txt: `{line}` gives no reason"))
    };
    lines.map(pair).collect()
}

/// Where the README's copy of the counts begins.
const HEADING: &str = "| property |";

/// `table.md` says what the files say, and the README has its counts.
pub(crate) fn check(contracts: &[Contract], lacking: &BTreeMap<String, String>) -> Result<(), Failed> {
    let names: BTreeSet<&String> = contracts.iter().map(|contract| &contract.name).collect();
    if let Some(name) = lacking.keys().find(|name| !names.contains(name)) {
        return Err(format!("lacking.txt names `{name}`, which is no file").into());
    }
    let table = table(contracts, lacking);
    println!("{table}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (path, readme) = (root.join("tests/known_bugs/table.md"), root.join("../README.md"));
    let shown = std::fs::read_to_string(&readme)?;
    let counts = counts(&table).ok_or("no counts in the table")?;
    let copy = self::counts(&shown).ok_or("no counts in the README")?;
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(readme, shown.replace(copy, counts))?;
        std::fs::write(path, &table)?;
        return Ok(());
    }
    if std::fs::read_to_string(path)? == table && copy == counts {
        Ok(())
    } else {
        Err(format!("table.md or the README is another; `{COMMAND}` rewrites them").into())
    }
}

/// The counts by property and machine in a text.
fn counts(text: &str) -> Option<&str> {
    let text = &text[text.find(HEADING)?..];
    Some(&text[..text.find("\n\n")?])
}

fn table(contracts: &[Contract], lacking: &BTreeMap<String, String>) -> String {
    let machine = |contract: &Contract| contract.name.split('/').next().unwrap_or_default().to_owned();
    let machines: BTreeSet<String> = contracts.iter().map(machine).collect();
    let mut rows: BTreeMap<(u32, String), BTreeMap<String, u32>> = BTreeMap::new();
    let mut accepted: BTreeMap<String, u32> = BTreeMap::new();
    for contract in contracts.iter().filter(|contract| !lacking.contains_key(&contract.name)) {
        let counts = match &contract.expect {
            Some((property, _)) => {
                let number = property.trim_start_matches('P').parse().unwrap_or(0);
                rows.entry((number, property.clone())).or_default()
            }
            None => &mut accepted,
        };
        *counts.entry(machine(contract)).or_default() += 1;
    }
    let mut all: BTreeMap<String, u32> = BTreeMap::new();
    rows.values().flatten().for_each(|(machine, count)| *all.entry(machine.clone()).or_default() += count);
    let mut text = format!("`{COMMAND}`\n\n| property | {} | all |\n|---|", join(&machines));
    text.push_str(&"---|".repeat(machines.len() + 1));
    text.push('\n');
    let mut line = |name: &str, counts: &BTreeMap<String, u32>| {
        let cell = |machine: &String| counts.get(machine).map_or(String::new(), u32::to_string);
        let cells: Vec<String> = machines.iter().map(cell).collect();
        let _ = writeln!(text, "| {name} | {} | {} |", cells.join(" | "), counts.values().sum::<u32>());
    };
    for ((_, property), counts) in &rows {
        line(&format!("{property} {}", name(property)), counts);
    }
    line("**refuted, and proven when fixed**", &all);
    line("odd, and proven", &accepted);
    let _ = writeln!(text, "\nNot caught yet: {} (`lacking.txt`).\n", lacking.len());
    text.push_str("| bug | convention | verdict | what happened |\n|---|---|---|---|\n");
    for contract in contracts.iter().filter(|contract| !lacking.contains_key(&contract.name)) {
        let Contract { source, what, convention, expect, .. } = contract;
        let verdict = expect.as_ref().map_or("proven", |(property, _)| property);
        let _ = writeln!(text, "| {source} | {convention} | {verdict} | {what} |");
    }
    text
}

fn join(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(" | ")
}

fn name(property: &str) -> &'static str {
    match property {
        "P1" => "stack balance",
        "P2" => "return",
        "P3" => "callee saves",
        "P4" => "frame chain",
        "P5" => "alignment",
        "P6" => "nothing below SP",
        "P7" => "clobbers",
        "P8" => "own frame only",
        "P9" => "probes",
        "P10" => "unwinding",
        "P12" => "state map",
        "P13" => "scratch set",
        "P14" => "encodable",
        "P15" => "control bits",
        _ => "",
    }
}
