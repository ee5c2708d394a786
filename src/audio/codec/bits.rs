//! Bits in a row, the highest first.

/// Collects bits into bytes.
#[derive(Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, in the lowest places; what is above them was written.
    held: u64,
    /// How many they are.
    count: u32,
}

impl Bits {
    /// Adds the `count` lowest bits of `value`, at most 32.
    pub(super) fn push(&mut self, value: u32, count: u32) {
        self.held = self.held << count | u64::from(value) & ((1 << count) - 1);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.held >> self.count & 0xFF) as u8);
        }
    }

    /// The bytes, filled up with zeros to `length` of them.
    pub(super) fn into_bytes(mut self, length: usize) -> Vec<u8> {
        self.push(0, (8 - self.count) % 8);
        self.bytes.resize(length, 0);
        self.bytes
    }
}
