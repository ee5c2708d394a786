//! Conversations at random, through a real client and a real server over a pipe, under a clock that waits for nobody.

mod moves;
mod order;
mod parrot;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use proptest::test_runner::Config as Cases;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use tonic::transport::Endpoint;
use tonic::transport::Server;
use tonic_types::StatusExt;
use tower::service_fn;

use super::Limits;
use super::SpeechGateway;
use crate::admission::Admission;
use crate::admission::Config as AdmissionConfig;
use crate::audio::Pauses;
use crate::drain::Readiness;
use crate::engine::Engine;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::Config as CatalogConfig;
use crate::engine::catalog::Standing;
use crate::pipeline::Segmentation;
use crate::pipeline::Studio;
use crate::proto::speech_service_client::SpeechServiceClient;
use crate::proto::speech_service_server::SpeechServiceServer;
use crate::proto::streaming_synthesize_response::Event;
use crate::speech::Processing;
use crate::telemetry::Metrics;

use moves::Play;
use order::Order;
use parrot::Parrot;

/// Fewest runs; `PROPTEST_CASES=10000` makes it ten thousand, which takes a minute or two.
const RUNS: u32 = 2_000;

/// A service whose only engine is `parrot`, and a client of it.
fn service(parrot: &Arc<Parrot>) -> SpeechServiceClient<Channel> {
    let limits = Limits::default();
    let engines = HashMap::from([("openai".to_owned(), Arc::<Parrot>::clone(parrot) as Arc<dyn Engine>)]);
    let standing = |engine: &str| Standing { is_usable: engine == "openai", ..Standing::default() };
    let studio = Studio {
        catalog: Arc::new(Catalog::new(&CatalogConfig::shipped().unwrap(), &standing, Arc::default()).unwrap()),
        engines,
        admission: Admission::new(AdmissionConfig::default()),
        readiness: Readiness::default(),
        metrics: Metrics::disabled(),
        segmentation: Segmentation::default(),
        processing: Processing::default(),
        pauses: Pauses::default(),
        max_call_duration: limits.max_call_duration,
        max_text_chars: limits.max_text_chars,
        conversation: crate::pipeline::ConversationConfig::default(),
        drain_grace: Duration::from_secs(30),
    };
    let gateway = SpeechGateway::new(Arc::new(studio), limits, Readiness::default());
    let (near, far) = tokio::io::duplex(1 << 20);
    let server = Server::builder().add_service(SpeechServiceServer::new(gateway));
    tokio::spawn(server.serve_with_incoming(futures_util::stream::iter([Ok::<_, std::io::Error>(far)])));
    let mut near = Some(TokioIo::new(near));
    let connector = service_fn(move |_| std::future::ready(near.take().ok_or_else(|| std::io::Error::other("once"))));
    SpeechServiceClient::new(Endpoint::from_static("http://pipe").connect_with_connector_lazy(connector))
}

/// Everything that was told, and how it ended.
struct Told {
    events: Vec<Event>,
    end: Result<(), Status>,
}

/// Plays `play` and reads what comes, as quickly as the play says.
async fn perform(client: &mut SpeechServiceClient<Channel>, play: &Play) -> Told {
    let (sender, receiver) = mpsc::channel(1);
    let moves = play.moves.clone();
    let writer = tokio::spawn(async move {
        for step in moves {
            tokio::time::sleep(step.after).await;
            if sender.send(step.message()).await.is_err() {
                return;
            }
        }
    });
    let mut answer = client.streaming_synthesize(ReceiverStream::new(receiver)).await.unwrap().into_inner();
    let mut told = Told { events: Vec::new(), end: Ok(()) };
    while let Some(next) = answer.next().await {
        match next {
            Ok(response) => told.events.push(response.event.unwrap()),
            Err(status) => told.end = Err(status),
        }
        tokio::time::sleep(play.reading).await;
    }
    writer.abort();
    told
}

/// What the contract says of any conversation, and of this one.
fn judge(play: &Play, told: &Told, parrot: &Parrot) -> Result<(), TestCaseError> {
    let order = Order::of(&told.events)?;
    let asked = parrot.words();
    prop_assert!(asked.windows(2).all(|pair| pair[0] < pair[1]), "spoken twice or out of order: {:?}", asked);
    let wrong = play.first_wrong();
    if let Err(status) = &told.end {
        let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
        let may_fail = play.fails && !play.isolates;
        let is_expected = wrong.is_some_and(|wrong| wrong == reason) || (may_fail && reason == parrot::REASON);
        prop_assert!(is_expected, "{}: {} instead of {:?}", reason, status.message(), wrong);
        prop_assert!(!order.is_over, "a stream that fails has no summary");
        return Ok(());
    }
    prop_assert_eq!(wrong, None, "what is wrong was accepted");
    prop_assert!(order.is_over, "a stream that ends well has a summary");
    prop_assert_eq!(order.interrupted, play.interrupts(), "each interrupt is answered");
    if play.interrupts() == 0 {
        prop_assert_eq!(order.ended, play.utterances(), "each utterance ends once");
        if !play.fails {
            prop_assert_eq!(&asked, &play.words(), "everything is spoken");
        }
    }
    Ok(())
}

#[test]
fn any_conversation_ends_in_the_order_or_the_status_that_is_documented() {
    let runtime: Runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let parrot = Arc::new(Parrot::default());
    let client = runtime.block_on(async { service(&parrot) });
    let mut runner = TestRunner::new(Cases {
        failure_persistence: None,
        cases: Cases::default().cases.max(RUNS),
        ..Cases::default()
    });
    let mut outcomes: HashMap<String, usize> = HashMap::new();
    let seen = std::cell::RefCell::new(&mut outcomes);
    runner
        .run(&moves::play(), |play| {
            parrot.begin(play.seed, play.fails);
            let told = runtime.block_on(perform(&mut client.clone(), &play));
            let end = told.end.as_ref().err().and_then(StatusExt::get_details_error_info);
            *seen.borrow_mut().entry(end.map_or_else(|| "OK".to_owned(), |info| info.reason)).or_default() += 1;
            // What nobody hears any more is let go of as soon as the server has seen that.
            runtime.block_on(async { tokio::time::sleep(Duration::from_secs(1)).await });
            prop_assert_eq!(parrot.open(), 0, "an engine is still at work");
            judge(&play, &told, &parrot)
        })
        .unwrap();
    // Every kind of end has been seen, or the runs prove less than they seem to.
    for end in
        ["OK", "CONFIG_REQUIRED", "CONFIG_REPEATED", "INVALID_FIELD", "VOICE_UNKNOWN", "TEXT_TOO_LONG", parrot::REASON]
    {
        assert!(outcomes.get(end).is_some_and(|count| *count > 5), "{end}: {outcomes:?}");
    }
    drop(client);
}
