//! Signed addresses: `address.sign_K`, `address.authenticate_K` with a modifier and a key K, `address.strip`; `address.tag`, the
//! same address with a tag that accesses do not look at.
//!
//! No key is known, so one is made up: the signature is a number made of the modifier and the key's name, over the
//! upper 16 bits. To authenticate is to take it away again; with another modifier or key another address comes out, as
//! on a machine whose failures are not faults.

use super::Bits;

/// Bits below the signature. The uppermost of them says what is above an address without one.
const ADDRESS_BITS: u32 = 48;

/// The value of the function, or `None` if there is none of that name and arguments.
pub(super) fn apply(name: &str, args: &[Bits]) -> Option<u128> {
    let operation = name.strip_prefix("address.")?;
    match (operation.split_once('_'), args) {
        (Some(("sign" | "authenticate", key)), [address, modifier]) => {
            Some(address.value ^ signature(modifier.value as u64, key))
        }
        (None, [address]) if operation == "strip" => {
            let unused = 64 - ADDRESS_BITS;
            Some(u128::from(((address.value as u64) << unused) as i64 as u64 >> unused))
        }
        (None, [address]) if operation == "tag" => Some(address.value),
        _ => None,
    }
}

/// Never 0.
fn signature(modifier: u64, key: &str) -> u128 {
    let mixed = key.bytes().fold(modifier, |mixed, byte| {
        (mixed ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    u128::from((mixed >> ADDRESS_BITS) | 1) << ADDRESS_BITS
}
