//! Any item of the specification for people: drawn, with its tables and the citation behind each fact.

use crate::draw::draw_frame;
use crate::error::did_you_mean;
use crate::frame::{AsmOperand, AsmStep, Frame, SetExpr};
use crate::layout::{Layout, Shape};
use crate::machine::{Above, Machine};
use crate::reg::{Reg, RegSet};
use crate::{Abi, Helper, Spec, SpecError, Transition};
use std::fmt::Write;

/// Columns of wrapped text.
const COLUMNS: usize = 100;

/// Explains a frame, transition, convention, machine, register or instruction. A frame (a transition's target) is drawn
/// for
/// `shape`; without one, for [`Spec::example_shape`].
///
/// # Errors
/// No item has that name, or the frame has no such shape.
pub fn explain(spec: &Spec, name: &str, shape: Option<&Shape>) -> Result<String, SpecError> {
    if let Some(frame) = spec.frames.get(name) {
        return explain_frame(spec, frame, shape);
    }
    if let Some(transition) = spec.transitions.get(name) {
        return explain_transition(spec, transition, shape);
    }
    if let Some(abi) = spec.abis.get(name) {
        return explain_abi(spec, abi);
    }
    if let Some(helper) = spec.helpers.get(name) {
        return explain_helper(spec, helper);
    }
    if let Some(machine) = spec.machines.get(name) {
        return Ok(explain_machine(spec, machine));
    }
    let registers = explain_register(spec, name);
    if !registers.is_empty() {
        return Ok(registers);
    }
    let rows = explain_instruction(spec, name);
    if !rows.is_empty() {
        return Ok(rows);
    }
    let known = spec.frames.keys().chain(spec.transitions.keys()).chain(spec.abis.keys());
    let known = known.chain(spec.helpers.keys()).chain(spec.machines.keys());
    let known = known.chain(spec.machines.values().flat_map(|machine| machine.instructions.keys()));
    let help = did_you_mean(name, known.map(String::as_str)).unwrap_or_else(|| spec.overview());
    Err(SpecError::Unknown { what: "item", name: name.to_owned() }.with_help(Some(help)))
}

impl Spec {
    /// What there is to explain, one line a kind.
    pub fn overview(&self) -> String {
        let names = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>().join(", ");
        format!(
            "frames: {}; transitions: {}; conventions: {}; helpers: {}; machines: {}; any register or mnemonic",
            names(self.frames.keys().collect()),
            names(self.transitions.keys().collect()),
            names(self.abis.keys().collect()),
            names(self.helpers.keys().collect()),
            names(self.machines.keys().collect()),
        )
    }
}

fn explain_frame(spec: &Spec, frame: &Frame, shape: Option<&Shape>) -> Result<String, SpecError> {
    let example = spec.example_shape(&frame.name)?;
    let shape = shape.unwrap_or(&example);
    let layout = spec.layout(&frame.name, shape)?;
    let abi = spec.abi(&frame.abi)?;
    let machine = spec.machine(&abi.machine)?;
    let extends = frame.extends.as_ref().map_or(String::new(), |name| format!(" extends {name}"));
    let mut out =
        format!("frame {}{extends}, convention {}, machine {}\n", frame.name, abi.name, machine.name);
    declared(&mut out, spec, "frame", "", &frame.name);
    paragraph(&mut out, "why", &frame.cite);
    let _ = writeln!(out, "\nfor {}\n", machine.display_shape(shape));
    out.push_str(&draw_frame(spec, &layout));
    out.push('\n');
    for param in &frame.sets {
        let bound = spec.set_bound(&frame.name, &param.name, shape.source.as_deref())?;
        let set = shape.sets.get(&param.name).copied().unwrap_or_default();
        let _ = writeln!(
            out,
            "set {:<10} {} of {} = {}",
            param.name,
            machine.display_set(set),
            display_set_expr(machine, &param.within),
            machine.display_set(bound),
        );
    }
    let _ = writeln!(out, "scratch        {}", display_set_expr(machine, &frame.scratch));
    let chain = if frame.chain_return { "caller's FP, return address above it" } else { "caller's FP" };
    let _ = writeln!(out, "at FP          {chain}");
    if let Some(base) = frame.base {
        let _ = writeln!(out, "base           {} is what SP is when the body begins", machine.name_of(base));
    }
    out.push('\n');
    listings(&mut out, spec, machine, &layout);
    let mut fields = vec!["callee_saved", "control_bits", "stack_align", "red_zone", "pushed_return"];
    if frame.probed {
        fields.extend(["guard_bytes", "untouched_bytes"]);
    }
    let _ = writeln!(out, "\nwhat the convention demands of it");
    abi_table(&mut out, machine, abi, &fields);
    Ok(out)
}

