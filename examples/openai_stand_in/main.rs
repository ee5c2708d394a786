//! The stand-in as a program: `cargo run --example openai_stand_in -- --port 9100`.

use std::io::Write;
use std::sync::Arc;

use clap::Parser;
use tokio::net::TcpListener;

#[expect(dead_code, reason = "the handles by which tests drive a stand-in in their own process")]
#[path = "lib.rs"]
mod stand_in;

use stand_in::Options;
use stand_in::StandIn;
use stand_in::audio::Recording;
use stand_in::audio::Speaker;
use stand_in::built_in::BuiltIn;
use stand_in::options::Voice;
use stand_in::tone::Tone;

/// Answers like OpenAI's speech endpoint, faults included (docs/stand-in.md).
#[derive(Parser)]
#[command(name = "openai_stand_in")]
struct Arguments {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: std::net::IpAddr,
    /// Port to listen on; 0 takes a free one, which the first line of output names
    #[arg(long, default_value_t = 9100)]
    port: u16,
    #[command(flatten)]
    options: Options,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let Arguments { host, port, options } = Arguments::parse();
    let speaker: Arc<dyn Speaker> = match (&options.pcm_file, options.speaker) {
        (Some(path), _) => Arc::new(Recording::open(path)?),
        (None, Voice::Tone) => Arc::new(Tone),
        (None, Voice::BuiltIn) => Arc::new(BuiltIn::load().map_err(std::io::Error::other)?),
    };
    let stand_in = StandIn::serve(TcpListener::bind((host, port)).await?, options, speaker)?;
    writeln!(std::io::stdout(), "OPENAI_BASE_URL={}", stand_in.base_url())?;
    tokio::signal::ctrl_c().await
}
