//! Faults of the upstream: before audio they are retried where that helps, after audio they are told as they are.

use std::time::Duration;

use rhapsode::proto;
use rhapsode::proto::AudioEncoding;
use rhapsode::speech::playing_time;
use serde_json::Value;
use serde_json::json;
use tonic::Code;

use crate::support::details::Details;
use crate::support::server::Answer;
use crate::support::server::Rhapsode;
use crate::support::server::encoded;
use crate::support::server::request;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const TEXT: &str = "Please hold while I connect your call to the next free agent.";

/// What one fault, repeated for every attempt, comes to.
struct Outcome {
    details: Details,
    answer: Answer,
    calls: usize,
}

/// Speaks while every request meets `fault`, with the waits between attempts cut short.
async fn meet(fault: Value) -> Outcome {
    meet_with(fault, &EAGER).await
}

/// The same with `settings`.
async fn meet_with(fault: Value, settings: &[(&str, &str)]) -> Outcome {
    meet_as(&fault, settings, request(TEXT)).await
}

/// The same with a request of its own.
async fn meet_as(fault: &Value, settings: &[(&str, &str)], wish: proto::SynthesizeRequest) -> Outcome {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([fault, fault, fault, fault])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), settings).await;
    let mut answer = server.speak(wish).await;
    let details = Details::of(&answer.error.take().unwrap_or_else(|| panic!("{fault} was not noticed")));
    assert!(answer.summary.is_none());
    let calls = upstream.log().ended(1, Duration::from_secs(5)).await.len();
    at_rest(&upstream).await;
    Outcome { details, answer, calls }
}

/// Waits until every request has ended; a test that hangs here has leaked one.
async fn at_rest(upstream: &StandIn) {
    let begun = upstream.log().records().len() as u64;
    let ended = upstream.log().ended(begun, Duration::from_secs(10)).await;
    assert!(ended.iter().all(|record| record.end.is_some()), "a request was left open");
}

/// Short waits between attempts.
const EAGER: [(&str, &str); 2] = [("RHAPSODE__RETRY__INITIAL_BACKOFF", "1ms"), ("RHAPSODE__RETRY__MAX_BACKOFF", "5ms")];

/// Short waits for the upstream, too: for upstreams that keep silent, and long enough for a busy machine.
const IMPATIENT: [(&str, &str); 4] = [
    ("RHAPSODE__RETRY__INITIAL_BACKOFF", "1ms"),
    ("RHAPSODE__RETRY__MAX_BACKOFF", "5ms"),
    ("RHAPSODE__TIMEOUTS__FIRST_AUDIO", "500ms"),
    ("RHAPSODE__TIMEOUTS__IDLE", "1500ms"),
];

#[tokio::test]
async fn what_may_pass_is_tried_again_and_then_unavailable() {
    for fault in [
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 502}),
        json!({"kind": "status", "status": 503}),
        json!({"kind": "status", "status": 504}),
        json!({"kind": "status", "status": 408}),
        json!({"kind": "status", "status": 409}),
        json!({"kind": "overloaded"}),
        json!({"kind": "old_overloaded"}),
        json!({"kind": "html", "status": 502}),
        json!({"kind": "html", "status": 200}),
        json!({"kind": "cut_after", "bytes": 0}),
        json!({"kind": "cut_after", "bytes": 0, "reset": true}),
        json!({"kind": "wrong_content_type", "value": "text/html"}),
        json!({"kind": "sse_error_after", "bytes": 0}),
    ] {
        let Outcome { details, answer, calls } = meet(fault.clone()).await;
        assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"), "{fault}");
        assert!(details.retry_after.is_some() && details.pushback_ms.is_none(), "{fault}");
        assert_eq!((calls, answer.chunks.len()), (3, 0), "{fault}");
        let usage = details.failure.usage.unwrap();
        assert_eq!((usage.upstream_call_count, usage.retry_count), (3, 2), "{fault}");
    }
}

