//! A server that says what a test tells it to, on a real socket.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::disallowed_methods, reason = "the server ends with the runtime of its test")]

use std::pin::Pin;
use std::sync::Arc;

use futures_util::Stream;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::Streaming;
use tonic::transport::Server;

use crate::proto::AudioChunk;
use crate::proto::GetServiceInfoRequest;
use crate::proto::GetServiceInfoResponse;
use crate::proto::ListModelsRequest;
use crate::proto::ListModelsResponse;
use crate::proto::ListVoicesRequest;
use crate::proto::ListVoicesResponse;
use crate::proto::Model;
use crate::proto::StreamStarted;
use crate::proto::StreamingSynthesizeRequest;
use crate::proto::StreamingSynthesizeResponse;
use crate::proto::SynthesisSummary;
use crate::proto::SynthesizeClipRequest;
use crate::proto::SynthesizeClipResponse;
use crate::proto::SynthesizeRequest;
use crate::proto::SynthesizeResponse;
use crate::proto::Voice;
use crate::proto::Warning;
use crate::proto::speech_service_server::SpeechService;
use crate::proto::speech_service_server::SpeechServiceServer;

use super::Event;

type Answer = Result<Event, Status>;
type Answers = dyn Fn(SynthesizeRequest) -> Vec<Answer> + Send + Sync;

struct StandIn(Arc<Answers>);

/// Serves until the test ends; `answers` says what a synthesis yields. Lists come in pages of one. Returns the URL.
pub(crate) async fn serve(answers: impl Fn(SynthesizeRequest) -> Vec<Answer> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let service = SpeechServiceServer::new(StandIn(Arc::new(answers)));
    tokio::spawn(Server::builder().add_service(service).serve_with_incoming(TcpListenerStream::new(listener)));
    url
}

/// Everything that a whole stream of `chunks` has, with a warning.
pub(crate) fn whole(chunks: &[&'static [u8]]) -> Vec<Answer> {
    let bytes = chunks.iter().map(|chunk| chunk.len()).sum::<usize>();
    let summary = SynthesisSummary {
        audio_byte_count: bytes.try_into().unwrap(),
        chunk_count: chunks.len().try_into().unwrap(),
        ..Default::default()
    };
    let mut answers = begun(chunks);
    answers.insert(1, Ok(Event::Warning(Warning { message: "something".to_owned(), ..Default::default() })));
    answers.push(Ok(Event::Summary(summary)));
    answers
}

/// A stream that has begun.
pub(crate) fn begun(chunks: &[&'static [u8]]) -> Vec<Answer> {
    let audio = chunks
        .iter()
        .zip(0..)
        .map(|(data, sequence)| Ok(Event::Audio(AudioChunk { data: (*data).into(), sequence, ..Default::default() })));
    [Ok(Event::Started(StreamStarted::default()))].into_iter().chain(audio).collect()
}

#[tonic::async_trait]
impl SpeechService for StandIn {
    type StreamingSynthesizeStream = Pin<Box<dyn Stream<Item = Result<StreamingSynthesizeResponse, Status>> + Send>>;
    type SynthesizeStream = Pin<Box<dyn Stream<Item = Result<SynthesizeResponse, Status>> + Send>>;

    async fn synthesize(
        &self,
        request: Request<SynthesizeRequest>,
    ) -> Result<Response<Self::SynthesizeStream>, Status> {
        let mut answers = self.0(request.into_inner());
        if matches!(answers.first(), Some(Err(_))) {
            return Err(answers.remove(0).unwrap_err());
        }
        let messages = answers.into_iter().map(|answer| answer.map(|event| SynthesizeResponse { event: Some(event) }));
        Ok(Response::new(Box::pin(stream::iter(messages))))
    }

    async fn streaming_synthesize(
        &self,
        _: Request<Streaming<StreamingSynthesizeRequest>>,
    ) -> Result<Response<Self::StreamingSynthesizeStream>, Status> {
        Err(Status::unimplemented("not part of these tests"))
    }

    async fn synthesize_clip(
        &self,
        _: Request<SynthesizeClipRequest>,
    ) -> Result<Response<SynthesizeClipResponse>, Status> {
        Err(Status::unimplemented("no clips"))
    }

    async fn list_voices(&self, request: Request<ListVoicesRequest>) -> Result<Response<ListVoicesResponse>, Status> {
        let page = request.get_ref().page_token.len();
        let name = format!("{}{page}", request.get_ref().model);
        let next_page_token = "x".repeat((page + 1) % 3);
        let voices = vec![Voice { name, ..Default::default() }];
        Ok(Response::new(ListVoicesResponse { voices, next_page_token }))
    }

    async fn list_models(&self, request: Request<ListModelsRequest>) -> Result<Response<ListModelsResponse>, Status> {
        // A list that never ends.
        let next_page_token = format!("{}x", request.get_ref().page_token);
        Ok(Response::new(ListModelsResponse { models: vec![Model::default()], next_page_token }))
    }

    async fn get_service_info(
        &self,
        _: Request<GetServiceInfoRequest>,
    ) -> Result<Response<GetServiceInfoResponse>, Status> {
        Ok(Response::new(GetServiceInfoResponse { server_version: "1.2.3".to_owned(), ..Default::default() }))
    }
}
