//! Which of two errors is told, where one call was tried in two places.

use std::cmp::Reverse;
use std::time::Duration;

use crate::error::Error;
use crate::error::Kind;

/// The error to go on with, of one that came `before` and the `last` one.
///
/// Whoever may try again decides by it, so that one which may pass goes before one that stays, and among those the one that
/// asks for the shorter wait. Then a reason goes before being merely unavailable, which is also what is said of an endpoint
/// that was not asked at all. Otherwise the news is better than what is known.
pub(super) fn more_telling(before: Error, last: Error) -> Error {
    if rank(&before) > rank(&last) { before } else { last }
}

fn rank(error: &Error) -> (bool, Reverse<Duration>, bool) {
    let is_transient = error.is_transient();
    let wait = error.retry_after().filter(|_| is_transient).unwrap_or_default();
    (is_transient, Reverse(wait), error.kind() != Kind::UpstreamUnavailable)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::more_telling;
    use crate::error::Error;
    use crate::error::Kind;

    #[test]
    fn what_may_pass_goes_before_what_stays_and_a_reason_before_none() {
        let unavailable = || Error::new(Kind::UpstreamUnavailable, "passes");
        let timeout = || Error::new(Kind::UpstreamTimeout, "passes");
        let limited = || Error::new(Kind::UpstreamRateLimited, "waits").with_retry_after(Duration::from_mins(1));
        let refused = || Error::new(Kind::UpstreamCredentials, "stays");
        let shut = || unavailable().with_retry(false).with_retry_after(Duration::from_secs(3));
        for (one, other) in
            [(unavailable(), refused()), (timeout(), unavailable()), (unavailable(), limited()), (refused(), shut())]
        {
            let kind = one.kind();
            assert_eq!(more_telling(one, other).kind(), kind);
        }
        for (one, other) in
            [(refused(), unavailable()), (unavailable(), timeout()), (limited(), unavailable()), (shut(), refused())]
        {
            let kind = other.kind();
            assert_eq!(more_telling(one, other).kind(), kind);
        }
        let news = Error::new(Kind::UpstreamUnavailable, "news");
        assert_eq!(more_telling(unavailable(), news).message(), "news");
    }
}
