//! tmp
use super::ast::File;
/// tmp
pub fn print(_f: &File) -> String {
    String::new()
}
