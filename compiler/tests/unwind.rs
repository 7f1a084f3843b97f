//! Unwinding data as rows: `tests/unwind/rows.txt` has those of a few frames, by another reader than the one that
//! proves them. `BLESS=1` rewrites it. Of all other frames the data must be complete.

use framewright_compiler::sample::{Role, sample};
use framewright_spec::claim::UnwindFormat;
use framewright_spec::{Claim, Machine, Shape, Spec};
use gimli::{BaseAddresses, CfaRule, EhFrame, LittleEndian, RegisterRule, UnwindContext, UnwindSection};
use std::fmt::Write as _;
use std::path::Path;

/// Frame, transition, the names it saves, bytes of locals; the same of the source frame.
type Case = (&'static str, Option<&'static str>, &'static str, u32, Option<(&'static str, u32)>);

const CASES: &[Case] = &[
    ("sysv.native", None, "rbx r12", 24, None),
    ("sysv.osr", Some("sysv.ryujit"), "r14 r15", 40, Some(("rbx r12", 48))),
    ("sysv.osr_unwind", Some("sysv.ryujit_unwind"), "r14", 40, Some(("rbx r12", 48))),
    ("windows_x64.native", None, "rbx rsi xmm6 xmm7", 24, None),
    ("windows_x64.osr", Some("windows_x64.ryujit"), "r14 xmm9", 1 << 20, Some(("rbx", 48))),
    ("aapcs64.native", None, "x19 x20 x21 v8", 4200, None),
    ("aapcs64.osr", Some("aapcs64.ryujit"), "x19 x22 v8", 32, Some(("x19 x20 v9", 600))),
    ("aapcs64.osr_unwind", Some("aapcs64.ryujit_unwind"), "x19", 32, Some(("x19 x20", 600))),
    ("lp64d.osr", Some("lp64d.ryujit"), "s1 s2 fs0", 4096, Some(("s1", 64))),
    ("lp64d_loongarch.osr", Some("lp64d_loongarch.ryujit"), "s0 fs0", 16, Some(("s1", 4096))),
];

#[test]
fn rows_are_as_expected() {
    let spec = Spec::embedded();
    let mut actual = String::new();
    for &(frame, transition, saved, locals, source) in CASES {
        let machine = spec.machine_of_frame(frame).expect("declared");
        let mut shape = shape(machine, saved, locals, frame);
        shape.source = source.map(|(saved, locals)| Box::new(self::shape(machine, saved, locals, frame)));
        let role = transition.map_or(Role::Called, Role::Target);
        let code = sample(spec, frame, &shape, role).expect("it compiles");
        let _ = writeln!(actual, "{frame} {}", transition.unwrap_or("by a call"));
        actual += &table(machine, &code.claim);
        for unwind in code.claim.unwind.iter().filter(|unwind| unwind.format == UnwindFormat::WindowsX64) {
            let words: Vec<String> =
                unwind.bytes.chunks(2).map(|b| format!("{:02x}{:02x}", b[0], b[1])).collect();
            let _ = writeln!(actual, "  UNWIND_INFO {}", words.join(" "));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unwind/rows.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &actual).expect("it can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("a text");
    assert!(expected == actual, "BLESS=1 accepts what follows\n{actual}");
}

fn shape(machine: &Machine, saved: &str, locals: u32, frame: &str) -> Shape {
    let reg = |name: &str| machine.reg(name).expect("a register");
    let shadow = if frame.starts_with("windows_x64") { 32 } else { 0 };
    Shape {
        sets: [("saved".to_owned(), saved.split_whitespace().map(reg).collect())].into(),
        sizes: [("locals".to_owned(), locals), ("outgoing".to_owned(), shadow)].into(),
        source: None,
    }
}

/// One line a row: `offset: cfa=register+bytes column=rule …`.
fn table(machine: &Machine, claim: &Claim) -> String {
    let unwind = claim.unwind.iter().find(|unwind| unwind.format == UnwindFormat::DwarfCfi);
    let Some(unwind) = unwind else { return format!("  undefined: nothing is said of {}\n", claim.frame) };
    let bytes = &unwind.bytes;
    let section = EhFrame::new(bytes, LittleEndian);
    let bases = BaseAddresses::default();
    let mut entries = section.entries(&bases);
    let mut text = String::new();
    let name = |number: gimli::Register| {
        let found = machine.registers.iter().find(|register| register.dwarf == Some(number.0));
        found.map_or_else(|| "ra".to_owned(), |register| register.name.clone())
    };
    while let Some(entry) = entries.next().expect("an entry") {
        let gimli::CieOrFde::Fde(partial) = entry else { continue };
        let fde = partial.parse(EhFrame::cie_from_offset).expect("its CIE");
        assert_eq!((fde.initial_address(), fde.len()), (0, u64::from(claim.data.0)));
        let mut context = UnwindContext::new();
        let mut rows = fde.rows(&section, &bases, &mut context).expect("rows");
        while let Some(row) = rows.next_row().expect("a row") {
            let cfa = match row.cfa() {
                CfaRule::RegisterAndOffset { register, offset } => format!("{}{offset:+}", name(*register)),
                CfaRule::Expression(_) => "expression".to_owned(),
            };
            let mut rules: Vec<(u16, String)> = row
                .registers()
                .map(|(register, rule)| {
                    let rule = match rule {
                        RegisterRule::Offset(at) => format!("[{at:+}]"),
                        rule => format!("{rule:?}").to_lowercase(),
                    };
                    (register.0, format!("{}={rule}", name(*register)))
                })
                .collect();
            rules.sort();
            let rules: Vec<String> = rules.into_iter().map(|(_, rule)| rule).collect();
            let _ = writeln!(text, "  {:4x}: cfa={cfa} {}", row.start_address(), rules.join(" "));
        }
    }
    text
}

#[test]
fn every_frame_is_described() {
    let spec = Spec::embedded();
    let mut described = 0;
    for name in spec.frames.keys() {
        let machine = spec.machine_of_frame(name).expect("declared");
        let transitions = spec.transitions.values().filter(|t| t.target == *name);
        let mut roles: Vec<Role<'_>> = transitions.map(|t| Role::Target(&t.name)).collect();
        if spec.frame(name).expect("declared").extends.is_none() {
            roles.push(Role::Called);
        }
        let shapes = spec.covering_shapes(name).expect("shapes");
        let step = shapes.len().div_ceil(30).max(1);
        for (shape, &role) in shapes.iter().step_by(step).flat_map(|s| roles.iter().map(move |r| (s, r))) {
            let code = sample(spec, name, shape, role).expect("it compiles");
            let text = table(machine, &code.claim);
            assert!(!text.contains("undefined"), "{name} {}\n{text}", machine.display_shape(shape));
            let formats: Vec<UnwindFormat> = code.claim.unwind.iter().map(|u| u.format).collect();
            assert_eq!(formats, spec.abi(&spec.frame(name).expect("declared").abi).expect("declared").unwind);
            described += 1;
        }
    }
    assert!(described > 500, "{described}");
}
