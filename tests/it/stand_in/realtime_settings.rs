//! What a realtime session can be told to be, and how it refuses what it cannot.

use serde_json::Value;
use serde_json::json;

use super::realtime::Client;
use super::realtime::audio;
use super::realtime::reading;
use super::realtime::transcript;
use super::realtime::types;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::realtime::dialect::Dialect;
use crate::support::tones;

/// Updates the session and returns it as it is then.
async fn update(client: &mut Client, session: Value) -> Value {
    client.say(&json!({ "type": "session.update", "session": session })).await;
    client.until("session.updated").await.pop().unwrap()["session"].take()
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_tells_everything() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let headers = [("authorization", "Bearer sk-test")];
    let mut client = Client::knock(&stand_in, super::realtime::PATH, &headers).await.unwrap();
    let created = client.event().await["session"].take();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!((now + 3595..=now + 3600).contains(&created["expires_at"].as_u64().unwrap()));
    assert!(created["instructions"].as_str().unwrap().len() > 100, "a persona that has to be replaced");
    assert_eq!(
        (&created["model"], &created["audio"]["output"]["voice"]),
        (&json!("gpt-realtime-2.1-mini"), &json!("marin"))
    );

    let session = update(
        &mut client,
        json!({
            "type": "realtime", "instructions": "Read.", "tools": [], "tool_choice": "none", "tracing": null,
            "reasoning": { "effort": "minimal" }, "truncation": "disabled",
            "audio": { "input": { "turn_detection": null }, "output": { "speed": 1.25 } },
        }),
    )
    .await;
    let mut expected = created;
    expected["instructions"] = json!("Read.");
    expected["tool_choice"] = json!("none");
    expected["reasoning"] = json!({ "effort": "minimal" });
    expected["truncation"] = json!("disabled");
    expected["audio"]["input"]["turn_detection"] = json!(null);
    expected["audio"]["output"]["speed"] = json!(1.25);
    assert_eq!(session, expected);
    let output = json!({ "format": { "type": "audio/pcmu" }, "voice": "cedar" });
    let session = update(&mut client, json!({ "type": "realtime", "audio": { "output": output } })).await;
    expected["audio"]["output"] = json!({ "format": { "type": "audio/pcmu" }, "voice": "cedar", "speed": 1.25 });
    assert_eq!(session, expected);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_of_it_is_done() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let before = update(&mut client, json!({ "type": "realtime" })).await;
    let output = |output: Value| json!({ "type": "realtime", "instructions": "New.", "audio": { "output": output } });
    let cases = [
        (json!(null), "missing_required_parameter", "session"),
        (json!({ "instructions": "New." }), "missing_required_parameter", "session.type"),
        (json!({ "type": "transcription" }), "invalid_value", "session.type"),
        (json!({ "type": "realtime", "voice": "marin" }), "unknown_parameter", "session.voice"),
        (json!({ "type": "realtime", "modalities": ["audio"] }), "unknown_parameter", "session.modalities"),
        (json!({ "type": "realtime", "model": "gpt-realtime" }), "invalid_value", "session.model"),
        (json!({ "type": "realtime", "instructions": 7 }), "invalid_type", "session.instructions"),
        (
            json!({ "type": "realtime", "output_modalities": ["audio", "text"] }),
            "invalid_value",
            "session.output_modalities",
        ),
        (
            json!({ "type": "realtime", "max_output_tokens": 4097 }),
            "integer_above_max_value",
            "session.max_output_tokens",
        ),
        (json!({ "type": "realtime", "max_output_tokens": 0 }), "integer_below_min_value", "session.max_output_tokens"),
        (json!({ "type": "realtime", "reasoning": { "effort": "none" } }), "invalid_value", "session.reasoning.effort"),
        (output(json!({ "voice": "nova" })), "invalid_value", "session.audio.output.voice"),
        (output(json!({ "voice": { "name": "x" } })), "missing_required_parameter", "session.audio.output.voice.id"),
        (output(json!({ "speed": 1.51 })), "decimal_above_max_value", "session.audio.output.speed"),
        (output(json!({ "speed": 0.2 })), "decimal_below_min_value", "session.audio.output.speed"),
        (output(json!({ "format": { "type": "audio/mp3" } })), "invalid_value", "session.audio.output.format.type"),
        (
            output(json!({ "format": { "type": "audio/pcm", "rate": 16000 } })),
            "invalid_value",
            "session.audio.output.format.rate",
        ),
        (output(json!({ "gain": 1 })), "unknown_parameter", "session.audio.output.gain"),
    ];
    for (session, code, param) in cases {
        let mut event = json!({ "type": "session.update", "event_id": "cfg-1", "session": session });
        if session.is_null() {
            event.as_object_mut().unwrap().remove("session");
        }
        let error = client.error(&event).await;
        let found = (&error["code"], &error["param"], &error["event_id"], &error["type"]);
        assert_eq!(found, (&json!(code), &json!(param), &json!("cfg-1"), &json!("invalid_request_error")), "{event}");
    }
    assert_eq!(update(&mut client, json!({ "type": "realtime" })).await, before);
}

