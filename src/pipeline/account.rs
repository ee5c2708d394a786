//! What a call uses and costs, booked segment by segment.
//!
//! Where an engine does not report tokens and is paid by them, they are estimated, and marked so: text by the tokenizer
//! the model is known to use, audio by what was measured on recorded answers of `gpt-4o-mini-tts` (20 tokens per second of
//! audio and about 22 per call).

use std::sync::Arc;
use std::time::Duration;

use crate::engine::catalog::Price;
use crate::pipeline::event::Cost;
use crate::pipeline::event::Usage;
use crate::speech::Ledger;
use crate::speech::Outcome;
use crate::speech::Segment;
use crate::speech::Tokens;
use crate::text;

/// Audio tokens per second of speech, and per call on top of them.
const OUTPUT_TOKENS_PER_SECOND: f64 = 20.0;
const OUTPUT_TOKENS_PER_CALL: u64 = 22;
/// Characters per second of speech, for audio whose duration is not known here.
const CHARS_PER_SECOND: f64 = 15.0;

/// What one model has used of a call, and what it asks for that.
pub(super) struct Bill {
    /// A part of the call's.
    pub(super) ledger: Arc<Ledger>,
    pub(super) price: Option<Price>,
}

/// The running account of one call.
pub(super) struct Account {
    input_chars: usize,
    ledger: Arc<Ledger>,
    /// By place in the route.
    bills: Vec<Bill>,
}

impl Account {
    /// An empty account for a text of `input_chars` code points, whose `ledger` is the sum of those of `bills`.
    pub(super) fn new(input_chars: usize, ledger: Arc<Ledger>, bills: Vec<Bill>) -> Self {
        Self { input_chars, ledger, bills }
    }

    /// So many code points more came from the caller.
    pub(super) fn receive(&mut self, chars: usize) {
        self.input_chars += chars;
    }

    /// Where the call's engines book what they use.
    pub(super) fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }

    /// `segment` has begun to sound.
    pub(super) fn begin(segment: &Segment) {
        segment.ledger.count_chars(segment.text.chars().count() as u64);
    }

    /// `segment` has been spoken whole, in `duration` where that is known.
    pub(super) fn book(&self, segment: &Segment, outcome: &Outcome, duration: Option<Duration>) {
        if let Some(tokens) = outcome.tokens {
            segment.ledger.count_tokens(tokens, true);
        } else if self.price(segment).is_some_and(Price::needs_tokens) {
            segment.ledger.count_tokens(estimate(segment, duration), false);
        }
    }

    /// `segment` was cut off after it had sounded for `duration`, where that is known: an estimate of what the upstream
    /// bills for it.
    pub(super) fn cut(&self, segment: &Segment, duration: Option<Duration>) {
        self.book(segment, &Outcome::default(), duration);
    }

    /// Upstream calls so far that were retries.
    pub(super) fn retries(&self) -> u32 {
        self.ledger.retries()
    }

    /// The upstream's names of its answers.
    pub(super) fn request_ids(&self) -> Vec<String> {
        self.ledger.request_ids()
    }

    /// What has been used so far.
    pub(super) fn usage(&self) -> Usage {
        usage(self.input_chars as u64, &self.ledger)
    }

    /// What has been spent so far, if there is a price. Models that were not asked cost nothing; of several that were, all
    /// that have a price in the currency of the first.
    pub(super) fn cost(&self) -> Option<Cost> {
        let asked = self.bills.iter().filter(|bill| bill.ledger.synthesized_chars() > 0 || bill.ledger.has_tokens());
        let mut costs = asked.filter_map(Bill::cost);
        let first = costs.next().or_else(|| self.bills.first().and_then(Bill::cost))?;
        Some(costs.filter(|cost| cost.currency == first.currency).fold(first.clone(), |sum, cost| sum.and(&cost)))
    }

    /// What the model asks for that speaks `segment`.
    fn price(&self, segment: &Segment) -> Option<&Price> {
        self.bills.get(segment.delivery.place)?.price.as_ref()
    }
}

impl Bill {
    fn cost(&self) -> Option<Cost> {
        let price = self.price.as_ref()?;
        let tokens = self.ledger.has_tokens().then(|| self.ledger.tokens());
        Some(Cost {
            currency: price.currency.clone(),
            nanos: price.cost(tokens, self.ledger.synthesized_chars()),
            price_list: price.list.clone(),
            estimated: price.needs_tokens() && self.ledger.has_estimates(),
        })
    }
}

fn estimate(segment: &Segment, duration: Option<Duration>) -> Tokens {
    let instructions = segment.delivery.instructions.as_deref().map_or(0, text::tokens::count);
    #[expect(clippy::cast_precision_loss, reason = "a segment has a few thousand characters")]
    let seconds = duration.map_or(segment.chars as f64 / CHARS_PER_SECOND, |duration| duration.as_secs_f64());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of seconds of one segment")]
    let sounding = (seconds * OUTPUT_TOKENS_PER_SECOND).ceil() as u64;
    Tokens {
        input: (text::tokens::count(&segment.text) + instructions) as u64,
        output: sounding + OUTPUT_TOKENS_PER_CALL,
        ..Tokens::default()
    }
}

/// What has been used for `input_chars` code points of the caller, by the `ledger`.
pub(super) fn usage(input_chars: u64, ledger: &Ledger) -> Usage {
    Usage {
        input_chars,
        synthesized_chars: ledger.synthesized_chars(),
        tokens: ledger.has_tokens().then(|| ledger.tokens()),
        tokens_estimated: ledger.has_estimates(),
        upstream_calls: ledger.upstream_calls(),
        retries: ledger.retries(),
        hedges: ledger.hedges(),
    }
}
