//! Forms judged by the verifier: a claim put together from the head and the labels.

use crate::Answer;
use crate::contract::Contract;
use crate::objects::{Function, Functions};
use framewright_spec::claim::{Entry, Patchpoint, StatePlace, StateSlot, StateTarget, StateValue, ValueKind};
use framewright_spec::claim::{Unwind, UnwindFormat, UnwindTiming};
use framewright_spec::{CfaOffset, Claim, CodeOffset, Machine, RegSet, Shape, Spec};
use framewright_verifier::replay::rerun;
use framewright_verifier::{Counterexample, Proven, Verdict, Verifier};

/// The verdict on a form; a refutation is run.
pub(crate) fn judge(contract: &Contract, form: &str, functions: &Functions) -> Result<Answer, String> {
    let function = functions.get(form).ok_or(format!("no function `{form}`"))?;
    let mut verifier = Verifier::new(Spec::embedded());
    let source = source(contract, form, functions, &mut verifier)?;
    let mut claim = claim(contract, form, "frame", function)?;
    if let Some(source) = &source {
        let state = contract.values(form, "state").into_iter().map(|text| target(contract, text));
        let transition = contract.value(form, "transition").ok_or("no transition")?.to_owned();
        claim.entry = Entry::Osr { transition, patchpoint: 0, state: state.collect::<Result<_, _>>()? };
        claim.shape.source = Some(Box::new(source.claim().shape.clone()));
    } else {
        patchpoint(contract, form, function, &mut claim)?;
    }
    match verifier.verify(form, function.bytes.clone(), claim, source.as_ref()) {
        Verdict::Proven(_) => Ok(Answer::Proven),
        Verdict::Refuted(found) => {
            replay(&found)?;
            Ok(Answer::Refuted { property: format!("{:?}", found.property), headline: found.headline })
        }
        Verdict::Undecided(why) => Ok(Answer::Other(format!("undecided: {why}"))),
        Verdict::Unsupported(what) => Ok(Answer::Other(format!("unsupported: {what}"))),
    }
}

/// What the counterexample says, its run shows.
fn replay(found: &Counterexample) -> Result<(), String> {
    if found.path.is_empty() || found.disputed.is_none() {
        return Ok(());
    }
    let rerun = rerun(found, Spec::embedded()).map_err(|error| format!("the replay: {error}"))?;
    match rerun.observation {
        Some(observation) if observation.as_predicted => Ok(()),
        other => Err(format!("the replay shows something else: {other:?}; {}", found.headline)),
    }
}

/// The method that is left, where there is one. It must prove.
fn source(
    contract: &Contract,
    form: &str,
    functions: &Functions,
    verifier: &mut Verifier,
) -> Result<Option<Proven>, String> {
    let own = format!("{form}.source");
    let Some(function) = functions.get(&own).or_else(|| functions.get("source")) else { return Ok(None) };
    let mut claim = claim(contract, form, "source", function)?;
    patchpoint(contract, form, function, &mut claim)?;
    match verifier.verify("source", function.bytes.clone(), claim, None) {
        Verdict::Proven(proven) => Ok(Some(proven)),
        other => Err(format!("the source: {other:?}")),
    }
}

fn machine(contract: &Contract) -> Result<&'static Machine, String> {
    Spec::embedded().machine_of_abi(&contract.convention).map_err(|error| error.to_string())
}

