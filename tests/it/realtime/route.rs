//! After the speech endpoint: whoever asks for its models is still served.

use rhapsode::proto;
use rhapsode::proto::AudioEncoding;
use rhapsode::proto::WarningCode;
use serde_json::json;
use tonic::Code;

use super::ask;
use super::length;
use super::readings;
use super::seconds;
use super::stage;
use super::warned;
use crate::support::details::Details;
use crate::support::server::encoded;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::log::Kind;

/// The service believes that it is February 2027, and that the stand-in is OpenAI.
const LATER: [(&str, &str); 2] =
    [("RHAPSODE__RETIREMENT__REHEARSE_AS_OF", "2027-02-01"), ("RHAPSODE__ENGINES__OPENAI__MODELS_RETIRE", "true")];

const VOICES: [&str; 13] =
    ["alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse"];

fn gone() -> Options {
    Options { retired: true, ..Options::default() }
}

#[tokio::test]
async fn after_the_shutdown_every_voice_is_still_served() {
    let (upstream, server) = stage(gone(), &LATER).await;
    for voice in VOICES {
        let config = proto::SynthesisConfig { voice: voice.to_owned(), ..Default::default() };
        let answer = server.speak(styled("Your taxi is here.", config)).await;
        assert!(answer.error.is_none(), "{voice}: {:?}", answer.error);
        let started = answer.started.as_ref().unwrap();
        let spoken_by = match voice {
            "fable" => "ballad",
            "nova" => "coral",
            "onyx" => "ash",
            other => other,
        };
        assert_eq!((started.model.as_str(), started.voice.as_str()), ("gpt-realtime-2.1-mini", spoken_by));
        let warnings = warned(&answer, WarningCode::FallbackUsed);
        assert!(warnings[0].contains("was shut down on 2027-01-06"), "{warnings:?}");
        assert_eq!(warnings[0].contains(&format!("for `{voice}`")), spoken_by != voice, "{warnings:?}");
        assert!((1.0..1.6).contains(&seconds(&answer)), "{voice}: {} s", seconds(&answer));
        assert_eq!(readings(&upstream).last().unwrap().request.voice.as_deref(), Some(spoken_by));
    }
    let speech = upstream.log().records().into_iter().filter(|record| record.kind == Kind::Speech).count();
    assert_eq!(speech, 0, "nobody asks for what is known to be gone");
}

#[tokio::test]
async fn after_the_shutdown_every_format_is_still_served() {
    let (_upstream, server) = stage(gone(), &LATER).await;
    for encoding in [
        AudioEncoding::PcmS16le,
        AudioEncoding::Wav,
        AudioEncoding::Mulaw,
        AudioEncoding::Alaw,
        AudioEncoding::Mp3,
        AudioEncoding::OggOpus,
        AudioEncoding::Flac,
        AudioEncoding::AacAdts,
        AudioEncoding::OpusPackets,
    ] {
        let answer = server.speak(styled("Your taxi is here.", encoded(encoding))).await;
        assert!(answer.error.is_none(), "{encoding:?}: {:?}", answer.error);
        assert!(answer.summary.unwrap().audio_byte_count > 500, "{encoding:?}");
    }
}

#[tokio::test]
async fn a_model_that_is_gone_before_its_day_is_replaced_when_it_is_asked() {
    for options in [gone(), Options::default()] {
        let is_gone = options.retired;
        let (upstream, server) = stage(options, &[]).await;
        let answer = ask(&server, "Your taxi is here.").await;
        let model = answer.started.as_ref().unwrap().model.clone();
        assert_eq!(model, if is_gone { "gpt-realtime-2.1-mini" } else { "gpt-4o-mini-tts" });
        assert_eq!(warned(&answer, WarningCode::FallbackUsed).len(), usize::from(is_gone));
        assert_eq!(readings(&upstream).len(), usize::from(is_gone));
        let summary = answer.summary.unwrap();
        let cost = summary.cost.unwrap();
        assert!(cost.amount_nanos > 0 && !cost.estimated, "{cost:?}");
        let usage = summary.usage.unwrap();
        assert_eq!(usage.output_text_token_count > 0, is_gone, "a transcript is paid for");
        assert_eq!(usage.synthesized_character_count, 18);
    }
}

