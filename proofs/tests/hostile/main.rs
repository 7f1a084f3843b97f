//! Hostile input: every reader survives changed seeds and noise. Long runs are `fuzz/`'s business.

mod seeds;
mod targets;

use framewright::engine::config::scramble;
use libtest_mimic::{Arguments, Failed, Trial};
use targets::{TARGETS, Target};

/// Inputs of each reader.
const INPUTS: u64 = 1500;

fn main() {
    let arguments = Arguments::from_args();
    if let Some(folder) = std::env::var_os("SEEDS") {
        return write_seeds(std::path::Path::new(&folder));
    }
    let trials = TARGETS.map(|target| Trial::test(target.0, move || survive(target)));
    libtest_mimic::run(&arguments, trials.into()).exit();
}

/// Writes the seeds as a corpus for `fuzz/`: a folder a reader.
fn write_seeds(folder: &std::path::Path) {
    for (name, _) in TARGETS {
        let folder = folder.join(name);
        let made = std::fs::create_dir_all(&folder);
        let written = seeds::seeds(name)
            .iter()
            .enumerate()
            .try_for_each(|(number, seed)| std::fs::write(folder.join(format!("seed-{number}")), seed));
        match made.and(written) {
            Ok(()) => println!("{}", folder.display()),
            Err(error) => panic!("{}: {error}", folder.display()),
        }
    }
}

fn survive((name, read): Target) -> Result<(), Failed> {
    let seeds = seeds::seeds(name);
    if seeds.len() < 3 {
        return Err(format!("{} seeds", seeds.len()).into());
    }
    seeds.iter().for_each(|seed| read(seed));
    for number in 0..INPUTS {
        let mut input = seeds[scramble(&[number]) as usize % seeds.len()].clone();
        for change in 0..1 + number % 4 {
            let random = |what: u64| scramble(&[number, change, what]) as usize;
            mutate(&mut input, &seeds[random(0) % seeds.len()], random);
        }
        read(&input);
    }
    Ok(())
}

/// One change: a bit, a byte, a cut, a repetition, or a piece of another seed.
fn mutate(input: &mut Vec<u8>, other: &[u8], random: impl Fn(u64) -> usize) {
    if input.is_empty() || other.is_empty() {
        return input.extend([0; 8]);
    }
    let at = random(1) % input.len();
    let length = 1 + random(2) % 16.min(input.len() - at);
    match random(3) % 6 {
        0 => input[at] ^= 1 << (random(4) % 8),
        1 => input[at] = [0, 1, 0x7f, 0x80, 0xff, b'9', b'-', b'{'][random(4) % 8],
        2 => drop(input.drain(at..at + length)),
        3 => input.truncate(at),
        4 => {
            let piece = input[at..at + length].to_vec();
            drop(input.splice(at..at, piece));
        }
        _ => {
            let from = random(4) % other.len();
            let piece = &other[from..other.len().min(from + 32)];
            drop(input.splice(at..at + length, piece.iter().copied()));
        }
    }
}
