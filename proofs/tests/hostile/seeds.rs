//! Good inputs, from which bad ones are made.

use framewright_compiler::sample::{Role, sample};
use framewright_spec::Spec;
use std::path::{Path, PathBuf};

/// Seeds of a reader, by its name.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "spec" => files("proofs/tests/made_up", "fw").chain(files("spec/frames", "fw")).collect(),
        "wasm" => files("examples", "wat")
            .flat_map(|text| [wat::parse_bytes(&text).map(|w| w.to_vec()).unwrap_or_default(), text.clone()])
            .collect(),
        "decoder" => code().map(|(number, bytes, _)| [&[number], &bytes[..]].concat()).collect(),
        "elf" => executables(),
        "unwind" => unwind(),
        "claim" => code().map(|(_, bytes, claim)| [claim.as_bytes(), &[0], &bytes].concat()).collect(),
        _ => files("examples/records", "jsonl").flat_map(|text| lines(&text)).collect(),
    }
}

fn files(folder: &str, extension: &'static str) -> impl Iterator<Item = Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| std::fs::read(path).ok())
}

fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).take(4).map(<[u8]>::to_vec).collect()
}

/// The number of a machine, code for a frame of it, and its claim.
fn code() -> impl Iterator<Item = (u8, Vec<u8>, String)> {
    let spec = Spec::embedded();
    spec.frames.values().filter(|frame| frame.extends.is_none()).filter_map(|frame| {
        let shape = spec.covering_shapes(&frame.name).ok()?.pop()?;
        let made = sample(spec, &frame.name, &shape, Role::Called).ok()?;
        let number = spec.machines.get_index_of(&made.claim.machine)?;
        let claim = serde_json::to_string(&made.claim).ok()?;
        Some((number as u8, made.bytes, claim))
    })
}

/// Unwinding data of our own code, as each format on each machine.
fn unwind() -> Vec<Vec<u8>> {
    let spec = Spec::embedded();
    let mut seeds = Vec::new();
    for frame in spec.frames.values().filter(|frame| frame.extends.is_none()) {
        let Some(shape) = spec.covering_shapes(&frame.name).ok().and_then(|mut s| s.pop()) else { continue };
        let Ok(made) = sample(spec, &frame.name, &shape, Role::Called) else { continue };
        let machine = spec.machines.get_index_of(&made.claim.machine).unwrap_or(0) as u8;
        for data in made.claim.unwind {
            seeds.extend((0..4).map(|format| [&[machine << 2 | format], &data.bytes[..]].concat()));
        }
    }
    seeds
}

/// Objects and shared libraries of a few functions, as small as they get.
fn executables() -> Vec<Vec<u8>> {
    let source =
        "int g(int); static int t(int x) { switch (x) { case 0: return g(1); case 1: return g(4); case 2:
        return g(9); case 3: return g(2); case 4: return g(7); default: return x; } }
        int f(int x) { char a[100]; for (int i = 0; i < 100; i++) a[i] = g(i); return a[x] + t(x); }";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    let mut seeds = Vec::new();
    let shared = "-shared -fPIC -nostdlib -fuse-ld=lld-19 -Wl,-z,noseparate-code -Wl,-s";
    for (number, arguments) in ["-c", shared].iter().enumerate() {
        for target in ["x86_64-linux-gnu", "aarch64-linux-gnu", "riscv64-linux-gnu", "loongarch64-linux-gnu"]
        {
            let out = folder.join(format!("{target}-{number}"));
            let made =
                std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join("f.c"), source));
            let clang = std::process::Command::new("clang-19")
                .args([&format!("--target={target}"), "-O2"])
                .args(arguments.split(' '))
                .arg("-o")
                .arg(&out)
                .arg(folder.join("f.c"))
                .status();
            if made.is_ok() && clang.is_ok_and(|status| status.success()) {
                seeds.extend(std::fs::read(&out));
            }
        }
    }
    seeds
}
