//! Ways to break machine code without moving it: every mutant is as long as its original, and its claim the same.
//!
//! ```text
//! frame code (prolog, epilogs)   every instruction dropped; pairs swapped; displacement, immediate, register and
//!                                width changed; a restore into another register
//! body                           an instruction overwritten by one that breaks a rule of the body
//! ```

use framewright_compiler::Compiled;
use framewright_spec::{Layout, RegSet, Spec};
use framewright_verifier::verdict::Property::{self, P1, P3, P4, P5, P6, P8, P12, P13, P14, P15};
use iced_x86::{ConstantOffsets, Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};

/// Broken code.
pub(crate) struct Mutant {
    /// What was done, and to what.
    pub(crate) what: String,
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// What may be refuted: the first obligation that fails is one of these.
    pub(crate) expected: &'static [Property],
}

/// What fails first when an instruction that builds or removes a frame is broken.
fn frame_properties(building: bool, instruction: &Instruction) -> &'static [Property] {
    let memory = (0..instruction.op_count()).any(|i| instruction.op_kind(i) == OpKind::Memory);
    match (building, instruction.mnemonic()) {
        // SP in the body; where stores come before the body, what they hit.
        (true, Mnemonic::Sub) => &[P1, P8, P14],
        (true, Mnemonic::Push) => &[P3, P4, P8, P14],
        // FP, and what is found through it.
        (true, Mnemonic::Mov | Mnemonic::Lea) if !memory || instruction.mnemonic() == Mnemonic::Lea => {
            &[P4, P6, P8]
        }
        // A save, a link of the chain, or a value of the state.
        (true, _) => &[P3, P4, P8, P12],
        (false, Mnemonic::Add) => &[P1],
        (false, _) => &[P1, P3, P13],
    }
}
/// So many places of a body are overwritten.
const PLACES: usize = 6;

struct Site {
    at: usize,
    len: usize,
    instruction: Instruction,
    constants: ConstantOffsets,
}

/// All mutants of a piece of code.
pub(crate) fn mutants(spec: &Spec, code: &Compiled) -> Vec<Mutant> {
    let sites = sites(&code.bytes[..code.claim.data.0 as usize]);
    let body = code.claim.body.0 as usize;
    let (prolog, rest): (Vec<Site>, Vec<Site>) = sites.into_iter().partition(|s| s.at < body);
    let (mut epilogs, mut inside) = (Vec::new(), Vec::new());
    let mut in_epilog = false;
    for site in rest {
        in_epilog |= code.claim.epilogs.iter().any(|at| at.0 as usize == site.at);
        let ends = site.instruction.mnemonic() == Mnemonic::Ret;
        (if in_epilog { &mut epilogs } else { &mut inside }).push(site);
        in_epilog &= !ends;
    }
    let mut maker = Maker { code, mutants: Vec::new() };
    maker.frame_code(true, &prolog);
    maker.frame_code(false, &epilogs);
    if let Ok(layout) = spec.layout(&code.claim.frame, &code.claim.shape) {
        maker.body(&inside, &layout, unsaved(spec, code));
    }
    maker.mutants
}

fn sites(code: &[u8]) -> Vec<Site> {
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    let mut sites = Vec::new();
    while decoder.can_decode() {
        let (at, instruction) = (decoder.position(), decoder.decode());
        let constants = decoder.get_constant_offsets(&instruction);
        sites.push(Site { at, len: instruction.len(), instruction, constants });
    }
    sites
}

/// Callee-saved registers that nothing saves, by number in the encoding.
fn unsaved(spec: &Spec, code: &Compiled) -> Vec<u8> {
    let saved =
        |shape: &framewright_spec::Shape| shape.sets.values().fold(RegSet::EMPTY, |all, &set| all.union(set));
    let mut all = saved(&code.claim.shape);
    if let Some(source) = &code.claim.shape.source {
        all = all.union(saved(source));
    }
    let numbers = [("rbx", 3), ("r12", 12), ("r13", 13), ("r14", 14), ("r15", 15)];
    let machine = spec.machine("x86_64").expect("the machine");
    let free = numbers.iter().filter(|(name, _)| machine.reg(name).is_some_and(|reg| !all.contains(reg)));
    free.map(|&(_, number)| number).collect()
}

