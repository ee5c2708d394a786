//! Who passes on to the next of a route and who does not, and a change in the middle of an utterance.

use ebur128::EbuR128;
use ebur128::Mode;
use rhapsode::proto;
use rhapsode::proto::LoudnessMode;
use rhapsode::proto::SegmentationMode;
use rhapsode::proto::WarningCode;
use rhapsode::proto::synthesize_response::Event;
use serde_json::Value;
use serde_json::json;
use tonic::Code;

use super::MODEL;
use super::ask;
use super::readings;
use super::sound;
use super::stage;
use super::warned;
use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;
use crate::support::stand_in::log::Kind;
use crate::support::stand_in::log::Record;
use crate::support::stand_in::options::Spread;
use crate::support::tones;

const TEXT: &str = "Your taxi is here, and the driver waits at the door.";
const SENTENCE: &str = "The rain had stopped before anybody woke, and a thin mist lay on the harbour. ";

/// The first sentence is a segment of its own, and no session is opened that is not needed.
const STEPS: [(&str, &str); 2] = [
    ("RHAPSODE__SEGMENTATION__FIRST_SEGMENT_CHARS", "20"),
    ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
];

#[tokio::test]
async fn what_another_may_do_better_is_passed_on() {
    let patience = [("RHAPSODE__TIMEOUTS__FIRST_AUDIO", "300ms")];
    for fault in [
        json!({"kind": "overloaded"}),
        json!({"kind": "old_overloaded"}),
        json!({"kind": "html", "status": 502}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "hang_before_headers"}),
        json!({"kind": "headers_then_silence"}),
        json!({"kind": "rpm", "retry_after_ms": 30_000}),
        json!({"kind": "slow_down"}),
        json!({"kind": "quota"}),
        json!({"kind": "status", "status": 401, "code": "invalid_api_key"}),
        json!({"kind": "project"}),
        json!({"kind": "retired"}),
        json!({"kind": "empty_body"}),
        json!({"kind": "cut_after", "bytes": 0}),
    ] {
        let (upstream, server) = stage(Options::default(), &patience).await;
        upstream.script(Value::Array(vec![fault.clone(); 5])).unwrap();
        let answer = ask(&server, TEXT).await;
        assert!(answer.error.is_none(), "{fault}: {:?}", answer.error);
        assert_eq!(answer.started.as_ref().unwrap().model, MODEL, "{fault}");
        assert_eq!(tones::heard(&sound(&answer)), tones::expected(TEXT), "{fault}");
        assert_eq!(warned(&answer, WarningCode::FallbackUsed).len(), 1, "{fault}: {:?}", answer.warnings);
        assert_eq!(server.page("/readyz").await.0, 200, "{fault}: callers are served");
    }
}

#[tokio::test]
async fn what_is_refused_for_what_it_is_goes_to_nobody_else() {
    for (fault, meaning) in [
        (
            json!({"kind": "status", "status": 400, "code": "content_policy_violation"}),
            (Code::InvalidArgument, "CONTENT_REJECTED"),
        ),
        (
            json!({"kind": "status", "status": 400, "code": "invalid_value"}),
            (Code::InvalidArgument, "UPSTREAM_REJECTED"),
        ),
        (json!({"kind": "status", "status": 422}), (Code::InvalidArgument, "UPSTREAM_REJECTED")),
    ] {
        let (upstream, server) = stage(Options::default(), &[]).await;
        upstream.script(json!([fault])).unwrap();
        let error = ask(&server, TEXT).await.error.unwrap();
        assert_eq!(Details::of(&error).meaning(), meaning, "{fault}");
        assert!(readings(&upstream).is_empty(), "{fault}: another engine is talked into it");
        assert_eq!(server.page("/readyz").await.0, 200, "{fault}");
    }
}

#[tokio::test]
async fn a_refused_key_takes_the_service_out_only_where_nobody_else_speaks() {
    let refused = json!({"kind": "status", "status": 401, "code": "invalid_api_key"});
    let shut_out = json!({"kind": "realtime_upgrade", "status": 401});
    let (upstream, server) = stage(Options::default(), &[]).await;
    upstream.script(json!([refused, shut_out, shut_out, shut_out])).unwrap();
    let error = ask(&server, TEXT).await.error.unwrap();
    assert_eq!(Details::of(&error).meaning(), (Code::Internal, "UPSTREAM_CREDENTIALS"));
    assert_eq!(server.page("/readyz").await.0, 503);
}

/// One call as it came: the audio up to each warning and behind the last, and the account.
struct Heard {
    parts: Vec<Vec<u8>>,
    warnings: Vec<proto::Warning>,
    summary: proto::SynthesisSummary,
}

async fn hear(server: &Rhapsode, request: proto::SynthesizeRequest) -> Heard {
    let mut events = server.client().await.synthesize(request).await.unwrap().into_inner();
    let (mut parts, mut warnings) = (vec![Vec::new()], Vec::new());
    loop {
        match events.message().await.unwrap().unwrap().event.unwrap() {
            Event::Audio(chunk) => parts.last_mut().unwrap().extend_from_slice(&chunk.data),
            Event::Warning(warning) if warning.code() == WarningCode::FallbackUsed => {
                warnings.push(warning);
                parts.push(Vec::new());
            }
            Event::Summary(summary) => return Heard { parts, warnings, summary },
            _ => {}
        }
    }
}

