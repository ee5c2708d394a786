//! A segment as the pipeline hands it to an engine.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use rhapsode::speech::Boundary;
use rhapsode::speech::Delivery;
use rhapsode::speech::Encoding;
use rhapsode::speech::Ledger;
use rhapsode::speech::Segment;

/// All of `text`, in PCM, with an hour to speak it and an account of its own.
pub(crate) fn segment(text: &str) -> Segment {
    Segment {
        text: text.into(),
        index: 0,
        start_char: 0,
        chars: text.chars().count(),
        closing: Boundary::Sentence,
        written: None,
        is_part: false,
        resend_count: 0,
        has_alternative: false,
        deadline: Instant::now() + Duration::from_hours(1),
        delivery: Arc::new(delivery()),
        ledger: Arc::new(Ledger::default()),
    }
}

/// What a call without any wish asks of OpenAI.
pub(crate) fn delivery() -> Delivery {
    Delivery {
        place: 0,
        model: "gpt-4o-mini-tts".to_owned(),
        voice: "alloy".to_owned(),
        instructions: None,
        speed: None,
        language: None,
        encoding: Encoding::PcmS16le,
        reports_usage: true,
    }
}
