//! What the decoder makes of bytes: rows and operands, or a clean refusal.

use framewright_spec::{CodeOffset, Spec};
use framewright_verifier::decoded::{Base, Decoded, Operand, Unsupported};
use framewright_verifier::effects::{Effects, Extent};
use framewright_verifier::target::{self, template::StepOperand};

fn decode(bytes: &[u8]) -> (&'static str, Result<Decoded, Unsupported>) {
    let machine = Spec::embedded().machine("x86_64").expect("the machine");
    let decoder = target::decoder(machine).expect("an adapter");
    let decoded = decoder.decode(bytes, CodeOffset(0));
    let row = decoded.as_ref().ok().and_then(|d| machine.instructions.get_index(usize::from(d.row.0)));
    (row.map_or("", |(name, _)| name), decoded)
}

#[test]
fn a_row_is_found_by_mnemonic_and_form() {
    let forms: [(&[u8], &str); 17] = [
        (&[0xf2, 0x0f, 0x10, 0xc1], "movsd"),
        (&[0xf2, 0x0f, 0x10, 0x07], "movsd.load"),
        (&[0xf2, 0x0f, 0x11, 0x07], "movsd.64"),
        (&[0x48, 0xf7, 0xf1], "div.64"),
        (&[0xf7, 0xf1], "div.32"),
        (&[0x48, 0xf7, 0xe9], "imul.64"),
        (&[0x48, 0x0f, 0xaf, 0xc1], "imul"),
        (&[0x48, 0x6b, 0xc1, 7], "imul.three"),
        (&[0x48, 0xd3, 0xe0], "shl.64"),
        (&[0x66, 0xd3, 0xe0], "shl"),
        (&[0xc2, 8, 0], "ret.drop"),
        (&[0x0f, 0x1f, 0x40, 0], "nop.long"),
        (&[0xc8, 16, 0, 0], "enter"),
        (&[0xc9], "leave"),
        (&[0x8f, 0x07], "pop.64"),
        (&[0x48, 0x0f, 0xa3, 0xc8], "bt.64"),
        (&[0x48, 0x0f, 0xba, 0x27, 5], "bt.64"),
    ];
    for (bytes, row) in forms {
        assert_eq!(decode(bytes).0, row, "{bytes:02x?}");
    }
}

#[test]
fn what_shares_a_mnemonic_but_not_the_meaning_is_refused() {
    let refused: [(&[u8], &str); 17] = [
        (&[0xf0, 0x48, 0x01, 0x07], "lock prefix"),
        (&[0xf3, 0xa5], "repeat prefix"),
        (&[0xa5], "segment"),
        (&[0x64, 0x48, 0x8b, 0x07], "segment prefix"),
        (&[0x67, 0x48, 0x8b, 0x07], "32-bit address"),
        (&[0x8f, 0x04, 0x24], "operand relative to SP"),
        (&[0x48, 0x0f, 0xa3, 0x07], "bit string"),
        (&[0x66, 0xc3], "16-bit return"),
        (&[0x66, 0xc9], "16-bit leave"),
        (&[0x66, 0xc8, 16, 0, 0], "16-bit enter"),
        (&[0xc8, 16, 0, 1], "enter of an inner procedure"),
        (&[0xff, 0x2f], "far branch"),
        (&[0x8b, 0x04, 0x25, 0x78, 0x56, 0x34, 0x12], "absolute address"),
        (&[0x66, 0x50], "no row"),
        (&[0x0f, 0x07], "no row"),
        (&[0xc5, 0xf8, 0x28, 0xc1], "no row"),
        (&[0x06], "no instruction"),
    ];
    for (bytes, why) in refused {
        let error = decode(bytes).1.expect_err(why);
        assert!(error.what.contains(why) || why == "segment", "{bytes:02x?}: {error}");
    }
    assert!(decode(&[]).1.is_err() && decode(&[0x48, 0x8b]).1.is_err());
}

