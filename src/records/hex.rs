//! Bytes as hexadecimal digits.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes, written with two lower-case digits each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hex(pub Vec<u8>);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Hex {
    type Err = String;

    fn from_str(text: &str) -> Result<Hex, String> {
        let digits = text.as_bytes();
        if !digits.len().is_multiple_of(2) {
            return Err(format!("{} hexadecimal digits are no whole bytes", digits.len()));
        }
        let digit = |at: usize| {
            let value = char::from(digits[at]).to_digit(16);
            value
                .map(|v| v as u8)
                .ok_or_else(|| format!("character {at} of the bytes is no hexadecimal digit"))
        };
        let byte = |at: usize| Ok(digit(at)? << 4 | digit(at + 1)?);
        (0..digits.len()).step_by(2).map(byte).collect::<Result<_, _>>().map(Hex)
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hex, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
