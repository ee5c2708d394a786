//! How often a message has to go to the upstream and back before there is audio: over a new connection and over a warm one.

#![expect(clippy::print_stdout, reason = "the table is what this is for")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;

use rhapsode::proto;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::tcp::OwnedWriteHalf;

use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const TEXT: &str = "Your taxi is here.";

/// What has gone through the relay since it was looked at last.
#[derive(Default)]
struct Traffic {
    connections: usize,
    /// Times that something was said to the upstream after it had said something, or at first.
    turns: usize,
    upstream_spoke: bool,
}

/// A relay in front of an upstream that counts turns. New connections count as one: TCP's own. (TLS, which is not spoken here,
/// would add one or two to each.)
struct Relay {
    address: SocketAddr,
    traffic: Arc<Mutex<Traffic>>,
}

impl Relay {
    async fn before(upstream: &StandIn) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let target = upstream.base_url().trim_start_matches("http://").trim_end_matches("/v1").to_owned();
        let traffic: Arc<Mutex<Traffic>> = Arc::default();
        let seen = Arc::clone(&traffic);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&target).await.unwrap();
                near.set_nodelay(true).unwrap();
                far.set_nodelay(true).unwrap();
                let (near, far) = (near.into_split(), far.into_split());
                {
                    let mut traffic = seen.lock().unwrap();
                    traffic.connections += 1;
                    traffic.upstream_spoke = true;
                }
                tokio::spawn(copy(near.0, far.1, Arc::clone(&seen), false));
                tokio::spawn(copy(far.0, near.1, Arc::clone(&seen), true));
            }
        });
        Self { address, traffic }
    }

    /// The round trips since the last time.
    fn round_trips(&self) -> usize {
        let traffic = std::mem::take(&mut *self.traffic.lock().unwrap());
        traffic.connections + traffic.turns
    }
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, traffic: Arc<Mutex<Traffic>>, is_upstream: bool) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut bytes).await {
        if count == 0 {
            break;
        }
        {
            let mut traffic = traffic.lock().unwrap();
            let said_before = std::mem::replace(&mut traffic.upstream_spoke, is_upstream);
            traffic.turns += usize::from(!is_upstream && said_before);
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
}

/// Speaks with `model` up to its first audio, and counts the round trips until then.
async fn until_audio(server: &Rhapsode, relay: &Relay, model: &str) -> usize {
    let config = proto::SynthesisConfig { model: model.to_owned(), ..Default::default() };
    relay.traffic.lock().unwrap().upstream_spoke = true;
    relay.round_trips();
    relay.traffic.lock().unwrap().upstream_spoke = true;
    let mut client = server.client().await;
    // The head waits for the first audio.
    let mut events = client.synthesize(styled(TEXT, config)).await.unwrap().into_inner();
    let count = relay.round_trips();
    while events.message().await.unwrap().is_some() {}
    count
}

#[tokio::test]
async fn a_warm_session_needs_no_more_round_trips_than_a_warm_connection() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let relay = Relay::before(&upstream).await;
    let base_url = format!("http://{}/v1", relay.address);
    let variables = [
        ("RHAPSODE__ENGINES__OPENAI__PRECONNECT", "0"),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
        ("RHAPSODE__RETIREMENT__POLL_INTERVAL", "0s"),
    ];
    let server = Rhapsode::before_all(&base_url, &variables).await;
    let mut table = Vec::new();
    for model in ["gpt-4o-mini-tts", "gpt-realtime-2.1-mini"] {
        let cold = until_audio(&server, &relay, model).await;
        let warm = until_audio(&server, &relay, model).await;
        println!("{model:24} first call {cold}, later calls {warm}");
        table.push((cold, warm));
    }
    // TCP and the request; the request alone; TCP, the upgrade, the setup and the text; the text alone.
    assert_eq!(table, [(2, 1), (4, 1)]);

    // With a session standing by, the first call for a voice that was asked for before needs no more either.
    let server = Rhapsode::before_all(&base_url, &variables[2..]).await;
    until_audio(&server, &relay, "gpt-realtime-2.1-mini").await;
    assert_eq!(until_audio(&server, &relay, "gpt-realtime-2.1-mini").await, 1);
}
