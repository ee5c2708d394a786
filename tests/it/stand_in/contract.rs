//! What is refused, in which order, and in which words.

use serde_json::Value;
use serde_json::json;

use super::HEADERS;
use super::PATH;
use super::ask;
use super::ask_at;
use super::request;
use crate::support::raw_http::Answer;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

fn error(message: &str, kind: &str, code: Option<&str>) -> String {
    let code = code.map_or("null".to_owned(), |code| format!("{code:?}"));
    let message = serde_json::to_string(message).unwrap();
    format!(r#"{{"error":{{"message":{message},"type":"{kind}","param":null,"code":{code}}}}}"#)
}

fn assert_error(answer: &Answer, status: u16, message: &str, kind: &str, code: Option<&str>) {
    assert_eq!((answer.status, answer.text()), (status, error(message, kind, code)));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.header("content-length").is_some());
    assert!(answer.header("x-request-id").unwrap().starts_with("req_"));
}

const BAD: &str = "invalid_request_error";

#[tokio::test]
async fn fields_are_refused_in_pydantic_words() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let long = "a".repeat(4097);
    let cases: [(Value, String); 8] = [
        (json!({ "voice": 7 }), "[{'type': 'string_type', 'loc': ('body', 'voice'), 'msg': 'Input should be a valid string or an object with an id', 'input': 7}]".into()),
        (json!({ "input": "" }), "[{'type': 'string_too_short', 'loc': ('body', 'input'), 'msg': 'String should have at least 1 character', 'input': '', 'ctx': {'min_length': 1}}]".into()),
        (json!({ "input": long }), format!("[{{'type': 'string_too_long', 'loc': ('body', 'input'), 'msg': 'String should have at most 4096 characters', 'input': '{long}', 'ctx': {{'max_length': 4096}}}}]")),
        (json!({ "response_format": "ogg" }), "[{'type': 'enum', 'loc': ('body', 'response_format'), 'msg': \"Input should be 'mp3', 'opus', 'aac', 'flac', 'wav' or 'pcm'\", 'input': 'ogg', 'ctx': {'expected': \"'mp3', 'opus', 'aac', 'flac', 'wav' or 'pcm'\"}}]".into()),
        (json!({ "speed": 0.1 }), "[{'type': 'greater_than_equal', 'loc': ('body', 'speed'), 'msg': 'Input should be greater than or equal to 0.25', 'input': 0.1, 'ctx': {'ge': 0.25}}]".into()),
        (json!({ "speed": 5 }), "[{'type': 'less_than_equal', 'loc': ('body', 'speed'), 'msg': 'Input should be less than or equal to 4', 'input': 5, 'ctx': {'le': 4.0}}]".into()),
        (json!({ "speed": "fast", "stream_format": true }), "[{'type': 'float_type', 'loc': ('body', 'speed'), 'msg': 'Input should be a valid number', 'input': 'fast'}, {'type': 'enum', 'loc': ('body', 'stream_format'), 'msg': \"Input should be 'sse' or 'audio'\", 'input': True, 'ctx': {'expected': \"'sse' or 'audio'\"}}]".into()),
        (json!({ "model": "tts-1", "voice": "ballad" }), "[{'type': 'enum', 'loc': ('body', 'voice'), 'msg': \"Input should be 'nova', 'shimmer', 'echo', 'onyx', 'fable', 'alloy', 'ash', 'sage' or 'coral'\", 'input': 'ballad', 'ctx': {'expected': \"'nova', 'shimmer', 'echo', 'onyx', 'fable', 'alloy', 'ash', 'sage' or 'coral'\"}}]".into()),
    ];
    for (fields, message) in cases {
        assert_error(&ask(&stand_in, &request("Hi", &fields)).await, 400, &message, BAD, None);
    }
    let nothing = ask(&stand_in, &json!({})).await;
    let missing =
        |field| format!("{{'type': 'missing', 'loc': ('body', '{field}'), 'msg': 'Field required', 'input': {{}}}}");
    let message = format!("[{}, {}, {}]", missing("model"), missing("input"), missing("voice"));
    assert_error(&nothing, 400, &message, BAD, None);
}

#[tokio::test]
async fn what_the_service_takes_is_taken() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let fine = [
        json!({ "stream": true }),
        json!({ "voice": { "id": "voice_1234" } }),
        json!({ "voice": "cedar", "instructions": "Whisper." }),
        json!({ "speed": null, "instructions": null }),
        json!({ "input": "é".repeat(1500), "model": "gpt-4o-mini-tts-2025-12-15" }),
        json!({ "input": "鼻".repeat(4096), "model": "tts-1" }),
    ];
    for fields in fine {
        let answer = ask(&stand_in, &request("Hi", &fields)).await;
        assert_eq!(answer.status, 200, "{fields}: {}", answer.text());
    }
}

#[tokio::test]
async fn length_in_tokens_is_checked_after_model_and_voice() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let long = "1 ".repeat(1500);
    let answer = ask(&stand_in, &request(&long, &json!({}))).await;
    let message = "Input of 3000 tokens is over the maximum input limit of 2000 tokens. Please shorten your input.";
    assert_error(&answer, 400, message, BAD, Some("invalid_value"));
    let answer = ask(&stand_in, &request(&long, &json!({ "voice": "nobody" }))).await;
    assert!(answer.text().contains("'input': 'nobody'"));
    let answer = ask(&stand_in, &request(&long, &json!({ "model": "tts-9", "voice": "nobody" }))).await;
    let message = "The model `tts-9` does not exist or you do not have access to it.";
    assert_error(&answer, 404, message, BAD, Some("model_not_found"));
    let answer = ask(&stand_in, &request(&long, &json!({ "model": "whisper-1" }))).await;
    assert_error(&answer, 404, "Invalid URL (POST /v1/audio/speech)", BAD, None);
}

