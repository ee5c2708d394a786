//! The first promise: text goes in, audio comes out, and the account is true.

use rhapsode::audio::wav;
use rhapsode::proto;
use rhapsode::proto::AudioEncoding;

use crate::support::server::Rhapsode;
use crate::support::server::encoded;
use crate::support::server::request;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const TEXT: &str = "Please hold while I connect your call.";

#[tokio::test]
async fn without_a_key_the_built_in_voice_speaks_and_says_so() {
    let server = Rhapsode::with(&[]).await;
    let answer = server.speak(request(TEXT)).await;
    let account = answer.account();
    let started = answer.started.as_ref().unwrap();
    assert_eq!((started.model.as_str(), started.voice.as_str()), ("builtin", "hibari"));
    assert_eq!(answer.warnings[0].code(), proto::WarningCode::FallbackUsed);
    assert_eq!(account.finish_reason(), proto::FinishReason::Completed);
    let seconds = account.audio_duration.unwrap().seconds;
    assert!((1..=4).contains(&seconds), "{seconds} s for a short sentence");
    assert!(answer.audio().iter().any(|&byte| byte > 100), "it is not silent");
}

#[tokio::test]
async fn with_a_key_the_upstream_speaks_and_its_bytes_arrive_unchanged() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let answer = server.speak(request(TEXT)).await;
    let account = answer.account();
    assert_eq!(answer.started.as_ref().unwrap().model, "gpt-4o-mini-tts");
    assert!(answer.warnings.is_empty());
    assert!(answer.audio() == direct(&upstream, "gpt-4o-mini-tts", "pcm").await);
    let usage = account.usage.unwrap();
    assert_eq!(usage.token_source(), proto::UsageSource::Reported);
    assert_eq!((usage.upstream_call_count, usage.retry_count), (1, 0));
    assert_eq!(usage.input_character_count, i64::try_from(TEXT.len()).unwrap());
    let cost = account.cost.as_ref().unwrap();
    assert_eq!(cost.amount_nanos, usage.input_token_count * 600 + usage.output_token_count * 12_000);
    assert_eq!(account.upstream_request_ids.len(), 1);
}

#[tokio::test]
async fn all_six_formats_arrive_unchanged() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    for (encoding, name) in [
        (AudioEncoding::PcmS16le, "pcm"),
        (AudioEncoding::Wav, "wav"),
        (AudioEncoding::Mp3, "mp3"),
        (AudioEncoding::OggOpus, "opus"),
        (AudioEncoding::AacAdts, "aac"),
        (AudioEncoding::Flac, "flac"),
    ] {
        for model in ["gpt-4o-mini-tts", "tts-1"] {
            let config = proto::SynthesisConfig { model: model.to_owned(), ..encoded(encoding) };
            let answer = server.speak(styled(TEXT, config)).await;
            answer.account();
            let made_here = matches!(encoding, AudioEncoding::PcmS16le | AudioEncoding::Wav);
            let format = answer.started.as_ref().unwrap().audio_format.as_ref().unwrap();
            let claimed = (format.sample_rate_hertz, format.channel_count);
            assert_eq!(claimed, if made_here { (24_000, 1) } else { (0, 0) }, "{name}: no more than is known");
            assert!(answer.audio() == direct(&upstream, model, name).await, "{name} of {model} differs");
        }
    }
}

#[tokio::test]
async fn no_chunk_is_larger_than_asked_for_not_even_with_its_header() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    for encoding in [AudioEncoding::PcmS16le, AudioEncoding::Wav, AudioEncoding::Mp3] {
        let delivery = Some(proto::DeliveryOptions { max_chunk_bytes: 1025, ..Default::default() });
        let answer = server.speak(styled(TEXT, proto::SynthesisConfig { delivery, ..encoded(encoding) })).await;
        answer.account();
        let sizes: Vec<_> = answer.chunks.iter().map(|chunk| chunk.data.len()).collect();
        assert!(sizes.iter().all(|size| *size <= 1025), "{encoding:?}: {sizes:?}");
        assert!(answer.audio() == direct(&upstream, "gpt-4o-mini-tts", name(encoding)).await, "{encoding:?}");
    }
}

fn name(encoding: AudioEncoding) -> &'static str {
    match encoding {
        AudioEncoding::Wav => "wav",
        AudioEncoding::Mp3 => "mp3",
        _ => "pcm",
    }
}

#[tokio::test]
async fn a_clip_is_one_message_with_true_wav_sizes() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let clip = proto::SynthesizeClipRequest {
        text: TEXT.to_owned(),
        config: Some(encoded(AudioEncoding::Wav)),
        correlation_id: "order 66".to_owned(),
    };
    let clip = server.client().await.synthesize_clip(clip).await.unwrap().into_inner();
    let header = wav::parse(&clip.audio).unwrap().unwrap();
    assert_eq!(header.data_bytes, Some(u32::try_from(clip.audio.len() - 44).unwrap()));
    assert_eq!(clip.started.unwrap().correlation_id, "order 66");
    assert_eq!(clip.summary.unwrap().audio_byte_count, i64::try_from(clip.audio.len()).unwrap());
}

#[tokio::test]
async fn text_without_anything_to_speak_succeeds_in_silence() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    for text in [" ", "...", "🙂🙂", "\u{301}", "— ¿? !"] {
        let answer = server.speak(request(text)).await;
        assert_eq!(answer.account().finish_reason(), proto::FinishReason::NoSpeakableText, "{text}");
        assert!(answer.chunks.is_empty());
    }
    assert!(upstream.log().records().is_empty());
}

/// What the upstream answers when it is asked without us.
async fn direct(upstream: &StandIn, model: &str, format: &str) -> Vec<u8> {
    let body = serde_json::json!({
        "model": model, "input": TEXT, "voice": "alloy", "response_format": format,
    });
    let request = reqwest::Client::new().post(format!("{}/audio/speech", upstream.base_url()));
    let answer = request.bearer_auth("sk-test-key").json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.bytes().await.unwrap().to_vec()
}
