//! How audio leaves: in chunks of a chosen length, at the pace of its playing, trimmed at its head, and whole up to the
//! moment at which an upstream breaks.

use std::time::Duration;

use rhapsode::proto;
use rhapsode::proto::AudioEncoding;
use rhapsode::proto::DeliveryOptions;
use rhapsode::proto::SynthesisConfig;
use rhapsode::proto::synthesize_response::Event;
use serde_json::json;
use tokio::time::Instant;
use tonic::Code;

use crate::support::details::Details;
use crate::support::server::Answer;
use crate::support::server::Rhapsode;
use crate::support::server::encoded;
use crate::support::server::speak;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::times::time;
use crate::support::times::wire;

const FRAME: Duration = Duration::from_millis(20);

fn delivered(encoding: AudioEncoding, delivery: DeliveryOptions) -> SynthesisConfig {
    SynthesisConfig { delivery: Some(delivery), ..encoded(encoding) }
}

#[tokio::test]
async fn chunks_have_the_length_that_was_asked_for() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let text = "Press one for sales. Press two for support, or stay on the line.";
    // Of 20 ms at 11,025 Hz only whole samples can be sent.
    for (encoding, rate, bytes, header) in [
        (AudioEncoding::Mulaw, 8_000, 160, 0),
        (AudioEncoding::Alaw, 16_000, 320, 0),
        (AudioEncoding::PcmS16le, 24_000, 960, 0),
        (AudioEncoding::PcmS16le, 11_025, 440, 0),
        (AudioEncoding::Wav, 8_000, 320, 44),
    ] {
        let frames = |pad_final_chunk| async move {
            let delivery = DeliveryOptions { chunk_duration: Some(wire(FRAME)), pad_final_chunk, ..Default::default() };
            let mut config = delivered(encoding, delivery);
            config.audio_format.as_mut().unwrap().sample_rate_hertz = rate;
            config
        };
        let exact = server.speak(styled(text, frames(false).await)).await;
        let padded = server.speak(styled(text, frames(true).await)).await;
        for (answer, is_padded) in [(&exact, false), (&padded, true)] {
            answer.account();
            let sizes: Vec<_> = answer.chunks.iter().map(|chunk| chunk.data.len()).collect();
            assert_eq!(sizes[0], bytes + header, "{encoding:?} at {rate} Hz");
            let (last, whole) = sizes[1..].split_last().unwrap();
            assert!(whole.iter().all(|size| *size == bytes), "{encoding:?} at {rate} Hz: {sizes:?}");
            assert!(if is_padded { *last == bytes } else { *last <= bytes }, "{encoding:?} at {rate} Hz: {last}");
        }
        let (exact, padded) = (exact.audio(), padded.audio());
        assert!(padded[..exact.len()] == exact, "padding changes nothing before it");
        let silence = match encoding {
            AudioEncoding::Mulaw => 0xFF,
            AudioEncoding::Alaw => 0xD5,
            _ => 0,
        };
        assert!(padded[exact.len()..].iter().all(|byte| *byte == silence), "{encoding:?} at {rate} Hz");
    }
}

/// What comes when, in the time of the test's clock.
async fn listen(server: &Rhapsode, request: proto::SynthesizeRequest) -> Vec<(Instant, proto::AudioChunk)> {
    let mut events = server.patient_client().synthesize(request).await.unwrap().into_inner();
    let mut heard = Vec::new();
    while let Some(response) = events.message().await.unwrap() {
        if let Some(Event::Audio(chunk)) = response.event {
            heard.push((Instant::now(), chunk));
        }
    }
    heard
}

#[tokio::test(start_paused = true)]
async fn paced_audio_keeps_its_lead_for_a_minute_and_more() {
    const LEAD: Duration = Duration::from_millis(400);
    let upstream = StandIn::start(Options { rate: Some(5.5), ..Options::default() }).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let text = "Your call is important to us, and the next free agent will be with you in a moment. ".repeat(12);
    let delivery = DeliveryOptions {
        chunk_duration: Some(wire(FRAME)),
        pacing_mode: proto::PacingMode::Realtime.into(),
        pacing_lead: Some(wire(LEAD)),
        ..Default::default()
    };
    let heard = listen(&server, styled(&text, delivered(AudioEncoding::Mulaw, delivery))).await;
    let end = |chunk: &proto::AudioChunk| time(chunk.start_offset) + time(chunk.duration);
    assert!(end(&heard.last().unwrap().1) > Duration::from_mins(1));
    let begun = heard[0].0;
    let steady = heard.iter().filter(|(_, chunk)| time(chunk.start_offset) > Duration::from_secs(1));
    for (arrived, chunk) in steady {
        let lead = end(chunk).saturating_sub(*arrived - begun);
        let allowed = LEAD.saturating_sub(FRAME)..=LEAD + FRAME;
        assert!(allowed.contains(&lead), "{lead:?} ahead at {:?}", time(chunk.start_offset));
    }
    assert!(heard.iter().all(|(arrived, chunk)| end(chunk) <= *arrived - begun + LEAD + FRAME));
}