/// `FRAME saved=rbx locals=16`, and where the parts of the code are.
fn claim(contract: &Contract, form: &str, key: &str, function: &Function) -> Result<Claim, String> {
    let machine = machine(contract)?;
    let line = contract.value(form, key).ok_or(format!("no `{key}`"))?;
    let mut words = line.split_whitespace();
    let frame = words.next().unwrap_or_default().to_owned();
    let mut shape = Shape::default();
    for word in words {
        let (name, value) = word.split_once('=').ok_or(format!("`{word}` is not `name=value`"))?;
        if let Ok(bytes) = value.parse() {
            shape.sizes.insert(name.to_owned(), bytes);
            continue;
        }
        let register = |name| machine.reg(name).ok_or(format!("no register `{name}`"));
        let registers = value.split(',').filter(|name| !name.is_empty()).map(register);
        shape.sets.insert(name.to_owned(), registers.collect::<Result<RegSet, _>>()?);
    }
    let end = function.bytes.len() as u32;
    let label = |name: &str| CodeOffset(function.labels.get(name).copied().unwrap_or(end));
    let epilogs = function.labels.iter().filter(|(name, _)| name.starts_with("epilog"));
    Ok(Claim {
        machine: machine.name.clone(),
        frame,
        shape,
        entry: Entry::Call,
        body: label("body"),
        epilogs: epilogs.map(|(_, &at)| CodeOffset(at)).collect(),
        data: label("data"),
        jump_tables: Vec::new(),
        patchpoints: Vec::new(),
        helpers: Vec::new(),
        landings: Vec::new(),
        unwind: function.unwind.iter().map(unwind).collect::<Result<_, _>>()?,
    })
}

/// What the listing tells unwinders, as right before every instruction.
fn unwind(data: &crate::unwind::Unwind) -> Result<Unwind, String> {
    let format = match data.format {
        "dwarf" => UnwindFormat::DwarfCfi,
        "windows_x64" => UnwindFormat::WindowsX64,
        other => return Err(format!("no claim has unwinding data in the format `{other}`")),
    };
    Ok(Unwind { format, timing: UnwindTiming::Asynchronous, bytes: data.bytes.clone() })
}

/// The patchpoint, if the function has one.
fn patchpoint(contract: &Contract, form: &str, function: &Function, claim: &mut Claim) -> Result<(), String> {
    let (Some(&jump), Some(&resume)) = (function.labels.get("patch"), function.labels.get("resume")) else {
        return Ok(());
    };
    let home = |text: &str| -> Result<StateSlot, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let &[value_name, kind_name, home] = &words[..] else { return Err(format!("home `{text}`")) };
        let home = home.parse().map_err(|_| format!("home `{text}`"))?;
        Ok(StateSlot { value: value(value_name)?, kind: kind(kind_name)?, home: CfaOffset(home) })
    };
    let state = contract.values(form, "home").into_iter().map(home).collect::<Result<_, _>>()?;
    let (jump, resume) = (CodeOffset(jump), CodeOffset(resume));
    claim.patchpoints.push(Patchpoint { id: 0, wasm_offset: 0, jump, resume, state });
    Ok(())
}

/// `local0 i32 r12`, or a place in the frame, or `dead`.
fn target(contract: &Contract, text: &str) -> Result<StateTarget, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let &[value_name, kind_name, place] = &words[..] else { return Err(format!("state `{text}`")) };
    let place = match (place, place.parse()) {
        ("dead", _) => StatePlace::Dead,
        (_, Ok(offset)) => StatePlace::Frame(CfaOffset(offset)),
        _ => StatePlace::Register(machine(contract)?.reg(place).ok_or(format!("no register `{place}`"))?),
    };
    Ok(StateTarget { value: value(value_name)?, kind: kind(kind_name)?, place })
}

fn value(text: &str) -> Result<StateValue, String> {
    match text.strip_prefix("local").map(str::parse) {
        Some(Ok(index)) => Ok(StateValue::Local(index)),
        None if text == "context" => Ok(StateValue::Context),
        _ => Err(format!("no value `{text}`")),
    }
}

fn kind(text: &str) -> Result<ValueKind, String> {
    match text {
        "i32" => Ok(ValueKind::I32),
        "i64" => Ok(ValueKind::I64),
        "f32" => Ok(ValueKind::F32),
        "f64" => Ok(ValueKind::F64),
        _ => Err(format!("no kind `{text}`")),
    }
}
