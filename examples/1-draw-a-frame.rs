//! Draws a frame of your own: a few lines of `.fw`, laid out for the registers and sizes you choose.
//!
//! `cargo run --example draw_a_frame`

use framewright_spec::lang::Source;
use framewright_spec::{Shape, Spec};

const MY_FRAME: &str = r#"
frame leaf_with_buffer {
  why "No frame pointer: the saves first, then a buffer; SP is the only base"
  abi sysv
  set saved within callee_saved
  size buffer
  scratch {}

  region return_address: return_address of 8
  region saves: saves(saved, descending) of 8 * count(saved)
  region buffer: body of buffer align 16

  let adjust = total - 8 - 8 * count(saved)

  prolog {
    for r in saved descending { push r }
    if adjust { sub rsp, adjust }
  }

  epilog {
    if adjust { add rsp, adjust }
    for r in saved ascending { pop r }
    ret
  }
}
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = Spec::load(&[Source::new("my-frame.fw", MY_FRAME)])?;
    let machine = spec.machine_of_frame("leaf_with_buffer")?;
    let mut shape = Shape::default();
    let saved = ["rbx", "r12", "r15"].iter().filter_map(|name| machine.reg(name)).collect();
    shape.sets.insert("saved".to_owned(), saved);
    shape.sizes.insert("buffer".to_owned(), 100);
    print!("{}", framewright_spec::explain::explain(&spec, "leaf_with_buffer", Some(&shape))?);
    Ok(())
}
