//! A realtime response as its client sees it: which events come, in which order, and what is in them.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::SinkExt;
use futures_util::StreamExt;
use serde_json::Value;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::timing::PATIENCE;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;
use crate::support::stand_in::log::Kind;
use crate::support::tones;

/// OpenAI's path with the model that is served by default.
pub(super) const PATH: &str = "/v1/realtime?model=gpt-realtime-2.1-mini";

/// How a socket ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Farewell {
    /// By a close frame with this code and reason.
    Close(u16, String),
    /// Without one.
    Nothing,
}

/// A client with eyes for single events.
pub(super) struct Client {
    socket: WebSocketStream<TcpStream>,
}

impl Client {
    /// Opens a socket and takes `session.created` off it.
    pub(super) async fn open(stand_in: &StandIn) -> Self {
        let mut client = Self::knock(stand_in, PATH, &[("authorization", "Bearer sk-test")]).await.unwrap();
        assert_eq!(client.event().await["type"], "session.created");
        client
    }

    /// Asks for a socket.
    pub(super) async fn knock(stand_in: &StandIn, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}{path}", stand_in.address()).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(stand_in.address()).await.unwrap();
        // A small event would otherwise wait for the one before it to be acknowledged.
        stream.set_nodelay(true).unwrap();
        client_async(request, stream).await.map(|(socket, _)| Self { socket })
    }

    pub(super) async fn say(&mut self, event: &Value) {
        self.socket.send(Message::text(event.to_string())).await.unwrap();
    }

    /// Asks to read `text` out of band, with the fields of `more` added or replaced.
    pub(super) async fn read(&mut self, text: &str, more: &Value) {
        self.say(&reading(text, more)).await;
    }

    /// The next event.
    pub(super) async fn event(&mut self) -> Value {
        self.next().await.unwrap_or_else(|farewell| panic!("the socket ended: {farewell:?}"))
    }

    /// The next event, or how the socket ended.
    pub(super) async fn next(&mut self) -> Result<Value, Farewell> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap();
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err(Farewell::Close(frame.code.into(), frame.reason.to_string()));
                }
                // The code that stands for a frame without one.
                Some(Ok(Message::Close(None))) => return Err(Farewell::Close(1005, String::new())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(Farewell::Nothing),
            }
        }
    }

    /// Reads until the socket ends, however long that takes.
    pub(super) async fn next_for_ever(&mut self) -> Option<Result<Message, Error>> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Ping(_))) => {}
                other => return other,
            }
        }
    }

    /// Everything up to and with the next event of a type.
    pub(super) async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            events.push(self.event().await);
            if events.last().unwrap()["type"] == kind {
                return events;
            }
        }
    }

    /// Says an event and returns the error that must come.
    pub(super) async fn error(&mut self, event: &Value) -> Value {
        self.say(event).await;
        let mut events = self.until("error").await;
        events.pop().unwrap()["error"].take()
    }

    /// Reads `text` to its end.
    pub(super) async fn whole(&mut self, text: &str, more: &Value) -> Vec<Value> {
        self.read(text, more).await;
        self.until("response.done").await
    }
}

