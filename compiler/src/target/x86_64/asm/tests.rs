//! The assembler against the decoder.

use super::*;
use iced_x86::{Decoder, DecoderOptions, Formatter, IntelFormatter};

/// The code part as text, one instruction a line, addresses in hexadecimal.
fn listing(assembled: &Assembled) -> String {
    let code = &assembled.bytes[..assembled.data.0 as usize];
    let mut formatter = IntelFormatter::new();
    formatter.options_mut().set_branch_leading_zeros(false);
    let mut text = String::new();
    for instruction in Decoder::with_ip(64, code, 0, DecoderOptions::NONE).iter() {
        text.push_str(&format!("{:02x} ", instruction.ip()));
        formatter.format(&instruction, &mut text);
        text.push('\n');
    }
    text
}

#[test]
fn labels_bind_forwards_backwards_and_in_front() {
    let mut asm = Asm::new("f");
    let (top, end) = (asm.label(), asm.label());
    asm.bind(top);
    asm.jcc(Code::Je_rel32_64, end);
    asm.jmp(top);
    asm.bind(end);
    asm.op0(Code::Retnq);
    let tail = asm.split();
    asm.rr(Code::Xor_r32_rm32, Register::EAX, Register::EAX);
    asm.jmp(end);
    asm.join(tail);
    let listed = listing(&asm.finish().expect("no fault"));
    expect_test::expect![[r#"
        00 xor eax,eax
        02 jmp 0Fh
        07 je 0Fh
        0d jmp short 7
        0f ret
    "#]]
    .assert_eq(&listed);
}

#[test]
fn data_holds_each_constant_once_and_tables_relative_to_themselves() {
    let mut asm = Asm::new("f");
    let (a, b) = (asm.label(), asm.label());
    let table = asm.table(vec![a, b, a]);
    asm.emit_reference(Instruction::with2(Code::Lea_r64_m, Register::RCX, asm.reference()), table);
    asm.table_jump(table, Register::RCX);
    asm.bind(a);
    let four = asm.constant(4, 0x3f80_0000);
    let eight = asm.constant(8, 0x3ff0_0000_0000_0000);
    assert_eq!(asm.constant(4, 0x3f80_0000), four);
    let load = Instruction::with2(Code::Movsd_xmm_xmmm64, Register::XMM0, asm.reference());
    asm.emit_reference(load, eight);
    asm.bind(b);
    asm.op0(Code::Retnq);
    let out = asm.finish().expect("no fault");
    assert_eq!((out.offset(eight).0 % 8, out.offset(four).0 % 4), (0, 0));
    assert_eq!(out.bytes.len() as u32, out.offset(table).0 + 12);
    let table_at = out.offset(table).0;
    let entry = |i: u32| {
        let at = (table_at + 4 * i) as usize;
        let bytes = out.bytes[at..at + 4].try_into().expect("no fault");
        table_at.wrapping_add_signed(i32::from_le_bytes(bytes))
    };
    assert_eq!([entry(0), entry(1), entry(2)], [out.offset(a).0, out.offset(b).0, out.offset(a).0]);
    assert_eq!(out.jump_tables, [JumpTable { jump: CodeOffset(7), table: CodeOffset(table_at), entries: 3 }]);
}

#[test]
fn traps_are_placed_after_the_code_and_listed_by_address() {
    let mut asm = Asm::new("f");
    let overflow = asm.trap_label(TrapCode::IntegerOverflow, 7);
    asm.jcc(Code::Jo_rel32_64, overflow);
    asm.trap(TrapCode::Unreachable, 9);
    asm.op0(Code::Retnq);
    let out = asm.finish().expect("no fault");
    let site = |at, code, wasm_offset| TrapSite { at: CodeOffset(at), code, wasm_offset };
    assert_eq!(out.traps, [site(6, TrapCode::Unreachable, 9), site(9, TrapCode::IntegerOverflow, 7)]);
}

#[test]
fn faults_are_reported_at_the_end() {
    let mut asm = Asm::new("f");
    let label = asm.label();
    asm.jmp(label);
    assert!(asm.finish().expect_err("a fault").to_string().contains("never bound"));
    let mut asm = Asm::new("f");
    asm.rr(Code::Add_r32_rm32, Register::XMM0, Register::EAX);
    assert!(matches!(asm.finish(), Err(CompileError::Internal { phase: "assembler", .. })));
}

#[test]
fn code_past_the_limit_is_an_error() {
    let mut asm = Asm::new("f");
    asm.length = LIMIT_BYTES - 1;
    asm.op0(Code::Retnq);
    asm.op0(Code::Retnq);
    assert!(matches!(asm.finish(), Err(CompileError::Limit { .. })));
}
