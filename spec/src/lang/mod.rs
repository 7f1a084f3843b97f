//! The language `.fw`: text to tree ([`parse`]) and back ([`print()`]). Grammar and meaning:
//! `spec/LANGUAGE.md`.
//!
//! ```text
//! text --lexer--> tokens --parser--> tree (names as written, comments kept) --load--> the model
//!                                     |
//!                                     '--print--> text
//! ```
//!
//! The tree knows nothing of registers or frames: names are resolved by the loader. `parse(print(tree)) ==
//! tree`.

pub mod ast;
mod ast_lowering;
mod lexer;
mod parse_effects;
mod parse_frame;
mod parse_lowering;
mod parser;
mod print;
mod print_lowering;
mod print_parts;
mod source;

pub use parser::parse;
pub use print::print;
pub use source::{Location, Source};
