//! How a store runs its programs.

use framewright_spec::RegSet;

/// Which code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The reference interpreter; no machine code.
    Interp,
    /// Tier-0 code only.
    Tier0,
    /// Optimized code only, compiled before a program starts.
    Opt,
    /// Tier-0 code, from which hot loops and hot functions go over to optimized code.
    Auto,
}

/// All choices of a store.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which code runs.
    pub tier: Tier,
    /// The calling convention of compiled functions; without one, the first that is declared for this machine.
    pub abi: Option<String>,
    /// Passes of a loop in one activation before its patchpoint fires.
    pub osr_threshold: u32,
    /// Calls of a function before it is compiled anew.
    pub call_threshold: u32,
    /// Only this loop's patchpoint fires, at its first pass: function by name or index, number of the loop.
    pub osr_at: Option<(String, u32)>,
    /// What is proven of code before it runs.
    pub proofs: Proofs,
    /// Fault-finding.
    pub stress: Stress,
    /// Whether the observer is told of every transition (slower) or of the first to each method.
    pub trace: bool,
}

/// What is proven of each piece of code before it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proofs {
    /// Everything, from its bytes.
    #[default]
    Each,
    /// Its frame for all sizes, once for all pieces; the piece is compared with that, and of its body it is *assumed*
    /// that it keeps the frame. A tenth of the pieces is proven by itself as well; so is each piece whose frame is not
    /// proven for all sizes.
    Sizes {
        /// Which tenth, together with the pieces' bytes.
        seed: u64,
    },
}

/// Fault-finding: unlikely things made likely, the same for the same seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stress {
    /// When patchpoints fire.
    pub osr: StressOsr,
    /// Which registers code saves.
    pub saves: Saves,
    /// What randomness starts from.
    pub seed: u64,
}

/// Which registers code saves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Saves {
    /// Those it needs to.
    #[default]
    Needed,
    /// Those and random others.
    Random,
    /// Those and the others of a set that the frame may save.
    With(RegSet),
}

/// When patchpoints fire under stress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StressOsr {
    /// At the threshold.
    #[default]
    Threshold,
    /// At the first arrival.
    Every,
    /// At random arrivals, so that later loops of a function have their turn.
    Random,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            tier: Tier::Auto,
            abi: None,
            osr_threshold: 1000,
            call_threshold: 500,
            osr_at: None,
            proofs: Proofs::default(),
            stress: Stress::default(),
            trace: false,
        }
    }
}

impl Config {
    /// What patchpoint counters start from.
    pub fn osr_counter(&self) -> u32 {
        match self.tier {
            Tier::Interp | Tier::Tier0 | Tier::Opt => u32::MAX,
            Tier::Auto if self.osr_at.is_some() || self.stress.osr != StressOsr::Threshold => 1,
            Tier::Auto => self.osr_threshold.max(1),
        }
    }

    /// What call counters start from.
    pub fn call_counter(&self) -> u32 {
        // Under stress or with one loop chosen, functions stay in tier-0, so that their loops are what is seen.
        let chosen = self.osr_at.is_some() || self.stress.osr != StressOsr::Threshold;
        if self.tier == Tier::Auto && !chosen { self.call_threshold.max(1) } else { u32::MAX }
    }
}

impl std::str::FromStr for Tier {
    type Err = String;

    fn from_str(text: &str) -> Result<Tier, String> {
        match text {
            "interp" => Ok(Tier::Interp),
            "tier0" => Ok(Tier::Tier0),
            "opt" => Ok(Tier::Opt),
            "auto" => Ok(Tier::Auto),
            _ => Err(format!("`{text}` is none of interp, tier0, opt, auto")),
        }
    }
}

impl std::str::FromStr for Proofs {
    type Err = String;

    fn from_str(text: &str) -> Result<Proofs, String> {
        match text.split_once(",seed=") {
            None if text == "each" => Ok(Proofs::Each),
            None if text == "sizes" => Ok(Proofs::Sizes { seed: 0 }),
            Some(("sizes", n)) => {
                let seed = n.parse().map_err(|_| format!("`{n}` is not a seed"))?;
                Ok(Proofs::Sizes { seed })
            }
            _ => Err(format!("`{text}` is none of each, sizes, sizes,seed=N")),
        }
    }
}

impl Proofs {
    /// One in so many pieces that are compared is proven by itself too.
    const EACH: u64 = 10;

    /// Whether a piece of code is to be proven by itself.
    pub fn chooses(&self, bytes: &[u8]) -> bool {
        match *self {
            Proofs::Each => true,
            Proofs::Sizes { seed } => {
                let bytes: Vec<u64> = bytes.iter().map(|&byte| byte.into()).collect();
                scramble(&[seed, scramble(&bytes)]).is_multiple_of(Proofs::EACH)
            }
        }
    }
}

impl std::str::FromStr for Stress {
    type Err = String;

    fn from_str(text: &str) -> Result<Stress, String> {
        let mut stress = Stress::default();
        for item in text.split(',').filter(|item| !item.is_empty()) {
            match item.split_once('=') {
                Some(("osr", "every")) => stress.osr = StressOsr::Every,
                Some(("osr", "random")) => stress.osr = StressOsr::Random,
                Some(("saves", "random")) => stress.saves = Saves::Random,
                Some(("seed", n)) => stress.seed = n.parse().map_err(|_| format!("`{n}` is not a seed"))?,
                _ => return Err(format!("`{item}` is none of osr=every, osr=random, saves=random, seed=N")),
            }
        }
        Ok(stress)
    }
}

/// A number that looks random and is the same for the same key: splitmix64 over its parts.
pub fn scramble(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stress_is_read_and_refused() {
        let stress = "osr=every,saves=random,seed=7".parse();
        assert_eq!(stress, Ok(Stress { osr: StressOsr::Every, saves: Saves::Random, seed: 7 }));
        assert!("osr=sometimes".parse::<Stress>().is_err());
        assert!("seed=x".parse::<Stress>().is_err());
    }

    #[test]
    fn proofs_are_read_and_choose_a_tenth() {
        assert_eq!("each".parse(), Ok(Proofs::Each));
        assert_eq!("sizes".parse(), Ok(Proofs::Sizes { seed: 0 }));
        assert_eq!("sizes,seed=7".parse(), Ok(Proofs::Sizes { seed: 7 }));
        for wrong in ["", "none", "each,seed=1", "sizes,seed=x"] {
            assert!(wrong.parse::<Proofs>().is_err(), "{wrong}");
        }
        let chosen = |seed| -> Vec<u32> {
            (0..1000_u32).filter(|n| Proofs::Sizes { seed }.chooses(&n.to_le_bytes())).collect()
        };
        assert!((60..140).contains(&chosen(1).len()), "{}", chosen(1).len());
        assert_ne!(chosen(1), chosen(2));
        assert!(Proofs::Each.chooses(&[]));
    }

    #[test]
    fn scrambling_depends_on_every_part() {
        assert_ne!(scramble(&[1, 2]), scramble(&[2, 1]));
        assert_eq!(scramble(&[1, 2]), scramble(&[1, 2]));
    }
}
