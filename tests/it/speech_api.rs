//! The speech API engine against an upstream that says exactly what a script tells it to.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::StreamExt;
use opentelemetry::trace::SpanKind;
use opentelemetry::trace::Status;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::InMemorySpanExporter;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_sdk::trace::SpanData;
use rhapsode::audio::wav;
use rhapsode::engine::Engine;
use rhapsode::engine::speech_api::Config;
use rhapsode::engine::speech_api::Shape;
use rhapsode::engine::speech_api::SpeechApi;
use rhapsode::engine::upstream::Auth;
use rhapsode::error::Error;
use rhapsode::error::Kind;
use rhapsode::secret::Secret;
use rhapsode::speech::Delivery;
use rhapsode::speech::Encoding;
use rhapsode::speech::Frame;
use rhapsode::speech::Outcome;
use rhapsode::speech::Segment;
use rhapsode::speech::Speech;
use rhapsode::speech::Tokens;
use rhapsode::telemetry::Metrics;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing_subscriber::layer::SubscriberExt;

use crate::support::segment;

const TEXT: &str = "The secret word is Rumpelstiltskin.";
const KEY: &str = "sk-test-4711";
const DONE: &str = r#"{"type":"speech.audio.done","usage":{"input_tokens":10,"output_tokens":93,"total_tokens":103}}"#;

/// The spans of all tests. Set up before the first of them: a subscriber that comes while another thread registers the same
/// span for the first time may never hear of it.
static SPANS: LazyLock<InMemorySpanExporter> = LazyLock::new(|| {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
    exporter
});

/// A bound for a test that hangs; nothing is measured with it.
const PATIENCE: Duration = Duration::from_secs(10);

/// One thing that the upstream does after a request.
enum Step {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Waits until the client closes the connection, and tells so.
    AwaitClose,
    /// Closes the connection.
    Cut,
}

/// What the upstream saw.
#[derive(Debug, PartialEq)]
enum Seen {
    Connected,
    Request { head: String, body: String },
    Closed,
}

/// An upstream that plays scripts.
struct Upstream {
    url: String,
    seen: mpsc::UnboundedReceiver<Seen>,
}

impl Upstream {
    /// Answers one request with each script, whatever connection it comes on.
    async fn start(scripts: Vec<Vec<Step>>) -> Self {
        LazyLock::force(&SPANS);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, seen) = mpsc::unbounded_channel();
        let scripts = Arc::new(Mutex::new(scripts.into_iter()));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let _ = tell.send(Seen::Connected);
                let (tell, scripts) = (tell.clone(), Arc::clone(&scripts));
                tokio::spawn(async move {
                    let next = move || scripts.lock().unwrap().next();
                    converse(socket, next, &tell).await;
                });
            }
        });
        Self { url, seen }
    }

    async fn next(&mut self) -> Seen {
        timeout(PATIENCE, self.seen.recv()).await.unwrap().unwrap()
    }

    async fn request(&mut self) -> (String, Value) {
        loop {
            if let Seen::Request { head, body } = self.next().await {
                return (head, serde_json::from_str(&body).unwrap_or_default());
            }
        }
    }

    async fn await_close(&mut self) {
        while self.next().await != Seen::Closed {}
    }

    /// How many connections were opened since the last look.
    fn connections(&mut self) -> usize {
        std::iter::from_fn(|| self.seen.try_recv().ok()).filter(|seen| *seen == Seen::Connected).count()
    }
}

async fn converse(mut socket: TcpStream, next: impl Fn() -> Option<Vec<Step>>, tell: &mpsc::UnboundedSender<Seen>) {
    while let Some((head, body)) = read_request(&mut socket).await {
        let is_probe = head.starts_with("head ");
        let _ = tell.send(Seen::Request { head, body });
        let script = if is_probe { Some(vec![Step::Send(answer(404, &[], b""))]) } else { next() };
        for step in script.unwrap() {
            match step {
                Step::Send(bytes) => socket.write_all(&bytes).await.unwrap(),
                Step::Cut => return,
                Step::AwaitClose => {
                    while socket.read(&mut [0; 64]).await.is_ok_and(|read| read > 0) {}
                    let _ = tell.send(Seen::Closed);
                    return;
                }
            }
        }
    }
    let _ = tell.send(Seen::Closed);
}

