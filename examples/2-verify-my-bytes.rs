//! Asks the verifier about machine code of your own: bytes, and what you claim of them.
//!
//! `cargo run --example verify_my_bytes`

use framewright_spec::claim::{Claim, Entry};
use framewright_spec::{CodeOffset, Shape, Spec};
use framewright_verifier::{Verdict, Verifier};

#[rustfmt::skip]
const CODE: [u8; 20] = [
    0x55,                       // push rbp
    0x48, 0x89, 0xe5,           // mov rbp, rsp
    0x53,                       // push rbx
    0x48, 0x83, 0xec, 0x08,     // sub rsp, 8
    0x48, 0x89, 0xfb,           // mov rbx, rdi       <- the body
    0x48, 0x83, 0xc4, 0x08,     // add rsp, 8         <- the epilog
    0x5b,                       // pop rbx
    0x5d,                       // pop rbp
    0xc3,                       // ret
    0xcc,
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = Spec::embedded();
    let rbx = spec.machine_of_frame("sysv.native")?.reg("rbx").ok_or("no rbx")?;
    let mut shape = Shape::default();
    shape.sets.insert("saved".to_owned(), [rbx].into_iter().collect());
    shape.sizes.extend([("locals".to_owned(), 8), ("outgoing".to_owned(), 0)]);
    let claim = Claim {
        machine: "x86_64".to_owned(),
        frame: "sysv.native".to_owned(),
        shape,
        entry: Entry::Call,
        body: CodeOffset(9),
        epilogs: vec![CodeOffset(12)],
        data: CodeOffset(19),
        jump_tables: Vec::new(),
        patchpoints: Vec::new(),
        helpers: Vec::new(),
        landings: Vec::new(),
        unwind: Vec::new(),
    };
    let mut verifier = Verifier::new(spec);
    for (name, spoil) in [("as written", None), ("with `pop rbx` made `pop rcx`", Some((16, 0x59)))] {
        let mut code = CODE.to_vec();
        if let Some((at, byte)) = spoil {
            code[at] = byte;
        }
        match verifier.verify(name, code, claim.clone(), None) {
            Verdict::Proven(proven) => {
                println!("{name}: proven\n");
                for (property, count) in &proven.certificate().obligations {
                    println!("  {property:?}: {count} conditions");
                }
                for (assumption, uses) in &proven.certificate().assumptions {
                    println!("  assuming: {assumption} ({uses}×)");
                }
                println!();
            }
            Verdict::Refuted(counterexample) => println!("{name}:\n\n{}", counterexample.render(spec, false)),
            other => println!("{name}: {other:?}"),
        }
    }
    Ok(())
}