#[tokio::test]
async fn an_upstream_that_keeps_silent_is_unavailable() {
    for fault in [json!({"kind": "hang_before_headers"}), json!({"kind": "headers_then_silence"})] {
        let Outcome { details, calls, .. } = meet_with(fault.clone(), &IMPATIENT).await;
        assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_TIMEOUT"), "{fault}");
        assert!(details.retry_after.is_some());
        assert_eq!(calls, 3);
    }
}

#[tokio::test]
async fn an_upstream_that_nobody_answers_for_is_unavailable() {
    // A port that was free a moment ago.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Rhapsode::before(&format!("http://{address}/v1"), &EAGER).await;
    let details = Details::of(&server.refuse(request(TEXT)).await);
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert_eq!(details.failure.upstream_error.unwrap().http_status_code, 0);
}

#[tokio::test]
async fn what_asks_us_to_slow_down_is_told_with_its_wait() {
    for fault in [
        json!({"kind": "rpm", "retry_after_ms": 20}),
        json!({"kind": "tpm", "retry_after_ms": 20}),
        json!({"kind": "slow_down"}),
    ] {
        let Outcome { details, calls, .. } = meet(fault.clone()).await;
        assert_eq!(details.meaning(), (Code::ResourceExhausted, "UPSTREAM_RATE_LIMITED"), "{fault}");
        assert!(details.retry_after.is_some() && details.quota.is_some(), "{fault}");
        assert!(details.pushback_ms > Some(0), "{fault}");
        assert_eq!(calls, 3, "{fault}");
        assert_eq!(details.failure.upstream_error.unwrap().http_status_code, 429);
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_handed_to_the_caller() {
    let Outcome { details, calls, .. } = meet(json!({"kind": "rpm", "retry_after_ms": 30_000})).await;
    assert_eq!(details.meaning(), (Code::ResourceExhausted, "UPSTREAM_RATE_LIMITED"));
    assert_eq!((details.retry_after, details.pushback_ms, calls), (Some(30.0), Some(30_000), 1));
}

#[tokio::test]
async fn an_empty_purse_is_never_tried_again() {
    for code in [
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
    ] {
        let Outcome { details, calls, .. } = meet(json!({"kind": "quota", "code": code})).await;
        assert_eq!(details.meaning(), (Code::ResourceExhausted, "UPSTREAM_QUOTA_EXHAUSTED"), "{code}");
        assert_eq!((details.retry_after, details.pushback_ms, calls), (None, Some(-1), 1), "{code}");
        assert!(details.quota.is_some());
        assert_eq!(details.failure.upstream_error.unwrap().code, code);
    }
}

#[tokio::test]
async fn our_key_is_our_fault_and_takes_us_out_of_service() {
    let upstream =
        StandIn::start(Options { api_key: Some("sk-another".to_owned()), ..Options::default() }).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
    assert_eq!(server.page("/readyz").await.0, 200);
    let status = server.refuse(request(TEXT)).await;
    let details = Details::of(&status);
    assert_eq!(details.meaning(), (Code::Internal, "UPSTREAM_CREDENTIALS"));
    assert!(!format!("{status:?}").contains("sk-test-key"), "the key is nobody's business");
    assert_eq!(upstream.log().records().len(), 1);
    let (code, reason) = server.page("/readyz").await;
    assert_eq!(code, 503);
    assert!(reason.contains("openai"), "{reason}");
    assert_eq!(health(&server, "rhapsode.v1.SpeechService").await, "NotServing");
    assert_eq!(health(&server, "").await, "Serving");
    let Outcome { details, calls, .. } = meet(json!({"kind": "region"})).await;
    assert_eq!((details.meaning(), calls), ((Code::Internal, "UPSTREAM_CREDENTIALS"), 1));
}

async fn health(server: &Rhapsode, service: &str) -> String {
    let channel = tonic::transport::Channel::from_shared(format!("http://{}", server.grpc)).unwrap();
    let mut client = tonic_health::pb::health_client::HealthClient::new(channel.connect().await.unwrap());
    let request = tonic_health::pb::HealthCheckRequest { service: service.to_owned() };
    format!("{:?}", client.check(request).await.unwrap().into_inner().status())
}

#[tokio::test]
async fn a_model_that_is_gone_is_not_found() {
    for fault in [json!({"kind": "retired"}), json!({"kind": "project"})] {
        let Outcome { details, calls, .. } = meet(fault.clone()).await;
        assert_eq!(details.meaning(), (Code::NotFound, "UPSTREAM_MODEL_NOT_FOUND"), "{fault}");
        assert_eq!(calls, 1);
        let resource = details.resource.unwrap();
        assert_eq!((resource.resource_type.as_str(), resource.resource_name.as_str()), ("model", "gpt-4o-mini-tts"));
    }
}

#[tokio::test]
async fn a_refusal_that_we_did_not_foresee_names_the_field_or_else_the_text() {
    for (fault, field) in [
        (json!({"kind": "status", "status": 400, "code": "invalid_value"}), "text"),
        (json!({"kind": "status", "status": 422}), "text"),
        (json!({"kind": "dialect", "name": "fastapi_422"}), "config.speed"),
    ] {
        let Outcome { details, calls, .. } = meet(fault.clone()).await;
        assert_eq!(details.meaning(), (Code::InvalidArgument, "UPSTREAM_REJECTED"), "{fault}");
        assert_eq!(details.fields, [field], "{fault}");
        assert_eq!(calls, 1, "{fault}");
    }
}

/// What OpenAI says to a text of more than 2000 tokens.
fn too_long() -> Value {
    let message = "Input of 2132 tokens is over the maximum input limit of 2000 tokens. Please shorten your input.";
    json!({"kind": "status", "status": 400, "code": "invalid_value", "message": message})
}

#[tokio::test]
async fn a_text_that_is_longer_than_the_upstream_takes_is_sent_in_smaller_parts() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([too_long()])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
    let text = "The first sentence is spoken here. The second one follows behind it.";
    let answer = server.speak(request(text)).await;
    assert_eq!(answer.account().usage.unwrap().upstream_call_count, 3);
    let asked: Vec<_> =
        upstream.log().ended(3, Duration::from_secs(5)).await.iter().map(|call| call.request.chars).collect();
    assert_eq!(asked, [68, 34, 33]);
    let direct = server.speak(request(text)).await;
    // Two clips instead of one, with their own silence around them.
    assert!(answer.audio().len() >= direct.audio().len() * 9 / 10);
}

#[tokio::test]
async fn a_text_is_made_smaller_once_and_only_where_parts_can_be_joined() {
    let Outcome { details, calls, .. } = meet(too_long()).await;
    assert_eq!((details.meaning(), calls), ((Code::InvalidArgument, "UPSTREAM_REJECTED"), 2));

    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([too_long()])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
    let status = server.refuse(styled(TEXT, encoded(AudioEncoding::Mp3))).await;
    assert_eq!(Details::of(&status).meaning(), (Code::InvalidArgument, "UPSTREAM_REJECTED"));
    assert_eq!(upstream.log().records().len(), 1);
}

#[tokio::test]
async fn a_content_policy_is_told_as_such() {
    let Outcome { details, calls, .. } =
        meet(json!({"kind": "status", "status": 400, "code": "content_policy_violation"})).await;
    assert_eq!(details.meaning(), (Code::InvalidArgument, "CONTENT_REJECTED"));
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn an_answer_without_audio_gets_one_more_chance() {
    let Outcome { details, calls, .. } = meet(json!({"kind": "empty_body"})).await;
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_EMPTY_AUDIO"));
    assert_eq!(calls, 2);
}

#[tokio::test]
async fn a_fault_after_audio_is_aborted_and_says_where_to_resume() {
    for fault in [
        json!({"kind": "cut_after", "bytes": 20_000}),
        json!({"kind": "cut_after", "bytes": 20_000, "reset": true}),
        json!({"kind": "sse_without_done"}),
        json!({"kind": "sse_error_after", "bytes": 20_000}),
        json!({"kind": "sse_error_after", "bytes": 20_000, "shape": "speech_audio_error"}),
        json!({"kind": "sse_error_after", "bytes": 20_000, "shape": "text"}),
    ] {
        truncated(&fault, meet(fault.clone()).await);
    }
    // Half a second, for a text that nobody speaks in one; with the usage of the whole.
    let short =
        |others: &[Value]| Value::from([&[json!({"kind": "truncated_clean", "bytes": 24_000})], others].concat());
    for fault in [json!({"kind": "odd_length"}), short(&[])] {
        truncated(&fault, meet(fault.clone()).await);
    }
    let wav = json!({"kind": "dialect", "name": "wav_always"});
    for fault in [json!([{"kind": "odd_length"}, wav]), short(&[wav])] {
        truncated(&fault, meet(fault.clone()).await);
    }
    for fault in [json!({"kind": "odd_length"}), short(&[])] {
        let raw = proto::SynthesisConfig { model: "tts-1".to_owned(), ..Default::default() };
        truncated(&fault, meet_as(&fault, &EAGER, styled(TEXT, raw)).await);
    }
    let stall = json!({"kind": "stall_after", "bytes": 20_000, "ms": 60_000});
    truncated(&stall, meet_with(stall.clone(), &[("RHAPSODE__TIMEOUTS__IDLE", "1s")]).await);
}

fn truncated(fault: &Value, outcome: Outcome) {
    let Outcome { details, answer, calls } = outcome;
    assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"), "{fault}");
    assert!(!answer.chunks.is_empty(), "{fault}");
    assert_eq!((calls, details.retry_after, details.pushback_ms), (1, None, None), "{fault}");
    let failure = details.failure;
    assert!(failure.audio_started && failure.resume_char == 0, "{fault}");
    assert_eq!(failure.last_sequence, i64::try_from(answer.chunks.len()).unwrap() - 1, "{fault}");
    let sent = Duration::try_from(failure.audio_sent_duration.unwrap()).unwrap();
    assert_eq!(sent, playing_time(answer.audio().len() as u64), "{fault}");
}

#[tokio::test]
async fn a_clip_that_breaks_was_never_heard_and_may_be_asked_for_again() {
    for script in [
        json!([{"kind": "cut_after", "bytes": 20_000}]),
        json!([null, {"kind": "status", "status": 500}, {"kind": "status", "status": 500}, {"kind": "status", "status": 500}]),
    ] {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        upstream.script(script).unwrap();
        let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
        let text = "The first part of this text is spoken well, and the second one is not. ".repeat(5);
        let clip = rhapsode::proto::SynthesizeClipRequest { text, ..Default::default() };
        let details = Details::of(&server.client().await.synthesize_clip(clip).await.unwrap_err());
        assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
        assert!(details.retry_after.is_some());
        let failure = details.failure;
        assert_eq!((failure.audio_started, failure.last_sequence, failure.resume_char), (false, -1, 0));
        assert!(failure.usage.unwrap().upstream_call_count > 0, "what was spent is told");
    }
}

#[tokio::test]
async fn a_later_segment_that_breaks_is_where_to_resume() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let fault = json!({"kind": "status", "status": 500});
    upstream.script(json!([null, fault, fault, fault])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
    let first = "The first part of this text is spoken well. ".repeat(5);
    let text = format!("{first}{}", "What follows is never heard at all. ".repeat(40));
    let answer = server.speak(request(&text)).await;
    let details = Details::of(&answer.error.unwrap());
    assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"));
    let heard = upstream.log().records()[0].request.chars;
    let resume = usize::try_from(details.failure.resume_char).unwrap();
    assert!(resume >= heard && text[heard..resume].trim().is_empty(), "{heard} {resume}");
}

#[tokio::test]
async fn a_later_clip_that_ends_too_early_is_where_to_resume() {
    let first = "The first part of this text is spoken well. ".repeat(5);
    let text = format!("{first}{}", "What follows is cut short and cleanly. ".repeat(40));
    for fault in [json!({"kind": "odd_length"}), json!({"kind": "truncated_clean", "bytes": 48_000})] {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        upstream.script(json!([null, fault])).unwrap();
        let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
        let answer = server.speak(request(&text)).await;
        let details = Details::of(&answer.error.unwrap());
        assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"), "{fault}");
        let heard = upstream.log().records()[0].request.chars;
        let resume = usize::try_from(details.failure.resume_char).unwrap();
        assert!(resume >= heard && text[heard..resume].trim().is_empty(), "{heard} {resume}");
    }
}

#[tokio::test]
async fn a_clip_that_ends_before_anybody_heard_it_is_asked_for_again() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let one_byte = json!({"kind": "truncated_clean", "bytes": 1});
    // The announced length makes the end of this one known together with its audio.
    let a_tenth = json!([{"kind": "truncated_clean", "bytes": 4_410}, {"kind": "dialect", "name": "pcm_22050_header"}]);
    upstream.script(json!([one_byte, a_tenth])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
    let answer = server.speak(request(TEXT)).await;
    let usage = answer.account().usage.unwrap();
    assert_eq!((usage.upstream_call_count, usage.retry_count), (3, 2));
    assert_eq!(answer.warnings[0].code(), proto::WarningCode::SegmentRetried);
}

#[tokio::test]
async fn who_speaks_fast_is_not_cut_short() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    for model in ["gpt-4o-mini-tts", "tts-1"] {
        let config = proto::SynthesisConfig { model: model.to_owned(), speed: Some(4.0), ..Default::default() };
        server.speak(styled(&TEXT.repeat(5), config)).await.account();
    }
}

#[tokio::test]
async fn nobody_knows_whether_encoded_bytes_are_all_there() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "truncated_clean", "bytes": 4_800}])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let answer = server.speak(styled(TEXT, encoded(AudioEncoding::AacAdts))).await;
    assert_eq!(answer.account().audio_byte_count, 4_800);
}

