//! What one call has spent so far, counted where it is spent and read at the end, also when the end is an error.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use super::Tokens;

/// Upstream request ids kept per call; a call with more segments keeps the first.
const MAX_REQUEST_IDS: usize = 64;

/// The running account of one call, or one utterance of it, shared by its segments.
#[derive(Debug, Default)]
pub struct Ledger {
    upstream_calls: AtomicU32,
    retries: AtomicU32,
    hedges: AtomicU32,
    tokens: Mutex<Tokens>,
    synthesized_chars: AtomicU64,
    estimated: AtomicU32,
    reported: AtomicU32,
    request_ids: Mutex<Vec<String>>,
    /// Where everything is booked once more.
    whole: Option<Arc<Ledger>>,
}

impl Ledger {
    /// The account of a part of what `whole` is the account of: whatever is booked here is booked there too.
    #[must_use]
    pub fn part_of(whole: &Arc<Self>) -> Self {
        Self { whole: Some(Arc::clone(whole)), ..Self::default() }
    }

    /// One request was sent to an upstream.
    pub fn count_upstream_call(&self) {
        if let Some(whole) = &self.whole {
            whole.count_upstream_call();
        }
        self.upstream_calls.fetch_add(1, Ordering::Relaxed);
    }

    /// One request is being sent again.
    pub fn count_retry(&self) {
        if let Some(whole) = &self.whole {
            whole.count_retry();
        }
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    /// One request is being sent a second time while the first is still being waited for.
    pub fn count_hedge(&self) {
        if let Some(whole) = &self.whole {
            whole.count_hedge();
        }
        self.hedges.fetch_add(1, Ordering::Relaxed);
    }

    /// A segment of `chars` code points began to sound.
    pub fn count_chars(&self, chars: u64) {
        if let Some(whole) = &self.whole {
            whole.count_chars(chars);
        }
        self.synthesized_chars.fetch_add(chars, Ordering::Relaxed);
    }

    /// A segment used `tokens`, as the upstream reported them or as we estimate them.
    pub fn count_tokens(&self, tokens: Tokens, reported: bool) {
        if let Some(whole) = &self.whole {
            whole.count_tokens(tokens, reported);
        }
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).add(tokens);
        let origin = if reported { &self.reported } else { &self.estimated };
        origin.fetch_add(1, Ordering::Relaxed);
    }

    /// The upstream named its answer.
    pub fn note_request_id(&self, id: &str) {
        if let Some(whole) = &self.whole {
            whole.note_request_id(id);
        }
        let mut ids = self.request_ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.len() < MAX_REQUEST_IDS {
            ids.push(id.to_owned());
        }
    }

    /// Requests sent upstream, retries and hedges included.
    pub fn upstream_calls(&self) -> u32 {
        self.upstream_calls.load(Ordering::Relaxed)
    }

    /// Requests that were sent again.
    pub fn retries(&self) -> u32 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Requests that were sent a second time while the first was still being waited for.
    pub fn hedges(&self) -> u32 {
        self.hedges.load(Ordering::Relaxed)
    }

    /// Code points handed to engines that answered.
    pub fn synthesized_chars(&self) -> u64 {
        self.synthesized_chars.load(Ordering::Relaxed)
    }

    /// Tokens of all segments that ended.
    pub fn tokens(&self) -> Tokens {
        *self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any token count is an estimate of ours.
    pub fn has_estimates(&self) -> bool {
        self.estimated.load(Ordering::Relaxed) > 0
    }

    /// Whether any token count is there at all.
    pub fn has_tokens(&self) -> bool {
        self.has_estimates() || self.reported.load(Ordering::Relaxed) > 0
    }

    /// The upstream's names of its answers, at most 64.
    pub fn request_ids(&self) -> Vec<String> {
        self.request_ids.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
