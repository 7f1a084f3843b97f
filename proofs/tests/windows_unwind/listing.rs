//! Codes as `llvm-readobj --unwind` lists them.

use framewright_spec::Machine;
use framewright_spec::machine::RegClass;
use framewright_verifier::unwind::{windows_arm64, windows_x64};

/// A function's codes, line by line.
pub(crate) struct Listed {
    pub name: String,
    pub codes: Vec<String>,
}

/// All functions of llvm's output.
pub(crate) fn listed(text: &str) -> Vec<Listed> {
    let mut functions: Vec<Listed> = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        let name = line.strip_prefix("StartAddress: ").or_else(|| line.strip_prefix("Function: "));
        if let Some(name) = name {
            let name = name.split_whitespace().next().unwrap_or_default().to_owned();
            functions.push(Listed { name, codes: Vec::new() });
        }
        match (line, functions.last_mut()) {
            ("UnwindCodes [" | "Prologue [", _) => inside = true,
            ("]", _) => inside = false,
            (code, Some(function)) if inside => {
                let code = code.split_once(';').map_or(code, |(_, meaning)| meaning.trim());
                function.codes.push(code.to_owned());
            }
            _ => {}
        }
    }
    functions
}

pub(crate) fn x64(data: &[u8], machine: &Machine) -> Vec<String> {
    use windows_x64::Op;
    let info = windows_x64::Info::parse(data, machine).expect("an info");
    let name = |class: RegClass, number: u8| {
        let reg = machine.of_class(class).iter().nth(usize::from(number)).expect("a register");
        machine.register(reg).name.to_uppercase()
    };
    let int = |number| name(RegClass::Int, number);
    let code = |code: &windows_x64::Code| {
        let text = match code.op {
            Op::Push(reg) => format!("PUSH_NONVOL reg={}", int(reg)),
            Op::Alloc(bytes, true) => format!("ALLOC_SMALL size={bytes}"),
            Op::Alloc(bytes, false) => format!("ALLOC_LARGE size={bytes}"),
            Op::SetFrame(bytes) => {
                let (reg, _) = info.frame.expect("a frame register");
                format!("SET_FPREG reg={}, offset=0x{bytes:X}", int(reg))
            }
            Op::Save(reg, above) => {
                let far = if above >= 8 << 16 { "_FAR" } else { "" };
                format!("SAVE_NONVOL{far} reg={}, offset=0x{above:X}", int(reg))
            }
            Op::SaveVector(reg, above) => {
                let far = if above >= 16 << 16 { "_FAR" } else { "" };
                format!("SAVE_XMM128{far} reg={}, offset=0x{above:X}", name(RegClass::Float, reg))
            }
            Op::MachineFrame(error) => format!("PUSH_MACHFRAME errcode={}", if error { "yes" } else { "no" }),
            Op::Epilog(distance) => format!("EPILOG {distance}"),
        };
        format!("0x{:02X}: {text}", code.at)
    };
    info.codes.iter().map(code).collect()
}

pub(crate) fn arm64(data: &[u8]) -> Vec<String> {
    use windows_arm64::{Op, Saved};
    let info = windows_arm64::Info::parse(data).expect("a record");
    let mut codes = Vec::new();
    let mut at = 0;
    loop {
        let (op, length) = info.code(at).expect("a code");
        let signed = info.codes[at] == 0xfc;
        codes.push(match op {
            Op::Alloc(bytes) => format!("sub sp, #{bytes}"),
            Op::SetFrame(0) => "mov fp, sp".to_owned(),
            Op::SetFrame(bytes) => format!("add fp, sp, #{bytes}"),
            Op::SaveNext => "save next".to_owned(),
            Op::Nop if signed => "pacibsp".to_owned(),
            Op::Nop => "nop".to_owned(),
            Op::End | Op::EndChained => "end".to_owned(),
            Op::Save(Saved { class, first, second, offset, lowered, .. }) => {
                let letter = if class == RegClass::Float { "d" } else { "x" };
                let second = second.map(|number| match (first, number) {
                    (19..29, 30) => "lr".to_owned(),
                    _ => format!("{letter}{number}"),
                });
                let verb = if second.is_some() { "stp" } else { "str" };
                let second = second.map_or(String::new(), |second| format!(", {second}"));
                let place = match lowered {
                    0 => format!("[sp, #{offset}]"),
                    _ => format!("[sp, #-{lowered}]!"),
                };
                format!("{verb} {letter}{first}{second}, {place}")
            }
        });
        if matches!(op, Op::End) {
            return codes;
        }
        at += length;
    }
}
