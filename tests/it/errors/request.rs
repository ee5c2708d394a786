//! Faults of the request: `INVALID_ARGUMENT`, naming the field, and nothing spent.

use rhapsode::proto;
use rhapsode::proto::AudioEncoding;
use rhapsode::proto::SynthesisConfig;
use tonic::Code;

use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::encoded;
use crate::support::server::request;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

fn config(change: impl FnOnce(&mut SynthesisConfig)) -> proto::SynthesizeRequest {
    let mut config = SynthesisConfig::default();
    change(&mut config);
    styled("Hello.", config)
}

fn format(encoding: i32, rate: i32, channels: i32) -> proto::AudioFormat {
    proto::AudioFormat { encoding, sample_rate_hertz: rate, channel_count: channels, ..Default::default() }
}

fn time(seconds: i64, milliseconds: i32) -> prost_types::Duration {
    prost_types::Duration { seconds, nanos: milliseconds * 1_000_000 }
}

#[tokio::test]
async fn instructions_that_leave_no_room_for_text_are_refused() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    // Within the limit of characters, and more than 1,800 of the 2,000 tokens of a call.
    let long = "ᠠ".repeat(1_500);
    let speak = |model: &str| {
        let (model, long) = (model.to_owned(), long.clone());
        server.speak(config(|config| (config.model, config.instructions) = (model, long)))
    };
    let status = speak("gpt-4o-mini-tts").await.error.unwrap();
    assert_eq!(Details::of(&status).meaning(), (Code::InvalidArgument, "INVALID_FIELD"));
    assert_eq!(Details::of(&status).fields, ["config.instructions"]);
    assert!(upstream.log().records().is_empty(), "nothing is spent");
    speak("tts-1").await.account();
}

