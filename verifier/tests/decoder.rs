//! What the decoder makes of bytes: rows and operands, or a clean refusal.

use framewright_spec::{CodeOffset, Spec};
use framewright_verifier::decoded::{Base, Decoded, Operand, Unsupported};
use framewright_verifier::target;

fn decode(bytes: &[u8]) -> (&'static str, Result<Decoded, Unsupported>) {
    let machine = Spec::embedded().machine("x86_64").expect("the machine");
    let decoder = target::decoder(machine).expect("an adapter");
    let decoded = decoder.decode(bytes, CodeOffset(0));
    let row = decoded.as_ref().ok().and_then(|d| machine.instructions.get_index(usize::from(d.row.0)));
    (row.map_or("", |(name, _)| name), decoded)
}

#[test]
fn a_row_is_found_by_mnemonic_and_form() {
    let forms: [(&[u8], &str); 12] = [
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
    ];
    for (bytes, row) in forms {
        assert_eq!(decode(bytes).0, row, "{bytes:02x?}");
    }
}

#[test]
fn what_shares_a_mnemonic_but_not_the_meaning_is_refused() {
    let refused: [(&[u8], &str); 13] = [
        (&[0xf0, 0x48, 0x01, 0x07], "lock prefix"),
        (&[0xf3, 0xa5], "repeat prefix"),
        (&[0xa5], "segment"),
        (&[0x64, 0x48, 0x8b, 0x07], "segment prefix"),
        (&[0x67, 0x48, 0x8b, 0x07], "32-bit address"),
        (&[0x8f, 0x04, 0x24], "operand relative to SP"),
        (&[0x48, 0x0f, 0xa3, 0x07], "bit string"),
        (&[0x66, 0xc3], "16-bit return"),
        (&[0xff, 0x2f], "far branch"),
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