/// A `response.create` that reads `text` out of band.
pub(super) fn reading(text: &str, more: &Value) -> Value {
    let part = json!({ "type": "input_text", "text": text });
    let mut response = json!({
        "conversation": "none", "input": [{ "type": "message", "role": "user", "content": [part] }],
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        response[name] = value.clone();
    }
    json!({ "type": "response.create", "event_id": "rc-1", "response": response })
}

/// The types of events, each run of deltas as one.
pub(super) fn types(events: &[Value]) -> Vec<&str> {
    let mut types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    types.dedup();
    types
}

/// All deltas of a type, decoded if they are audio.
pub(super) fn audio(events: &[Value]) -> Vec<Vec<u8>> {
    let deltas = events.iter().filter(|event| event["type"] == "response.output_audio.delta");
    deltas.map(|event| STANDARD.decode(event["delta"].as_str().unwrap()).unwrap()).collect()
}

/// What the transcript deltas tell.
pub(super) fn transcript(events: &[Value]) -> String {
    let deltas = events.iter().filter(|event| event["type"] == "response.output_audio_transcript.delta");
    deltas.map(|event| event["delta"].as_str().unwrap()).collect()
}

const TEXT: &str = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen.";

#[tokio::test]
async fn a_text_is_read_out_of_band() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let metadata = json!({ "segment": "7" });
    let events = client.whole(TEXT, &json!({ "metadata": metadata, "instructions": "Read." })).await;
    let mut order = types(&events);
    // Words and sound alternate between the first and the last of them.
    let first_sound = order.iter().position(|kind| *kind == "response.output_audio.delta").unwrap();
    let last_sound = order.iter().rposition(|kind| *kind == "response.output_audio.delta").unwrap();
    order.drain(first_sound + 1..=last_sound);
    assert_eq!(
        order,
        [
            "response.created",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_audio_transcript.delta",
            "response.output_audio.delta",
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.done",
        ]
    );
    let ahead = events.iter().position(|event| event["type"] == "response.output_audio.delta").unwrap();
    assert_eq!(transcript(&events[..ahead]), "One two three four five six seven eight nine", "words run ahead");
    assert_eq!(transcript(&events), TEXT);
    let sound = audio(&events).concat();
    assert_eq!(tones::heard(&sound), tones::expected(TEXT));
    assert_eq!(sound.len(), 2 * (1600 * TEXT.chars().count()).next_multiple_of(1200));
    let lengths: Vec<usize> = audio(&events).iter().map(|delta| delta.len() / 48).collect();
    assert_eq!(lengths[..4], [100, 200, 250, 250], "small at first, ms");

    let (created, done) = (&events[0]["response"], &events.last().unwrap()["response"]);
    assert_eq!(
        (&created["status"], &created["usage"], &created["output"]),
        (&json!("in_progress"), &json!(null), &json!([]))
    );
    assert_eq!((&done["status"], &done["conversation_id"]), (&json!("completed"), &json!(null)));
    assert_eq!((&created["metadata"], &done["metadata"]), (&metadata, &metadata));
    assert_eq!(done["output"][0]["content"][0], json!({ "type": "output_audio", "transcript": TEXT }));
    assert_eq!(done["output"][0]["phase"], "final_answer");
    assert!(events[3]["obfuscation"].is_string());
    assert!(events.iter().all(|event| event["event_id"].as_str().unwrap().starts_with("event_")));
    let ids = events[1..events.len() - 1].iter().map(|event| &event["response_id"]);
    assert!(ids.clone().all(|id| *id == created["id"]), "{:?}", ids.collect::<Vec<_>>());

    let record = stand_in.log().ended(1, PATIENCE).await.remove(0);
    let realtime = record.realtime.unwrap();
    assert_eq!((record.kind, record.end.unwrap().how, record.bytes), (Kind::Realtime, End::Completed, sound.len()));
    assert_eq!((record.request.text.as_str(), realtime.spoken.as_str(), realtime.session), (TEXT, TEXT, 1));
    assert_eq!(record.request.model.as_deref(), Some("gpt-realtime-2.1-mini"));
    assert_eq!((record.request.voice.as_deref(), record.request.speed), (Some("marin"), Some(1.0)));
    assert_eq!((realtime.event_id.as_deref(), &realtime.metadata), (Some("rc-1"), &metadata));
    assert!(realtime.first_audio_ms.unwrap() >= record.received_ms);
}