#[tokio::test]
async fn what_the_server_says_of_its_models_holds() {
    // A server that is not OpenAI's, so that the catalogue's own dates do not count; but its list of models says the same.
    let (upstream, server) = stage(Options::default(), &LATER[..1]).await;
    let mut spoken_by = String::new();
    for _ in 0..200 {
        let answer = ask(&server, "Your taxi is here.").await;
        assert!(answer.error.is_none(), "{:?}", answer.error);
        spoken_by = answer.started.unwrap().model;
        if spoken_by == "gpt-realtime-2.1-mini" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(spoken_by, "gpt-realtime-2.1-mini", "nobody read the list");
    let asked = upstream.log().records().len();
    ask(&server, "Your taxi is here.").await;
    assert_eq!(upstream.log().records().len(), asked + 1, "the model that is gone is not asked any more");

    let silent = [LATER[0], ("RHAPSODE__RETIREMENT__POLL_INTERVAL", "0s")];
    let (_upstream, server) = stage(Options::default(), &silent).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let answer = ask(&server, "Your taxi is here.").await;
    assert_eq!(answer.started.unwrap().model, "gpt-4o-mini-tts", "nobody asked when");
}

#[tokio::test]
async fn whoever_took_over_goes_on_to_the_end_of_the_utterance() {
    let (upstream, server) = stage(Options::default(), &[("RHAPSODE__SEGMENTATION__FIRST_SEGMENT_CHARS", "20")]).await;
    let down = json!({"kind": "overloaded"});
    upstream.script(json!([down, down, down])).unwrap();
    let sentence = "The rain had stopped before anybody woke, and a thin mist lay on the harbour. ";
    let answer = ask(&server, &sentence.repeat(16)).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!(warned(&answer, WarningCode::FallbackUsed).len(), 1, "{:?}", answer.warnings);
    let speech = upstream.log().records().into_iter().filter(|record| record.kind == Kind::Speech).count();
    assert_eq!(speech, 3, "the three attempts for the first segment");
    assert!(readings(&upstream).len() > 1);
    let spoken: String = readings(&upstream).iter().map(|record| record.request.text.clone() + " ").collect();
    assert_eq!(
        spoken.split_whitespace().collect::<Vec<_>>(),
        sentence.repeat(16).split_whitespace().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn strict_callers_get_what_they_asked_for_or_nothing() {
    let (upstream, server) = stage(gone(), &LATER).await;
    let config = proto::SynthesisConfig { strict: true, ..Default::default() };
    let details = Details::of(&server.refuse(styled("Your taxi is here.", config.clone())).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "OPTION_UNSUPPORTED"));
    assert!(readings(&upstream).is_empty());

    let (upstream, server) = stage(gone(), &[]).await;
    let details = Details::of(&server.refuse(styled("Your taxi is here.", config)).await);
    assert_eq!(details.meaning(), (Code::NotFound, "UPSTREAM_MODEL_NOT_FOUND"));
    assert!(readings(&upstream).is_empty());
}

#[tokio::test]
async fn what_is_refused_for_its_text_is_not_shown_to_another() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    upstream.script(json!([{"kind": "status", "status": 400, "code": "content_policy_violation"}])).unwrap();
    let status = ask(&server, "Something improper.").await.error.unwrap();
    assert_eq!(Details::of(&status).meaning(), (Code::InvalidArgument, "CONTENT_REJECTED"));
    assert!(readings(&upstream).is_empty());
}

#[tokio::test]
async fn if_nobody_can_speak_the_first_reason_is_told() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    let quota = json!({"kind": "quota"});
    let refused = json!({"kind": "realtime_upgrade", "status": 403, "code": "model_not_found"});
    upstream.script(json!([quota, refused, refused, refused])).unwrap();
    let status = ask(&server, "Your taxi is here.").await.error.unwrap();
    assert_eq!(Details::of(&status).meaning(), (Code::ResourceExhausted, "UPSTREAM_QUOTA_EXHAUSTED"));
}

#[tokio::test]
async fn faster_than_the_model_speaks_is_made_here() {
    let (upstream, server) = stage(gone(), &LATER).await;
    let text = "The last boat came in at nine, and nobody was there to meet it.";
    for (speed, asked) in [(0.5, 0.5), (1.0, 1.0), (1.5, 1.5), (3.0, 1.5)] {
        let config = proto::SynthesisConfig { speed: Some(speed), ..Default::default() };
        let answer = server.speak(styled(text, config)).await;
        assert!(answer.error.is_none(), "{speed}: {:?}", answer.error);
        let wanted = length(text) / speed;
        assert!((seconds(&answer) / wanted - 1.0).abs() < 0.1, "{speed}: {} s of {wanted}", seconds(&answer));
        assert_eq!(readings(&upstream).last().unwrap().request.speed, Some(asked));
    }
}
