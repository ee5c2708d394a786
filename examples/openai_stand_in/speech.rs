//! One speech request from its arrival to the hand-over of its body.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::body::to_bytes;
use bytes::Bytes;
use http::Request;
use http::Response;
use http::request::Parts;
use serde_json::Value;
use tokio::time::Instant;
use tokio::time::sleep;
use tokio::time::sleep_until;
use tokio::time::timeout;

use super::answers::Letterhead;
use super::answers::put;
use super::audio::Variation;
use super::auth;
use super::catalogue;
use super::catalogue::Family;
use super::catalogue::Model;
use super::connection::Line;
use super::contract;
use super::contract::SpeechRequest;
use super::faults::Fault;
use super::faults::Faults;
use super::faults::Taker;
use super::limits::Standings;
use super::log::Asked;
use super::log::End;
use super::log::Entry;
use super::log::Record;
use super::log::SeenHeaders;
use super::performance::Performance;
use super::performance::perform;
use super::playback::Playback;
use super::random::Dice;
use super::refusal::Refusal;
use super::script::SILENCE;
use super::scripted;
use super::timing::Pace;
use super::world::World;

/// Longest request body: 4096 escaped code points in two fields fit many times over.
const BODY_LIMIT: usize = 1 << 20;
/// Code points of a text that the log keeps: more than any accepted text has.
const LOGGED_TEXT: usize = 8192;
/// Longest time for the body to arrive.
const BODY_PATIENCE: Duration = Duration::from_mins(1);

/// The path by which the request came; each has its own way of naming model and key.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// `/v1/audio/speech`.
    OpenAi,
    /// `/openai/v1/audio/speech`.
    AzureV1,
    /// `/openai/deployments/{deployment}/audio/speech?api-version=…`.
    AzureDeployment { deployment: String, has_version: bool },
}

/// Answers a request; everything about it is in the log from here on.
pub(crate) async fn answer(world: Arc<World>, shape: Shape, line: Line, request: Request<Body>) -> Response<Body> {
    let arrived = Instant::now();
    let (parts, body) = request.into_parts();
    let faults = world.faults_for(&parts.headers, Taker::Speech);
    let entry = world.log.open(first_note(&parts, &line, faults.as_deref().unwrap_or_default()));
    let mut dice = Dice::new(world.options.seed, entry.index());
    let request_id = format!("req_{}", dice.hex32());
    entry.note(|record| record.request_id.clone_from(&request_id));
    let azure = !matches!(shape, Shape::OpenAi);
    let mut letterhead = Letterhead { request_id, processing: Duration::ZERO, standings: None, azure };

    let outcome = match faults {
        Ok(faults) => {
            let desk = Desk { world: &world, shape: &shape, parts: &parts, entry: &entry, faults, arrived };
            desk.handle(body, dice, &mut letterhead).await
        }
        Err(message) => Err(Refusal::of_the_stand_in(400, &message)),
    };
    letterhead.processing = arrived.elapsed();
    match outcome {
        Ok(performance) => play(&letterhead, performance, entry, line),
        Err(refusal) => refuse(&letterhead, refusal, entry),
    }
}

/// What the steps of one request share.
struct Desk<'a> {
    world: &'a Arc<World>,
    shape: &'a Shape,
    parts: &'a Parts,
    entry: &'a Entry,
    faults: Faults,
    arrived: Instant,
}

