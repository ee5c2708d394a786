//! `rhapsode say`.

mod format;
mod live;
mod progress;
mod sink;
mod text;
mod wav;

use std::future::pending;
use std::path::PathBuf;
use std::pin::pin;

use clap::Args;
use futures_util::stream;
use futures_util::stream::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::audio;
use crate::client;
use crate::client::Client;
use crate::client::Code;
use crate::client::Event;
use crate::client::Failure;
use crate::config::Environment;
use crate::config::Flag;
use crate::proto::AudioFormat;
use crate::proto::DeliveryOptions;
use crate::proto::PacingMode;
use crate::proto::SegmentationPolicy;
use crate::proto::StreamingConfig;
use crate::proto::StreamingSynthesizeRequest;
use crate::proto::SynthesisConfig;
use crate::proto::SynthesizeRequest;
use crate::proto::streaming_synthesize_request::Request;
use crate::speech::SAMPLE_RATE_HERTZ;
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

/// How far ahead of its listener a file may be, in seconds: the most that a server allows.
const LOOKAHEAD_OF_A_FILE: u32 = 600;

/// What is to be said.
enum Text {
    Whole(String),
    /// What comes on standard input while it comes.
    Live,
}

/// Arguments of `say`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Say {
    /// What to say; `-` reads standard input, at most 100,000 characters.
    #[arg(required_unless_present = "live")]
    text: Option<String>,

    /// Speak what comes on standard input while it comes, as it is typed or piped.
    #[arg(long, conflicts_with = "text")]
    live: bool,
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
        let text = match &self.text {
            Some(text) => Text::Whole(text::read(text, std::io::stdin())?),
            None => Text::Live,
        };
        if self.local {
            return Box::pin(self.speak_here(text, format, destination, env)).await;
        }
        let client =
            self.server.connect(&env).await.map_err(|trouble| trouble.and_if_absent("or speak here with `--local`"))?;
        self.speak(&client, text, format, destination).await
    }

    /// Runs the service on ports that are free, for this one call.
    async fn speak_here(
        &self,
        text: Text,
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
        let speaking = service.run(async |app| {
            let url = format!("http://{}", app.grpc_address()?);
            tokio::select! {
                stopped = app.run(pending(), pending()) => Err(stopped.err().map_or_else(stopped_early, Trouble::from)),
                spoken = async { self.speak(&Client::connect(&url).await?, text, format, destination).await } => spoken,
            }
        });
        Box::pin(speaking).await
    }

    async fn speak(
        &self,
        client: &Client,
        text: Text,
        format: Format,
        destination: Destination,
    ) -> Result<(), Trouble> {
        let mut progress = Progress::begin();
        let is_file = matches!(destination, Destination::File(_));
        let mut sink = Sink::new(destination);
        let heard = match text {
            Text::Whole(text) => hear(client, self.request(text, format), &mut sink, &mut progress).await,
            Text::Live => {
                let config = self.opening(format, is_file);
                sink.headed(self.header(format));
                Box::pin(hear_live(client, config, &mut sink, &mut progress)).await
            }
        };
        let partial = heard.is_err().then(|| sink.partial()).flatten();
        let finished = sink.finish().await;
        match (heard, partial) {
            (Err(trouble), Some(partial)) => Err(trouble.and(partial)),
            (heard, _) => heard.and(finished),
        }
    }

    fn request(&self, text: String, format: Format) -> SynthesizeRequest {
        SynthesizeRequest { text, config: Some(self.config(format)), ..Default::default() }
    }

    /// How a conversation begins. A listener does not want to have speech long before it is heard, a file does.
    fn opening(&self, format: Format, is_file: bool) -> StreamingConfig {
        let lookahead = Some(client::seconds(LOOKAHEAD_OF_A_FILE));
        let segmentation = SegmentationPolicy { lookahead, ..Default::default() };
        // One recording has a header, of which a stream without end knows nothing: it is written here.
        let format = if format == Format::Wav { Format::Pcm } else { format };
        let config = SynthesisConfig { segmentation: is_file.then_some(segmentation), ..self.config(format) };
        StreamingConfig { synthesis: Some(config), ..Default::default() }
    }

    /// What a file of `format` begins with that a stream without end does not bring.
    fn header(&self, format: Format) -> Vec<u8> {
        if format != Format::Wav {
            return Vec::new();
        }
        let rate = if self.rate == 0 { SAMPLE_RATE_HERTZ } else { u32::try_from(self.rate).unwrap_or_default() };
        audio::wav::header(rate, None).to_vec()
    }

    fn config(&self, format: Format) -> SynthesisConfig {
        SynthesisConfig {
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
        }
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
        take(event, sink, progress).await?;
    }
    Ok(())
}

/// Sends standard input as it comes, and hears what is made of it at the same time.
async fn hear_live(
    client: &Client,
    config: StreamingConfig,
    sink: &mut Sink,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    let (messages, receiver) = mpsc::channel(live::WAITING);
    let begin = StreamingSynthesizeRequest { request: Some(Request::Config(config)) };
    let messages_of = stream::once(std::future::ready(begin)).chain(ReceiverStream::new(receiver));
    let mut speaking = client.converse(messages_of).await?;
    let written = live::send(tokio::io::stdin(), messages);
    let heard = async {
        while let Some(event) = speaking.next().await? {
            take(event, sink, progress).await?;
        }
        Ok(())
    };
    // Whoever is heard to the end need not be written to any more; whoever cannot be read is not heard.
    let (mut written, mut heard) = (pin!(written), pin!(heard));
    tokio::select! {
        heard = &mut heard => heard,
        written = &mut written => match written {
            Ok(()) => heard.await,
            Err(trouble) => Err(trouble),
        },
    }
}

async fn take(event: Event, sink: &mut Sink, progress: &mut Progress) -> Result<(), Trouble> {
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
    Ok(())
}

fn paced() -> DeliveryOptions {
    DeliveryOptions { pacing_mode: PacingMode::Realtime.into(), ..Default::default() }
}

fn stopped_early() -> Trouble {
    Trouble::from(Failure::new(Code::Internal, "the service in this process stopped before it had spoken"))
}