#[tokio::test]
async fn an_upstream_may_forbid_a_retry() {
    let Outcome { details, calls, .. } = meet(json!({"kind": "should_retry_false", "status": 500})).await;
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn a_retry_that_helps_is_a_warning_and_nothing_more() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "overloaded"}, {"kind": "cut_after", "bytes": 0}, null])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &EAGER).await;
    let answer = server.speak(request(TEXT)).await;
    let usage = answer.account().usage.unwrap();
    assert_eq!((usage.upstream_call_count, usage.retry_count), (3, 2));
    assert_eq!(answer.warnings[0].code(), rhapsode::proto::WarningCode::SegmentRetried);
    assert_eq!(usage.synthesized_character_count, i64::try_from(TEXT.len()).unwrap());
}

#[tokio::test]
async fn oddities_of_a_healthy_answer_are_no_faults() {
    for fault in [
        json!({"kind": "writes", "pattern": "one_byte"}),
        json!({"kind": "writes", "pattern": "odd"}),
        json!({"kind": "writes", "pattern": "coalesced"}),
        json!({"kind": "sse_without_done_marker"}),
        json!({"kind": "sse_without_done", "marker": true}),
        json!({"kind": "dialect", "name": "vllm_delta_lf"}),
        json!({"kind": "dialect", "name": "no_done"}),
        json!({"kind": "dialect", "name": "usage_prompt_tokens"}),
        json!({"kind": "dialect", "name": "wav_always"}),
        json!({"kind": "dialect", "name": "double_riff"}),
        json!({"kind": "dialect", "name": "pcm_22050_header"}),
    ] {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        upstream.script(json!([null, fault])).unwrap();
        let server = Rhapsode::before(&upstream.base_url(), &[]).await;
        let plain = server.speak(request("Hold.")).await.audio().len();
        let answer = server.speak(request("Hold.")).await;
        answer.account();
        let audio = answer.audio();
        assert!(audio.len() % 2 == 0 && answer.chunks.iter().all(|chunk| chunk.data.len() % 2 == 0), "{fault}");
        assert!(plain.abs_diff(audio.len()) <= 4, "{fault}: {plain} and {} bytes", audio.len());
    }
}
