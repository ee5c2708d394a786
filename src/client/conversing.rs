//! A conversation, held to the contract like any stream of speech.

use tonic::Streaming;

use crate::proto::StreamingSynthesizeResponse;
use crate::proto::streaming_synthesize_response::Event as Told;

use super::Failure;
use super::speaking::Event;
use super::speaking::Ledger;

/// Speech of a text that is still being written. Dropping it hangs up.
#[derive(Debug)]
pub struct Conversing {
    events: Streaming<StreamingSynthesizeResponse>,
    ledger: Ledger,
}

impl Conversing {
    pub(super) fn new(events: Streaming<StreamingSynthesizeResponse>) -> Self {
        Self { events, ledger: Ledger::default() }
    }

    /// The next event that every stream has, or what failed of an utterance alone; `None` after the summary, which a whole
    /// stream always has.
    ///
    /// # Errors
    /// What broke the stream: the server's status, or a stream that is not what its summary says.
    pub async fn next(&mut self) -> Result<Option<Event>, Failure> {
        loop {
            let message = self.events.message().await.map_err(|status| Failure::from_status(&status))?;
            let Some(message) = message else {
                return self.ledger.close().map(|()| None);
            };
            let event = match message.event {
                Some(Told::Started(started)) => Event::Started(started),
                Some(Told::Audio(chunk)) => Event::Audio(chunk),
                Some(Told::Alignment(alignment)) => Event::Alignment(alignment),
                Some(Told::Warning(warning)) => Event::Warning(warning),
                Some(Told::Summary(summary)) => Event::Summary(summary),
                // Where an utterance begins and ends says nothing that its audio does not.
                Some(Told::UtteranceStarted(_) | Told::UtteranceCompleted(_) | Told::Interrupted(_)) | None => continue,
            };
            self.ledger.enter(&event)?;
            return Ok(Some(event));
        }
    }
}
