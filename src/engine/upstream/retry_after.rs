//! How long an answer asks us to wait.

use std::time::Duration;
use std::time::SystemTime;

use http::HeaderMap;

/// Longest wait believed; a header that asks for more is a mistake or an outage, and either way not a matter of waiting.
const LONGEST: Duration = Duration::from_hours(24);

/// Reads `retry-after-ms`, which is finer and OpenAI's own, else `retry-after` in seconds or as a date (RFC 9110, 10.2.3).
///
/// The sentence "Please try again in 2.4s" in some messages is not read: wording is not an interface.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let milliseconds = text("retry-after-ms").and_then(|value| seconds(value, 1_000.0));
    let wait = milliseconds.or_else(|| {
        let value = text("retry-after")?;
        seconds(value, 1.0).or_else(|| {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        })
    });
    wait.map(|wait| wait.min(LONGEST))
}

fn seconds(value: &str, units_per_second: f64) -> Option<Duration> {
    let seconds = value.parse::<f64>().ok()? / units_per_second;
    Duration::try_from_secs_f64(seconds).ok().or_else(|| (seconds > 0.0).then_some(LONGEST))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::time::Duration;
    use std::time::SystemTime;

    use http::HeaderMap;
    use http::HeaderName;

    use super::LONGEST;
    use super::retry_after;

    fn wait(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
        retry_after(&headers, now)
    }

    #[test]
    fn the_finer_header_wins() {
        assert_eq!(wait(&[("retry-after", "1"), ("retry-after-ms", "120.5")]), Some(Duration::from_micros(120_500)));
        assert_eq!(wait(&[("retry-after", "2")]), Some(Duration::from_secs(2)));
        assert_eq!(wait(&[("retry-after", "2"), ("retry-after-ms", "soon")]), Some(Duration::from_secs(2)));
        assert_eq!(wait(&[]), None);
    }

    #[test]
    fn a_date_counts_from_now_and_never_back() {
        assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")]), Some(Duration::from_secs(3)));
        assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")]), Some(Duration::ZERO));
    }

    #[test]
    fn nonsense_is_no_wait_and_ages_are_cut() {
        for nonsense in ["-1", "NaN", "later", ""] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
        assert_eq!(wait(&[("retry-after", "1e300")]), Some(LONGEST));
        assert_eq!(wait(&[("retry-after", "inf")]), Some(LONGEST));
    }
}