#[tokio::test]
async fn a_response_is_checked_in_the_same_way() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let many: Value = (0..17).map(|index| (index.to_string(), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    let cases = [
        (json!({ "speed": 1.0 }), "unknown_parameter", "response.speed"),
        (json!({ "audio": { "output": { "speed": 1.0 } } }), "unknown_parameter", "response.audio.output.speed"),
        (json!({ "audio": { "output": { "voice": "onyx" } } }), "invalid_value", "response.audio.output.voice"),
        (json!({ "conversation": "new" }), "invalid_value", "response.conversation"),
        (json!({ "max_output_tokens": 1.5 }), "invalid_type", "response.max_output_tokens"),
        (json!({ "metadata": many }), "object_above_max_properties", "response.metadata"),
        (json!({ "metadata": { "a": 1 } }), "invalid_type", "response.metadata.a"),
        (json!({ "metadata": { "a": "x".repeat(513) } }), "string_above_max_length", "response.metadata.a"),
        (json!({ "input": [{ "type": "message", "role": "bot" }] }), "invalid_value", "response.input[0].role"),
        (
            json!({ "input": [{ "type": "message", "role": "user" }] }),
            "missing_required_parameter",
            "response.input[0].content",
        ),
    ];
    for (more, code, param) in cases {
        let error = client.error(&reading("Hello.", &more)).await;
        let found = (&error["code"], &error["param"], &error["event_id"]);
        assert_eq!(found, (&json!(code), &json!(param), &json!("rc-1")), "{more}");
    }
    for (event, code) in [
        (json!({ "event_id": "e" }), "invalid_event"),
        (json!([1]), "invalid_event"),
        (json!({ "type": "response.fly", "event_id": "e" }), "invalid_value"),
        (json!({ "type": "response.cancel", "event_id": "e" }), "response_cancel_not_active"),
        (json!({ "type": "response.cancel", "event_id": "x".repeat(513) }), "string_above_max_length"),
    ] {
        assert_eq!(client.error(&event).await["code"], code, "{event}");
    }
    assert_eq!(transcript(&client.whole("Hello.", &json!({})).await), "Hello.", "the session stays open");
}

#[tokio::test]
async fn the_first_audio_settles_the_voice() {
    let stand_in = StandIn::start(Options { realtime_first_audio_ms: Some(30), ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let voice = |voice: &str| json!({ "type": "realtime", "audio": { "output": { "voice": voice } } });
    assert_eq!(update(&mut client, voice("ash")).await["audio"]["output"]["voice"], "ash");
    // A response of its own may choose too, as long as nothing was said.
    let ballad = json!({ "audio": { "output": { "voice": "ballad" } } });
    client.read("Hello.", &ballad).await;
    assert_eq!(client.event().await["response"]["audio"]["output"]["voice"], "ballad");
    assert_eq!(update(&mut client, voice("cedar")).await["audio"]["output"]["voice"], "cedar");
    client.until("response.done").await;
    let error = client.error(&json!({ "type": "session.update", "session": voice("ash") })).await;
    assert_eq!(
        (&error["code"], &error["param"]),
        (&json!("cannot_update_voice"), &json!("session.audio.output.voice"))
    );
    let error = client.error(&reading("Hello.", &ballad)).await;
    assert_eq!(error["code"], "cannot_update_voice");
    assert_eq!(update(&mut client, voice("cedar")).await["audio"]["output"]["voice"], "cedar", "the same is fine");
}

#[tokio::test]
async fn speed_is_the_sessions_and_changes_between_responses() {
    let stand_in = StandIn::start(Options { realtime_first_audio_ms: Some(30), ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let speed = |speed: f64| json!({ "type": "realtime", "audio": { "output": { "speed": speed } } });
    for (pace, samples) in [(1.5, 19_200), (0.25, 115_200)] {
        update(&mut client, speed(pace)).await;
        let sound = audio(&client.whole("Eighteen letters..", &json!({})).await).concat();
        assert_eq!(sound.len() / 2, samples, "{pace}");
        assert_eq!(tones::heard(&sound), tones::expected("Eighteen letters.."));
    }
    client.read("Hello.", &json!({})).await;
    let error = client.error(&json!({ "type": "session.update", "session": speed(1.0) })).await;
    assert_eq!(error["param"], "session.audio.output.speed");
    client.until("response.done").await;
    update(&mut client, speed(1.0)).await;
}

#[tokio::test]
async fn telephone_formats_are_a_byte_for_each_of_8000_samples() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    for (format, decode) in [("audio/pcmu", mu_law as Decode), ("audio/pcma", a_law)] {
        let more = json!({ "audio": { "output": { "format": { "type": format } } } });
        let events = client.whole("Hello out there", &more).await;
        assert_eq!(events.last().unwrap()["response"]["audio"]["output"]["format"], json!({ "type": format }));
        let coded = audio(&events).concat();
        assert_eq!(coded.len(), 8000);
        let pcm: Vec<u8> = coded.iter().flat_map(|code| [decode(*code).to_le_bytes(); 3].concat()).collect();
        assert_eq!(tones::heard(&pcm), tones::expected("Hello out there"), "{format}");
        assert_eq!(events.last().unwrap()["response"]["usage"]["output_token_details"]["audio_tokens"], 20);
    }
}

/// Makes a sample of a code.
type Decode = fn(u8) -> i16;

/// G.711's own formula, the other way round.
fn mu_law(code: u8) -> i16 {
    let code = !code;
    let magnitude = ((i16::from(code & 0x0F) << 3) + 132) << ((code >> 4) & 7);
    if code & 0x80 == 0 { magnitude - 132 } else { 132 - magnitude }
}

fn a_law(code: u8) -> i16 {
    let code = code ^ 0x55;
    let step = (i16::from(code & 0x0F) << 4) + 8;
    let magnitude = match (code >> 4) & 7 {
        0 => step,
        exponent => (step + 256) << (exponent - 1),
    };
    if code & 0x80 == 0 { -magnitude } else { magnitude }
}

#[tokio::test]
async fn a_bound_on_tokens_cuts_the_sound() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let more = json!({ "max_output_tokens": 30, "reasoning": { "effort": "minimal" } });
    let events = client.whole("These are quite a lot of words for so few tokens.", &more).await;
    let done = &events.last().unwrap()["response"];
    assert_eq!((&done["status"], &done["max_output_tokens"]), (&json!("incomplete"), &json!(30)));
    assert_eq!(done["status_details"], json!({ "type": "incomplete", "reason": "max_output_tokens" }));
    // Twelve words and a full stop, and six besides: what is left is sound.
    assert_eq!(audio(&events).concat().len() / 2400, 30 - 12 - 6);
    assert_eq!(done["output"][0]["status"], "incomplete");
}

#[tokio::test]
async fn a_session_can_write_instead() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let events = client.whole("Hello there.", &json!({ "output_modalities": ["text"] })).await;
    let order = types(&events);
    assert_eq!(order[3..5], ["response.output_text.delta", "response.output_text.done"]);
    let done = &events.last().unwrap()["response"];
    assert_eq!(done["output"][0]["content"][0], json!({ "type": "output_text", "text": "Hello there." }));
    assert_eq!(done["usage"]["output_token_details"]["audio_tokens"], 0);
}

#[tokio::test]
async fn models_before_the_second_family_neither_reason_nor_mark_phases() {
    let options = Options { realtime_models: vec!["gpt-realtime".into()], ..Options::default() };
    let stand_in = StandIn::start(options).await.unwrap();
    let headers = [("authorization", "Bearer sk-test")];
    let mut client = Client::knock(&stand_in, "/v1/realtime?model=gpt-realtime", &headers).await.unwrap();
    let session = client.event().await["session"].take();
    assert_eq!((&session["audio"]["output"]["voice"], &session["reasoning"]), (&json!("alloy"), &json!(null)));
    let minimal = json!({ "type": "realtime", "reasoning": { "effort": "minimal" } });
    let error = client.error(&json!({ "type": "session.update", "session": minimal })).await;
    assert_eq!((&error["code"], &error["param"]), (&json!("unknown_parameter"), &json!("session.reasoning")));
    let done = client.whole("Hello.", &json!({})).await.pop().unwrap()["response"].take();
    assert_eq!(done["output"][0]["phase"], json!(null));
    assert_eq!(done["usage"]["output_token_details"]["reasoning_tokens"], json!(null));
}

#[tokio::test]
async fn the_beta_has_other_names_and_a_flat_session() {
    let options = Options { realtime_dialect: Dialect::Beta, ..Options::default() };
    let stand_in = StandIn::start(options).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let session = update(&mut client, json!({ "voice": "ash", "output_audio_format": "g711_ulaw" })).await;
    assert_eq!((&session["voice"], &session["output_audio_format"]), (&json!("ash"), &json!("g711_ulaw")));
    assert_eq!((&session["audio"], &session["modalities"]), (&json!(null), &json!(["audio", "text"])));
    let session = update(
        &mut client,
        json!({
            "type": "realtime", "audio": { "output": { "format": { "type": "audio/pcm" } } },
        }),
    )
    .await;
    assert_eq!(session["output_audio_format"], "pcm16", "today's shape is understood too");
    client.read("Hello.", &json!({})).await;
    let events = client.until("response.done").await;
    let kinds = types(&events);
    for kind in ["response.audio.delta", "response.audio_transcript.delta", "response.audio_transcript.done"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    assert_eq!(events.last().unwrap()["response"]["output"][0]["content"][0]["type"], "audio");
    assert_eq!(events.last().unwrap()["response"]["output"][0]["phase"], json!(null));
}

#[tokio::test]
async fn xai_has_manners_of_its_own() {
    let stand_in = StandIn::start(Options { realtime_dialect: Dialect::Xai, ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    update(&mut client, json!({ "voice": "ara" })).await;
    assert_eq!(client.event().await["type"], "conversation.created");
    assert_eq!(client.event().await["type"], "ping");
    let events = client.whole("Hello over there, my dear friends.", &json!({})).await;
    let kinds = types(&events);
    let position = |wanted: &str| kinds.iter().position(|kind| *kind == wanted).unwrap();
    assert!(position("response.output_audio.delta") < position("response.output_audio_transcript.delta"));
    let part = events.iter().find(|event| event["type"] == "response.content_part.done").unwrap();
    assert!(part.get("part").is_none());
    let done = events.last().unwrap();
    assert_eq!(
        (&done["response"]["usage"], &done["response"]["status_details"]),
        (&json!({}), &json!("unimplemented"))
    );
    // 34 characters at 15 per second, in tokens of 50 ms.
    assert_eq!(done["usage"]["output_token_details"]["audio_tokens"], 46);
    assert_eq!((&done["output_audio_seconds"], &done["audio_duration_ms"]), (&json!(2.3), &json!(2300.0)));
    assert_eq!(done["response"]["id"].as_str().unwrap().len(), 36);
}
