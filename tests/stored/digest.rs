//! Much text as one number.

/// Of all that was told (FNV-1a).
#[derive(Default)]
pub(crate) struct Digest(pub(crate) u64);

impl Digest {
    pub(crate) fn tell(&mut self, told: &str) {
        for byte in told.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
