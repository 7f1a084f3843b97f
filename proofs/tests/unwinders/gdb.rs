//! Runs gdb with `step.py`: on this machine, or with an emulator that waits for it.

use crate::stub::Stub;
use libtest_mimic::Failed;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Instructions that a program may take.
const STEPS: u32 = 200_000;

/// How a machine's programs are stepped through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Debugger {
    /// By the emulator's stub alone, where no debugger knows the machine.
    pub(crate) stub: Option<Stub>,
    program: String,
    emulator: Option<String>,
    /// Patterns of instructions, names of registers: by the script's variable.
    variables: Vec<(&'static str, String)>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Stepped {
    pub(crate) instructions: u64,
    pub(crate) deepest: u64,
    pub(crate) frames: u64,
    pub(crate) functions: Vec<String>,
    /// A line of JSON for each instruction.
    pub(crate) states: Vec<Value>,
}

/// The machines of the specification: each is in `machines.json`.
pub(crate) fn machines() -> Vec<(String, Debugger)> {
    let table: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("machines.json")).expect("a table");
    let spec = framewright_spec::Spec::embedded();
    assert!(spec.machines.keys().all(|name| table.contains_key(name)), "a machine without a debugger");
    let debugger = |entry: &Value| {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let variables = [("calls", "calls"), ("returns", "returns"), ("saved", "saved"), ("stack", "sp")];
        let variables = variables.map(|(name, key)| (name, text(key).unwrap_or_default())).to_vec();
        let program = text("debugger").unwrap_or_default();
        Debugger { stub: Stub::read(entry), program, emulator: text("emulator"), variables }
    };
    table.into_iter().map(|(name, entry)| (name, debugger(&entry))).collect()
}

/// The lines of a backtrace at the first instruction of a program's handler of signals.
pub(crate) fn in_handler(debugger: &Debugger, bytes: &[u8]) -> Result<Vec<String>, Failed> {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("unwinders-{}-handler", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("program");
    std::fs::write(&file, bytes)?;
    executable(&file)?;
    let commands = [
        "set pagination off",
        "set debuginfod enabled off",
        "set startup-with-shell off",
        "set backtrace past-main on",
        "handle all nostop noprint pass",
        "break *&handler",
        "run",
        "bt",
        "kill",
    ];
    let mut run = Command::new(&debugger.program);
    run.args(["-nx", "-batch"]).stdin(Stdio::null());
    for command in commands {
        run.args(["-ex", command]);
    }
    let output = run.arg(&file).output()?;
    std::fs::remove_dir_all(&folder)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<String> = text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect();
    if lines.is_empty() {
        return Err(format!("no backtrace: {text}\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(lines)
}

/// Steps through an executable to its end.
pub(crate) fn step(machine: &str, debugger: &Debugger, bytes: &[u8], name: &str) -> Result<Stepped, Failed> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("unwinders-{}-{machine}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("program");
    std::fs::write(&file, bytes)?;
    executable(&file)?;
    let log = folder.join("states");
    let socket = folder.join("socket");
    let emulator =
        debugger.emulator.as_ref().map(|emulator| waiting(emulator, &socket, &file)).transpose()?;
    let start = match &emulator {
        Some(_) => format!("target remote {}", socket.display()),
        None => "starti".to_owned(),
    };
    let mut script =
        "set pagination off\nset confirm off\nset debuginfod enabled off\nset backtrace past-main on\n\
        set backtrace past-entry on\nset startup-with-shell off\n"
            .to_owned();
    script += &format!("{start}\nset $steps = {STEPS}\nset $log = \"{}\"\n", log.display());
    for (variable, value) in &debugger.variables {
        script += &format!("set ${variable} = \"{}\"\n", value.replace('\\', "\\\\"));
    }
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unwinders/step.py");
    script += &format!("source {}\n", python.display());
    let script_file = folder.join("script");
    std::fs::write(&script_file, script)?;
    let output = Command::new(&debugger.program)
        .args(["-nx", "-batch", "-x"])
        .args([&script_file, &file])
        .stdin(Stdio::null())
        .output();
    if let Some(mut emulator) = emulator {
        emulator.kill().ok();
        emulator.wait()?;
    }
    let output = output.map_err(|error| format!("cannot start {}: {error}", debugger.program))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let result = said.split_once("RESULT ").map(|(_, result)| result.trim().to_owned());
    let result = result.ok_or_else(|| {
        format!("gdb came to no result: {said}\n{}", String::from_utf8_lossy(&output.stderr))
    })?;
    let states = std::fs::read_to_string(&log).unwrap_or_default();
    std::fs::remove_dir_all(&folder)?;
    let words: Vec<&str> = result.lines().next().unwrap_or_default().splitn(5, ' ').collect();
    let ["ENDED", instructions, deepest, frames, functions] = words[..] else { return Err(result.into()) };
    Ok(Stepped {
        instructions: instructions.parse()?,
        deepest: deepest.parse()?,
        frames: frames.parse()?,
        functions: functions.split('|').map(str::to_owned).collect(),
        states: states.lines().map(serde_json::from_str).collect::<Result<_, _>>()?,
    })
}

/// An emulator that waits for a debugger; it is ready once its socket is there.
pub(crate) fn waiting(emulator: &str, socket: &Path, file: &Path) -> Result<Child, Failed> {
    std::fs::remove_file(socket).ok();
    let child = Command::new(emulator).arg("-g").args([socket, file]).stdout(Stdio::null()).spawn();
    let mut child = child.map_err(|error| format!("cannot start {emulator}: {error}"))?;
    while !socket.exists() {
        if let Some(status) = child.try_wait()? {
            return Err(format!("{emulator} ended: {status}").into());
        }
        std::thread::yield_now();
    }
    Ok(child)
}

pub(crate) fn executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
}
