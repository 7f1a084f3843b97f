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
            let upper = ((address.value as u64) << unused) as i64;
            Some(u128::from((upper >> unused) as u64))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, args: &[u64]) -> Option<u128> {
        let args: Vec<Bits> = args.iter().map(|&arg| Bits::new(arg.into(), 64)).collect();
        apply(name, &args)
    }

    #[test]
    fn a_signature_is_taken_away_by_its_modifier_and_key_alone() {
        let address = 0x0000_7fff_1234_5678;
        let signed = call("address.sign_a", &[address, 9]).expect("a function") as u64;
        assert!(signed != address && signed << 16 == address << 16);
        assert_eq!(call("address.authenticate_a", &[signed, 9]), Some(address.into()));
        for (key, modifier) in [("a", 10), ("b", 9)] {
            let name = format!("address.authenticate_{key}");
            assert_ne!(call(&name, &[signed, modifier]), Some(address.into()), "{name} {modifier}");
        }
        assert_eq!(call("address.strip", &[signed]), Some(address.into()));
        assert_eq!(call("address.strip", &[0x0012_8000_0000_0000]), Some(0xffff_8000_0000_0000));
        assert_eq!(call("address.tag", &[signed]), Some(signed.into()));
        // Never 0, and in the uppermost 16 bits only.
        for modifier in 0..200 {
            let signature = signature(modifier, "a");
            assert!(signature >> ADDRESS_BITS != 0 && signature << 80 == 0 && signature >> 64 == 0);
        }
        assert_ne!(signature(0, "a"), signature(1 << 40, "a"));
        // Every bit of the modifier counts, those that the key's name has too.
        (0..40).for_each(|bit| assert_ne!(signature(0, "a"), signature(1 << bit, "a"), "bit {bit}"));
    }

    #[test]
    fn other_names_and_arguments_have_no_value() {
        assert_eq!(call("address.strip", &[1, 2]), None);
        assert_eq!(call("address.sign_a", &[1]), None);
        assert_eq!(call("address.other", &[1]), None);
        assert_eq!(call("f64.add", &[1, 2]), None);
    }
}