/// What was spoken to its end, in order.
fn spoken(upstream: &StandIn) -> Vec<Record> {
    let is_whole = |record: &Record| record.bytes > 0 && record.end.unwrap().how == End::Completed;
    upstream.log().records().into_iter().filter(is_whole).filter(|record| record.status != Some(503)).collect()
}

/// A text of which the first segment is spoken by the speech endpoint and the rest by its successor.
async fn changed(options: Options, mode: LoudnessMode) -> (StandIn, Heard, String) {
    let (upstream, server) = stage(options, &STEPS).await;
    let down = json!({"kind": "overloaded"});
    upstream.script(json!([null, down, down, down])).unwrap();
    let text = SENTENCE.repeat(12);
    let delivery = proto::DeliveryOptions { loudness_mode: mode.into(), ..Default::default() };
    let config = proto::SynthesisConfig { delivery: Some(delivery), ..Default::default() };
    let heard = hear(&server, styled(&text, config)).await;
    (upstream, heard, text)
}

#[tokio::test]
async fn a_change_in_the_middle_is_told_once_where_it_is_heard_and_no_word_is_lost_or_said_twice() {
    let (upstream, heard, text) = changed(Options::default(), LoudnessMode::Unspecified).await;
    assert_eq!(heard.warnings.len(), 1, "{:?}", heard.warnings);
    assert!(heard.warnings[0].message.contains(MODEL), "{:?}", heard.warnings);
    let [before, behind] = &heard.parts[..] else { panic!("{} parts", heard.parts.len()) };
    let records = spoken(&upstream);
    let kinds: Vec<Kind> = records.iter().map(|record| record.kind).collect();
    assert!(kinds.len() > 2 && kinds[0] == Kind::Speech, "{kinds:?}");
    assert!(kinds[1..].iter().all(|kind| *kind == Kind::Realtime), "who took over speaks the rest: {kinds:?}");
    let words = |records: &[Record]| records.iter().map(|record| record.request.text.clone() + " ").collect::<String>();
    assert_eq!(tones::heard(before), tones::expected(&words(&records[..1])));
    assert_eq!(tones::heard(behind), tones::expected(&words(&records[1..])));
    assert_eq!(tones::heard(&heard.parts.concat()), tones::expected(&text));
    let usage = heard.summary.usage.unwrap();
    let chars: usize = records.iter().map(|record| record.request.text.chars().count()).sum();
    assert_eq!(usage.synthesized_character_count, i64::try_from(chars).unwrap());
}

#[tokio::test]
async fn each_pays_what_it_spoke_by_its_own_price_list() {
    let (upstream, heard, _) = changed(Options::default(), LoudnessMode::Unspecified).await;
    let cost = heard.summary.cost.unwrap();
    assert!(!cost.estimated, "{cost:?}");
    // The same segments, each as a call of its own at the one who spoke it.
    let (_other, server) = stage(Options::default(), &STEPS[1..]).await;
    let mut costs = Vec::new();
    for record in spoken(&upstream) {
        let model = if record.kind == Kind::Speech { "gpt-4o-mini-tts" } else { MODEL };
        let whole = proto::SegmentationPolicy { mode: SegmentationMode::Manual.into(), ..Default::default() };
        let config =
            proto::SynthesisConfig { model: model.to_owned(), segmentation: Some(whole), ..Default::default() };
        let answer = server.speak(styled(&record.request.text, config)).await;
        costs.push(answer.summary.unwrap().cost.unwrap().amount_nanos);
    }
    let sum: i64 = costs.iter().sum();
    // Each of the calls is rounded to a whole unit.
    let rounded = i64::try_from(costs.len()).unwrap();
    assert!((cost.amount_nanos - sum).abs() <= rounded, "{} is not the sum of {costs:?}", cost.amount_nanos);
    assert!(costs.iter().all(|cost| *cost > 0), "{costs:?}");
}

/// The loudness of 24 kHz PCM, in LUFS.
fn loudness(pcm: &[u8]) -> f64 {
    let samples: Vec<i16> = pcm.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    let mut meter = EbuR128::new(1, 24_000, Mode::I).unwrap();
    meter.add_frames_i16(&samples).unwrap();
    meter.loudness_global().unwrap()
}

#[tokio::test]
async fn whoever_takes_over_is_no_louder_than_the_one_before() {
    // The same sentence before and behind the change, so that its tones have no part in the difference.
    let step = async |seed: u64, mode: LoudnessMode| {
        let options = Options { vary: Some(Spread::Wide), seed, ..Options::default() };
        let (_upstream, heard, _) = changed(options, mode).await;
        let [before, behind] = &heard.parts[..] else { panic!("{} parts", heard.parts.len()) };
        loudness(&behind[..before.len().min(behind.len())]) - loudness(before)
    };
    let mut largest_as_made: f64 = 0.0;
    for seed in 1..=6 {
        let evened = step(seed, LoudnessMode::Unspecified).await;
        // As at any other joint (acceptance/joints).
        assert!(evened.abs() <= 1.5, "a step of {evened:.2} LU at the change, with seed {seed}");
        largest_as_made = largest_as_made.max(step(seed, LoudnessMode::AsMade).await.abs());
    }
    assert!(largest_as_made > 3.0, "the clips are even as they are made: {largest_as_made:.2} LU");
}
