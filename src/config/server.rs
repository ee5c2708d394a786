//! Where the process listens, and how it goes away.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::de::Error;

use crate::fault::Fault;

/// Where the process listens, and how it goes away.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port of gRPC. Port 0 takes any that is free.
    #[serde(deserialize_with = "address")]
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Address and port of metrics and probes over HTTP. Port 0 takes any that is free.
    #[serde(deserialize_with = "address")]
    #[schemars(with = "String")]
    pub http_listen: SocketAddr,
    /// After a request to stop: how long new calls are still answered, with UNAVAILABLE, while load balancers take
    /// notice.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub drain_delay: Duration,
    /// After that: how long running calls may take to finish before they are cut.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub drain_timeout: Duration,
}

impl Default for Server {
    fn default() -> Self {
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            listen: local(50_051),
            http_listen: local(8_080),
            drain_delay: Duration::ZERO,
            drain_timeout: Duration::from_secs(30),
        }
    }
}

impl Server {
    /// Everything that is wrong with the addresses.
    pub fn validate(&self) -> Vec<Fault> {
        if self.listen == self.http_listen && self.listen.port() != 0 {
            return vec![Fault::new("http_listen", "must differ from `listen`")];
        }
        Vec::new()
    }
}

/// A name is not accepted, because it may stand for several addresses, and a port alone does not say who may call.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let expected = || D::Error::custom("expected IP:PORT, such as 127.0.0.1:50051");
    let text = String::deserialize(deserializer).map_err(|_| expected())?;
    text.parse().map_err(|_| expected())
}
