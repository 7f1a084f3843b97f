//! A concrete unwinder: code is run on numbers, and a row is right in a state if it gives the caller's values.
//!
//! It is written apart from the prover and from the replay.

use framewright_spec::{Abi, CodeOffset, Machine, Reg};
use framewright_verifier::concrete::{ConcreteState, mask};
use framewright_verifier::eval::{Flow, execute};
use framewright_verifier::target;
use framewright_verifier::unwind::{Cfa, Row, Rule, Table};

const CFA: u64 = 0x7000_0010_0000;
const CODE: u64 = 0x1000_0000;
const RETURN: u64 = 0x2000_0000;
/// Bytes below the red zone that a signal handler is taken to spoil.
const SPOILED: u64 = 512;

/// Most instructions of a run.
const MOST: usize = 10_000;

/// A state before an instruction, or in the callee of one.
pub(crate) struct Boundary {
    at: CodeOffset,
    /// Where the callee returns to.
    returns_to: Option<CodeOffset>,
    state: ConcreteState,
}

/// A register's value at the entry, another one for each.
fn marker(reg: Reg) -> u128 {
    (u128::from(reg.0) + 1) * 0x0101_0101_0101_0101 + (0xabcd_0000_0000_0000 << 64)
}

/// The states of code that is called, up to its return; an error for code that does not come to it.
pub(crate) fn boundaries(machine: &Machine, abi: &Abi, bytes: &[u8]) -> Result<Vec<Boundary>, String> {
    let decoder = target::decoder(machine).ok_or("no decoder")?;
    let mut state = ConcreteState::new(machine, CODE);
    (0..machine.registers.len()).map(|i| Reg(i as u8)).for_each(|reg| state.set_register(reg, marker(reg)));
    let pushed = u64::from(abi.pushed_return);
    state.set_register(machine.sp, u128::from(CFA - pushed));
    match machine.link {
        Some(link) => state.set_register(link, u128::from(RETURN)),
        None => state.memory.write(CFA - pushed, &RETURN.to_le_bytes()),
    }
    let (mut at, mut list) = (CodeOffset(0), Vec::new());
    while list.len() < MOST {
        let sp = state.register(machine.sp) as u64 - u64::from(abi.red_zone);
        state.memory.write(sp - SPOILED, &[0xee; SPOILED as usize]);
        list.push(Boundary { at, returns_to: None, state: state.clone() });
        let decoded = decoder.decode(bytes, at).map_err(|error| format!("{at}: {error}"))?;
        let inside = |to: u128| u32::try_from(to.wrapping_sub(u128::from(CODE))).map(CodeOffset);
        let mut next = decoded.next();
        match execute(machine, &decoded, &mut state).map_err(|fault| format!("{at}: {fault:?}"))? {
            Flow::Next => {}
            Flow::Branch { condition, target } if condition.value == 1 => {
                next = inside(target.value).map_err(|_| format!("{at}: a branch out of the code"))?;
            }
            Flow::Branch { .. } => {}
            Flow::Jump(target) => {
                next = inside(target.value).map_err(|_| format!("{at}: a jump out of the code"))?;
            }
            Flow::Call(_) => {
                let sp = state.register(machine.sp) + u128::from(pushed);
                for reg in (0..machine.registers.len()).map(|i| Reg(i as u8)) {
                    let kept = abi.kept_bits(machine, reg).map_or(0, mask);
                    let spoiled = (marker(reg).wrapping_mul(7) & !kept) | (state.register(reg) & kept);
                    state.set_register(reg, spoiled);
                }
                state.set_register(machine.sp, sp);
                state.memory.write(sp as u64 - SPOILED, &[0xdd; SPOILED as usize]);
                list.push(Boundary { at, returns_to: Some(next), state: state.clone() });
            }
            Flow::Return(_) => return Ok(list),
            Flow::Trap => return Err(format!("{at}: a trap")),
        }
        at = next;
    }
    Err(format!("more than {MOST} instructions"))
}

/// Whether a row gives the caller's state: CFA, return address, what callees keep, and whatever else it says.
fn is_right(machine: &Machine, abi: &Abi, row: &Row, state: &ConcreteState) -> bool {
    let Cfa::Offset(base, bytes) = row.cfa else { return false };
    let cfa = (state.register(base) as u64).wrapping_add_signed(bytes);
    let value = |rule: &Rule, own: Reg, bits: u32| match *rule {
        Rule::SameValue => Some(state.register(own) & mask(bits)),
        Rule::Register(other) if machine.register(other).bits >= bits => {
            Some(state.register(other) & mask(bits))
        }
        Rule::At(bytes) => Some(state.memory.read(cfa.wrapping_add_signed(bytes), bits / 8)),
        Rule::Is(bytes) => {
            Some(u128::from(cfa.wrapping_add_signed(bytes)) & mask(bits)).filter(|_| bits <= 64)
        }
        _ => None,
    };
    let returns = row.return_address != Rule::SameValue
        && value(&row.return_address, machine.sp, 64) == Some(u128::from(RETURN));
    let expected = |reg: Reg| if reg == machine.sp { u128::from(CFA) } else { marker(reg) };
    let kept = abi.callee_saved.iter().filter(|(reg, _)| row.rule(*reg).is_none() && *reg != machine.sp);
    let kept = kept.map(|&(reg, bits)| (reg, bits, &Rule::SameValue));
    let said = row.rules.iter().filter_map(|(reg, rule)| {
        let bits = abi.kept_bits(machine, *reg);
        (bits.is_some() || *rule != Rule::Undefined)
            .then(|| (*reg, bits.unwrap_or(machine.register(*reg).bits), rule))
    });
    let right =
        |(reg, bits, rule): (Reg, u32, &Rule)| value(rule, reg, bits) == Some(expected(reg) & mask(bits));
    cfa == CFA && returns && kept.chain(said).all(right)
}

/// Whether the rows are right in all states; those of Windows are looked up by the return address itself.
pub(crate) fn all_right(
    machine: &Machine,
    abi: &Abi,
    table: &Table,
    states: &[Boundary],
    by_return_address: bool,
) -> bool {
    let right = |boundary: &Boundary| {
        let at = match boundary.returns_to {
            None => boundary.at,
            Some(to) if by_return_address => to,
            Some(to) => CodeOffset(to.0 - 1),
        };
        table.at(at).is_some_and(|row| is_right(machine, abi, row, &boundary.state))
    };
    states.iter().all(right)
}
