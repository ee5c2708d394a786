//! A stream of speech, held to the contract: started, audio without holes, and a summary that agrees, or it has failed.

use tonic::Code;
use tonic::Streaming;

use crate::proto::AudioChunk;
use crate::proto::StreamStarted;
use crate::proto::SynthesisSummary;
use crate::proto::SynthesizeResponse;
use crate::proto::TextAlignment;
use crate::proto::Warning;
use crate::proto::synthesize_response;

use super::Failure;

pub use synthesize_response::Event;

/// Speech on its way. Dropping it hangs up.
#[derive(Debug)]
pub struct Speaking {
    events: Streaming<SynthesizeResponse>,
    ledger: Ledger,
}

impl Speaking {
    pub(super) fn new(events: Streaming<SynthesizeResponse>) -> Self {
        Self { events, ledger: Ledger::default() }
    }

    /// The next event; `None` after the summary, which a whole stream always has.
    ///
    /// # Errors
    /// What broke the stream: the server's status, or a stream that is not what its summary says.
    pub async fn next(&mut self) -> Result<Option<Event>, Failure> {
        loop {
            let message = self.events.message().await.map_err(|status| Failure::from_status(&status))?;
            let Some(message) = message else {
                return self.ledger.close().map(|()| None);
            };
            // An event of a later version of the contract is no event for us.
            let Some(event) = message.event else { continue };
            self.ledger.enter(&event)?;
            return Ok(Some(event));
        }
    }
}

/// What was received so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    is_started: bool,
    is_summed_up: bool,
    bytes: i64,
    chunks: i64,
}

impl Ledger {
    pub(super) fn enter(&mut self, event: &Event) -> Result<(), Failure> {
        if self.is_summed_up {
            return Err(broken("something followed its summary"));
        }
        match event {
            Event::Started(StreamStarted { .. }) if !self.is_started => self.is_started = true,
            _ if !self.is_started => return Err(broken("it did not begin with `started`")),
            Event::Started(_) => return Err(broken("it was started twice")),
            Event::Audio(chunk) => self.count(chunk)?,
            Event::Warning(Warning { .. }) | Event::Alignment(TextAlignment { .. }) => {}
            Event::Summary(summary) => self.sum_up(summary)?,
        }
        Ok(())
    }

    fn count(&mut self, chunk: &AudioChunk) -> Result<(), Failure> {
        if chunk.sequence != self.chunks {
            return Err(broken(&format!("chunk {} came where {} was due", chunk.sequence, self.chunks)));
        }
        self.chunks += 1;
        self.bytes += i64::try_from(chunk.data.len()).unwrap_or(i64::MAX);
        Ok(())
    }

    fn sum_up(&mut self, summary: &SynthesisSummary) -> Result<(), Failure> {
        self.is_summed_up = true;
        let (sent, received) = ((summary.audio_byte_count, summary.chunk_count), (self.bytes, self.chunks));
        if sent != received {
            let problem = format!(
                "{} bytes in {} chunks arrived of {} bytes in {} chunks",
                received.0, received.1, sent.0, sent.1
            );
            return Err(broken(&problem));
        }
        Ok(())
    }

    pub(super) fn close(&self) -> Result<(), Failure> {
        if self.is_summed_up { Ok(()) } else { Err(broken("it ended without a summary")) }
    }
}

fn broken(problem: &str) -> Failure {
    Failure::new(Code::DataLoss, format!("the stream is not whole: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::Event;
    use super::Ledger;
    use crate::proto::AudioChunk;
    use crate::proto::StreamStarted;
    use crate::proto::SynthesisSummary;
    use crate::proto::Warning;

    fn started() -> Event {
        Event::Started(StreamStarted::default())
    }

    fn audio(sequence: i64) -> Event {
        Event::Audio(AudioChunk { sequence, data: vec![0; 10].into(), ..Default::default() })
    }

    fn summary(chunk_count: i64) -> Event {
        let audio_byte_count = 10 * chunk_count;
        Event::Summary(SynthesisSummary { chunk_count, audio_byte_count, ..Default::default() })
    }

    fn verdict(events: &[Event]) -> Result<(), String> {
        let mut ledger = Ledger::default();
        let entered = events.iter().try_for_each(|event| ledger.enter(event));
        entered.and_then(|()| ledger.close()).map_err(|failure| failure.message)
    }

    #[test]
    fn only_a_stream_that_is_whole_passes() {
        let warning = Event::Warning(Warning::default());
        assert_eq!(verdict(&[started(), audio(0), warning, audio(1), summary(2)]), Ok(()));
        assert_eq!(verdict(&[started(), summary(0)]), Ok(()));
        for (events, problem) in [
            (vec![], "ended without a summary"),
            (vec![started(), audio(0)], "ended without a summary"),
            (vec![audio(0), started()], "did not begin with"),
            (vec![started(), started()], "started twice"),
            (vec![started(), audio(0), audio(2)], "chunk 2 came where 1 was due"),
            (vec![started(), audio(0), summary(2)], "10 bytes in 1 chunks arrived of 20 bytes in 2 chunks"),
            (vec![started(), summary(0), audio(0)], "followed its summary"),
        ] {
            let verdict = verdict(&events).err().unwrap_or_default();
            assert!(verdict.contains(problem), "{verdict:?} for {events:?}");
        }
    }
}
