//! The stand-in itself: a test double that is not tested proves nothing about what it doubles.

mod bytes;
mod contract;
mod control;
mod departures;
mod faults;
mod realtime;
mod realtime_faults;
mod realtime_settings;
mod realtime_upgrade;
mod timing;

use serde_json::Value;
use serde_json::json;

use crate::support::raw_http;
use crate::support::raw_http::Answer;
use crate::support::stand_in::StandIn;

/// The path of OpenAI's own endpoint.
const PATH: &str = "/v1/audio/speech";
/// Headers that every ordinary request has.
const HEADERS: [(&str, &str); 2] = [("authorization", "Bearer sk-test"), ("content-type", "application/json")];

/// A request for `text` with the fields of `more` added or replaced.
fn request(text: &str, more: &Value) -> Value {
    let mut body = json!({ "model": "gpt-4o-mini-tts", "voice": "alloy", "input": text, "response_format": "pcm" });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

/// Asks for `body` and reads the answer to its end.
async fn ask(stand_in: &StandIn, body: &Value) -> Answer {
    ask_at(stand_in, PATH, &HEADERS, &body.to_string()).await
}

/// Asks under scripted faults.
async fn ask_with(stand_in: &StandIn, faults: &Value, body: &Value) -> Answer {
    let faults = faults.to_string();
    let headers = [HEADERS[0], HEADERS[1], ("x-stand-in-fault", faults.as_str())];
    ask_at(stand_in, PATH, &headers, &body.to_string()).await
}

async fn ask_at(stand_in: &StandIn, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut stream = raw_http::send(stand_in.address(), path, headers, body).await;
    raw_http::read(&mut stream).await
}
