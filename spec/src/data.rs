//! The specification that comes with the crate, as texts.

use crate::{Source, Spec};

macro_rules! texts {
    ($($path:literal)*) => {
        [$(($path, include_str!(concat!("../", $path)))),*]
    };
}

impl Spec {
    /// The embedded texts, under their paths in the crate.
    pub fn embedded_sources() -> Vec<Source> {
        let texts = texts! {
            "targets/x86_64/registers.fw"
            "targets/x86_64/instructions.fw"
            "abis/sysv.fw"
            "platforms/linux_x86_64.fw"
            "frames/native.fw"
            "frames/ryujit.fw"
        };
        texts.into_iter().map(|(name, text)| Source::new(format!("spec/{name}"), text)).collect()
    }
}
