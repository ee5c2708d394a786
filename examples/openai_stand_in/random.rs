//! A small seeded generator, so that a run with the same seed draws the same delays and voices again.

/// The digits of the service's ids, in their order.
pub(crate) const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `SplitMix64`: one 64-bit word of state, good enough for delays and identifiers.
pub(crate) struct Dice(u64);

impl Dice {
    /// The generator of the `index`th request of a run started with `seed`.
    pub(crate) fn new(seed: u64, index: u64) -> Self {
        let mut dice = Self(seed ^ index.wrapping_mul(0xA076_1D64_78BD_642F));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or(0);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }

    /// A number between `low` and `high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// `length` letters and digits, as the ids of realtime events have.
    pub(crate) fn base62(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(BASE62[usize::try_from(self.next() % 62).unwrap_or(0)])).collect()
    }

    /// 32 lower-case hexadecimal digits, as the ids in the recorded headers have.
    pub(crate) fn hex32(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}
