//! Every mutant of the verifier against the cases that reach it.
#![allow(dead_code)]

mod cases;
#[path = "../known_bugs/claims.rs"]
mod claims;
#[path = "../../../tests/foreign.rs"]
mod constructs;
#[path = "../known_bugs/contract.rs"]
mod contract;
#[path = "../../../tests/objects/main.rs"]
mod elf_files;
#[path = "../../../tests/flips.rs"]
mod flips;
#[path = "../known_bugs/foreign.rs"]
mod foreign;
#[path = "../known_bugs/main.rs"]
mod known;
#[path = "../known_bugs/objects.rs"]
mod objects;
mod programs;
#[path = "../../../tests/check.rs"]
mod sample;
#[path = "../probes.rs"]
mod probes;
#[path = "../../../verifier/tests/all_sizes.rs"]
mod sizes;
#[path = "../../../verifier/tests/support/mod.rs"]
mod support;
#[path = "../known_bugs/table.rs"]
mod table;
#[path = "../known_bugs/unwind.rs"]
mod unwind;
#[path = "../../../tests/unwind_flips.rs"]
mod unwind_flips;

use framewright_verifier::mutants::{ACTIVE, REACHED};
pub(crate) use known::Answer;
use std::io::Write;
use std::sync::atomic::Ordering::Relaxed;

pub(crate) type Run = Box<dyn Fn() -> Result<(), String>>;

struct Outcome {
    code: i32,
    killer: u32,
    seconds: f64,
    reached: Vec<u32>,
}

fn run(case: &Run) -> Result<(), String> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case())) {
        Ok(result) => result,
        Err(_) => Err("panic".to_owned()),
    }
}

/// Runs the cases in a process of its own, until one fails.
fn child(mutant: u32, cases: &[(usize, &Run)], limit: u32) -> Outcome {
    let mut ends = [0; 2];
    let begun = std::time::Instant::now();
    unsafe { libc::pipe(ends.as_mut_ptr()) };
    let pid = unsafe { libc::fork() };
    if pid == 0 {
        unsafe { libc::alarm(limit) };
        ACTIVE.store(mutant, Relaxed);
        REACHED.iter().for_each(|r| r.store(0, Relaxed));
        let mut failed = u32::MAX;
        let mut text = String::new();
        for (number, case) in cases {
            if let Err(error) = run(case) {
                failed = *number as u32;
                text = error;
                break;
            }
        }
        if mutant == 0 && failed != u32::MAX {
            eprintln!("case {failed} fails: {text}");
        }
        let mut out: Vec<u8> = failed.to_le_bytes().to_vec();
        if mutant == 0 {
            for (i, r) in REACHED.iter().enumerate() {
                if r.load(Relaxed) != 0 {
                    out.extend((i as u32).to_le_bytes());
                }
            }
        }
        let mut at = 0;
        while at < out.len() {
            let n = unsafe { libc::write(ends[1], out[at..].as_ptr().cast(), out.len() - at) };
            if n <= 0 {
                break;
            }
            at += n as usize;
        }
        unsafe { libc::_exit(i32::from(failed != u32::MAX)) };
    }
    unsafe { libc::close(ends[1]) };
    let mut bytes = Vec::new();
    let mut buffer = [0u8; 65536];
    loop {
        let n = unsafe { libc::read(ends[0], buffer.as_mut_ptr().cast(), buffer.len()) };
        if n <= 0 {
            break;
        }
        bytes.extend(&buffer[..n as usize]);
    }
    let mut status = 0;
    unsafe {
        libc::close(ends[0]);
        libc::waitpid(pid, &mut status, 0);
    }
    let words: Vec<u32> =
        bytes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect();
    let code = if libc::WIFEXITED(status) { libc::WEXITSTATUS(status) } else { 100 + libc::WTERMSIG(status) };
    Outcome {
        code,
        killer: words.first().copied().unwrap_or(u32::MAX),
        seconds: begun.elapsed().as_secs_f64(),
        reached: words.get(1..).unwrap_or_default().to_vec(),
    }
}

fn main() {
    // judged ORDER OUT [SECONDS]: ids of mutants (from 1), one a line; cases that take longer than that are left out.
    let args: Vec<String> = std::env::args().collect();
    let mut cases = cases::all();
    // Those of one folder only.
    if let Ok(folder) = std::env::var("CASES") {
        cases.retain(|(name, _)| name.starts_with(&folder));
    }
    if std::env::var_os("HUSH").is_some() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    // What is made once, before processes are split off.
    framewright_verifier::mutants::ACTIVE.store(0, Relaxed);
    let mut warm = std::collections::BTreeSet::new();
    for (name, case) in &cases {
        let folder = name.split(['/', '_']).next().unwrap().to_owned();
        if !name.starts_with("sizes")
            && !name.starts_with("foreign/")
            && warm.insert((folder, name.contains("win")))
        {
            let _ = run(case);
        }
    }
    let mut reaching: Vec<Vec<usize>> = vec![Vec::new(); REACHED.len()];
    let mut costs = Vec::new();
    for (number, (name, case)) in cases.iter().enumerate() {
        let outcome = child(0, &[(number, case)], 600);
        if outcome.code != 0 {
            println!("BASELINE FAILS {name} {}", outcome.code);
            costs.push(f64::MAX);
            continue;
        }
        println!("case {number} {name} {:.3} s, {} reached", outcome.seconds, outcome.reached.len());
        costs.push(outcome.seconds);
        for id in outcome.reached {
            reaching[id as usize].push(number);
        }
    }
    let order = std::fs::read_to_string(&args[1]).unwrap();
    let dearest: f64 = args.get(3).map_or(f64::MAX, |seconds| seconds.parse().unwrap());
    let mut out = std::fs::OpenOptions::new().create(true).append(true).open(&args[2]).unwrap();
    let mut kills = vec![0u32; cases.len()];
    for line in order.lines() {
        let (id, few) = line.split_once(' ').map_or((line, false), |(id, _)| (id, true));
        let Ok(id) = id.parse::<u32>() else { continue };
        let mut numbers = reaching[id as usize].clone();
        if few && numbers.iter().any(|&n| !cases[n].0.starts_with("sizes")) {
            numbers.retain(|&n| !cases[n].0.starts_with("sizes"));
        }
        if numbers.iter().any(|&n| costs[n] <= dearest) {
            numbers.retain(|&n| costs[n] <= dearest);
        }
        if numbers.is_empty() {
            writeln!(out, "{id} unreached - 0 0").unwrap();
            continue;
        }
        // Cheap first.
        numbers.sort_by(|&a, &b| costs[a].total_cmp(&costs[b]));
        let total: f64 = numbers.iter().map(|&n| costs[n]).sum();
        let chosen: Vec<(usize, &Run)> = numbers.iter().map(|&n| (n, &cases[n].1)).collect();
        let outcome = child(id, &chosen, 30 + (total * 4.0) as u32);
        let (word, by) = match outcome.code {
            0 => ("survived", "-"),
            1 => {
                kills[outcome.killer as usize] += 1;
                ("killed", cases[outcome.killer as usize].0.as_str())
            }
            114 => ("timeout", "-"),
            _ => ("crashed", "-"),
        };
        writeln!(out, "{id} {word} {} {:.2} {}", by.replace(' ', "_"), outcome.seconds, chosen.len())
            .unwrap();
    }
}