#[test]
fn operands_are_in_words_of_the_model() {
    // mov [rip + 16], eax: relative to the code's start, which is 6 bytes before the next instruction.
    let decoded = decode(&[0x89, 0x05, 16, 0, 0, 0]).1.expect("mov");
    let [Operand::Memory(memory), Operand::Part(part)] = decoded.operands.as_slice() else {
        panic!("{decoded:?}")
    };
    assert_eq!((memory.base, memory.displacement, memory.bits, part.bits), (Base::Code, 22, 32, 32));
    // add rax, -1: extended to the operand's width.
    let decoded = decode(&[0x48, 0x83, 0xc0, 0xff]).1.expect("add");
    assert_eq!(decoded.operands[1], Operand::Immediate { value: u64::MAX, bits: 64 });
    // mov r8b, 1: the low byte of an upper register.
    let decoded = decode(&[0x41, 0xb0, 0x01]).1.expect("mov");
    let r8 = Spec::embedded().machine("x86_64").expect("the machine").reg("r8").expect("r8");
    assert!(
        matches!(&decoded.operands[0], Operand::Part(part) if part.reg == r8 && part.bits == 8 && part.low_bit == 0),
        "{decoded:?}"
    );
    // mov eax, [rcx*4 + 8]: an index alone.
    let decoded = decode(&[0x8b, 0x04, 0x8d, 8, 0, 0, 0]).1.expect("mov");
    assert!(
        matches!(&decoded.operands[1], Operand::Memory(memory)
            if memory.base == Base::Zero && memory.index.is_some_and(|(_, scale)| scale == 4)),
        "{decoded:?}"
    );
    // jmp to the byte before the code.
    let decoded = decode(&[0xeb, 0xfd]).1.expect("jmp");
    assert_eq!(decoded.operands[0], Operand::Code(-1));
    // movaps demands alignment, movups does not.
    for (bytes, align) in [([0x0f, 0x28, 0x07], 16), ([0x0f, 0x10, 0x07], 1)] {
        let decoded = decode(&bytes).1.expect("a move");
        assert!(
            matches!(&decoded.operands[1], Operand::Memory(memory) if memory.align == align),
            "{decoded:?}"
        );
    }
}