#[tokio::test]
async fn usage_counts_as_recorded_answers_did() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let minimal = json!({ "instructions": "Read this.", "reasoning": { "effort": "minimal" } });
    let usage = client.whole("Hi there!", &minimal).await.pop().unwrap()["response"]["usage"].take();
    // "Hi there!" has three tokens, "Read this." too; 9 characters last 0.6 s.
    assert_eq!((&usage["input_tokens"], &usage["output_tokens"]), (&json!(3 + 3 + 4), &json!(9 + 12)));
    assert_eq!(usage["output_token_details"], json!({ "text_tokens": 9, "audio_tokens": 12 }));
    assert_eq!(usage["total_tokens"], 31);

    let long = "Read what stands there, word for word, and nothing else. ".repeat(8);
    let thoughtful = json!({ "instructions": long });
    let cached = |done: &Value| done["response"]["usage"]["input_token_details"]["cached_tokens"].as_u64().unwrap();
    let first = client.whole("Hi there!", &thoughtful).await.pop().unwrap();
    let second = client.whole("Hi there!", &thoughtful).await.pop().unwrap();
    assert_eq!((cached(&first), cached(&second) / 64, cached(&second) % 64), (0, 1, 0), "{second}");
    let details = &first["response"]["usage"]["output_token_details"];
    assert_eq!(*details, json!({ "text_tokens": 9 + 17, "audio_tokens": 12, "reasoning_tokens": 17 }));
    let stand_in = StandIn::start(Options { realtime_reasoning_tokens: Some(5), ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let done = client.whole("Hi there!", &minimal).await.pop().unwrap();
    assert_eq!(done["response"]["usage"]["output_token_details"]["reasoning_tokens"], 5);
}

#[tokio::test]
async fn only_what_stands_between_the_marks_is_read() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let events = client.whole("Delivery: calm.\n<<<READ\nTwo\nlines.\nREAD>>>", &json!({})).await;
    assert_eq!(transcript(&events), "Two\nlines.");
    assert_eq!(tones::heard(&audio(&events).concat()), tones::expected("Two lines."));
    // Of several items the last that a user wrote, and of that the last text.
    let said = |role: &str, texts: &[&str]| {
        let kind = if role == "assistant" { "output_text" } else { "input_text" };
        let parts: Vec<Value> = texts.iter().map(|text| json!({ "type": kind, "text": text })).collect();
        json!({ "type": "message", "role": role, "content": parts })
    };
    let input = json!([said("user", &["No."]), said("user", &["No.", "This."]), said("assistant", &["Neither."])]);
    assert_eq!(transcript(&client.whole("", &json!({ "input": input })).await), "This.");
    // A model that nobody has told anything does not keep silent.
    assert_eq!(transcript(&client.whole("", &json!({ "input": [] })).await), "Hello! How can I help you today?");
}

#[tokio::test]
async fn a_conversation_has_items_and_one_response_at_a_time() {
    let stand_in = StandIn::start(Options { realtime_rate: Some(50.0), ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let part = json!({ "type": "input_text", "text": TEXT });
    let item = json!({ "type": "message", "role": "user", "content": [part] });
    client.say(&json!({ "type": "conversation.item.create", "item": item })).await;
    let events = client.until("conversation.item.done").await;
    assert_eq!(types(&events), ["conversation.item.added", "conversation.item.done"]);
    let mine = events[0]["item"]["id"].clone();

    client.say(&json!({ "type": "response.create" })).await;
    let created = client.event().await;
    assert!(created["response"]["conversation_id"].as_str().unwrap().starts_with("conv_"));
    let busy = client.error(&json!({ "type": "response.create", "event_id": "rc-2" })).await;
    assert_eq!(
        (&busy["code"], &busy["event_id"]),
        (&json!("conversation_already_has_active_response"), &json!("rc-2"))
    );
    assert!(busy["message"].as_str().unwrap().contains(created["response"]["id"].as_str().unwrap()));
    // Out of band there is room, and the limits are told after every second response.
    client.read("Hello.", &json!({})).await;
    let events = client.until("rate_limits.updated").await;
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "response.done").count(), 2);
    assert_eq!(kinds[kinds.len() - 2], "response.done");
    let item = events.iter().find(|event| event["type"] == "conversation.item.done").unwrap();
    assert_eq!((&item["previous_item_id"], &item["item"]["content"][0]["transcript"]), (&mine, &json!(TEXT)));
    assert_eq!(events.last().unwrap()["rate_limits"][0]["name"], "tokens");

    // The conversation went on, so that the next turn has more to read.
    let delete = json!({ "type": "conversation.item.delete", "item_id": mine });
    client.say(&delete).await;
    client.until("conversation.item.deleted").await;
    assert_eq!(client.error(&delete).await["code"], "item_delete_invalid_item_id");
    client.say(&json!({ "type": "response.create" })).await;
    let events = client.until("response.done").await;
    assert_eq!(transcript(&events), "Hello! How can I help you today?", "no user is left in the conversation");
    assert_eq!(
        types(&events)[1..4],
        ["response.output_item.added", "conversation.item.added", "response.content_part.added"]
    );
    let ends: Vec<End> = stand_in.log().records().iter().map(|record| record.end.unwrap().how).collect();
    assert_eq!(ends, [End::Completed, End::Refused, End::Completed, End::Completed]);
}

