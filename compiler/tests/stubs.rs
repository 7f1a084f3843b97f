//! The stubs as assembly. `UPDATE_EXPECT=1` rewrites the expected listings.

use expect_test::expect_file;
use framewright_compiler::ir::Type::{self, F32, F64, I32, I64};
use framewright_compiler::stubs::{entry_stub, host_stub};
use framewright_compiler::wasm::module::FuncType;
use framewright_spec::Spec;

mod listing;

fn both(params: &[Type], results: &[Type]) -> String {
    let ty = FuncType { params: params.to_vec(), results: results.to_vec() };
    let spec = Spec::embedded();
    let entry = entry_stub(spec.convention("sysv").expect("declared"), &ty).expect("valid");
    assert_eq!(entry.claim.landings.len(), 1);
    let host = host_stub(spec.convention("sysv").expect("declared"), &ty).expect("valid");
    assert_eq!(host.traps.len(), 1);
    format!("{}{}", listing::listing(&entry), listing::listing(&host))
}

#[test]
fn few_values_travel_in_registers() {
    expect_file!["stubs/few.txt"].assert_eq(&both(&[I32, F64, I64], &[F32]));
    expect_file!["stubs/none.txt"].assert_eq(&both(&[], &[]));
}

#[test]
fn many_values_travel_on_the_stack_and_in_the_buffer() {
    let params = [I32, I64, I32, I64, I32, I64, F32, I32];
    let results = [I64, I32, I64, F32, F64, F64];
    expect_file!["stubs/many.txt"].assert_eq(&both(&params, &results));
}

#[test]
fn as_many_values_as_a_signature_may_have() {
    let all: Vec<Type> = [I32, I64, F32, F64].into_iter().cycle().take(1000).collect();
    let text = both(&all, &all);
    assert!(text.lines().count() > 4000);
}
