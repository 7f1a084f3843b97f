//! Time to result: a hot loop called once, from the program's text to the answer, process start excluded.
//!
//! The same loop (`examples/sum.wat`) for wasmtime; as source code for node and java where they are installed, timed
//! inside their process from before the function is first known to be hot.

use crate::kernels::source;
use crate::time::{best, us};
use crate::{ours, peers};
use anyhow::Result;
use framewright::engine::Tier;
use std::process::Command;
use std::time::Instant;
use wasmtime::{Strategy, Val};

const NODE: &str = "
const n = Number(process.argv[1]);
function sum(n) { let s = 0; while (n !== 0) { s = s + n; n = n - 1; } return s; }
const t = process.hrtime.bigint(); const r = sum(n); const d = process.hrtime.bigint() - t;
console.log(Number(d) / 1000, r);";

const JAVA: &str = "
public class Sum {
  static long sum(long n) { long s = 0; while (n != 0) { s += n; n -= 1; } return s; }
  public static void main(String[] a) {
    long n = Long.parseLong(a[0]); long t = System.nanoTime(); long r = sum(n); long d = System.nanoTime() - t;
    System.out.println(d / 1000.0 + \" \" + r);
  }
}";

fn ours_us(text: &str, n: u64) -> Result<f64> {
    let mut shortest = f64::MAX;
    for _ in 0..3 {
        // A fresh store each time, for a store remembers its proofs; up and running, as the peers' engines are.
        let (mut store, other) = ours::store(&ours::module(&source("sieve")?)?, Tier::Auto)?;
        ours::call(&mut store, other, "main", &[20_000])?;
        let start = Instant::now();
        let instance = store.instantiate(ours::module(text)?).map_err(|e| anyhow::anyhow!("{e}"))?;
        let result = ours::call(&mut store, instance, "main", &[n])?;
        shortest = shortest.min(us(start.elapsed()));
        anyhow::ensure!(result == [n * (n + 1) / 2], "wrong sum");
    }
    Ok(shortest)
}

fn theirs_us(text: &str, n: u64, strategy: Strategy) -> Result<f64> {
    let engine = peers::engine(strategy)?;
    peers::compile(&engine, source("sieve")?.as_bytes())?;
    let (time, result) = best(3, || -> Result<Vec<Val>> {
        peers::call(&peers::compile(&engine, text.as_bytes())?, "main", &[Val::I64(n as i64)])
    });
    anyhow::ensure!(peers::bits(&result?[0]) == n * (n + 1) / 2, "wrong sum");
    Ok(us(time))
}

/// The first number that a command prints: its own measurement; none if the command is not to be had.
fn reported_us(program: &str, args: &[&str]) -> Option<f64> {
    let output = Command::new(program).args(args).output().ok()?;
    String::from_utf8_lossy(&output.stdout).split_whitespace().next()?.parse().ok()
}

/// Prints the table.
pub fn print() -> Result<()> {
    let text = source("sum")?;
    let folder = std::env::temp_dir().join("framewright-bench-sum");
    std::fs::create_dir_all(&folder)?;
    let java = folder.join("Sum.java");
    std::fs::write(&java, JAVA)?;
    let folder_text = folder.to_string_lossy().into_owned();
    let compiled =
        Command::new("javac").args(["-d", &folder_text]).arg(&java).status().is_ok_and(|s| s.success());
    println!(
        "Time to result of a hot loop called once in a running engine, proofs included, microseconds (best of 3)\n"
    );
    println!("| n | framewright auto | wasmtime Winch | wasmtime Cranelift | node | java |");
    println!("|---|---|---|---|---|---|");
    for power in 3..=8u32 {
        let n = 10u64.pow(power);
        let best_of = |run: &dyn Fn() -> Option<f64>| {
            (0..3)
                .filter_map(|_| run())
                .min_by(f64::total_cmp)
                .map_or("–".to_owned(), |x| format!("{x:.0}"))
        };
        let number = n.to_string();
        let node = best_of(&|| reported_us("node", &["-e", NODE, &number]));
        let java =
            best_of(&|| compiled.then(|| reported_us("java", &["-cp", &folder_text, "Sum", &number]))?);
        println!(
            "| 10^{power} | {:.0} | {:.0} | {:.0} | {node} | {java} |",
            ours_us(&text, n)?,
            theirs_us(&text, n, Strategy::Winch)?,
            theirs_us(&text, n, Strategy::Cranelift)?
        );
    }
    Ok(())
}
