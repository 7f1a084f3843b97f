//! The program that makes the calls: Clang's functions and a caller, built from the texts of `table.json`.

use crate::blocks::{self, BASE, Block, IN, OUT, SP, STRIDE};
use crate::size;
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::module::FuncType;
use framewright_spec::machine::RegClass;
use framewright_spec::{Abi, Machine, Reg};
use libtest_mimic::Failed;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// What the table says of a convention and its machine.
pub(crate) struct Tools<'t> {
    /// The triple whose convention it is.
    triple: &'t str,
    /// Warnings that it gives and that are no errors: on Apple's systems x29 is always the frame pointer, whatever
    /// Clang is told, and it says so. It keeps it all the same.
    warnings: Option<&'t str>,
    machine: &'t Value,
}

impl<'t> Tools<'t> {
    pub(crate) fn new(table: &'t Value, abi: &Abi) -> Result<Tools<'t>, Failed> {
        let triple = table["conventions"][&abi.name].as_str();
        let triple = triple.ok_or_else(|| format!("table.json has no triple for `{}`", abi.name))?;
        let warnings = table["warnings"][&abi.name].as_str();
        Ok(Tools { triple, warnings, machine: &table["machines"][&abi.machine] })
    }

    /// A text with its gaps filled.
    fn text(&self, name: &str, gaps: &[(&str, &str)]) -> String {
        let text = self.machine[name].as_str().unwrap_or_else(|| panic!("table.json: no text `{name}`"));
        gaps.iter().fold(text.to_owned(), |text, (gap, value)| text.replace(gap, value))
    }

    fn list(&self, name: &str) -> Vec<String> {
        let items = self.machine[name].as_array().into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    /// A text about a register, `name` being that for its class.
    fn about(&self, name: &str, machine: &Machine, reg: Reg, at: usize) -> String {
        let register = machine.register(reg);
        let class = if register.class == RegClass::Float { "float" } else { "int" };
        let number = register.name.trim_start_matches(|c: char| !c.is_ascii_digit());
        let gaps = [("{r}", register.name.as_str()), ("{n}", number), ("{at}", &at.to_string())];
        self.text(&format!("{name}_{class}"), &gaps)
    }
}

/// Functions in C, and blocks to call them with, in the same order.
pub(crate) struct Program<'t> {
    tools: &'t Tools<'t>,
    machine: &'t Machine,
    functions: String,
    blocks: Vec<Block>,
}

impl<'t> Program<'t> {
    pub(crate) fn new(tools: &'t Tools<'t>, machine: &'t Machine) -> Program<'t> {
        Program { tools, machine, functions: String::new(), blocks: Vec::new() }
    }

    fn add(&mut self, function: impl Fn(usize) -> String, block: Block) {
        self.functions += &function(self.blocks.len());
        self.blocks.push(block);
    }

    /// A function that writes all registers but SP and those that are reserved.
    pub(crate) fn keep(&mut self, abi: &Abi, block: Block) {
        let (tools, machine) = (self.tools, self.machine);
        let free = |reg: &Reg| *reg != machine.sp && !abi.reserved.contains(reg);
        let registers: Vec<Reg> = blocks::registers(machine).into_iter().filter(free).collect();
        let write = |&reg: &Reg| tools.about("write", machine, reg, 0).replace('\n', "\\n");
        let writes: Vec<String> = registers.iter().map(write).collect();
        let name = |&reg: &Reg| format!("{:?}", tools.text("clobber", &[("{r}", machine.name_of(reg))]));
        let names: Vec<String> = registers.iter().map(name).collect();
        let (writes, names) = (writes.join("\\n"), names.join(", "));
        self.add(|n| format!("void f{n}(void) {{ __asm__ volatile(\"{writes}\" ::: {names}); }}\n"), block);
    }

    /// A function that stores its arguments where the first one points.
    pub(crate) fn arguments(&mut self, ty: &FuncType, block: Block) {
        let (mut params, mut stores) = (String::new(), String::new());
        for (number, &ty) in ty.params.iter().enumerate() {
            let (c, at) = (spelled(ty), 8 * number);
            params += &format!(", {c} a{number}");
            stores += &format!(" *({c} *)(context + {at}) = a{number};");
        }
        self.add(|n| format!("void f{n}(char *context{params}) {{{stores} }}\n"), block);
    }

    /// A function that returns what its argument points to: a scalar, or a struct of two.
    pub(crate) fn results(&mut self, machine: &Machine, registers: &[Reg], block: Block) {
        let is_float = registers.first().is_some_and(|&reg| machine.register(reg).class == RegClass::Float);
        let c = spelled(if is_float { Type::F64 } else { Type::I64 });
        let function = |n: usize| match registers.len() {
            1 => format!("{c} f{n}({c} *context) {{ return *context; }}\n"),
            _ => format!(
                "struct s{n} {{ {c} a, b; }};\n\
                 struct s{n} f{n}({c} *context) {{ return *(struct s{n} *)context; }}\n"
            ),
        };
        self.add(function, block);
    }

    /// The blocks after the calls.
    pub(crate) fn run(self, name: &str) -> Result<Vec<Block>, Failed> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("conventions-{name}"));
        std::fs::create_dir_all(&folder)?;
        let file = |name: &str| folder.join(name).display().to_string();
        let (c, listing, blocks) = (file("functions.c"), file("functions.s"), file("blocks"));
        let (source, object, path) = (file("program.s"), file("program.o"), file("program"));
        std::fs::write(&c, &self.functions)?;
        let bytes: Vec<u8> = self.blocks.iter().flat_map(|block| block.bytes.iter().copied()).collect();
        std::fs::write(&blocks, &bytes)?;
        let flags = "-O1 -S -ffreestanding -fomit-frame-pointer -fno-verbose-asm -Werror \
                     -fno-asynchronous-unwind-tables";
        let flags: Vec<&str> = flags.split_whitespace().chain(self.tools.warnings).collect();
        let arguments = self.tools.list("arguments");
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let compile = ["-target", self.tools.triple, "-o", &listing, &c];
        tool("clang-19", &[&compile, flags.as_slice(), &arguments].concat())?;
        let listing = std::fs::read_to_string(&listing)?;
        std::fs::write(&source, self.caller(&blocks) + &instructions(&listing))?;
        let triple = self.tools.text("triple", &[]);
        let assemble = ["-target", &triple, "-c", "-o", &object, &source];
        tool("clang-19", &[&assemble, arguments.as_slice()].concat())?;
        let base = format!("--section-start=.blocks={BASE:#x}");
        tool("ld.lld-19", &["-static", &base, "-o", &path, &object])?;
        let mut command = self.tools.list("emulator");
        command.push(path);
        let found = tool(&command[0], &command[1..].iter().map(String::as_str).collect::<Vec<_>>())?;
        if found.len() != bytes.len() {
            return Err(format!("{name}: {} bytes of blocks for {}", found.len(), bytes.len()).into());
        }
        Ok(found.chunks(STRIDE).map(|bytes| Block { bytes: bytes.to_vec() }).collect())
    }

