//! The Realtime engine, and the route to it, through the front door: what a caller hears of everything that can happen there.

mod bills;
mod conversation;
mod crowds;
mod dialects;
mod endings;
mod failover;
mod faults;
mod guard;
mod injection;
mod manners;
mod metrics;
mod rewording;
mod round_trips;
mod route;
mod sessions;

use std::time::Duration;

use rhapsode::proto;

use crate::support::server::Answer;
use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::Kind;
use crate::support::stand_in::log::Record;

const MODEL: &str = "gpt-realtime-2.1-mini";
const TEXT: &str = "The last boat came in at nine, and nobody was there to meet it.";

/// Quick retries, because nothing is learnt from waiting.
const QUICK: [(&str, &str); 2] = [("RHAPSODE__RETRY__INITIAL_BACKOFF", "1ms"), ("RHAPSODE__RETRY__MAX_BACKOFF", "1ms")];

/// A service whose models can all be had at one stand-in.
async fn stage(options: Options, variables: &[(&str, &str)]) -> (StandIn, Rhapsode) {
    let upstream = StandIn::start(options).await.unwrap();
    let server = Rhapsode::before_all(&upstream.base_url(), &[&QUICK, variables].concat()).await;
    (upstream, server)
}

/// Speaks `text` with the Realtime model itself.
async fn read(server: &Rhapsode, text: &str) -> Answer {
    let config = proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    server.speak(styled(text, config)).await
}

/// Speaks `text` with whatever speaks by default.
async fn ask(server: &Rhapsode, text: &str) -> Answer {
    server.speak(request(text)).await
}

/// Everything that the stand-in was asked to read.
fn readings(upstream: &StandIn) -> Vec<Record> {
    upstream.log().records().into_iter().filter(|record| record.kind == Kind::Realtime).collect()
}

/// All audio of an answer.
fn sound(answer: &Answer) -> Vec<u8> {
    answer.chunks.iter().flat_map(|chunk| chunk.data.iter().copied()).collect()
}

/// Seconds of 24 kHz PCM.
fn seconds(answer: &Answer) -> f64 {
    rhapsode::speech::playing_time(sound(answer).len() as u64).as_secs_f64()
}

/// How long the stand-in takes to say `text`, in seconds.
fn length(text: &str) -> f64 {
    f64::from(u32::try_from(text.chars().count()).unwrap()) / 15.0
}

/// The warnings of one kind.
fn warned(answer: &Answer, code: proto::WarningCode) -> Vec<String> {
    answer.warnings.iter().filter(|warning| warning.code() == code).map(|warning| warning.message.clone()).collect()
}

/// The session of each reading, by its number.
fn sessions_used(upstream: &StandIn) -> Vec<usize> {
    readings(upstream).iter().map(|record| record.realtime.as_ref().unwrap().session).collect()
}

/// Waits for something that will be so soon.
async fn soon(what: &str, is_so: impl Fn() -> bool) {
    let waiting = tokio::time::timeout(Duration::from_secs(20), async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(waiting.await.is_ok(), "not in time: {what}");
}
