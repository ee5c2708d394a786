//! Identifiers in the form of the service: a prefix, the second of their making, and chance.

use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use super::random::BASE62;
use super::random::Dice;

/// Ids count seconds from 2019-12-20T00:00:00Z in their first five digits, as those of recorded sessions do.
const EPOCH: u64 = 1_576_800_000;
/// Digits that tell the second.
const CLOCK_DIGITS: usize = 5;
/// Digits behind them.
const CHANCE_DIGITS: usize = 16;

/// Makes the ids of one session.
pub(crate) struct Names {
    dice: Dice,
    /// xAI's ids are UUIDs without a prefix.
    uuid: bool,
}

impl Names {
    /// The names of the `number`th session of a run started with `seed`.
    pub(crate) fn new(seed: u64, number: usize, uuid: bool) -> Self {
        // Responses draw from the low indices; sessions count down from the top.
        Self { dice: Dice::new(seed, u64::MAX - u64::try_from(number).unwrap_or(0)), uuid }
    }

    /// A new id: `resp_E6U0utdfn8rQdwHYPNrmv` for the prefix `resp`.
    pub(crate) fn make(&mut self, prefix: &str) -> String {
        if self.uuid {
            let hex = self.dice.hex32();
            return format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        }
        format!("{prefix}_{}{}", clock(unix_seconds().saturating_sub(EPOCH)), self.dice.base62(CHANCE_DIGITS))
    }

    /// Random letters to hide the length of a text delta: they fill it up to a multiple of 16.
    pub(crate) fn obfuscation(&mut self, delta: &str) -> String {
        self.dice.base62(16 - delta.chars().count() % 16)
    }
}

/// Seconds since 1970.
pub(crate) fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn clock(mut seconds: u64) -> String {
    let mut digits = ['0'; CLOCK_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = char::from(BASE62[usize::try_from(seconds % 62).unwrap_or(0)]);
        seconds /= 62;
    }
    digits.iter().collect()
}