fn declared(out: &mut String, spec: &Spec, kind: &str, machine: &str, name: &str) {
    if let Some(location) = spec.declared_at(kind, machine, name) {
        let _ = writeln!(out, "declared in {location}");
    }
}

/// Words under a heading, wrapped.
fn paragraph(out: &mut String, heading: &str, text: &str) {
    let mut line = format!("{heading}:");
    for word in text.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > COLUMNS {
            let _ = writeln!(out, "{line}");
            line = " ".repeat(heading.len() + 1);
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}");
}

/// Prolog and epilog side by side, and how the body allocates. Where a branch goes stands the number of the step.
fn listings(out: &mut String, spec: &Spec, machine: &Machine, layout: &Layout) {
    let text = |steps: &[AsmStep]| {
        let goes = |number: usize| {
            let to = AsmOperand::Step(number as u32);
            steps.iter().any(|step| step.operands.contains(&to))
        };
        let line = |(i, step): (usize, &AsmStep)| {
            let text = spec.helpers.keys().enumerate().fold(machine.display_step(step), |text, (n, name)| {
                text.replace(&format!("helper {n}"), name)
            });
            if goes(i) { format!("{i}: {text}") } else { text }
        };
        steps.iter().enumerate().map(line).collect::<Vec<_>>()
    };
    let (prolog, epilog) = (text(&layout.prolog), text(&layout.epilog));
    let _ = writeln!(out, "{:<40}epilog", "prolog");
    for i in 0..prolog.len().max(epilog.len()) {
        let side = |steps: &[String]| steps.get(i).map_or(String::new(), |step| format!("  {step}"));
        let _ = writeln!(out, "{}", format!("{:<40}{}", side(&prolog), side(&epilog)).trim_end());
    }
    if let Some((reg, steps)) = &layout.allocate {
        let _ = writeln!(out, "allocate {} bytes", machine.name_of(*reg));
        text(steps).iter().for_each(|step| out.push_str(&format!("  {step}\n")));
    }
}

fn display_set_expr(machine: &Machine, set: &SetExpr) -> String {
    let binary = |sides: &[SetExpr; 2], op: &str| {
        let [left, right] = sides.each_ref().map(|side| display_set_expr(machine, side));
        let is_leaf = !matches!(sides[1], SetExpr::Union(_) | SetExpr::Intersection(_) | SetExpr::Minus(_));
        if is_leaf { format!("{left} {op} {right}") } else { format!("{left} {op} ({right})") }
    };
    match set {
        SetExpr::Param(name) => name.clone(),
        SetExpr::Members(members) => {
            machine.display_set(members.iter().copied().collect::<RegSet>()).to_string()
        }
        SetExpr::CalleeSaved => "callee_saved".to_owned(),
        SetExpr::Class(class) => class.name().to_owned(),
        SetExpr::Lowest(set, n) => format!("lowest({}, {n})", display_set_expr(machine, set)),
        SetExpr::Highest(set, n) => format!("highest({}, {n})", display_set_expr(machine, set)),
        SetExpr::Union(sides) => binary(sides, "|"),
        SetExpr::Intersection(sides) => binary(sides, "&"),
        SetExpr::Minus(sides) => binary(sides, "-"),
    }
}

fn explain_transition(
    spec: &Spec,
    transition: &Transition,
    shape: Option<&Shape>,
) -> Result<String, SpecError> {
    let machine = spec.machine_of_frame(&transition.target)?;
    let example = spec.example_shape(&transition.target)?;
    let shape = shape.unwrap_or(&example);
    let source_example = spec.example_shape(&transition.source)?;
    let source_shape = shape.source.as_deref().unwrap_or(&source_example);
    let disposal = format!("{:?}", transition.disposal).to_lowercase();
    let mut out = format!(
        "transition {}: {} -> {} ({disposal})\n",
        transition.name, transition.source, transition.target
    );
    declared(&mut out, spec, "transition", "", &transition.name);
    paragraph(&mut out, "why", &transition.cite);
    let _ = writeln!(out, "\nat the jump");
    for (thing, reg) in &transition.carries {
        let _ = writeln!(out, "  {:<12} {thing}", machine.name_of(*reg));
    }
    for reg in transition.kept.iter() {
        let _ = writeln!(out, "  {:<12} as in the body of {}", machine.name_of(reg), transition.source);
    }
    for reg in transition.restored.iter() {
        let _ = writeln!(out, "  {:<12} as at the entry of {}", machine.name_of(reg), transition.source);
    }
    if transition.lowered > 0 {
        let sp = machine.name_of(machine.sp);
        let _ = writeln!(
            out,
            "  {sp:<12} {} bytes lower at the entry of {}",
            transition.lowered, transition.target
        );
    }
    let _ = writeln!(out, "\nbefore: {}, for {}\n", transition.source, machine.display_shape(source_shape));
    let before = spec.layout(&transition.source, source_shape)?;
    out.push_str(&draw_frame(spec, &before));
    let _ = writeln!(out, "\nafter: {}, for {}\n", transition.target, machine.display_shape(shape));
    let after = spec.layout(&transition.target, shape)?;
    out.push_str(&draw_frame(spec, &after));
    out.push('\n');
    listings(&mut out, spec, machine, &after);
    Ok(out)
}

