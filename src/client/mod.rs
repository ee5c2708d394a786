//! A plain client of the service, for the command line, for tests and for other Rust programs.

mod conversing;
mod failure;
mod retry;
mod speaking;

use std::time::Duration;

use futures_util::Stream;
use tonic::Request;
use tonic::transport::Channel;
use tonic::transport::ClientTlsConfig;
use tonic::transport::Endpoint;

use crate::proto::GetServiceInfoRequest;
use crate::proto::GetServiceInfoResponse;
use crate::proto::ListModelsRequest;
use crate::proto::ListVoicesRequest;
use crate::proto::Model;
use crate::proto::StreamingSynthesizeRequest;
use crate::proto::SynthesizeRequest;
use crate::proto::Voice;
use crate::proto::speech_service_client::SpeechServiceClient;

use retry::call;

pub use conversing::Conversing;
pub use failure::Failure;
pub use speaking::Event;
pub use speaking::Speaking;
pub use tonic::Code;

/// How long a connection may take, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a call that only looks something up may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(10);

/// A silent connection is asked for a sign of life this often, and given up after the time below.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// Pages of a list that are fetched at most, 1000 entries each.
const MAX_PAGES: usize = 100;

/// A connection to a server. Clones share it.
#[derive(Clone, Debug)]
pub struct Client {
    service: SpeechServiceClient<Channel>,
}

impl Client {
    /// Connects to `url`, such as `http://127.0.0.1:50051`; `https` trusts the certificates that the system trusts.
    ///
    /// # Errors
    /// If `url` is none, or nobody answers there within five seconds.
    pub async fn connect(url: &str) -> Result<Self, Failure> {
        let no_url = |error: tonic::transport::Error| Failure::usage(&format!("`{url}` is no server's URL"), &error);
        let mut endpoint = Endpoint::from_shared(url.to_owned())
            .map_err(no_url)?
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEPALIVE_INTERVAL)
            .keep_alive_timeout(KEEPALIVE_TIMEOUT);
        if url.starts_with("https:") {
            endpoint = endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(no_url)?;
        }
        let channel = endpoint.connect().await.map_err(|error| Failure::unreachable(url, &error))?;
        Ok(Self { service: SpeechServiceClient::new(channel) })
    }

    /// Has a text spoken. What comes back is checked against what the server says it sent.
    ///
    /// # Errors
    /// What kept the first audio from coming.
    pub async fn synthesize(&self, request: SynthesizeRequest) -> Result<Speaking, Failure> {
        let response = call(|| {
            let (mut service, request) = (self.service.clone(), request.clone());
            async move { service.synthesize(request).await }
        });
        Ok(Speaking::new(response.await?.into_inner()))
    }

    /// Has a text spoken while it is being written. `messages` begin with the config; their end is that of the text.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn converse(
        &self,
        messages: impl Stream<Item = StreamingSynthesizeRequest> + Send + 'static,
    ) -> Result<Conversing, Failure> {
        let answer = self.service.clone().streaming_synthesize(messages).await;
        Ok(Conversing::new(answer.map_err(|status| Failure::from_status(&status))?.into_inner()))
    }

    /// All voices, or those of one model or language.
    ///
    /// # Errors
    /// What the server answers, or that it did not within ten seconds.
    pub async fn voices(&self, model: &str, language_code: &str) -> Result<Vec<Voice>, Failure> {
        let mut request = ListVoicesRequest {
            page_size: 1000,
            model: model.to_owned(),
            language_code: language_code.to_owned(),
            ..Default::default()
        };
        let mut voices = Vec::new();
        for _ in 0..MAX_PAGES {
            let lookup = || {
                let (mut service, request) = (self.service.clone(), lookup(request.clone()));
                async move { service.list_voices(request).await }
            };
            let page = call(lookup).await?.into_inner();
            voices.extend(page.voices);
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        Ok(voices)
    }

    /// All models.
    ///
    /// # Errors
    /// What the server answers, or that it did not within ten seconds.
    pub async fn models(&self) -> Result<Vec<Model>, Failure> {
        let mut request = ListModelsRequest { page_size: 1000, ..Default::default() };
        let mut models = Vec::new();
        for _ in 0..MAX_PAGES {
            let lookup = || {
                let (mut service, request) = (self.service.clone(), lookup(request.clone()));
                async move { service.list_models(request).await }
            };
            let page = call(lookup).await?.into_inner();
            models.extend(page.models);
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        Ok(models)
    }

    /// Version, limits, formats and defaults.
    ///
    /// # Errors
    /// What the server answers, or that it did not within ten seconds.
    pub async fn info(&self) -> Result<GetServiceInfoResponse, Failure> {
        let lookup = || {
            let mut service = self.service.clone();
            async move { service.get_service_info(lookup(GetServiceInfoRequest {})).await }
        };
        Ok(call(lookup).await?.into_inner())
    }
}

/// A whole number of seconds as the schema has it.
pub fn seconds(seconds: u32) -> prost_types::Duration {
    prost_types::Duration { seconds: seconds.into(), nanos: 0 }
}

fn lookup<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(LOOKUP_TIMEOUT);
    request
}

#[cfg(test)]
pub(crate) mod stand_in;
#[cfg(test)]
mod tests;