/// Instructions without a row: which registers they write, how many bytes of memory, what is assumed; or why not.
#[test]
fn what_an_instruction_without_a_row_may_write_is_told() {
    let machine = Spec::embedded().machine("x86_64").expect("the machine");
    let decoder = target::decoder(machine).expect("an adapter");
    let mut wrong = Vec::new();
    for (bytes, expected) in [
        (&[0x0f, 0xa2][..], "rax rcx rdx rbx"),                 // cpuid
        (&[0xac], "rax rsi"),                                   // lodsb
        (&[0xf5], "cf"),                                        // cmc
        (&[0xfd], "df"),                                        // std
        (&[0x0f, 0x01, 0xd0], "rax rdx"),                       // xgetbv
        (&[0xc5, 0xec, 0x58, 0xcb], "xmm1"),                    // vaddps ymm1, ymm2, ymm3
        (&[0x62, 0xf1, 0x6c, 0x48, 0x58, 0xcb], "xmm1"),        // vaddps zmm1, zmm2, zmm3
        (&[0x62, 0x61, 0x6c, 0x48, 0x58, 0xcb], ""),            // vaddps zmm25, zmm2, zmm3
        (&[0xd9, 0x28], "; assumes control-word"),              // fldcw [rax]
        (&[0xdb, 0xe3], "; assumes control-word"),              // fninit
        (&[0xd9, 0xe8], ""),                                    // fld1
        (&[0xd9, 0x38], "; 2 bytes"),                           // fnstcw [rax]
        (&[0xf0, 0x83, 0x04, 0x24, 0x00], "cf pf af zf sf of"), // lock add dword [rsp], 0: a barrier
        (&[0xf0, 0x83, 0x04, 0x24, 0x01], "cf pf af zf sf of; 4 bytes"),
        (&[0xf0, 0x83, 0x24, 0x24, 0x00], "cf pf af zf sf of; 4 bytes"), // lock and: not what it was
        (&[0x83, 0x04, 0x24, 0x00], "cf pf af zf sf of; 4 bytes"),
        (&[0xf0, 0x01, 0x04, 0x24], "cf pf af zf sf of; 4 bytes"),
        (&[0xc5, 0xfc, 0x11, 0x08], "; 32 bytes"), // vmovups [rax], ymm1
        (&[0xf3, 0x48, 0xab], "rcx rdi; 8 bytes each time"), // rep stosq
        (&[0xf3, 0xa4], "rcx rsi rdi; 1 bytes each time"), // rep movsb
        (&[0xf2, 0xab], "rcx rdi; 4 bytes each time"), // repne stosd: as rep
        (&[0x0f, 0xae, 0x00], "; 512 bytes"),      // fxsave [rax]
        (&[0x0f, 0xae, 0x20], "the memory written by `xsave`"), // of as many bytes as features are enabled
        (&[0x62, 0xf2, 0x7d, 0x49, 0xa0, 0x04, 0x08], "the memory written by `vpscatterdd`"),
        (&[0x0f, 0xae, 0x08], "no row for the meaning of `fxrstor`"),
        (&[0x0f, 0xae, 0x28], "no row for the meaning of `xrstor`"),
        (&[0xdd, 0x20], "no row for the meaning of `frstor`"),
        (&[0x50], "no row for the meaning of `push`"),
        (&[0x0f, 0x05], "control flow or system instruction `syscall`"),
        (&[0xfa], "control flow or system instruction `cli`"),
        (&[0x48, 0x89, 0xc4], "a write to SP by `mov`"),
        (&[0x06], "bytes that are no instruction"),
    ] {
        let told = match decoder.effects(bytes, CodeOffset(0)).expect("this machine has it") {
            Err(error) => error.what,
            Ok(effects) => {
                let names: Vec<&str> =
                    effects.written.iter().map(|reg| machine.register(reg).name.as_str()).collect();
                let stores = effects.stores.iter().map(|store| match store.extent {
                    Extent::Bytes(bytes) => format!("; {bytes} bytes"),
                    Extent::Times { bytes, .. } => format!("; {bytes} bytes each time"),
                });
                let assumes = effects.assumes.map_or(String::new(), |name| format!("; assumes {name}"));
                format!("{}{}{assumes}", names.join(" "), stores.collect::<String>())
            }
        };
        if told != expected {
            wrong.push(format!("{bytes:02x?}: {told}, expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Steps of prologs and epilogs: the row, and what of the memory is accessed.
#[test]
fn steps_are_rows_with_open_numbers() {
    let machine = Spec::embedded().machine("x86_64").expect("the machine");
    let decoder = target::decoder(machine).expect("an adapter");
    let register = |name| StepOperand::Register(machine.reg(name).expect("declared"));
    let at_sp = StepOperand::Memory(machine.sp);
    for (mnemonic, operands, expected) in [
        ("mov", [register("rbx"), at_sp], "mov of 64 bits, aligned to 1"),
        ("lea", [register("rbp"), at_sp], "lea of 0 bits, aligned to 1"),
        ("movaps", [at_sp, register("xmm6")], "movaps of 128 bits, aligned to 16"),
        ("movdqa", [register("xmm6"), at_sp], "movdqa of 128 bits, aligned to 16"),
        ("movups", [at_sp, register("xmm6")], "movups of 128 bits, aligned to 1"),
        ("movdqu", [register("xmm6"), at_sp], "movdqu of 128 bits, aligned to 1"),
        ("movsd", [at_sp, register("xmm6")], "movsd.64 of 64 bits, aligned to 1"),
        ("movsd", [register("xmm6"), at_sp], "movsd.load of 64 bits, aligned to 1"),
        ("movq", [at_sp, register("xmm6")], "movq of 64 bits, aligned to 1"),
        ("movss", [at_sp, register("xmm6")], "movss.32 of 32 bits, aligned to 1"),
        ("movd", [register("xmm6"), at_sp], "movd of 32 bits, aligned to 1"),
    ] {
        let template = decoder.template(mnemonic, &operands).unwrap_or_else(|e| panic!("{mnemonic}: {e}"));
        let row = machine.instructions.get_index(usize::from(template.decoded.row.0));
        let memory = template.decoded.operands.iter().find_map(|operand| match operand {
            Operand::Memory(memory) => Some((memory.bits, memory.align)),
            _ => None,
        });
        let (bits, align) = memory.expect("an operand in memory");
        let found = format!("{} of {bits} bits, aligned to {align}", row.map_or("", |(name, _)| name));
        assert_eq!(found, expected, "{mnemonic} {operands:?}");
        assert!(template.numbers.len() == 1 && template.numbers[0].displacement);
    }
    let template = decoder.template("sub", &[register("rsp"), StepOperand::Number]).expect("a subtraction");
    assert_eq!(template.decoded.operands[1], Operand::Immediate { value: 0, bits: 64 });
    assert!(!template.numbers[0].displacement && template.numbers[0].least == -(1 << 31));
    assert!(decoder.template("subtract", &[]).is_err() && decoder.template("sub", &[]).is_err());
}

#[test]
fn what_a_row_stores_is_told() {
    let machine = Spec::embedded().machine("x86_64").expect("the machine");
    let stores = |bytes: &[u8]| {
        let effects = Effects::of_row(machine, &decode(bytes).1.expect("a row"));
        let extents = effects.stores.iter().map(|store| (store.address.is_some(), store.extent));
        extents.collect::<Vec<_>>()
    };
    assert_eq!(stores(&[0x48, 0x89, 0x07]), [(true, Extent::Bytes(8))], "mov [rdi], rax");
    assert_eq!(stores(&[0x88, 0x07]), [(true, Extent::Bytes(1))], "mov [rdi], al");
    assert_eq!(stores(&[0x48, 0x8b, 0x07]), [], "mov rax, [rdi]");
    assert_eq!(stores(&[0x50]), [(false, Extent::Bytes(1))], "push rax: somewhere");
}
