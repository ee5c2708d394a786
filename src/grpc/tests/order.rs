//! The order of events that the contract promises.

use std::time::Duration;

use proptest::prelude::*;

use crate::proto::streaming_synthesize_response::Event;

/// What a list of events comes to.
#[derive(Debug, Default)]
pub(super) struct Order {
    has_started: bool,
    pub(super) is_over: bool,
    /// Utterances that ended, well or not.
    pub(super) ended: usize,
    pub(super) interrupted: usize,
    chunks: i64,
    bytes: i64,
    position: Duration,
    sounding: Option<i32>,
    last_begun: i32,
    last_ended: i32,
    /// Utterances up to this one have been dropped, unless the caller kept them.
    dropped: i32,
}

impl Order {
    /// Follows `events` from the first.
    pub(super) fn of(events: &[Event]) -> Result<Self, TestCaseError> {
        let mut order = Self { last_begun: -1, last_ended: -1, dropped: -1, ..Self::default() };
        for event in events {
            prop_assert!(!order.is_over, "behind the summary: {:?}", event);
            prop_assert_eq!(order.has_started, !matches!(event, Event::Started(_)), "started comes first, once");
            order.follow(event)?;
        }
        Ok(order)
    }

    fn follow(&mut self, event: &Event) -> Result<(), TestCaseError> {
        match event {
            Event::Started(_) => self.has_started = true,
            Event::UtteranceStarted(begun) => {
                prop_assert_eq!(self.sounding, None, "one utterance within another");
                prop_assert!(begun.utterance_index > self.last_begun.max(self.last_ended).max(self.dropped));
                prop_assert!(close(begun.start_offset, self.position));
                self.sounding = Some(begun.utterance_index);
                self.last_begun = begun.utterance_index;
            }
            Event::Audio(chunk) => {
                prop_assert_eq!(Some(chunk.utterance_index), self.sounding, "audio of another utterance");
                prop_assert_eq!(chunk.sequence, self.chunks, "a hole in the sequence");
                prop_assert!(
                    close(chunk.start_offset, self.position),
                    "{:?} at {:?}",
                    chunk.start_offset,
                    self.position
                );
                self.position += time(chunk.duration);
                self.chunks += 1;
                self.bytes += i64::try_from(chunk.data.len()).unwrap();
            }
            Event::Alignment(alignment) => {
                prop_assert_eq!(Some(alignment.utterance_index), self.sounding, "timing of another utterance");
            }
            Event::UtteranceCompleted(ended) => {
                prop_assert!(self.sounding.is_none_or(|sounding| sounding == ended.utterance_index));
                prop_assert!(ended.utterance_index > self.last_ended, "utterances end out of order");
                prop_assert!(ended.utterance_index > self.dropped, "a dropped utterance ends");
                self.last_ended = ended.utterance_index;
                self.sounding = None;
                self.ended += 1;
            }
            Event::Interrupted(cut) => {
                self.interrupted += 1;
                // Of what the caller did not want to keep nothing more is heard; of what was kept nothing had been.
                self.dropped = self.dropped.max(self.sounding.take().unwrap_or(cut.utterance_index));
                let is_split = !cut.text_spoken.is_empty() || !cut.text_remaining.is_empty();
                prop_assert!(cut.split_source != 0 || !is_split, "a split of unknown origin");
            }
            Event::Summary(summary) => {
                prop_assert_eq!(self.sounding, None, "the end within an utterance");
                prop_assert_eq!((summary.chunk_count, summary.audio_byte_count), (self.chunks, self.bytes));
                prop_assert!(close(summary.audio_duration, self.position));
                self.is_over = true;
            }
            Event::Warning(_) => {}
        }
        Ok(())
    }
}

fn time(wire: Option<prost_types::Duration>) -> Duration {
    wire.unwrap().try_into().unwrap()
}

/// Nanoseconds are lost where a rate does not divide a second.
fn close(wire: Option<prost_types::Duration>, position: Duration) -> bool {
    time(wire).abs_diff(position) < Duration::from_micros(50)
}
