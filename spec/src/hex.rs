//! Bytes as hexadecimal text, for `#[serde(with = "framewright_spec::hex")]`.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes pairs of lower-case digits.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())
}

/// Reads pairs of digits.
///
/// # Errors
/// Anything else.
pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(d)?;
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    match digits {
        Some(digits) if digits.len().is_multiple_of(2) => {
            Ok(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
        }
        _ => Err(D::Error::custom("bytes are pairs of hexadecimal digits")),
    }
}