/// Which of two responses each audio delta belongs to, in the order in which they came.
async fn both(options: Options) -> (Vec<bool>, Vec<Value>) {
    let stand_in = StandIn::start(options).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    client.read(TEXT, &json!({ "metadata": { "n": "1" } })).await;
    client.read(TEXT, &json!({ "metadata": { "n": "2" } })).await;
    let mut events = client.until("response.done").await;
    events.extend(client.until("response.done").await);
    let first = events[0]["response"]["id"].clone();
    let deltas = events.iter().filter(|event| event["type"] == "response.output_audio.delta");
    (deltas.map(|event| event["response_id"] == first).collect(), events)
}

#[tokio::test]
async fn parallel_responses_are_interleaved_and_each_is_whole() {
    // Slow enough for the second to begin while the first still speaks.
    let wait = Options { realtime_first_audio_ms: Some(50), realtime_rate: Some(20.0), ..Options::default() };
    let (order, events) = both(wait.clone()).await;
    let changes = order.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changes > 10, "{order:?}");
    for done in events.iter().filter(|event| event["type"] == "response.done") {
        let id = &done["response"]["id"];
        let own: Vec<Value> = events.iter().filter(|event| event["response_id"] == *id).cloned().collect();
        assert_eq!(tones::heard(&audio(&own).concat()), tones::expected(TEXT));
    }
    let (order, _) = both(Options { realtime_serial: true, ..wait }).await;
    assert_eq!(order.windows(2).filter(|pair| pair[0] != pair[1]).count(), 1, "{order:?}");
}

#[tokio::test]
async fn deltas_have_the_length_that_is_wanted() {
    let options = Options { realtime_delta_ms: 60, realtime_first_delta_ms: 20, ..Options::default() };
    let stand_in = StandIn::start(options).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let events = client.whole("Hello.", &json!({})).await;
    let lengths: Vec<usize> = audio(&events).iter().map(|delta| delta.len() / 48).collect();
    assert_eq!(lengths, [20, 40, 60, 60, 60, 60, 60, 40]);
}

#[tokio::test]
async fn odd_deltas_never_end_with_a_sample() {
    let stand_in = StandIn::start(Options { realtime_odd: true, ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let deltas = audio(&client.whole(TEXT, &json!({})).await);
    let mut cut = 0;
    for delta in &deltas[..deltas.len() - 1] {
        cut += delta.len();
        assert_eq!(cut % 2, 1, "{cut}");
    }
    assert_eq!(tones::heard(&deltas.concat()), tones::expected(TEXT));
}

/// Milliseconds from `response.created` to each audio delta.
async fn times(options: Options) -> Vec<f64> {
    let stand_in = StandIn::start(options).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    client.whole(TEXT, &json!({})).await;
    let record = stand_in.log().ended(1, PATIENCE).await.remove(0);
    record.writes.iter().map(|write| (write.ms - record.received_ms).round()).collect()
}

#[tokio::test(start_paused = true)]
async fn audio_comes_at_its_rate_and_in_bursts() {
    let options = Options { realtime_first_audio_ms: Some(400), realtime_rate: Some(2.0), ..Options::default() };
    for (found, expected) in times(options.clone()).await.into_iter().zip([400.0, 450.0, 550.0, 675.0]) {
        assert!((found - expected).abs() <= 2.0, "{found} for {expected}");
    }
    let bursts = times(Options { realtime_burst: Some(2), ..options }).await;
    for (found, expected) in bursts.into_iter().zip([400.0, 400.0, 550.0, 550.0, 800.0]) {
        assert!((found - expected).abs() <= 2.0, "{found} for {expected}");
    }
    let at_once = times(Options::default()).await;
    assert!(at_once.iter().all(|time| *time < 2.0), "{at_once:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_of_events_loses_nothing() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    client.read(&TEXT.repeat(20), &json!({})).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let events = client.until("response.done").await;
    assert_eq!(tones::heard(&audio(&events).concat()), tones::expected(&TEXT.repeat(20)));
}