struct Maker<'a> {
    code: &'a Compiled,
    mutants: Vec<Mutant>,
}

impl Maker<'_> {
    /// Puts bytes over the code at `at`.
    fn patch(&mut self, what: String, at: usize, patch: &[u8], expected: &'static [Property]) {
        let mut bytes = self.code.bytes.clone();
        bytes[at..at + patch.len()].copy_from_slice(patch);
        if bytes != self.code.bytes {
            self.mutants.push(Mutant { what, bytes, expected });
        }
    }

    fn original(&self, site: &Site) -> Vec<u8> {
        self.code.bytes[site.at..site.at + site.len].to_vec()
    }

    fn frame_code(&mut self, building: bool, sites: &[Site]) {
        let zone = if building { "prolog" } else { "epilog" };
        for site in sites {
            let expected = frame_properties(building, &site.instruction);
            let text = format!("{zone} {:04x} `{}`", site.at, site.instruction);
            // Without a return control runs on into code of another zone: no statement is left to be refuted.
            if matches!(site.instruction.mnemonic(), Mnemonic::Nop | Mnemonic::Endbr64 | Mnemonic::Ret) {
                continue;
            }
            self.patch(format!("{text}: dropped"), site.at, &vec![0x90; site.len], expected);
            self.off_by_eight(&text, site, expected);
            self.other_register(&text, site, expected);
            let narrow = self.original(site);
            // REX.W without other bits, or with them.
            if narrow[0] & 0xf8 == 0x48 && site.instruction.mnemonic() != Mnemonic::Nop {
                let mut narrow = narrow;
                narrow[0] &= !8;
                self.patch(format!("{text}: 32 bits for 64"), site.at, &narrow, expected);
            }
        }
        for pair in sites.windows(2) {
            let [first, second] = pair else { continue };
            let mnemonics = [first.instruction.mnemonic(), second.instruction.mnemonic()];
            let same = mnemonics[0] == mnemonics[1] && matches!(mnemonics[0], Mnemonic::Push | Mnemonic::Pop);
            if same && first.at + first.len == second.at {
                let swapped = [self.original(second), self.original(first)].concat();
                let what = format!("{zone} {:04x} `{}`: swapped with the next", first.at, first.instruction);
                self.patch(what, first.at, &swapped, &[P3, P4]);
            }
        }
    }

    /// Displacement or immediate plus and minus 8.
    fn off_by_eight(&mut self, text: &str, site: &Site, expected: &'static [Property]) {
        let constants = [
            ("displacement", site.constants.displacement_offset(), site.constants.displacement_size()),
            ("immediate", site.constants.immediate_offset(), site.constants.immediate_size()),
        ];
        let relative = site.instruction.is_ip_rel_memory_operand() || site.instruction.is_jcc_short_or_near();
        for (name, offset, size) in constants {
            for delta in [8_i32, -8] {
                let mut bytes = self.original(site);
                match bytes.get_mut(offset..offset + size) {
                    Some([byte]) => *byte = byte.wrapping_add(delta as u8),
                    Some(word @ [_, _, _, _]) => {
                        let old = i32::from_le_bytes([word[0], word[1], word[2], word[3]]);
                        word.copy_from_slice(&old.wrapping_add(delta).to_le_bytes());
                    }
                    _ => continue,
                }
                if !relative {
                    self.patch(format!("{text}: {name} {delta:+}"), site.at, &bytes, expected);
                }
            }
        }
    }

    /// Another register in a push, a pop or a move of a save.
    fn other_register(&mut self, text: &str, site: &Site, expected: &'static [Property]) {
        let moves = [Mnemonic::Push, Mnemonic::Pop, Mnemonic::Mov];
        if !moves.contains(&site.instruction.mnemonic()) {
            return;
        }
        for index in 0..site.instruction.op_count() {
            if site.instruction.op_kind(index) != OpKind::Register {
                continue;
            }
            let register = site.instruction.op_register(index);
            for other in [Register::RBX, Register::RAX, Register::R12, Register::R9, Register::RBP] {
                let mut changed = site.instruction;
                changed.set_op_register(index, other);
                let mut encoder = iced_x86::Encoder::new(64);
                let encoded = encoder.encode(&changed, site.at as u64).ok().map(|_| encoder.take_buffer());
                let Some(bytes) = encoded.filter(|b| other != register && b.len() == site.len) else {
                    continue;
                };
                self.patch(format!("{text}: {other:?} for {register:?}"), site.at, &bytes, expected);
            }
        }
    }

    fn body(&mut self, sites: &[Site], layout: &Layout, unsaved: Vec<u8>) {
        // Moves between registers and memory: nothing but data depends on them.
        let is_data = |s: &&Site| matches!(s.instruction.mnemonic(), Mnemonic::Mov) && s.len >= 3;
        let places: Vec<&Site> = sites.iter().filter(is_data).collect();
        let step = (places.len() / PLACES).max(1);
        for site in places.iter().step_by(step).take(PLACES) {
            // The frame chain is owed to callees; where no call follows, the epilog pays FP like any other register.
            let call_follows =
                sites.iter().any(|s| s.at > site.at && s.instruction.mnemonic() == Mnemonic::Call);
            for (name, mut code, expected) in breaches(layout, &unsaved) {
                let mut ends = boundaries(sites, site.at);
                let Some(end) = ends.find(|end| end - site.at >= code.len()) else { continue };
                if name == FP_LOST && !call_follows {
                    continue;
                }
                code.resize(end - site.at, 0x90);
                let what = format!("body {:04x} `{}`: {name}", site.at, site.instruction);
                self.patch(what, site.at, &code, expected);
            }
        }
    }
}

