//! Times as the contract carries them.

use std::time::Duration;

/// A time that has to be there and must not be negative.
pub(crate) fn time(wire: Option<prost_types::Duration>) -> Duration {
    wire.unwrap().try_into().unwrap()
}

/// The same to the nearest sample of 24 kHz.
pub(crate) fn sample(wire: Option<prost_types::Duration>) -> usize {
    usize::try_from((time(wire).as_nanos() * 24_000 + 500_000_000) / 1_000_000_000).unwrap()
}

/// A time to ask for.
pub(crate) fn wire(duration: Duration) -> prost_types::Duration {
    duration.try_into().unwrap()
}