#[tokio::test]
async fn a_field_that_is_wrong_is_named() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let speed = |speed| config(|config| config.speed = Some(speed));
    let delivery = |options| config(|config| config.delivery = Some(options));
    let chunk = |bytes| delivery(proto::DeliveryOptions { max_chunk_bytes: bytes, ..Default::default() });
    let runs = |duration| proto::DeliveryOptions { chunk_duration: Some(duration), ..Default::default() };
    let paced = |lead| proto::DeliveryOptions { pacing_mode: 1, pacing_lead: Some(lead), ..Default::default() };
    let trimmed = |silence| proto::DeliveryOptions { max_leading_silence: Some(silence), ..Default::default() };
    let encoded = |encoding, options| {
        config(|config| {
            config.audio_format = Some(format(encoding, 0, 0));
            config.delivery = Some(options);
        })
    };
    let audio = |format| config(|config| config.audio_format = Some(format));
    let wrong = vec![
        (request(""), "text"),
        (speed(0.2), "config.speed"),
        (speed(4.1), "config.speed"),
        (speed(f64::NAN), "config.speed"),
        (speed(f64::INFINITY), "config.speed"),
        (speed(-1.0), "config.speed"),
        (chunk(1023), "config.delivery.max_chunk_bytes"),
        (chunk(-1), "config.delivery.max_chunk_bytes"),
        (chunk(65537), "config.delivery.max_chunk_bytes"),
        (delivery(runs(time(0, 9))), "config.delivery.chunk_duration"),
        (delivery(runs(time(1, 1))), "config.delivery.chunk_duration"),
        (delivery(runs(time(-1, 0))), "config.delivery.chunk_duration"),
        (delivery(runs(time(i64::MIN, 0))), "config.delivery.chunk_duration"),
        (delivery(paced(time(i64::MAX, 0))), "config.delivery.pacing_lead"),
        // A second of 24 kHz PCM is 48,000 bytes.
        (delivery(runs(time(1, 0))), "config.delivery.chunk_duration"),
        (encoded(5, runs(time(0, 20))), "config.delivery.chunk_duration"),
        (
            delivery(proto::DeliveryOptions { pad_final_chunk: true, ..Default::default() }),
            "config.delivery.pad_final_chunk",
        ),
        (delivery(proto::DeliveryOptions { pacing_mode: 2, ..Default::default() }), "config.delivery.pacing_mode"),
        (delivery(paced(time(0, 19))), "config.delivery.pacing_lead"),
        (delivery(paced(time(61, 0))), "config.delivery.pacing_lead"),
        (delivery(proto::DeliveryOptions { pacing_mode: 0, ..paced(time(1, 0)) }), "config.delivery.pacing_lead"),
        (delivery(trimmed(time(5, 1))), "config.delivery.max_leading_silence"),
        (delivery(trimmed(time(0, -1))), "config.delivery.max_leading_silence"),
        (delivery(proto::DeliveryOptions { loudness_mode: 2, ..Default::default() }), "config.delivery.loudness_mode"),
        (config(|config| config.alignment_mode = 3), "config.alignment_mode"),
        (audio(format(10, 0, 0)), "config.audio_format.encoding"),
        (audio(format(-7, 0, 0)), "config.audio_format.encoding"),
        (audio(format(99, 0, 0)), "config.audio_format.encoding"),
        (audio(format(1, 8001, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(2, 24000, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(3, 44100, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(4, 96000, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(5, 8000, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(6, 44100, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(7, 96000, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(1, -1, 0)), "config.audio_format.sample_rate_hertz"),
        (audio(format(1, 24000, 2)), "config.audio_format.channel_count"),
        (config(|config| config.instructions = "x".repeat(4097)), "config.instructions"),
        (config(|config| config.model = "m".repeat(200)), "config.model"),
        (config(|config| config.voice = "a\u{7}".to_owned()), "config.voice"),
        (config(|config| config.language_code = "x".repeat(36)), "config.language_code"),
        (config(|config| config.language_code = "en_US".to_owned()), "config.language_code"),
        (config(|config| config.language_code = "en, and sing".to_owned()), "config.language_code"),
        (config(|config| config.language_code = "dé".to_owned()), "config.language_code"),
        (proto::SynthesizeRequest { correlation_id: "ü".to_owned(), ..request("Hello.") }, "correlation_id"),
        (proto::SynthesizeRequest { correlation_id: "x".repeat(129), ..request("Hello.") }, "correlation_id"),
    ];
    for (request, field) in wrong {
        let details = Details::of(&server.refuse(request).await);
        assert_eq!(details.meaning(), (Code::InvalidArgument, "INVALID_FIELD"), "{field}");
        assert_eq!(details.fields, [field]);
        assert_eq!((details.retry_after, details.pushback_ms), (None, None));
        assert_eq!((details.failure.audio_started, details.failure.last_sequence), (false, -1));
    }
    assert!(upstream.log().records().is_empty(), "nothing was spent");
}

#[tokio::test]
async fn an_unknown_name_brings_the_likely_ones() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let model = config(|config| config.model = "gpt-4o-mini-tss".to_owned());
    let details = Details::of(&server.refuse(model).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "MODEL_UNKNOWN"));
    assert_eq!(details.fields, ["config.model"]);
    assert!(details.info.metadata["nearMatches"].contains("gpt-4o-mini-tts"));

    let voice = config(|config| config.voice = "aloy".to_owned());
    let details = Details::of(&server.refuse(voice).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "VOICE_UNKNOWN"));
    assert_eq!(details.fields, ["config.voice"]);
    assert!(details.info.metadata["nearMatches"].contains("alloy"));

    // A voice of one model is not a voice of another.
    let wrong = config(|config| (config.model, config.voice) = ("tts-1".to_owned(), "ballad".to_owned()));
    assert_eq!(Details::of(&server.refuse(wrong).await).info.reason, "VOICE_UNKNOWN");
    assert!(upstream.log().records().is_empty());
}

#[tokio::test]
async fn text_over_the_limit_is_refused_with_the_limit() {
    let server = Rhapsode::with(&[("RHAPSODE__LIMITS__MAX_TEXT_CHARS", "50")]).await;
    server.speak(request(&"ü ".repeat(25))).await.account();
    let details = Details::of(&server.refuse(request(&"ü".repeat(51))).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "TEXT_TOO_LONG"));
    assert_eq!(details.info.metadata["maxTextChars"], "50");
    assert_eq!(details.fields, ["text"]);
}

#[tokio::test]
async fn a_message_over_the_receive_limit_is_refused_by_the_transport() {
    let server = Rhapsode::with(&[("RHAPSODE__LIMITS__MAX_TEXT_CHARS", "1000")]).await;
    let status = server.refuse(request(&"x".repeat(1 << 20))).await;
    assert_eq!(status.code(), Code::OutOfRange);
}

#[tokio::test]
async fn an_option_without_effect_is_a_warning_or_if_strict_an_error() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let wish = |strict| {
        config(|config| {
            config.model = "tts-1".to_owned();
            config.instructions = "Whisper.".to_owned();
            config.strict = strict;
        })
    };
    let answer = server.speak(wish(false)).await;
    answer.account();
    assert_eq!(answer.warnings[0].code(), proto::WarningCode::OptionIgnored);
    assert_eq!(answer.warnings[0].field, "config.instructions");
    assert_eq!(upstream.log().records()[0].request.instructions, None);

    let details = Details::of(&server.refuse(wish(true)).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "OPTION_UNSUPPORTED"));
    assert_eq!(details.fields, ["config.instructions"]);
}