impl Desk<'_> {
    /// Checks in the order of the service, synthesises, and waits until the headers are due.
    async fn handle(mut self, body: Body, mut dice: Dice, letterhead: &mut Letterhead) -> Result<Performance, Refusal> {
        let body = read(body).await?;
        let asked = read_request(&body);
        let named = asked.model.clone().unwrap_or_default();
        self.entry.note(|record| record.request = asked);
        if let Some(Model::Speech(family)) = catalogue::model(&named) {
            letterhead.standings = Some((self.world.limits.look(family), family.bills_tokens()));
        }
        if self.faults.contains(&Fault::HangBeforeHeaders) {
            sleep(SILENCE).await;
            return Err(Refusal::html(504));
        }
        if let Some(refusal) = scripted::refusal(&self.faults, &named, &body) {
            return Err(refusal);
        }
        let (request, standings) = self.admit(&body)?;
        letterhead.standings = Some((standings, request.family.bills_tokens()));
        let pace = Pace::draw(&self.world.options, request.family, &mut dice);
        let variation = Variation::draw(&self.world.options, &mut dice);
        let arrived = self.arrived;
        let performance = self.synthesise(request, pace, variation).await?;
        sleep_until(arrived + pace.headers(performance.early)).await;
        Ok(performance)
    }

    /// Key, path, fields, model, voice, tokens, shutdown, rate: the first that is wrong refuses.
    fn admit(&self, body: &[u8]) -> Result<(SpeechRequest, Standings), Refusal> {
        let azure = !matches!(self.shape, Shape::OpenAi);
        auth::check(&self.parts.headers, azure, self.world.options.api_key.as_deref())?;
        let request = contract::check(body, self.deployment()?)?;
        if self.world.options.retired {
            return Err(Refusal::no_such_model(&request.model));
        }
        let characters = request.input.chars().count();
        let standings = self.world.limits.take(request.family, &request.model, characters)?;
        Ok((request, standings))
    }

    fn deployment(&self) -> Result<Option<(&str, Family)>, Refusal> {
        match self.shape {
            Shape::AzureDeployment { has_version: false, .. } => Err(Refusal::azure_not_found()),
            Shape::AzureDeployment { deployment, .. } => match catalogue::deployment(deployment) {
                Some(family) => Ok(Some((deployment, family))),
                None => Err(Refusal::azure_no_deployment()),
            },
            Shape::OpenAi | Shape::AzureV1 => Ok(None),
        }
    }

    async fn synthesise(
        &mut self,
        request: SpeechRequest,
        pace: Pace,
        variation: Variation,
    ) -> Result<Performance, Refusal> {
        let world = self.world.clone();
        let faults = std::mem::take(&mut self.faults);
        let work = move || {
            let pcm = world.voice.clip(&request.input, request.speed, &variation, request.family.granule())?;
            perform(&world, &request, &faults, pace, &pcm)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(performance)) => Ok(performance),
            Ok(Err(message)) => Err(Refusal::of_the_stand_in(500, &message)),
            Err(error) => Err(Refusal::of_the_stand_in(500, &format!("the voice failed: {error}"))),
        }
    }
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    match timeout(BODY_PATIENCE, to_bytes(body, BODY_LIMIT)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Refusal::body_too_large(BODY_LIMIT)),
        Err(_) => Err(Refusal::body_too_slow()),
    }
}

fn play(letterhead: &Letterhead, performance: Performance, entry: Entry, line: Line) -> Response<Body> {
    let Performance { script, content_type, announced, sample_rate, .. } = performance;
    entry.answered(200);
    let body = Playback::new(script, announced, entry, line);
    let mut response = letterhead.success(&content_type, Body::new(body));
    if let Some(rate) = sample_rate {
        put(response.headers_mut(), "x-sample-rate", &rate.to_string());
    }
    response
}

fn refuse(letterhead: &Letterhead, refusal: Refusal, mut entry: Entry) -> Response<Body> {
    entry.answered(refusal.status);
    entry.wrote(refusal.body.len());
    entry.end(End::Completed);
    letterhead.refusal(refusal)
}

fn first_note(parts: &Parts, line: &Line, faults: &[Fault]) -> Record {
    Record {
        connection: line.number,
        protocol: format!("{:?}", parts.version),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        faults: faults.to_vec(),
        headers: SeenHeaders::of(&parts.headers),
        ..Record::default()
    }
}

/// Reads for the log what can be read, even of a request that will be refused.
fn read_request(body: &[u8]) -> Asked {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let voice = body.get("voice").and_then(|voice| voice.get("id")).and_then(Value::as_str).map(str::to_owned);
    let input = text("input").unwrap_or_default();
    let chars = input.chars().count();
    Asked {
        model: text("model"),
        voice: text("voice").or(voice),
        format: text("response_format"),
        stream_format: text("stream_format"),
        speed: body.get("speed").and_then(Value::as_f64),
        instructions: text("instructions"),
        chars,
        tokens: (chars <= contract::CHARACTER_LIMIT).then(|| contract::count_tokens(&input)),
        text: input.chars().take(LOGGED_TEXT).collect(),
    }
}