/// The head of a request in lower case, and its body.
async fn read_request(socket: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let whole = end + 4 + length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= whole {
                return Some((head, String::from_utf8_lossy(&bytes[end + 4..]).into_owned()));
            }
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// A whole answer with its length.
fn answer(status: u16, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let length = format!("content-length: {}", body.len());
    [&head(status, &[headers, &[length.as_str()]].concat())[..], body].concat()
}

fn head(status: u16, headers: &[&str]) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\n{}\r\n\r\n", headers.join("\r\n")).into_bytes()
}

/// The head of a chunked 200.
fn streamed(media_type: &str) -> Step {
    let media_type = format!("content-type: {media_type}");
    Step::Send(head(200, &[&media_type, "transfer-encoding: chunked", "x-request-id: req_1"]))
}

fn chunk(bytes: &[u8]) -> Step {
    Step::Send([format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat())
}

fn end() -> Step {
    Step::Send(b"0\r\n\r\n".to_vec())
}

/// A whole chunked 200, in parts of `size` bytes.
fn whole(media_type: &str, body: &[u8], size: usize) -> Vec<Step> {
    let chunks = body.chunks(size).map(chunk);
    [streamed(media_type)].into_iter().chain(chunks).chain([end()]).collect()
}

fn event(data: &str) -> Vec<u8> {
    format!("data: {data}\r\n\r\n").into_bytes()
}

fn delta(audio: &[u8]) -> Vec<u8> {
    event(&format!(r#"{{"type":"speech.audio.delta","audio":"{}"}}"#, BASE64_STANDARD.encode(audio)))
}

fn segment(encoding: Encoding, reports_usage: bool) -> Segment {
    let delivery = Delivery { model: "tts-x".to_owned(), encoding, reports_usage, ..segment::delivery() };
    Segment { delivery: Arc::new(delivery), ..segment::segment(TEXT) }
}

fn pcm() -> Segment {
    segment(Encoding::PcmS16le, false)
}

fn samples(count: i16) -> Vec<u8> {
    (0..count).flat_map(|n| (n * 3).to_le_bytes()).collect()
}

fn api(upstream: &Upstream) -> SpeechApi {
    api_at(&format!("{}/v1", upstream.url))
}

fn api_at(base_url: &str) -> SpeechApi {
    let config = Config { base_url: base_url.parse().unwrap(), ..Config::default() };
    SpeechApi::new(&config, Some(&Secret::new(KEY)), Metrics::disabled()).unwrap()
}

async fn begin(api: &SpeechApi, segment: &Segment) -> Result<Speech, Error> {
    LazyLock::force(&SPANS);
    timeout(PATIENCE, api.speak(segment.clone())).await.unwrap()
}

/// Everything that is heard of one segment, and how it ends.
async fn listen(speech: Speech) -> (Vec<u8>, Result<Outcome, Error>) {
    let mut frames = speech;
    let mut heard = Vec::new();
    loop {
        match timeout(PATIENCE, frames.next()).await.unwrap() {
            Some(Ok(Frame::Audio(audio))) => heard.extend_from_slice(&audio),
            Some(Ok(Frame::End(outcome))) => return (heard, Ok(outcome)),
            Some(Err(error)) => return (heard, Err(error)),
            None => panic!("a stream without an end"),
        }
    }
}

/// Speaks one segment to an upstream with one script.
async fn hear(script: Vec<Step>, segment: &Segment) -> (Vec<u8>, Result<Outcome, Error>) {
    let upstream = Upstream::start(vec![script]).await;
    let speech = begin(&api(&upstream), segment).await.unwrap();
    listen(speech).await
}

/// What keeps one segment from beginning. It never tells the text or the key.
async fn fault(script: Vec<Step>, segment: &Segment) -> Error {
    let upstream = Upstream::start(vec![script]).await;
    let Err(error) = begin(&api(&upstream), segment).await else { panic!("it spoke") };
    let all = format!("{error} {error:?} {} {:?}", error.report(), error.upstream());
    assert!(!all.contains("Rumpelstiltskin") && !all.contains(KEY), "{all}");
    error
}

#[tokio::test]
async fn raw_pcm_comes_in_whole_samples_however_it_was_cut() {
    let said = samples(1_200);
    let mut upstream = Upstream::start(vec![whole("audio/pcm", &said, 101)]).await;
    let segment = pcm();
    let mut frames = begin(&api(&upstream), &segment).await.unwrap();
    let mut sound = Vec::new();
    while let Some(Frame::Audio(audio)) = frames.next().await.transpose().unwrap() {
        assert!(!audio.is_empty() && audio.len() % 2 == 0);
        sound.extend_from_slice(&audio);
    }
    assert_eq!(sound, said);
    assert_eq!((segment.ledger.upstream_calls(), segment.ledger.request_ids()), (1, vec!["req_1".to_owned()]));

    let (head, body) = upstream.request().await;
    assert!(head.starts_with("post /v1/audio/speech http/1.1"), "{head}");
    assert!(head.contains(&format!("authorization: bearer {KEY}")), "{head}");
    assert!(head.contains("user-agent: rhapsode/"), "{head}");
    let expected = serde_json::json!({"model": "tts-x", "input": TEXT, "voice": "alloy", "response_format": "pcm"});
    assert_eq!(body, expected);
}

#[tokio::test]
async fn it_begins_with_the_first_audio_and_not_with_the_last() {
    let script = vec![streamed("audio/pcm"), chunk(&samples(10)), Step::AwaitClose];
    let upstream = Upstream::start(vec![script]).await;
    let mut frames = begin(&api(&upstream), &pcm()).await.unwrap();
    assert_eq!(frames.next().await.unwrap().unwrap(), Frame::Audio(samples(10).into()));
}

#[tokio::test]
async fn events_report_usage_and_the_connection_is_used_again() {
    let said = samples(600);
    let body = [delta(&said[..501]), delta(&said[501..]), event(DONE), event("[DONE]")].concat();
    let script = || whole("text/event-stream; charset=utf-8", &body, 97);
    let mut upstream = Upstream::start(vec![script(), script()]).await;
    let api = api(&upstream);
    for _ in 0..2 {
        let (heard, end) = listen(begin(&api, &segment(Encoding::PcmS16le, true)).await.unwrap()).await;
        assert_eq!(heard, said);
        assert_eq!(end.unwrap().tokens, Some(Tokens { input: 10, output: 93, ..Tokens::default() }));
    }
    let (_, body) = upstream.request().await;
    assert_eq!(body["stream_format"], "sse");
    assert_eq!(upstream.connections(), 0, "one more than the first");
}

#[tokio::test]
async fn a_server_that_keeps_its_end_back_does_not_keep_the_listener() {
    let script = vec![streamed("text/event-stream"), chunk(&delta(&samples(6))), chunk(&event(DONE)), Step::AwaitClose];
    let mut upstream = Upstream::start(vec![script]).await;
    let (heard, end) = listen(begin(&api(&upstream), &pcm()).await.unwrap()).await;
    assert_eq!((heard, end.unwrap().tokens.is_some()), (samples(6), true));
    upstream.await_close().await;
}

#[tokio::test]
async fn raw_audio_instead_of_the_events_asked_for_is_welcome() {
    let (heard, end) = hear(whole("audio/pcm", &samples(50), 33), &segment(Encoding::PcmS16le, true)).await;
    assert_eq!((heard, end.unwrap().tokens), (samples(50), None));
}

#[tokio::test]
async fn wav_of_another_rate_is_converted() {
    let mut header = wav::header(24_000, None);
    header[24..28].copy_from_slice(&22_050_u32.to_le_bytes());
    let body = [&header[..], &samples(2_205)].concat();
    let (heard, end) = hear(whole("audio/wav", &body, 1_000), &pcm()).await;
    assert!(end.is_ok());
    assert_eq!(heard.len(), 4_800, "0.1 s");

    let rated = answer(200, &["content-type: application/octet-stream", "x-sample-rate: 48000"], &samples(4_800));
    let (heard, _) = hear(vec![Step::Send(rated)], &pcm()).await;
    assert_eq!(heard.len(), 4_800, "0.1 s");
}

#[tokio::test]
async fn a_header_per_sentence_is_taken_out() {
    let body = [&wav::header(24_000, None)[..], &samples(20), &wav::header(24_000, Some(40)), &samples(20)].concat();
    let (heard, end) = hear(whole("audio/wav", &body, 7), &pcm()).await;
    assert!(end.is_ok());
    assert_eq!(heard, [samples(20), samples(20)].concat());
}

#[tokio::test]
async fn encodings_pass_unchanged() {
    for (encoding, media_type, first) in [
        (Encoding::Mp3, "audio/mpeg", &b"\xff\xf3\xc4\xc4"[..]),
        (Encoding::OggOpus, "audio/opus", b"OggS"),
        (Encoding::AacAdts, "audio/aac", b"\xff\xf1\x58\x40"),
        (Encoding::Flac, "audio/flac", b"fLaC"),
    ] {
        let said = [first, &samples(777)].concat();
        let (heard, end) = hear(whole(media_type, &said, 333), &segment(encoding, false)).await;
        assert!(end.is_ok());
        assert_eq!(heard, said, "{media_type}");
    }
}

#[tokio::test]
async fn a_lone_last_byte_is_the_sign_of_a_cut() {
    let (heard, end) = hear(whole("audio/pcm", &[&samples(20)[..], b"x"].concat(), 9), &pcm()).await;
    assert_eq!(end.err().unwrap().kind(), Kind::UpstreamTruncated);
    assert_eq!(heard, samples(20), "what is whole is heard");
    let error = fault(whole("audio/pcm", b"x", 9), &pcm()).await;
    assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamUnavailable, true), "{error:?}");
}

#[tokio::test]
async fn a_body_cut_before_its_audio_may_be_asked_for_again() {
    for script in [
        vec![Step::Cut],
        vec![streamed("audio/pcm"), Step::Cut],
        vec![Step::Send(head(200, &["content-type: audio/pcm", "content-length: 100"])), Step::Cut],
    ] {
        let error = fault(script, &pcm()).await;
        assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamUnavailable, true), "{error:?}");
    }
    // Ended as it should be, with nothing in it.
    let error = fault(vec![streamed("text/event-stream"), chunk(b": hello\n\n"), end()], &pcm()).await;
    assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamEmptyAudio, true), "{error:?}");
}