#[tokio::test(start_paused = true)]
async fn without_a_wish_paced_chunks_are_short_and_a_second_ahead() {
    let upstream = StandIn::start(Options { rate: Some(5.5), ..Options::default() }).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let text = "Thank you for your patience. ".repeat(6);
    let delivery = DeliveryOptions { pacing_mode: proto::PacingMode::Realtime.into(), ..Default::default() };
    for encoding in [AudioEncoding::Mulaw, AudioEncoding::PcmS16le] {
        let heard = listen(&server, styled(&text, delivered(encoding, delivery))).await;
        assert!(heard.iter().all(|(_, chunk)| time(chunk.duration) <= Duration::from_millis(100)), "{encoding:?}");
        let (arrived, last) = heard.last().unwrap();
        let early = (time(last.start_offset) + time(last.duration)).saturating_sub(*arrived - heard[0].0);
        assert!(
            (Duration::from_millis(850)..=Duration::from_millis(1_100)).contains(&early),
            "{encoding:?}: {early:?}"
        );
    }
}

/// Milliseconds before the first loud sample.
fn leading_silence(answer: &Answer) -> usize {
    let audio = answer.audio();
    let loud = |pair: &[u8]| i16::from_le_bytes([pair[0], pair[1]]).abs() > 300;
    audio.chunks_exact(2).position(loud).unwrap() / 24
}

#[tokio::test]
async fn silence_at_the_head_is_reported_and_trimmed_on_demand() {
    let upstream = StandIn::start(Options { lead_ms: Some(700), ..Options::default() }).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    for text in ["Hello there.".to_owned(), "Hello there, and welcome to all of you. ".repeat(12)] {
        let as_made = server.speak(styled(&text, encoded(AudioEncoding::PcmS16le))).await;
        let found = time(as_made.account().timings.unwrap().leading_silence_duration).as_millis();
        assert!((690..=710).contains(&found), "{found} ms of 700");
        assert!((690..=710).contains(&leading_silence(&as_made)));
        for kept in [0, 50] {
            let delivery =
                DeliveryOptions { max_leading_silence: Some(wire(Duration::from_millis(kept))), ..Default::default() };
            let trimmed = server.speak(styled(&text, delivered(AudioEncoding::PcmS16le, delivery))).await;
            let found = time(trimmed.account().timings.unwrap().leading_silence_duration).as_millis();
            assert!((690..=710).contains(&found), "{found} ms were there");
            let left = leading_silence(&trimmed) as u64;
            assert!(left <= kept + 10 && left + 15 >= kept, "{left} ms are left of {kept}");
        }
    }
}

/// What is heard in chunks of 600 ms of an upstream that breaks after so many bytes of PCM.
async fn broken_after(bytes: usize) -> Answer {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    upstream.script(json!([{"kind": "cut_after", "bytes": bytes}])).unwrap();
    let delivery = DeliveryOptions { chunk_duration: Some(wire(Duration::from_millis(600))), ..Default::default() };
    let config = SynthesisConfig { model: "tts-1".to_owned(), ..delivered(AudioEncoding::PcmS16le, delivery) };
    server.speak(styled("This will break before its end, a second or so from here.", config)).await
}

#[tokio::test]
async fn what_an_upstream_gave_before_it_broke_is_heard() {
    let answer = broken_after(60_000).await;
    let details = Details::of(answer.error.as_ref().unwrap());
    assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"));
    let sizes: Vec<_> = answer.chunks.iter().map(|chunk| chunk.data.len()).collect();
    assert_eq!(sizes, [28_800, 28_800, 2_400]);
}

#[tokio::test]
async fn what_breaks_before_anything_was_sent_may_be_tried_again() {
    // The engine has begun, but not yet filled a chunk.
    let answer = broken_after(20_000).await;
    assert!(answer.summary.is_none());
    let details = Details::of(&answer.error.unwrap());
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert!(!details.failure.audio_started);
}

#[tokio::test]
async fn text_whose_audio_still_waits_for_its_pace_is_not_counted_as_heard() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let delivery = DeliveryOptions { pacing_mode: proto::PacingMode::Realtime.into(), ..Default::default() };
    let text = "Your call is important to us, and somebody will be with you soon.";
    let mut request = tonic::Request::new(styled(text, delivered(AudioEncoding::Mulaw, delivery)));
    request.metadata_mut().insert("grpc-timeout", "1500m".parse().unwrap());
    let answer = speak(&mut server.patient_client(), request).await;
    let details = Details::of(&answer.error.unwrap());
    assert_eq!(details.meaning(), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
    assert!(details.failure.audio_started);
    assert_eq!(details.failure.resume_char, 0, "two and a half seconds of four were sent");
}
