//! The specification that comes with the crate, as texts. `build.rs` lists the files.

use crate::{Source, Spec};

const TEXTS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/sources.rs"));

impl Spec {
    /// The embedded texts, under their paths in the crate, sorted by path.
    pub fn embedded_sources() -> Vec<Source> {
        TEXTS.iter().map(|&(name, text)| Source::new(format!("spec/{name}"), text)).collect()
    }
}