#[tokio::test]
async fn without_a_key_strictness_refuses_the_built_in_voice() {
    let server = Rhapsode::with(&[]).await;
    let details = Details::of(&server.refuse(config(|config| config.strict = true)).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "OPTION_UNSUPPORTED"));
    assert_eq!(details.fields, ["config.model"]);
}

#[tokio::test]
async fn a_rate_that_is_not_made_is_refused_and_not_replaced() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let mut aac = encoded(AudioEncoding::AacAdts);
    aac.audio_format.as_mut().unwrap().sample_rate_hertz = 96_000;
    let status = server.refuse(styled("Hello.", aac)).await;
    let details = Details::of(&status);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "INVALID_FIELD"));
    assert_eq!(details.fields, ["config.audio_format.sample_rate_hertz"]);
    assert!(status.message().contains("48000"), "it says what would work");
    assert!(upstream.log().records().is_empty());
}

#[tokio::test]
async fn the_built_in_voice_says_that_it_speaks_english_only() {
    let server = Rhapsode::with(&[]).await;
    let details = Details::of(&server.refuse(request("Hello. Добрый день.")).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "INVALID_FIELD"));
    assert_eq!(details.fields, ["text"]);
    let german = config(|config| config.language_code = "de".to_owned());
    assert_eq!(Details::of(&server.refuse(german).await).fields, ["config.language_code"]);
}

#[tokio::test]
async fn a_clip_cannot_be_paced() {
    let server = Rhapsode::with(&[]).await;
    let delivery = proto::DeliveryOptions { pacing_mode: 1, ..Default::default() };
    let config = SynthesisConfig { delivery: Some(delivery), ..Default::default() };
    let clip = proto::SynthesizeClipRequest { text: "Hello.".to_owned(), config: Some(config), ..Default::default() };
    let details = Details::of(&server.client().await.synthesize_clip(clip).await.unwrap_err());
    assert_eq!(
        (details.info.reason.as_str(), details.fields),
        ("INVALID_FIELD", vec!["config.delivery.pacing_mode".to_owned()])
    );
}

#[tokio::test]
async fn a_clip_over_the_limit_is_not_retried_and_points_to_the_stream() {
    let server = Rhapsode::with(&[("RHAPSODE__LIMITS__MAX_CLIP_BYTES", "20000")]).await;
    let clip = proto::SynthesizeClipRequest { text: "This is too long for it.".to_owned(), ..Default::default() };
    let details = Details::of(&server.client().await.synthesize_clip(clip).await.unwrap_err());
    assert_eq!(details.meaning(), (Code::ResourceExhausted, "CLIP_TOO_LARGE"));
    assert_eq!(details.pushback_ms, Some(-1));
    assert!(details.help.unwrap().links[0].description.contains("Synthesize"));
}

#[tokio::test]
async fn lists_refuse_wrong_pages_and_unknown_models() {
    let server = Rhapsode::with(&[]).await;
    let mut client = server.client().await;
    let page = proto::ListModelsRequest { page_size: -1, ..Default::default() };
    assert_eq!(Details::of(&client.list_models(page).await.unwrap_err()).fields, ["page_size"]);
    let voices = proto::ListVoicesRequest { model: "nobody".to_owned(), ..Default::default() };
    let details = Details::of(&client.list_voices(voices).await.unwrap_err());
    assert_eq!((details.info.reason.as_str(), details.fields), ("MODEL_UNKNOWN", vec!["model".to_owned()]));
}
