//! `rhapsode.v1.SpeechService`: messages in, the pipeline, messages out.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::Streaming;
use tonic::metadata::MetadataMap;
use tonic::metadata::MetadataValue;
use uuid::Uuid;

use crate::audio::wav;
use crate::drain::Readiness;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::grpc::Limits;
use crate::grpc::bell::Bell;
use crate::grpc::catalogue;
use crate::grpc::convert;
use crate::grpc::convert::Names;
use crate::grpc::deadline;
use crate::grpc::delivery;
use crate::grpc::status;
use crate::grpc::streaming;
use crate::pipeline::Conversation;
use crate::pipeline::Event;
use crate::pipeline::Failure;
use crate::pipeline::Leashed;
use crate::pipeline::Opening;
use crate::pipeline::Performance;
use crate::pipeline::Studio;
use crate::proto;
use crate::proto::speech_service_server::SpeechService;
use crate::telemetry::Observer;

/// The service, as tonic serves it.
#[derive(Clone)]
pub struct SpeechGateway {
    studio: Arc<Studio>,
    limits: Limits,
    readiness: Readiness,
}

impl SpeechGateway {
    /// Puts `studio` on the wire.
    pub fn new(studio: Arc<Studio>, limits: Limits, readiness: Readiness) -> Self {
        Self { studio, limits, readiness }
    }

    /// What one call may ask for.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    fn wire_limits(&self) -> proto::Limits {
        self.limits.to_wire(&self.studio.conversation)
    }

    /// Whatever both synthesis calls do before the first audio.
    async fn begin(&self, call: Call, names: &mut Names) -> Result<Leashed<Performance>, Failure> {
        call.observer.identified(&names.request_id);
        if self.readiness.is_draining() {
            return Err(shutting_down().into());
        }
        names.correlation_id = convert::echoed("correlation_id", call.correlation_id)?;
        call.observer.correlated(&names.correlation_id);
        let utterance = convert::utterance(call.text, call.config, &self.limits)?;
        if call.is_clip {
            delivery::refuse_pacing(&utterance.manner.dispatch)?;
        }
        self.studio.speak(&utterance, call.timeout, call.observer).await
    }
}

/// What a conversation tells, as tonic wants it.
type Told = BoxStream<'static, Result<proto::StreamingSynthesizeResponse, Status>>;

impl SpeechGateway {
    /// All that is told in a conversation; its head has been sent before.
    async fn converse(
        self,
        mut messages: streaming::Messages,
        mut names: Names,
        timeout: Option<Duration>,
        observer: Arc<Observer>,
    ) -> Told {
        match self.open(&mut messages, &mut names, timeout, &observer).await {
            Ok((opening, config)) => {
                let cues = streaming::cues(messages, config);
                let talk = self.studio.converse(opening, cues, timeout, Arc::clone(&observer)).await;
                match talk {
                    Ok(talk) => self.tell(talk, names, observer),
                    Err(failure) => refusal(&streaming::relocated(failure), &names, &observer),
                }
            }
            Err(failure) => refusal(&failure, &names, &observer),
        }
    }

    /// Waits for the first message, as long as an idle stream is waited for.
    async fn open(
        &self,
        messages: &mut streaming::Messages,
        names: &mut Names,
        timeout: Option<Duration>,
        observer: &Observer,
    ) -> Result<(Opening, proto::SynthesisConfig), Failure> {
        if self.readiness.is_draining() {
            return Err(shutting_down().into());
        }
        let patience = self.studio.conversation.idle_timeout;
        let patience = timeout.map_or(patience, |timeout| timeout.min(patience));
        let begun = tokio::time::timeout(patience, streaming::begin(messages)).await;
        let begun = begun.unwrap_or_else(|_| Err(streaming::config_required("The config did not come in time.")))?;
        names.correlation_id = convert::echoed("config.correlation_id", begun.correlation_id.clone())?;
        observer.correlated(&names.correlation_id);
        Ok(begun.into_parts())
    }

    fn tell(&self, talk: Leashed<Conversation>, names: Names, observer: Arc<Observer>) -> Told {
        let limits = self.wire_limits();
        let told = Bell::new(talk, observer).map(move |said| match said {
            Ok(said) => Ok(streaming::said(said, &names, &limits)),
            Err(failure) => Err(status::status(&streaming::relocated(failure), &names.request_id)),
        });
        told.boxed()
    }
}

/// A stream that is over before anything was said.
fn refusal(failure: &Failure, names: &Names, observer: &Observer) -> Told {
    let status = refuse(failure, names, observer);
    futures_util::stream::once(std::future::ready(Err(status))).boxed()
}

fn shutting_down() -> Error {
    Error::new(Kind::Draining, "This server is shutting down. Try another replica.")
}

/// The fields that both synthesis calls have.
struct Call {
    text: String,
    config: Option<proto::SynthesisConfig>,
    correlation_id: String,
    timeout: Option<Duration>,
    is_clip: bool,
    observer: Arc<Observer>,
}

#[tonic::async_trait]
impl SpeechService for SpeechGateway {
    type SynthesizeStream = BoxStream<'static, Result<proto::SynthesizeResponse, Status>>;
    type StreamingSynthesizeStream = BoxStream<'static, Result<proto::StreamingSynthesizeResponse, Status>>;