/// Instructions that only move or compute data.
fn is_plain(site: &Site) -> bool {
    use Mnemonic::{Add, And, Lea, Mov, Movsd, Movsxd, Movzx, Or, Sub, Xor};
    [Add, And, Lea, Mov, Movsd, Movsxd, Movzx, Or, Sub, Xor].contains(&site.instruction.mnemonic())
}

/// Ends of the plain instructions from a place on: a patch may reach up to any of them.
fn boundaries(sites: &[Site], from: usize) -> impl Iterator<Item = usize> {
    sites.iter().filter(move |s| s.at >= from).take_while(|s| is_plain(s)).map(|s| s.at + s.len)
}

const FP_LOST: &str = "FP lost";

/// Instructions that a body must not have.
fn breaches(layout: &Layout, unsaved: &[u8]) -> Vec<(String, Vec<u8>, &'static [Property])> {
    let mut list: Vec<(String, Vec<u8>, &'static [Property])> = vec![
        ("SP moved".into(), vec![0x48, 0x83, 0xc4, 8], &[P1, P5, P8]),
        (FP_LOST.into(), vec![0x31, 0xed], &[P4]),
        ("direction flag set".into(), vec![0xfd], &[P15]),
        ("a word pushed".into(), vec![0x50], &[P1, P5]),
        (
            "a store far below SP".into(),
            [&[0x48, 0x89, 0x84, 0x24][..], &(-4096_i32).to_le_bytes()].concat(),
            &[P6],
        ),
    ];
    for &number in unsaved {
        let (rex, bits) = if number >= 8 { (0x45, number - 8) } else { (0x40, number) };
        let code = vec![rex, 0x31, 0xc0 | bits << 3 | bits];
        list.push((format!("register {number} clobbered"), code, &[P3]));
    }
    let Some(fp) = layout.fp else { return list };
    let places = layout.slots.values().copied().chain([fp]);
    for place in places {
        let distance = (place.0 - fp.0) as i32;
        // mov [rbp + distance], rax
        let code = [&[0x48, 0x89, 0x85][..], &distance.to_le_bytes()].concat();
        list.push((format!("a store to {place}"), code, &[P8]));
    }
    list
}
