//! Answers of before, stored beside the tests.

use std::path::Path;

/// Whether what is found is what a file has; `BLESS=1` writes the file anew.
///
/// # Errors
/// The first line that differs.
pub(crate) fn compare(path: &Path, found: &str) -> Result<(), String> {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, found).expect("the answers are written");
    }
    let before = std::fs::read_to_string(path).expect("the answers of before");
    if found == before {
        return Ok(());
    }
    let number = found.lines().zip(before.lines()).take_while(|(found, before)| found == before).count();
    let [now, then] = [found, &before].map(|text| text.lines().nth(number).unwrap_or("the end"));
    let path = path.display();
    Err(format!("line {} of {path} was\n{then}\nand is\n{now}\nBLESS=1 writes it anew", number + 1))
}