    async fn synthesize(
        &self,
        request: Request<proto::SynthesizeRequest>,
    ) -> Result<Response<Self::SynthesizeStream>, Status> {
        let mut names = names();
        let (timeout, observer) = (deadline::timeout(request.metadata()), observer(&request));
        let told = Arc::clone(&observer);
        let proto::SynthesizeRequest { text, config, correlation_id } = request.into_inner();
        let call = Call { text, config, correlation_id, timeout, is_clip: false, observer };
        let performance = self.begin(call, &mut names).await.map_err(|failure| refuse(&failure, &names, &told))?;
        let limits = self.wire_limits();
        let metadata = metadata(&names);
        let events = Bell::new(performance, told).map(move |event| match event {
            Ok(event) => {
                let event = Some(convert::event(event, 0, &names, &limits));
                Ok(proto::SynthesizeResponse { event })
            }
            Err(failure) => Err(status::status(&failure, &names.request_id)),
        });
        Ok(Response::from_parts(metadata, events.boxed(), tonic::Extensions::default()))
    }

    async fn synthesize_clip(
        &self,
        request: Request<proto::SynthesizeClipRequest>,
    ) -> Result<Response<proto::SynthesizeClipResponse>, Status> {
        let mut names = names();
        let (timeout, observer) = (deadline::timeout(request.metadata()), observer(&request));
        let told = Arc::clone(&observer);
        let proto::SynthesizeClipRequest { text, config, correlation_id } = request.into_inner();
        let call = Call { text, config, correlation_id, timeout, is_clip: true, observer };
        let clip = match self.begin(call, &mut names).await {
            Ok(performance) => collect(performance, &names, &self.limits, &self.wire_limits()).await,
            Err(failure) => Err(failure),
        };
        let clip = clip.map_err(|failure| refuse(&failure, &names, &told))?;
        Ok(Response::from_parts(metadata(&names), clip, tonic::Extensions::default()))
    }

    async fn streaming_synthesize(
        &self,
        request: Request<Streaming<proto::StreamingSynthesizeRequest>>,
    ) -> Result<Response<Self::StreamingSynthesizeStream>, Status> {
        let names = names();
        let (timeout, observer) = (deadline::timeout(request.metadata()), observer(&request));
        observer.identified(&names.request_id);
        let metadata = metadata(&names);
        let talk = self.clone().converse(request.into_inner().boxed(), names, timeout, observer);
        let events = futures_util::stream::once(talk).flatten().boxed();
        Ok(Response::from_parts(metadata, events, tonic::Extensions::default()))
    }

    async fn list_voices(
        &self,
        request: Request<proto::ListVoicesRequest>,
    ) -> Result<Response<proto::ListVoicesResponse>, Status> {
        let voices = catalogue::voices(&self.studio.catalog, request.get_ref());
        voices.map(Response::new).map_err(|error| unlisted(error, &observer(&request)))
    }

    async fn list_models(
        &self,
        request: Request<proto::ListModelsRequest>,
    ) -> Result<Response<proto::ListModelsResponse>, Status> {
        let models = catalogue::models(&self.studio.catalog, request.get_ref());
        models.map(Response::new).map_err(|error| unlisted(error, &observer(&request)))
    }

    async fn get_service_info(
        &self,
        _: Request<proto::GetServiceInfoRequest>,
    ) -> Result<Response<proto::GetServiceInfoResponse>, Status> {
        Ok(Response::new(catalogue::service_info(&self.studio.catalog, self.wire_limits())))
    }
}

/// Gathers a whole clip, as long as it fits into one message.
async fn collect(
    mut performance: Leashed<Performance>,
    names: &Names,
    limits: &Limits,
    wire: &proto::Limits,
) -> Result<proto::SynthesizeClipResponse, Failure> {
    let mut clip = proto::SynthesizeClipResponse::default();
    let mut audio = BytesMut::new();
    while let Some(event) = performance.next().await {
        // Nothing of a clip that fails reaches the caller, who may ask for all of it again.
        match event.map_err(Failure::unheard)? {
            Event::Started(started) => clip.started = Some(convert::started(started, names, wire)),
            Event::Timing(timing) => clip.alignments.push(convert::alignment(timing, 0)),
            Event::Warning(warning) => clip.warnings.push(convert::warning(warning)),
            Event::Summary(summary) => clip.summary = Some(convert::summary(*summary, names)),
            Event::Audio(chunk) if audio.len() + chunk.data.len() > limits.max_clip_bytes => {
                return Err(performance.discard(too_large(limits)));
            }
            Event::Audio(chunk) => audio.extend_from_slice(&chunk.data),
        }
    }
    wav::seal(&mut audio);
    clip.audio = audio.freeze();
    Ok(clip)
}

fn too_large(limits: &Limits) -> Error {
    let message = format!(
        "The clip is larger than {} bytes, the most that one answer may hold. Use Synthesize, which streams.",
        limits.max_clip_bytes
    );
    Error::new(Kind::ClipTooLarge, message).with_fact("maxClipBytes", limits.max_clip_bytes.to_string())
}

fn names() -> Names {
    Names { request_id: Uuid::now_v7().to_string(), correlation_id: String::new() }
}

/// The status of a call that failed before, or instead of, its stream.
fn refuse(failure: &Failure, names: &Names, observer: &Observer) -> Status {
    observer.failed(&failure.error);
    status::status(failure, &names.request_id)
}

fn unlisted(error: Error, observer: &Observer) -> Status {
    let names = names();
    observer.identified(&names.request_id);
    refuse(&error.into(), &names, observer)
}

/// The observer that the layer left with the request; a service without the layer is not observed.
fn observer<T>(request: &Request<T>) -> Arc<Observer> {
    let observer = request.extensions().get::<Arc<Observer>>();
    observer.map_or_else(|| Arc::new(Observer::detached()), Arc::clone)
}

fn metadata(names: &Names) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    if let Ok(id) = MetadataValue::try_from(&names.request_id) {
        metadata.insert("x-request-id", id);
    }
    metadata
}
