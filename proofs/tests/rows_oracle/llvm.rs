//! LLVM's assembler and disassembler, many instructions a call, and what it takes to compare texts.

use crate::machines::Subject;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

const TOOL: &str = "llvm-mc-19";

/// What a tool said: its output, and its complaints by line of input.
struct Answer {
    output: String,
    complaints: BTreeMap<usize, String>,
}

/// Runs the tool on an input. A complaint is no failure; the caller sees by its line what it is about.
fn run(subject: &Subject, arguments: &[&str], input: String) -> Result<Answer, String> {
    let mut child = Command::new(TOOL)
        .args(["--triple", &subject.triple, &format!("--mattr={}", subject.attributes)])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{TOOL} does not start ({error}); `make packages` installs it"))?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    writer.join().map_err(|_| "the writer failed")?.map_err(|error| error.to_string())?;
    let mut complaints = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        let Some(rest) = line.strip_prefix("<stdin>:") else { continue };
        let mut parts = rest.splitn(3, ':');
        if let (Some(Ok(line)), _, Some(what)) = (parts.next().map(str::parse), parts.next(), parts.next()) {
            complaints.entry(line).or_insert_with(|| what.trim().to_owned());
        }
    }
    Ok(Answer { output: String::from_utf8_lossy(&output.stdout).into_owned(), complaints })
}

/// The bytes of each instruction, given with its length, or what the assembler says against it.
pub(crate) fn assemble(
    subject: &Subject,
    instructions: &[(&str, usize)],
) -> Result<Vec<Result<Vec<u8>, String>>, String> {
    let mut input = String::new();
    let mut lines = Vec::new();
    for (number, (text, bytes)) in instructions.iter().enumerate() {
        let directive = subject.directives.get(&bytes.to_string()).map_or("", String::as_str);
        input.push_str(&format!("{directive}\nL{number}:\n{text}\n"));
        lines.push(3 * number + 3);
    }
    let answer = run(subject, &["--show-encoding"], input)?;
    let mut found: Vec<Option<Vec<u8>>> = vec![None; instructions.len()];
    let mut at = None;
    for line in answer.output.lines() {
        let label = line.strip_prefix('L').and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
        at = label.or(at);
        let bytes = line.split_once("encoding: [").and_then(|(_, rest)| rest.split(']').next());
        if let (Some(slot), Some(bytes)) = (at.and_then(|at| found.get_mut(at)), bytes) {
            let byte = |text: &str| u8::from_str_radix(text.strip_prefix("0x")?, 16).ok();
            *slot = bytes.split(',').map(byte).collect();
        }
    }
    let complaint = |number: usize| answer.complaints.get(&lines[number]).cloned();
    let missing = || "no encoding without a fixup".to_owned();
    let answers = found.into_iter().enumerate();
    Ok(answers
        .map(|(number, found)| found.ok_or_else(|| complaint(number).unwrap_or_else(missing)))
        .collect())
}

/// The text of each instruction, or what the disassembler says against it.
pub(crate) fn disassemble(subject: &Subject, words: &[&[u8]]) -> Result<Vec<Result<String, String>>, String> {
    let line = |bytes: &&[u8]| bytes.iter().map(|byte| format!("{byte:#04x} ")).collect::<String>() + "\n";
    let input: String = words.iter().map(line).collect();
    let mut arguments = vec!["--disassemble"];
    arguments.extend(subject.printing.iter().map(String::as_str));
    let answer = run(subject, &arguments, input)?;
    let mut texts = answer.output.lines().filter(|line| line.starts_with('\t') && !line.starts_with("\t."));
    let mut found = Vec::new();
    for number in 1..=words.len() {
        found.push(match answer.complaints.get(&number) {
            Some(what) if what.contains("invalid") => Err(what.clone()),
            _ => texts.next().map(str::to_owned).ok_or_else(|| "fewer texts than words".to_owned()),
        });
    }
    Ok(found)
}

/// A text without what does not matter: comments, white space, and how numbers are written (modulo 2^64).
pub(crate) fn normal(subject: &Subject, text: &str) -> String {
    let text = text.split(subject.comment.as_str()).next().unwrap_or_default();
    let text = text.replace(|c| subject.silent.contains(c), "");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(", ", ",").to_lowercase();
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let before = out.chars().last();
        let fresh = before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
        let sign = if c == '-' && fresh { 1 } else { 0 };
        let digits = rest[sign..].find(|c: char| !c.is_ascii_alphanumeric() && c != '.');
        let digits = &rest[sign..sign + digits.unwrap_or(rest.len() - sign)];
        let number =
            digits.starts_with(|c: char| c.is_ascii_digit()).then(|| value(digits, sign == 1)).flatten();
        match number.filter(|_| fresh) {
            Some(number) => {
                out.push_str(&number);
                rest = &rest[sign + digits.len()..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

fn value(digits: &str, negative: bool) -> Option<String> {
    if digits.contains('.') {
        let value = digits.parse::<f64>().ok()?;
        return Some(format!("{:e}", if negative { -value } else { value }));
    }
    let value = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some((if negative { value.wrapping_neg() } else { value }).to_string())
}