#[tokio::test]
async fn a_wrong_key_is_refused_first_and_tells_nothing_of_the_account() {
    let options = Options { api_key: Some("sk-right".into()), ..Options::default() };
    let stand_in = StandIn::start(options).await.unwrap();
    let headers = [("authorization", "Bearer not-a-real-key-but-long")];
    let answer = ask_at(&stand_in, PATH, &headers, "not even JSON").await;
    let message = "Incorrect API key provided: not-a-re***********long. You can find your API key at \
                   https://platform.openai.com/account/api-keys.";
    assert_error(&answer, 401, message, BAD, Some("invalid_api_key"));
    assert!(!answer.head.contains("openai-") && !answer.head.contains("x-ratelimit"), "{}", answer.head);
    assert_eq!(answer.header("vary"), Some("Origin"));
    let answer = ask_at(&stand_in, PATH, &[], "{}").await;
    assert_eq!(answer.status, 401);
    let answer = ask_at(&stand_in, PATH, &[("api-key", "sk-right")], "{}").await;
    assert_eq!(answer.status, 401, "only Azure's paths know api-key");
    let answer = ask_at(&stand_in, PATH, &[("authorization", "Bearer sk-right")], "not even JSON").await;
    assert_eq!((answer.status, answer.text().contains("could not parse")), (400, true));
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let answer = ask_at(&stand_in, PATH, &HEADERS, &"x".repeat((1 << 20) + 1)).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn azure_paths_take_the_deployment_or_the_field() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let key = [("api-key", "secret")];
    let body = json!({ "input": "Hello", "voice": "alloy", "response_format": "pcm" }).to_string();
    let deployed = "/openai/deployments/my-gpt-4o-mini-tts/audio/speech";
    let dated = format!("{deployed}?api-version=2025-03-01-preview");
    let answer = ask_at(&stand_in, &dated, &key, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let reset = answer.header("x-ratelimit-reset-tokens").unwrap();
    assert!(reset.parse::<u32>().is_ok(), "Azure tells whole seconds, not {reset}");
    assert_eq!(ask_at(&stand_in, deployed, &key, &body).await.status, 404, "the version is required");
    let unknown = "/openai/deployments/chat/audio/speech?api-version=1";
    let answer = ask_at(&stand_in, unknown, &key, &body).await;
    assert_eq!((answer.status, answer.text().contains("DeploymentNotFound")), (404, true));
    assert_eq!(ask_at(&stand_in, &dated, &[], &body).await.status, 401);
    let body = request("Hello", &json!({})).to_string();
    assert_eq!(ask_at(&stand_in, "/openai/v1/audio/speech", &key, &body).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn rates_are_enforced_when_they_are_set() {
    let stand_in = StandIn::start(Options { rpm: Some(2), ..Options::default() }).await.unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&stand_in, &request("Hi", &json!({ "model": "tts-1" }))).await.status, 200);
    }
    let answer = ask(&stand_in, &request("Hi", &json!({ "model": "tts-1" }))).await;
    let message = "Rate limit reached for tts-1 in organization org-standin on requests per min (RPM): Limit 2, \
                   Used 2, Requested 1. Please try again in 30s. Visit \
                   https://platform.openai.com/settings/organization/limits to learn more.";
    assert_error(&answer, 429, message, "requests", Some("rate_limit_exceeded"));
    assert_eq!((answer.header("retry-after"), answer.header("retry-after-ms")), (Some("30"), Some("30000")));
    assert_eq!(answer.header("x-ratelimit-remaining-requests"), Some("0"));
    tokio::time::advance(std::time::Duration::from_secs(30)).await;
    assert_eq!(ask(&stand_in, &request("Hi", &json!({ "model": "tts-1" }))).await.status, 200);

    let stand_in = StandIn::start(Options { tpm: Some(10), ..Options::default() }).await.unwrap();
    assert_eq!(ask(&stand_in, &request(&"a".repeat(40), &json!({}))).await.status, 200);
    let answer = ask(&stand_in, &request("a", &json!({}))).await;
    assert!(answer.text().contains(r#""type":"tokens""#) && answer.text().contains("(TPM): Limit 10"));
}

#[tokio::test]
async fn models_tell_when_they_end() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let client = reqwest::Client::new();
    let get = |path: &str| client.get(format!("{}/{path}", stand_in.base_url())).bearer_auth("sk").send();
    let list: Value = get("models").await.unwrap().json().await.unwrap();
    assert_eq!(list["data"].as_array().unwrap().len(), 7, "five that speak, two of realtime");
    let model: Value = get("models/tts-1").await.unwrap().json().await.unwrap();
    assert_eq!((model["id"].as_str(), model["shutdown_date"].as_str()), (Some("tts-1"), Some("2027-01-06")));
    assert_eq!(get("models/tts-9").await.unwrap().status(), 404);
    assert!(get("nowhere").await.unwrap().text().await.unwrap().contains("Invalid URL (GET /v1/nowhere)"));
}
