//! A conversation from the caller's side, held to the order of events that the contract promises.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use rhapsode::proto;
use rhapsode::proto::speech_service_client::SpeechServiceClient;
use rhapsode::proto::streaming_synthesize_request::Request;
use rhapsode::proto::streaming_synthesize_response::Event;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::Streaming;
use tonic::transport::Channel;

use super::times::time;

/// Both ends of one stream.
pub(crate) struct Talk {
    cues: Option<mpsc::Sender<proto::StreamingSynthesizeRequest>>,
    events: Streaming<proto::StreamingSynthesizeResponse>,
    order: Order,
}

impl Talk {
    /// A stream of which only the head has come back.
    pub(crate) async fn silent(client: &mut SpeechServiceClient<Channel>) -> Self {
        let (cues, receiver) = mpsc::channel(64);
        let events = client.streaming_synthesize(ReceiverStream::new(receiver)).await.unwrap().into_inner();
        Self { cues: Some(cues), events, order: Order::default() }
    }

    /// A stream that has begun as `config` says.
    pub(crate) async fn open(client: &mut SpeechServiceClient<Channel>, config: proto::StreamingConfig) -> Self {
        let talk = Self::silent(client).await;
        talk.send(Request::Config(config)).await;
        talk
    }

    /// Says one thing.
    pub(crate) async fn send(&self, request: Request) {
        let message = proto::StreamingSynthesizeRequest { request: Some(request) };
        self.cues.as_ref().unwrap().send(message).await.unwrap_or_default();
    }

    /// Writes `text` one character at a time, each in a frame of its own, until flow control stops it. How many characters
    /// were taken.
    pub(crate) async fn write_far_ahead(&self, text: &str) -> usize {
        const STOPPED: Duration = Duration::from_secs(1);
        for (taken, letter) in text.chars().enumerate() {
            self.write(&letter.to_string()).await;
            if tokio::time::timeout(STOPPED, self.sent()).await.is_err() {
                return taken;
            }
        }
        panic!("all was taken")
    }

    /// Waits until nothing is left to send: tonic gathers in one frame what is there at once.
    async fn sent(&self) {
        let cues = self.cues.as_ref().unwrap();
        while cues.capacity() < cues.max_capacity() {
            tokio::task::yield_now().await;
        }
    }

    /// Writes a delta.
    pub(crate) async fn write(&self, text: &str) {
        self.send(Request::Text(proto::TextDelta { text: text.to_owned(), ..Default::default() })).await;
    }

    /// Closes the utterance.
    pub(crate) async fn end_utterance(&self) {
        self.send(Request::EndUtterance(proto::EndUtterance {})).await;
    }

    /// The listener has heard `heard` of this utterance, and begins to speak.
    pub(crate) async fn interrupt(&self, utterance_index: i32, heard: Duration) {
        let offset = Some(heard.try_into().unwrap());
        let position = proto::PlaybackPosition { utterance_index, offset };
        self.send(Request::Interrupt(proto::Interrupt { playback_position: Some(position), ..Default::default() }))
            .await;
    }

    /// Says that nothing more will be said.
    pub(crate) fn close(&mut self) {
        self.cues = None;
    }

    /// The next event; none at the end.
    pub(crate) async fn next(&mut self) -> Option<Result<Event, Status>> {
        let next = tokio::time::timeout(Duration::from_mins(30), self.events.next()).await.unwrap();
        let next = next.map(|next| next.map(|response| response.event.unwrap()));
        match &next {
            Some(Ok(event)) => self.order.follow(event),
            Some(Err(_)) => {}
            None => assert!(self.order.is_over, "a stream that ends well has a summary"),
        }
        next
    }

