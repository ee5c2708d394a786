//! The caller's deadline, which tonic enforces only up to the response head.

use std::time::Duration;

use tonic::metadata::MetadataMap;

/// tonic answers CANCELLED when its own timer for the response head fires. Ours fires a moment earlier, so that the
/// caller gets `DEADLINE_EXCEEDED` with its details.
const HEAD_START: Duration = Duration::from_millis(2);

/// The timeout that the caller sent in `grpc-timeout`
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>), a little shortened; `None` if there is none.
pub(super) fn timeout(metadata: &MetadataMap) -> Option<Duration> {
    let timeout = parse(metadata.get("grpc-timeout")?.to_str().ok()?)?;
    Some(timeout.saturating_sub(HEAD_START))
}

fn parse(value: &str) -> Option<Duration> {
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(amount * 60 * 60)),
        "M" => Some(Duration::from_secs(amount * 60)),
        "S" => Some(Duration::from_secs(amount)),
        "m" => Some(Duration::from_millis(amount)),
        "u" => Some(Duration::from_micros(amount)),
        "n" => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn reads_every_unit_and_refuses_the_rest() {
        assert_eq!(parse("2H"), Some(Duration::from_hours(2)));
        assert_eq!(parse("3M"), Some(Duration::from_mins(3)));
        assert_eq!(parse("4S"), Some(Duration::from_secs(4)));
        assert_eq!(parse("300m"), Some(Duration::from_millis(300)));
        assert_eq!(parse("5u"), Some(Duration::from_micros(5)));
        assert_eq!(parse("99999999n"), Some(Duration::from_nanos(99_999_999)));
        for wrong in ["", "S", "1", "-1S", "1.5S", "123456789S", "1s", "1ü"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
