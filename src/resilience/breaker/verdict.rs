//! What an error says about the health of the endpoint that gave it.

use std::time::Duration;

use crate::error::Error;
use crate::error::Kind;

/// How long an endpoint that asks us to slow down is spared if it does not say how long.
const DEFAULT_REST: Duration = Duration::from_secs(1);

/// What one error says about an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The endpoint failed. Several of these are needed, because anybody fails sometimes.
    Fault,
    /// The endpoint can be of no use to anybody for a while.
    Useless,
    /// The endpoint is well, and wants to be spared for this long.
    Busy(Duration),
    /// Nothing: the error is the request's, the caller's or our own.
    Nothing,
}

/// What `error` says about its endpoint; `has_begun` tells whether audio had come before it.
#[expect(clippy::match_same_arms, reason = "each group of kinds has a reason of its own")]
pub(super) fn verdict(error: &Error, has_begun: bool) -> Verdict {
    if error.original_kind() == Kind::UpstreamDeviated {
        // A model that did not read this text may well read the next, however late that was noticed.
        return Verdict::Nothing;
    }
    match error.kind() {
        // An answer that would be the same if the request were sent again, such as audio in an encoding that was not
        // asked for, is about the request: one caller's wishes must not close the endpoint to others. Once audio has
        // come, it was a clip that broke off, whatever is said about sending it again.
        Kind::UpstreamUnavailable if error.is_transient() || has_begun => Verdict::Fault,
        Kind::UpstreamUnavailable => Verdict::Nothing,
        // What a broken upstream looks like from outside.
        Kind::UpstreamTimeout | Kind::UpstreamEmptyAudio | Kind::UpstreamTruncated => Verdict::Fault,
        // No other call will fare better with this key. A firewall in front of the upstream may also answer 403 to a
        // single text, though, so that one refusal is not enough.
        Kind::UpstreamCredentials => Verdict::Fault,
        // Only the account's owner can change that, and the upstream leaves no doubt about it.
        Kind::UpstreamQuotaExhausted => Verdict::Useless,
        // Clips that were begun and not finished are no help to listeners, whatever the reason.
        Kind::UpstreamRateLimited if has_begun => Verdict::Fault,
        // The upstream is well, and some calls may still pass. Whoever has no other endpoint does better to wait as asked
        // than to be turned away; whoever has one should use it.
        Kind::UpstreamRateLimited => Verdict::Busy(error.retry_after().unwrap_or(DEFAULT_REST)),
        // Refusals of one request. They do not prove health either: a proxy may give them for a server that is down.
        Kind::UpstreamModelNotFound | Kind::UpstreamRejected | Kind::ContentRejected => Verdict::Nothing,
        Kind::UpstreamDeviated => Verdict::Nothing,
        // The caller's mistakes.
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::ClipTooLarge => Verdict::Nothing,
        // What happened in this process, or ran out in it.
        Kind::Overloaded | Kind::Draining | Kind::DeadlineExceeded | Kind::Internal => Verdict::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Verdict;
    use super::verdict;
    use crate::error::Error;
    use crate::error::Kind;

    #[test]
    fn only_what_says_something_about_the_endpoint_counts() {
        let rest = Duration::from_secs(7);
        for (kind, before, behind) in [
            (Kind::UpstreamUnavailable, Verdict::Fault, Verdict::Fault),
            (Kind::UpstreamTimeout, Verdict::Fault, Verdict::Fault),
            (Kind::UpstreamTruncated, Verdict::Fault, Verdict::Fault),
            (Kind::UpstreamCredentials, Verdict::Fault, Verdict::Fault),
            (Kind::UpstreamQuotaExhausted, Verdict::Useless, Verdict::Useless),
            (Kind::UpstreamRateLimited, Verdict::Busy(rest), Verdict::Fault),
            (Kind::UpstreamRejected, Verdict::Nothing, Verdict::Nothing),
            (Kind::UpstreamDeviated, Verdict::Nothing, Verdict::Nothing),
            (Kind::Overloaded, Verdict::Nothing, Verdict::Nothing),
            (Kind::ContentRejected, Verdict::Nothing, Verdict::Nothing),
            (Kind::Internal, Verdict::Nothing, Verdict::Nothing),
        ] {
            let error = Error::new(kind, "planned").with_retry_after(rest);
            assert_eq!((verdict(&error, false), verdict(&error, true)), (before, behind), "{kind:?}");
        }
        let unsaid = Error::new(Kind::UpstreamRateLimited, "planned");
        assert_eq!(verdict(&unsaid, false), Verdict::Busy(Duration::from_secs(1)));
    }

    #[test]
    fn an_answer_that_would_be_the_same_again_is_about_its_request() {
        let wrong = || Error::new(Kind::UpstreamUnavailable, "planned").with_retry(false);
        assert_eq!(verdict(&wrong(), false), Verdict::Nothing);
        assert_eq!(verdict(&wrong(), true), Verdict::Fault);
        assert_eq!(verdict(&wrong().after_audio(), false), Verdict::Fault);
        assert_eq!(verdict(&Error::new(Kind::UpstreamDeviated, "planned").after_audio(), true), Verdict::Nothing);
    }
}