fn explain_helper(spec: &Spec, helper: &Helper) -> Result<String, SpecError> {
    let machine = spec.machine(&helper.machine)?;
    let mut out = format!("helper {}\n", helper.name);
    declared(&mut out, spec, "helper", "", &helper.name);
    out.push('\n');
    for field in Helper::FIELDS {
        let value = match field {
            "machine" => helper.machine.clone(),
            "symbol" => helper.symbol.clone(),
            "size" => machine.name_of(helper.size).to_owned(),
            "unit" => helper.unit.to_string(),
            _ => machine.display_set(helper.spoils).to_string(),
        };
        let cite = helper.cites.get(field).map_or("", String::as_str);
        let _ = writeln!(out, "  {field:<16} {value}\n  {:<16}   [{cite}]", "");
    }
    Ok(out)
}

fn explain_abi(spec: &Spec, abi: &Abi) -> Result<String, SpecError> {
    let mut out = format!("convention {}\n", abi.name);
    declared(&mut out, spec, "abi", "", &abi.name);
    out.push('\n');
    abi_table(&mut out, spec.machine(&abi.machine)?, abi, &Abi::FIELDS);
    Ok(out)
}

/// Fields, each with its citation on the line below.
fn abi_table(out: &mut String, machine: &Machine, abi: &Abi, fields: &[&str]) {
    let list =
        |regs: &[Reg]| regs.iter().map(|&reg| machine.name_of(reg).to_owned()).collect::<Vec<_>>().join(", ");
    for &field in fields {
        let value = match field {
            "machine" => abi.machine.clone(),
            "int_args" => list(&abi.int_args),
            "float_args" => list(&abi.float_args),
            "int_results" => list(&abi.int_results),
            "float_results" => list(&abi.float_results),
            "callee_saved" => {
                let width = |&(reg, bits): &(Reg, u32)| {
                    let whole = machine.register(reg).bits == bits;
                    let name = machine.name_of(reg);
                    if whole { name.to_owned() } else { format!("{name}[{}:0]", bits - 1) }
                };
                abi.callee_saved.iter().map(width).collect::<Vec<_>>().join(", ")
            }
            "reserved" => list(&abi.reserved),
            "args_by" => if abi.args_by_position { "position" } else { "class" }.to_owned(),
            "unwind" => abi.unwind.iter().map(|format| format.name()).collect::<Vec<_>>().join(", "),
            "control_bits" => {
                let bits = |(reg, mask): &(Reg, u128)| format!("{} & {mask:#x}", machine.name_of(*reg));
                abi.control_bits.iter().map(bits).collect::<Vec<_>>().join(", ")
            }
            "stack_align" => abi.stack_align.to_string(),
            "red_zone" => abi.red_zone.to_string(),
            "shadow_space" => abi.shadow_space.to_string(),
            "pushed_return" => abi.pushed_return.to_string(),
            "stack_arg_bytes" => abi.stack_arg_bytes.to_string(),
            "page_bytes" => abi.page_bytes.to_string(),
            "guard_bytes" => abi.guard_bytes.unwrap_or_default().to_string(),
            "untouched_bytes" => abi.untouched_bytes.to_string(),
            _ => continue,
        };
        let optional = matches!(field, "reserved" | "args_by" | "guard_bytes" | "untouched_bytes" | "unwind");
        if optional && !abi.cites.contains_key(field) {
            continue;
        }
        let _ = writeln!(out, "  {field:<16} {value}");
        if let Some(cite) = abi.cites.get(field) {
            let _ = writeln!(out, "  {:<16}   [{cite}]", "");
        }
    }
}

