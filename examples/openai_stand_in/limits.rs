//! Rate limits as token buckets, and the headers that tell of them.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use super::catalogue::Family;
use super::options::Options;
use super::refusal::Refusal;
use super::refusal::rate_limit_message;

/// Limits of the large organization whose answers were recorded; told in headers unless knobs set others.
const USUAL_REQUESTS: u32 = 30_000;
const USUAL_TOKENS: u32 = 150_000_000;

/// The buckets of every family.
pub(crate) struct Limits {
    requests: (u32, bool),
    tokens: (u32, bool),
    families: Mutex<HashMap<String, (Bucket, Bucket)>>,
}

/// What the `x-ratelimit-*` headers tell of one resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u64,
    /// Until the bucket is full again.
    pub(crate) reset: Duration,
}

/// Both resources after a request was counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standings {
    pub(crate) requests: Standing,
    pub(crate) tokens: Standing,
}

impl Limits {
    /// Full buckets; limits are enforced only where an option sets them.
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            requests: (options.rpm.unwrap_or(USUAL_REQUESTS), options.rpm.is_some()),
            tokens: (options.tpm.unwrap_or(USUAL_TOKENS), options.tpm.is_some()),
            families: Mutex::default(),
        }
    }

    /// Counts a request of `characters` code points; the error is the 429 to answer with.
    ///
    /// Recorded headers show that tokens are estimated from the text alone, at about four characters each.
    pub(crate) fn take(&self, family: Family, model: &str, characters: usize) -> Result<Standings, Refusal> {
        let estimate = u32::try_from(characters.div_ceil(4)).unwrap_or(u32::MAX);
        self.with(name_of(family), |requests, tokens| {
            let of_requests = requests.take(1);
            let of_tokens = if family.bills_tokens() { tokens.take(estimate) } else { Ok(()) };
            let refused = |unit, limit: u32, amount: u32, wait| {
                Err(Refusal::rate_limit(unit, model, limit.into(), amount.into(), wait))
            };
            match (of_requests, of_tokens) {
                (Err(wait), _) => refused(("requests", "RPM"), requests.limit, 1, wait),
                (_, Err(wait)) => refused(("tokens", "TPM"), tokens.limit, estimate, wait),
                _ => Ok(Standings { requests: requests.standing(), tokens: tokens.standing() }),
            }
        })
    }

    /// Counts a realtime response that reserves `reserved` tokens; the error is the text that refuses it.
    pub(crate) fn take_response(&self, model: &str, reserved: u32) -> Result<(), String> {
        self.with(model, |requests, tokens| {
            let refused = |unit, limit: u32, amount: u32, wait| {
                rate_limit_message(unit, model, limit.into(), amount.into(), wait)
            };
            requests.take(1).map_err(|wait| refused(("requests", "RPM"), requests.limit, 1, wait))?;
            tokens.take(reserved).map_err(|wait| refused(("tokens", "TPM"), tokens.limit, reserved, wait))
        })
    }

    /// How things stand without counting anything.
    pub(crate) fn look(&self, family: Family) -> Standings {
        self.look_at(name_of(family))
    }

    /// How things stand for a realtime model.
    pub(crate) fn look_at(&self, model: &str) -> Standings {
        self.with(model, |requests, tokens| {
            requests.refill();
            tokens.refill();
            Standings { requests: requests.standing(), tokens: tokens.standing() }
        })
    }

    /// Fills every bucket.
    pub(crate) fn reset(&self) {
        self.families.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn with<T>(&self, name: &str, use_buckets: impl FnOnce(&mut Bucket, &mut Bucket) -> T) -> T {
        let mut families = self.families.lock().unwrap_or_else(PoisonError::into_inner);
        let (requests, tokens) =
            families.entry(name.to_owned()).or_insert_with(|| (Bucket::full(self.requests), Bucket::full(self.tokens)));
        use_buckets(requests, tokens)
    }
}

fn name_of(family: Family) -> &'static str {
    match family {
        Family::Tts1 => "tts-1",
        Family::Tts1Hd => "tts-1-hd",
        Family::MiniTts => "gpt-4o-mini-tts",
    }
}

/// A bucket that fills evenly: its reset times are those of the recordings (1 of 30,000 per minute: 2 ms).
struct Bucket {
    limit: u32,
    enforced: bool,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn full((limit, enforced): (u32, bool)) -> Self {
        Self { limit, enforced, level: f64::from(limit), at: Instant::now() }
    }

    fn per_second(&self) -> f64 {
        f64::from(self.limit) / 60.0
    }

    fn refill(&mut self) {
        let now = Instant::now();
        let gained = now.duration_since(self.at).as_secs_f64() * self.per_second();
        self.level = (self.level + gained).min(f64::from(self.limit));
        self.at = now;
    }

    /// Takes `amount`, or tells how long until it is there; what is not enforced only runs empty.
    fn take(&mut self, amount: u32) -> Result<(), Duration> {
        self.refill();
        let missing = f64::from(amount) - self.level;
        if self.enforced && missing > 0.0 {
            return Err(Duration::from_secs_f64(missing / self.per_second()));
        }
        self.level = (self.level - f64::from(amount)).max(0.0);
        Ok(())
    }

    fn standing(&self) -> Standing {
        let missing = f64::from(self.limit) - self.level;
        Standing {
            limit: self.limit,
            remaining: whole(self.level),
            reset: Duration::from_secs_f64(missing / self.per_second()),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a level is within 0 and a u32 limit")]
fn whole(level: f64) -> u64 {
    level as u64
}

/// A duration as Go prints it, in whole milliseconds: `0s`, `120ms`, `2.4s`, `6m0s`.
pub(crate) fn go_duration(duration: Duration) -> String {
    let milliseconds = (duration.as_micros() + 500) / 1000;
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    match (seconds, rest) {
        (0, 0) => "0s".into(),
        (0, rest) => format!("{rest}ms"),
        _ => {
            let minutes = seconds / 60;
            let fraction = format!("{}.{rest:03}", seconds % 60);
            let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{fraction}s"),
                (0, minutes) => format!("{minutes}m{fraction}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{fraction}s"),
            }
        }
    }
}
