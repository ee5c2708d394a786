//! `rhapsode say`.

mod format;
mod progress;
mod sink;
mod text;
mod wav;

use std::future::pending;
use std::path::PathBuf;

use clap::Args;

use crate::client::Client;
use crate::client::Code;
use crate::client::Event;
use crate::client::Failure;
use crate::config::Environment;
use crate::config::Flag;
use crate::proto::AudioFormat;
use crate::proto::DeliveryOptions;
use crate::proto::PacingMode;
use crate::proto::SynthesisConfig;
use crate::proto::SynthesizeRequest;
use crate::telemetry;

use super::output;
use super::service::Service;
use super::settings;
use super::settings::Server;
use super::trouble::Trouble;

use format::Format;
use progress::Progress;
use sink::Destination;
use sink::Sink;

/// Arguments of `say`.
#[derive(Debug, Args)]
pub(super) struct Say {
    /// What to say; `-` reads standard input, at most 100,000 characters.
    text: String,
    #[command(flatten)]
    server: Server,
    /// The model [default: the server's].
    #[arg(long, default_value = "", hide_default_value = true)]
    model: String,
    /// The voice [default: the model's].
    #[arg(long, default_value = "", hide_default_value = true)]
    voice: String,
    /// Style directions, for models that follow them.
    #[arg(long, default_value = "", hide_default_value = true)]
    instructions: String,
    /// Speaking rate, 0.25 to 4.0.
    #[arg(long)]
    speed: Option<f64>,
    /// The audio format [default: what the file's name says, pcm on a pipe].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Samples per second, where the format leaves a choice [default: 24000, for G.711 8000].
    #[arg(long, value_name = "HERTZ", default_value_t = 0, hide_default_value = true)]
    rate: i32,
    /// Write no more than a second ahead of its playing, as a telephone bridge wants it.
    #[arg(long)]
    realtime: bool,
    /// The file to write, or `-` for standard output, which must not be a terminal.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Speak in this process, without a server.
    #[arg(long, conflicts_with = "server")]
    local: bool,
    /// The configuration file of `--local`, TOML.
    #[arg(long, value_name = "FILE", requires = "local")]
    config: Option<PathBuf>,
    /// Fail where the server would otherwise ignore an option or let another model speak.
    #[arg(long)]
    strict: bool,
}

impl Say {
    pub(super) async fn run(self, env: Environment) -> Result<(), Trouble> {
        let destination = Destination::new(&self.output, output::is_result_on_terminal())?;
        let format = self.format.map_or_else(|| destination.format(), Ok)?;
        let text = text::read(&self.text, std::io::stdin())?;
        if self.local {
            return self.speak_here(text, format, destination, env).await;
        }
        let client =
            self.server.connect(&env).await.map_err(|trouble| trouble.and_if_absent("or speak here with `--local`"))?;
        self.speak(&client, text, format, destination).await
    }

    /// Runs the service on ports that are free, for this one call.
    async fn speak_here(
        &self,
        text: String,
        format: Format,
        destination: Destination,
        env: Environment,
    ) -> Result<(), Trouble> {
        let any_port = |key| Flag { name: "--local", key: ["server", key], value: "127.0.0.1:0".to_owned() };
        let flags = vec![any_port("listen"), any_port("http_listen")];
        let mut loaded = settings::load(self.config.as_ref(), env.clone(), flags)?;
        if loaded.config.telemetry == telemetry::Config::default() {
            // What goes wrong is told by the command itself.
            "off".clone_into(&mut loaded.config.telemetry.log_filter);
        }
        let service = Service::start(loaded, &env).await?;
        service
            .run(async |app| {
                let url = format!("http://{}", app.grpc_address()?);
                tokio::select! {
                    stopped = app.run(pending(), pending()) => Err(stopped.err().map_or_else(stopped_early, Trouble::from)),
                    spoken = async { self.speak(&Client::connect(&url).await?, text, format, destination).await } => spoken,
                }
            })
            .await
    }

    async fn speak(
        &self,
        client: &Client,
        text: String,
        format: Format,
        destination: Destination,
    ) -> Result<(), Trouble> {
        let mut progress = Progress::begin();
        let mut sink = Sink::new(destination);
        let heard = hear(client, self.request(text, format), &mut sink, &mut progress).await;
        let partial = heard.is_err().then(|| sink.partial()).flatten();
        let finished = sink.finish().await;
        match (heard, partial) {
            (Err(trouble), Some(partial)) => Err(trouble.and(partial)),
            (heard, _) => heard.and(finished),
        }
    }

    fn request(&self, text: String, format: Format) -> SynthesizeRequest {
        let config = SynthesisConfig {
            model: self.model.clone(),
            voice: self.voice.clone(),
            instructions: self.instructions.clone(),
            speed: self.speed,
            audio_format: Some(AudioFormat {
                encoding: format.encoding().into(),
                sample_rate_hertz: self.rate,
                ..Default::default()
            }),
            delivery: self.realtime.then(paced),
            strict: self.strict,
            ..Default::default()
        };
        SynthesizeRequest { text, config: Some(config), ..Default::default() }
    }
}

async fn hear(
    client: &Client,
    request: SynthesizeRequest,
    sink: &mut Sink,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    let mut speaking = client.synthesize(request).await?;
    while let Some(event) = speaking.next().await? {
        match event {
            Event::Started(started) => progress.started(&started),
            Event::Audio(chunk) => {
                progress.heard(&chunk);
                sink.write(&chunk.data).await?;
            }
            Event::Alignment(_) => {}
            Event::Warning(warning) => output::note(&format!("warning: {}", warning.message)),
            Event::Summary(summary) => progress.ended(&summary),
        }
    }
    Ok(())
}

fn paced() -> DeliveryOptions {
    DeliveryOptions { pacing_mode: PacingMode::Realtime.into(), ..Default::default() }
}

fn stopped_early() -> Trouble {
    Trouble::from(Failure::new(Code::Internal, "the service in this process stopped before it had spoken"))
}
