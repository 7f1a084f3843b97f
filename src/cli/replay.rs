//! To come.
use super::{Common, Failure};
#[derive(Debug, clap::Args)]
pub struct Args {}
pub fn run(_: &Common, _: &Args) -> Result<(), Failure> {
    Ok(())
}
