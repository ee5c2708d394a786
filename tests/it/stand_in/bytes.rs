//! What a healthy answer consists of: the bytes of the formats, the events, the arithmetic.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;

use super::ask;
use super::request;
use crate::support::raw_http::Ending;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::audio::Recording;
use crate::support::stand_in::audio::Variation;
use crate::support::stand_in::built_in::BuiltIn;
use crate::support::stand_in::options::Spread;
use crate::support::stand_in::random::Dice;
use crate::support::tones;

/// The header that real answers begin with: both sizes unknown, nothing between format and data.
const WAV_HEADER: &str = "52494646ffffffff57415645666d74201000000001000100c05d000080bb00000200100064617461ffffffff";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[tokio::test]
async fn a_wav_is_the_recorded_header_and_then_the_samples() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let wav = ask(&stand_in, &request("Hello, world!", &json!({ "response_format": "wav" }))).await;
    let pcm = ask(&stand_in, &request("Hello, world!", &json!({}))).await;
    assert_eq!(hex(&wav.chunks[0]), WAV_HEADER, "the header is a write of its own");
    assert_eq!(wav.body()[44..], pcm.body());
    assert_eq!(wav.header("content-type"), Some("audio/wav"));
    assert_eq!(pcm.header("content-type"), Some("audio/pcm"));
}

#[tokio::test]
async fn a_healthy_answer_is_chunked_and_has_the_recorded_headers() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let answer = ask(&stand_in, &request("Hello, world!", &json!({}))).await;
    assert_eq!((answer.status, answer.ending), (200, Ending::Complete));
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(answer.header("openai-version"), Some("2020-10-01"));
    assert_eq!(answer.header("x-ratelimit-limit-requests"), Some("30000"));
    assert_eq!(answer.header("x-ratelimit-reset-requests"), Some("2ms"));
    assert_eq!(answer.header("x-ratelimit-reset-tokens"), Some("0s"));
    let id = answer.header("x-request-id").unwrap().strip_prefix("req_").unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    answer.header("openai-processing-ms").unwrap().parse::<u64>().unwrap();

    let older = ask(&stand_in, &request("Hello, world!", &json!({ "model": "tts-1" }))).await;
    assert!(older.header("x-ratelimit-limit-requests").is_some());
    assert_eq!(older.header("x-ratelimit-limit-tokens"), None, "tts-1 has no token limit to tell");
}

#[tokio::test]
async fn clips_are_whole_granules_and_their_tones_tell_the_words_in_order() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let text = "Tones stand for words, and the same word has the same tone: word word.";
    for (model, granule) in [("gpt-4o-mini-tts", 2400), ("tts-1", 600)] {
        let pcm = ask(&stand_in, &request(text, &json!({ "model": model }))).await.body();
        assert_eq!(pcm.len() % granule, 0, "{model}");
        assert_eq!(tones::heard(&pcm), tones::expected(text), "{model}");
        let fast = ask(&stand_in, &request(text, &json!({ "model": model, "speed": 4 }))).await.body();
        assert!(fast.len() * 4 < pcm.len() + 4 * granule);
        assert_eq!(tones::heard(&fast).len(), tones::expected(text).len(), "{model}");
    }
}