fn explain_machine(spec: &Spec, machine: &Machine) -> String {
    let mut out = format!("machine {}\n", machine.name);
    declared(&mut out, spec, "machine", "", &machine.name);
    out.push('\n');
    let link = machine.link.map_or("none (a call pushes)", |reg| machine.name_of(reg));
    let facts = [
        ("word", format!("{} bytes", machine.word_bytes)),
        ("sp", machine.name_of(machine.sp).to_owned()),
        ("fp", machine.name_of(machine.fp).to_owned()),
        ("link", link.to_owned()),
    ];
    for (field, value) in facts {
        let cite = machine.cites.get(field).map_or(String::new(), |cite| format!("   [{cite}]"));
        let _ = writeln!(out, "  {field:<6} {value}{cite}");
    }
    let _ = writeln!(out, "\n  {:<8} {:<8} {:>4} {:>6}  parts", "register", "class", "bits", "DWARF");
    for (i, register) in machine.registers.iter().enumerate() {
        let class = register.class.name();
        let dwarf = register.dwarf.map_or(String::new(), |n| n.to_string());
        let parts = machine
            .views
            .iter()
            .filter(|(name, view)| usize::from(view.reg.0) == i && **name != register.name);
        let parts = parts.map(|(name, view)| {
            let above = if view.above == Above::Zero { " zeroes" } else { "" };
            format!("{name}[{}:{}]{above}", view.low_bit + view.bits - 1, view.low_bit)
        });
        let parts: Vec<String> = parts.collect();
        let row = format!(
            "  {:<8} {class:<8} {:>4} {dwarf:>6}  {}",
            register.name,
            register.bits,
            parts.join(", ")
        );
        let _ = writeln!(out, "{}", row.trim_end());
    }
    paragraph(&mut out, "\nregisters from", &machine.cite);
    let rows: Vec<&str> = machine.instructions.keys().map(String::as_str).collect();
    paragraph(&mut out, &format!("\n{} instruction rows", rows.len()), &rows.join(" "));
    out
}

/// What each machine and convention says of a register, or of the one that a part is of.
fn explain_register(spec: &Spec, name: &str) -> String {
    let mut out = String::new();
    for machine in spec.machines.values() {
        let Some(view) = machine.views.get(name) else { continue };
        let register = machine.register(view.reg);
        let _ = writeln!(out, "register {} of {}: {} bits", register.name, machine.name, register.bits);
        if let Some(dwarf) = register.dwarf {
            let _ = writeln!(out, "  DWARF number {dwarf}");
        }
        for (part, view) in
            machine.views.iter().filter(|(part, v)| v.reg == view.reg && **part != register.name)
        {
            let above = if view.above == Above::Zero { "zeroes" } else { "keeps" };
            let high = view.low_bit + view.bits - 1;
            let _ = writeln!(out, "  {part}: bits {high} to {}; a write {above} those above", view.low_bit);
        }
        let _ = writeln!(out, "  [{}]", machine.cite);
        for abi in spec.abis.values().filter(|abi| abi.machine == machine.name) {
            let lists = [
                ("int_args", &abi.int_args),
                ("float_args", &abi.float_args),
                ("int_results", &abi.int_results),
                ("float_results", &abi.float_results),
            ];
            let mut roles: Vec<&str> = Vec::new();
            roles.extend(lists.iter().filter(|(_, regs)| regs.contains(&view.reg)).map(|(field, _)| field));
            let saved = abi.callee_saved.iter().any(|(reg, _)| *reg == view.reg);
            roles.extend(saved.then_some("callee_saved"));
            let control = abi.control_bits.iter().any(|(reg, _)| *reg == view.reg);
            roles.extend(control.then_some("control_bits"));
            for role in roles {
                let cite = abi.cites.get(role).map_or("", String::as_str);
                let _ = writeln!(out, "  {role} of {}   [{cite}]", abi.name);
            }
        }
    }
    out
}

/// The rows of a mnemonic as they are written, with the definitions they use by name only.
fn explain_instruction(spec: &Spec, mnemonic: &str) -> String {
    let mut out = String::new();
    for machine in spec.machines.values() {
        let base = |row: &str| row.split('.').next() == Some(mnemonic);
        for row in machine.instructions.keys().filter(|row| *row == mnemonic || base(row)) {
            let Some(location) = spec.declared_at("instruction", &machine.name, row) else { continue };
            let span = location.span;
            let text = location.source.text().get(span.start as usize..span.end as usize).unwrap_or_default();
            let _ = writeln!(out, "{text}\n  on {}, declared in {location}\n", machine.name);
        }
    }
    out
}