    /// The program's start: each function called with its block, then all blocks written to standard output.
    fn caller(&self, blocks: &str) -> String {
        let (tools, machine) = (self.tools, self.machine);
        let registers = blocks::registers(machine).into_iter().filter(|&reg| reg != machine.sp);
        let each = |name: &str, area: usize| {
            let one = |reg| tools.about(name, machine, reg, area + blocks::slot(machine, reg));
            registers.clone().map(one).collect::<Vec<_>>().join("\n")
        };
        let mut text = format!(
            ".section .blocks, \"aw\", @progbits\n.incbin {blocks:?}\n.text\n.globl _start\n_start:\n"
        );
        for number in 0..self.blocks.len() {
            let at = BASE + number * STRIDE + SP;
            let _ = writeln!(text, "{}", tools.text("enter", &[("{at}", &at.to_string())]));
            let call = tools.text("call", &[("{f}", &format!("f{number}"))]);
            let _ = writeln!(text, "{}\n{call}\n{}", each("load", IN), each("store", OUT));
        }
        let size = (self.blocks.len() * STRIDE).to_string();
        text + &tools.text("finish", &[("{at}", &BASE.to_string()), ("{size}", &size)]) + "\n"
    }
}

/// Instructions and labels of functions of a listing, without what belongs to an object format.
fn instructions(listing: &str) -> String {
    let said = |line: &&str| !line.trim_start().starts_with(['.', '#', ';', '/']);
    listing.lines().filter(said).map(|line| format!("{}\n", line.strip_prefix('_').unwrap_or(line))).collect()
}

fn spelled(ty: Type) -> &'static str {
    match (size(ty), ty) {
        (4, Type::F32) => "float",
        (4, _) => "int",
        (_, Type::F64) => "double",
        _ => "long long",
    }
}

/// What a tool writes to standard output.
fn tool(name: &str, arguments: &[&str]) -> Result<Vec<u8>, Failed> {
    let output = Command::new(name).args(arguments).output();
    let output =
        output.map_err(|error| format!("{name} does not start ({error}); `make packages` installs it"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(format!("{name} {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into())
}