#[tokio::test]
async fn events_have_the_recorded_shape() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let text = "Hello, world! This is a streaming test.";
    let answer = ask(&stand_in, &request(text, &json!({ "stream_format": "sse" }))).await;
    let audio = ask(&stand_in, &request(text, &json!({}))).await.body();
    assert_eq!(answer.header("content-type"), Some("text/event-stream; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let body = answer.text();
    assert!(!body.replace("\r\n", "").contains(['\r', '\n']), "CRLF only");
    let events: Vec<&str> = body.strip_suffix("\r\n\r\n").unwrap().split("\r\n\r\n").collect();
    assert!(events.iter().all(|event| event.starts_with("data: ")), "no other field");
    let (marker, events) = events.split_last().unwrap();
    let (done, deltas) = events.split_last().unwrap();
    assert_eq!(*marker, "data: [DONE]");
    let output = audio.len() / 2400 + 22;
    let usage = format!(r#"{{"input_tokens":10,"output_tokens":{output},"total_tokens":{}}}"#, 10 + output);
    assert_eq!(*done, format!(r#"data: {{"type":"speech.audio.done","usage":{usage}}}"#));

    let slices: Vec<Vec<u8>> = deltas.iter().map(|event| slice(event)).collect();
    let (last, whole) = slices.split_last().unwrap();
    assert!(whole.iter().all(|slice| slice.len() == 4096) && last.len() <= 4096);
    assert_eq!(slices.concat(), audio);
}

fn slice(event: &str) -> Vec<u8> {
    let data: Value = serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap();
    let prefix = r#"data: {"type":"speech.audio.delta","audio":""#;
    assert!(event.starts_with(prefix), "keys in the recorded order without spaces");
    assert_eq!(data.as_object().unwrap().len(), 2);
    STANDARD.decode(data["audio"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn the_older_models_answer_audio_where_events_were_asked_for() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let fields = json!({ "model": "tts-1-hd", "stream_format": "sse" });
    let answer = ask(&stand_in, &request("Hello", &fields)).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("audio/pcm")));
    assert_eq!(tones::heard(&answer.body()), tones::expected("Hello"));
}

#[tokio::test]
async fn the_encoded_formats_begin_as_the_recordings_do() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    if std::process::Command::new("ffmpeg").arg("-version").output().is_err() {
        let answer = ask(&stand_in, &request("Hello", &json!({ "response_format": "mp3" }))).await;
        assert_eq!(answer.status, 500);
        assert!(answer.text().contains("ffmpeg"), "{}", answer.text());
        return;
    }
    let beginnings = [
        ("mp3", "audio/mpeg", "fff3c4c4"),
        ("opus", "audio/opus", "4f676753000200000000000000"),
        ("aac", "audio/aac", "fff15840"),
        ("flac", "audio/flac", "664c614300000022090009"),
    ];
    for (format, content_type, beginning) in beginnings {
        let answer = ask(&stand_in, &request("Hello, world!", &json!({ "response_format": format }))).await;
        assert_eq!(answer.header("content-type"), Some(content_type));
        assert!(hex(&answer.body()).starts_with(beginning), "{format}");
        if format == "opus" {
            assert!(answer.chunks.iter().all(|page| page.starts_with(b"OggS")), "one page per write");
        }
    }
}

#[tokio::test]
async fn http_2_with_prior_knowledge_is_spoken_too() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let url = format!("{}/audio/speech", stand_in.base_url());
    let answer = client.post(url).bearer_auth("sk-test").json(&request("Hello", &json!({}))).send().await.unwrap();
    assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    assert_eq!(tones::heard(&answer.bytes().await.unwrap()), tones::expected("Hello"));
    let records = stand_in.log().records();
    assert_eq!(records[0].protocol, "HTTP/2.0");
}

#[test]
fn variation_is_off_by_default_and_repeats_with_its_seed() {
    let speech = vec![1000_i16; 24_000];
    let plain = Options::default();
    let untouched = Variation::draw(&plain, &mut Dice::new(1, 0)).render(&speech, 1200);
    assert_eq!(untouched, 1000_i16.to_le_bytes().repeat(24_000));

    let varied = Options { vary: Some(Spread::Recorded), ..Options::default() };
    let clip = |index| Variation::draw(&varied, &mut Dice::new(7, index)).render(&speech, 1200);
    assert_eq!(clip(3), clip(3));
    assert_ne!(clip(3), clip(4));
    for index in 0..50 {
        let clip = clip(index);
        let edges = clip.len() / 2 - speech.len();
        // Between 10 + 150 ms and 980 + 1700 ms of edges, and at most one granule to fill up.
        assert!((160 * 24..2680 * 24 + 1200).contains(&edges), "{edges}");
        assert_ne!(clip[clip.len() - 2..], [0, 0], "real clips rarely end on zero");
    }
}

#[test]
fn the_wide_spread_fills_its_range_and_never_clips() {
    let speech = vec![i16::MAX; 24_000];
    let wide = Options { vary: Some(Spread::Wide), ..Options::default() };
    let mut levels = Vec::new();
    for index in 0..200 {
        let clip = Variation::draw(&wide, &mut Dice::new(7, index)).render(&speech, 1);
        let samples: Vec<_> = clip.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
        let offset = samples[0].min(samples[samples.len() - 1]);
        let loudest = f64::from(samples.iter().max().unwrap() - offset);
        assert!((0..2 * 24_000).contains(&(samples.len() - speech.len())));
        levels.push(20.0 * (loudest / f64::from(i16::MAX)).log10());
    }
    levels.sort_by(f64::total_cmp);
    assert!(levels[0] >= -12.01 && levels[0] < -11.5, "{levels:?}");
    assert!(levels[199] > -0.5 && levels[199] <= 0.0, "{levels:?}");
}

#[tokio::test]
async fn the_built_in_voice_can_speak_instead_of_the_tones() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = Options { vary: Some(Spread::Wide), ..Options::default() };
    let stand_in = StandIn::serve(listener, options, Arc::new(BuiltIn::load().unwrap())).unwrap();
    let seconds = async |text, extra| ask(&stand_in, &request(text, &extra)).await.body().len() / 48_000;
    let text = "The last boat came in at nine, and nobody was there to meet it.";
    assert!((3..8).contains(&seconds(text, json!({})).await));
    assert!((1..4).contains(&seconds(text, json!({"speed": 4.0})).await));
    let refused = ask(&stand_in, &request("Добрый день.", &json!({}))).await;
    assert_eq!(refused.status, 500);
}

#[test]
fn the_knobs_of_a_clip_do_what_they_say() {
    let options = Options {
        gain_db: Some(-6.020_6),
        lead_ms: Some(100),
        tail_ms: Some(50),
        dc_offset: Some(-3),
        ..Options::default()
    };
    let clip = Variation::draw(&options, &mut Dice::new(1, 0)).render(&[2000; 2400], 1200);
    let sample = |index: usize| i16::from_le_bytes([clip[2 * index], clip[2 * index + 1]]);
    assert_eq!(clip.len() / 2, 2400 + 2400 + 1200);
    assert_eq!((sample(0), sample(2399), sample(2400), sample(4799), sample(4800)), (-3, -3, 996, 996, -3));
}

#[tokio::test]
async fn a_recording_can_speak_instead_of_the_tones() {
    let samples: Vec<u8> = (0..1200_i16).flat_map(i16::to_le_bytes).collect();
    let path = std::env::temp_dir().join(format!("stand-in-{}.pcm", std::process::id()));
    std::fs::write(&path, &samples).unwrap();
    let recording = Arc::new(Recording::open(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stand_in = StandIn::serve(listener, Options::default(), recording).unwrap();
    assert_eq!(ask(&stand_in, &request("Anything", &json!({}))).await.body(), samples);
}
