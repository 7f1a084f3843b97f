//! Benchmarks: every number stands beside a peer's, measured in the same run on the same machine.
//!
//! `cargo run --release` prints all tables; `cargo run --release -- kernels compile` only those. What frames cost is a
//! program of its own, in `frames`.

mod compile;
mod growth;
mod kernels;
mod ours;
mod patchpoint;
mod peers;
mod sum;
mod time;

type Section = (&'static str, fn() -> anyhow::Result<()>);

const SECTIONS: [Section; 5] = [
    ("kernels", kernels::print),
    ("compile", compile::print),
    ("growth", growth::print),
    ("patchpoint", patchpoint::print),
    ("sum", sum::print),
];

fn main() -> anyhow::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = wanted.split_first()
        && first == patchpoint::COUNTED
    {
        return patchpoint::run_counted(rest);
    }
    let names = SECTIONS.map(|(name, _)| name);
    if let Some(unknown) = wanted.iter().find(|w| !names.contains(&w.as_str())) {
        anyhow::bail!("no section `{unknown}`; there are: {}", names.join(", "));
    }
    for (name, print) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            print()?;
            println!();
        }
    }
    Ok(())
}