#[tokio::test]
async fn a_refusal_inside_the_stream_means_what_it_means_outside() {
    for (data, kind, field) in [
        (r#"{"error":{"code":"content_policy_violation"}}"#, Kind::ContentRejected, Some("text")),
        (r#"{"error":{"type":"invalid_request_error","code":"x"}}"#, Kind::UpstreamRejected, Some("text")),
        (r#"{"error":{"message":"The input is too long"}}"#, Kind::UpstreamRejected, Some("text")),
        (r#"{"type":"error","code":"insufficient_quota"}"#, Kind::UpstreamQuotaExhausted, None),
        (r#"{"error":{"code":"model_not_found"}}"#, Kind::UpstreamModelNotFound, None),
    ] {
        let error = fault(vec![streamed("text/event-stream"), chunk(&event(data)), end()], &pcm()).await;
        assert_eq!((error.kind(), error.is_transient(), error.field()), (kind, false, field), "{data}");
        let names_model = error.facts().iter().any(|(key, value)| *key == "model" && value == "tts-x");
        assert_eq!(names_model, kind == Kind::UpstreamModelNotFound, "{data}");
    }
}

#[tokio::test]
async fn a_body_cut_after_its_audio_is_a_truncation() {
    let failed = event(r#"{"type":"error","error":{"code":"server_error","message":"Rumpelstiltskin"}}"#);
    for script in [
        vec![streamed("audio/pcm"), chunk(&samples(10)), Step::Cut],
        vec![streamed("text/event-stream"), chunk(&delta(&samples(10))), Step::Cut],
        vec![streamed("text/event-stream"), chunk(&delta(&samples(10))), end()],
        vec![streamed("text/event-stream"), chunk(&delta(&samples(10))), chunk(&failed), end()],
    ] {
        let (heard, end) = hear(script, &pcm()).await;
        let error = end.unwrap_err();
        assert_eq!(heard, samples(10));
        assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamTruncated, false), "{error:?}");
        assert_eq!(error.upstream().unwrap().request_id.as_deref(), Some("req_1"));
        assert!(!format!("{error:?}").contains("Rumpelstiltskin"));
    }
}

#[tokio::test]
async fn silence_is_told_apart_from_a_cut() {
    for script in [
        whole("audio/pcm", b"", 1),
        whole("audio/wav", &wav::header(24_000, None), 44),
        whole("text/event-stream", &event(DONE), 50),
    ] {
        let error = fault(script, &pcm()).await;
        assert_eq!(error.kind(), Kind::UpstreamEmptyAudio, "{error:?}");
        assert_eq!(error.upstream().unwrap().http_status, Some(200));
    }
}

#[tokio::test]
async fn error_answers_become_their_kind() {
    let body = |class: &str, code: &str| {
        let message = format!("{TEXT} Please try again in 2.4s.");
        serde_json::json!({"error": {"message": message, "type": class, "param": null, "code": code}}).to_string()
    };
    let invalid = "invalid_request_error";
    for (status, body, kind, code) in [
        (502, format!("<html>{TEXT}</html>"), Kind::UpstreamUnavailable, None),
        (429, body("requests", "rate_limit_exceeded"), Kind::UpstreamRateLimited, Some("rate_limit_exceeded")),
        (429, body("x", "insufficient_quota"), Kind::UpstreamQuotaExhausted, Some("insufficient_quota")),
        (401, body(invalid, "invalid_api_key"), Kind::UpstreamCredentials, Some("invalid_api_key")),
        (404, body(invalid, "model_not_found"), Kind::UpstreamModelNotFound, Some("model_not_found")),
        (400, body(invalid, TEXT), Kind::UpstreamRejected, Some(invalid)),
        (422, format!(r#"{{"detail":[{{"loc":["body","input"],"input":"{TEXT}"}}]}}"#), Kind::UpstreamRejected, None),
        (200, format!(r#"{{"text":"{TEXT}"}}"#), Kind::UpstreamUnavailable, None),
        (200, format!("<html>{TEXT}</html>"), Kind::UpstreamUnavailable, None),
    ] {
        let media_type = if body.starts_with('<') { "text/html" } else { "application/json; charset=utf-8" };
        let media_type = format!("content-type: {media_type}");
        let headers = [&media_type, "x-request-id: req_9", "retry-after-ms: 120", "retry-after: 1"];
        let error = fault(vec![Step::Send(answer(status, &headers, body.as_bytes()))], &pcm()).await;
        assert_eq!(error.kind(), kind, "{status} {body}");
        let upstream = error.upstream().unwrap();
        assert_eq!((upstream.http_status, upstream.code.as_deref()), (Some(status), code));
        assert_eq!((upstream.provider.as_str(), upstream.request_id.as_deref()), ("openai", Some("req_9")));
        let wait = kind.is_transient().then_some(Duration::from_millis(120));
        assert_eq!(error.retry_after(), wait, "{status} {body}");
    }
}

#[tokio::test]
async fn audio_of_another_kind_than_asked_is_an_error_that_stays() {
    let error = fault(whole("audio/mpeg", b"\xff\xf3\xc4\xc4", 4), &pcm()).await;
    assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamUnavailable, false));
}

#[tokio::test]
async fn a_redirect_never_carries_the_key_away() {
    let mut elsewhere = Upstream::start(vec![whole("audio/pcm", &samples(9), 9)]).await;
    let location = format!("location: {}/v1/audio/speech", elsewhere.url);
    let error = fault(vec![Step::Send(answer(307, &[&location], b""))], &pcm()).await;
    assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamUnavailable, false));
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn nobody_at_the_other_end_is_unavailable() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let config = Config { base_url: format!("http://127.0.0.1:{port}").parse().unwrap(), ..Config::default() };
    let api = SpeechApi::new(&config, None, Metrics::disabled()).unwrap();
    api.preconnect().await;
    let error = begin(&api, &pcm()).await.err().unwrap();
    assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamUnavailable, true));
    assert_eq!(error.upstream().unwrap().http_status, None);
}

#[tokio::test]
async fn a_hang_up_closes_the_connection() {
    let script = vec![streamed("audio/pcm"), chunk(&samples(10)), Step::AwaitClose];
    let mut upstream = Upstream::start(vec![script]).await;
    let mut frames = begin(&api(&upstream), &pcm()).await.unwrap();
    frames.next().await.unwrap().unwrap();
    drop(frames);
    upstream.await_close().await;
}

#[tokio::test]
async fn a_hang_up_before_the_answer_closes_the_connection() {
    let mut upstream = Upstream::start(vec![vec![Step::AwaitClose]]).await;
    let api = api(&upstream);
    let speaking = tokio::spawn(api.speak(pcm()));
    upstream.request().await;
    speaking.abort();
    upstream.await_close().await;
}

#[tokio::test]
async fn connections_opened_ahead_are_the_ones_used() {
    let script = || whole("audio/pcm", &samples(9), 9);
    let mut upstream = Upstream::start(vec![script(), script()]).await;
    let config = Config { base_url: upstream.url.parse().unwrap(), preconnect: 2, ..Config::default() };
    let api = SpeechApi::new(&config, None, Metrics::disabled()).unwrap();
    api.preconnect().await;
    let (first, second) = (pcm(), pcm());
    let (first, second) = tokio::join!(begin(&api, &first), begin(&api, &second));
    for speech in [first, second] {
        listen(speech.unwrap()).await.1.unwrap();
    }
    assert_eq!(upstream.connections(), 2);
}

#[tokio::test]
async fn azure_has_its_own_path_and_header() {
    let mut upstream = Upstream::start(vec![whole("audio/pcm", &samples(9), 9)]).await;
    let config = Config {
        base_url: upstream.url.parse().unwrap(),
        shape: Shape::AzureDeployment,
        api_version: Some("2025-03-01-preview".to_owned()),
        auth: Auth::ApiKey,
        ..Config::default()
    };
    let api = SpeechApi::new(&config, Some(&Secret::new(KEY)), Metrics::disabled()).unwrap();
    listen(begin(&api, &pcm()).await.unwrap()).await.1.unwrap();
    let (head, _) = upstream.request().await;
    let path = "post /openai/deployments/tts-x/audio/speech?api-version=2025-03-01-preview http/1.1";
    assert!(head.starts_with(path) && !head.contains("authorization"), "{head}");
    assert!(head.contains(&format!("api-key: {KEY}")), "{head}");
}

fn attribute(span: &SpanData, name: &str) -> Option<String> {
    span.attributes.iter().find(|pair| pair.key.as_str() == name).map(|pair| pair.value.to_string())
}

/// The attempts below `base_url` that have ended, in that order.
fn attempts(base_url: &str) -> Vec<SpanData> {
    let url = format!("{base_url}/audio/speech");
    let spans = SPANS.get_finished_spans().unwrap();
    spans.into_iter().filter(|span| attribute(span, "url.full").as_ref() == Some(&url)).collect()
}

#[tokio::test]
async fn every_attempt_is_one_client_span_that_lasts_to_the_end_of_the_body() {
    let hung = vec![streamed("audio/pcm"), chunk(&samples(10)), Step::AwaitClose];
    let refused = vec![Step::Send(answer(503, &[], b"{}"))];
    let cut = vec![streamed("audio/pcm"), chunk(&samples(10)), Step::Cut];
    let mut upstream = Upstream::start(vec![hung, refused, cut]).await;
    // A path of its own: the spans are those of all tests, and another one may have had this port before.
    let base_url = format!("{}/spans", upstream.url);
    let api = api_at(&base_url);

    let speech = begin(&api, &pcm()).await.unwrap();
    assert!(attempts(&base_url).is_empty(), "ended before its body");
    drop(speech);
    assert!(begin(&api, &pcm()).await.is_err());
    assert!(listen(begin(&api, &pcm()).await.unwrap()).await.1.is_err());

    let spans = attempts(&base_url);
    let errors: Vec<_> = spans.iter().map(|span| attribute(span, "error.type")).collect();
    let (status, truncated) = (Some("503".to_owned()), Some("UPSTREAM_TRUNCATED".to_owned()));
    assert_eq!(errors, [None, status, truncated], "a hang-up is no error");
    let failed: Vec<_> = spans.iter().map(|span| matches!(span.status, Status::Error { .. })).collect();
    assert_eq!(failed, [false, true, true]);
    for span in &spans {
        assert_eq!((span.name.as_ref(), &span.span_kind), ("POST", &SpanKind::Client));
        assert_eq!(attribute(span, "http.request.method").as_deref(), Some("POST"));
        assert_eq!(attribute(span, "server.address").as_deref(), Some("127.0.0.1"));
        assert!(attribute(span, "server.port").is_some() && attribute(span, "http.response.status_code").is_some());
        let all = format!("{span:?}");
        assert!(!all.contains("Rumpelstiltskin") && !all.contains(KEY), "{all}");
    }
    let (head, _) = upstream.request().await;
    let context = &spans[0].span_context;
    assert!(head.contains(&format!("traceparent: 00-{}-{}-01", context.trace_id(), context.span_id())), "{head}");
}