    /// Events up to one that `is_wanted`, which is the last of them.
    pub(crate) async fn until(&mut self, is_wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await.unwrap().unwrap();
            let is_last = is_wanted(&event);
            events.push(event);
            if is_last {
                return events;
            }
        }
    }

    /// All that is left, which ends well.
    pub(crate) async fn rest(&mut self) -> Vec<Event> {
        self.close();
        let events = self.until(|event| matches!(event, Event::Summary(_))).await;
        assert!(self.next().await.is_none(), "nothing comes behind the summary");
        events
    }

    /// Why the stream failed.
    pub(crate) async fn failure(&mut self) -> Status {
        loop {
            match self.next().await.unwrap() {
                Ok(Event::Summary(_)) => panic!("the stream has ended well"),
                Ok(_) => {}
                Err(status) => return status,
            }
        }
    }
}

/// What has been told, and so what may be told next.
#[derive(Default)]
struct Order {
    has_started: bool,
    chunks: i64,
    position: Duration,
    bytes: i64,
    /// The utterance that sounds.
    sounding: Option<i32>,
    /// Utterances that are over.
    over: BTreeSet<i32>,
    is_over: bool,
}

impl Order {
    fn follow(&mut self, event: &Event) {
        assert!(!self.is_over, "nothing comes behind the summary: {event:?}");
        match event {
            Event::Started(_) => assert!(!std::mem::replace(&mut self.has_started, true), "it starts twice"),
            _ => assert!(self.has_started, "something comes before started: {event:?}"),
        }
        match event {
            Event::UtteranceStarted(started) => {
                assert_eq!(self.sounding, None, "one utterance begins in another");
                assert!(self.over.iter().all(|over| *over < started.utterance_index), "utterances come out of order");
                assert_eq!(time(started.start_offset), self.position);
                self.sounding = Some(started.utterance_index);
            }
            Event::Audio(chunk) => {
                assert_eq!(Some(chunk.utterance_index), self.sounding, "audio of an utterance that does not sound");
                assert_eq!(chunk.sequence, self.chunks, "a chunk is missing");
                let start = time(chunk.start_offset);
                assert!(start.abs_diff(self.position) < Duration::from_micros(20), "{start:?}, {:?}", self.position);
                self.position = start + time(chunk.duration);
                self.chunks += 1;
                self.bytes += i64::try_from(chunk.data.len()).unwrap();
            }
            Event::UtteranceCompleted(completed) => {
                assert!(self.sounding.is_none_or(|sounding| sounding == completed.utterance_index));
                assert!(self.over.insert(completed.utterance_index), "an utterance ends twice");
                self.sounding = None;
            }
            Event::Interrupted(_) => {
                self.over.extend(self.sounding.take());
            }
            Event::Summary(summary) => {
                assert_eq!(self.sounding, None, "the stream ends in the middle of an utterance");
                assert_eq!((summary.chunk_count, summary.audio_byte_count), (self.chunks, self.bytes));
                self.is_over = true;
            }
            Event::Started(_) | Event::Alignment(_) | Event::Warning(_) => {}
        }
    }
}

/// A configuration without a wish, of which `synthesis` is part.
pub(crate) fn config(synthesis: proto::SynthesisConfig) -> proto::StreamingConfig {
    proto::StreamingConfig { synthesis: Some(synthesis), ..Default::default() }
}

/// All audio among `events`.
pub(crate) fn audio(events: &[Event]) -> Vec<u8> {
    let chunks = events.iter().filter_map(|event| match event {
        Event::Audio(chunk) => Some(&chunk.data),
        _ => None,
    });
    chunks.flat_map(|data| data.iter().copied()).collect()
}

/// The utterances that ended among `events`, in order.
pub(crate) fn completed(events: &[Event]) -> Vec<&proto::UtteranceCompleted> {
    let completed = events.iter().filter_map(|event| match event {
        Event::UtteranceCompleted(completed) => Some(&**completed),
        _ => None,
    });
    completed.collect()
}

/// The summary, which is the last of `events`.
pub(crate) fn summary(events: &[Event]) -> &proto::SynthesisSummary {
    match events.last() {
        Some(Event::Summary(summary)) => summary,
        other => panic!("no summary but {other:?}"),
    }
}
