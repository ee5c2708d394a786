//! What an operator can say about one endpoint of the Realtime protocol.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use url::Url;

use crate::engine::upstream::Auth;
use crate::engine::upstream::can_send;
use crate::engine::upstream::is_of_openai;
use crate::engine::upstream::url_problem;
use crate::engine::upstream::variable_problem;
use crate::fault::Fault;

/// An upstream that speaks the Realtime protocol over a WebSocket: OpenAI, Azure OpenAI, or a server compatible with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the API lives: for `openai` the part before `/realtime`, such as `https://api.openai.com/v1`; for Azure the
    /// resource, such as `https://example.openai.azure.com`. Default: OpenAI's own API.
    #[schemars(with = "String")]
    pub base_url: Url,

    /// How the path is built. Default `openai`.
    pub shape: Shape,

    /// How the key is sent. Default `bearer`.
    pub auth: Auth,

    /// The environment variable that holds the key, `OPENAI_API_KEY` for the engine called `openai_realtime`. Default: none.
    pub api_key_env: Option<String>,

    /// A file that holds the key; read once at start, before the environment. Default: none.
    pub api_key_file: Option<PathBuf>,

    /// The name of this upstream in logs, traces, metrics and error details. Default `openai`.
    pub provider: String,

    /// The `OpenAI-Organization` to bill. Default: that of the key.
    pub organization: Option<String>,

    /// The `OpenAI-Project` to bill. Default: that of the key.
    pub project: Option<String>,

    /// Whether the days hold here on which the catalogue says that models are shut down. Default: at OpenAI's own address and
    /// at Azure's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models_retire: Option<bool>,

    /// How long a session may take to be there: connection, upgrade and its configuration. Default `10s`.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub connect_timeout: Duration,

    /// What the server is asked for. Default `pcm`; `pcmu` and `pcma` take a sixth of the bytes and sound like a telephone.
    pub audio_format: AudioFormat,

    /// How long the model thinks before it reads: `minimal`, `low`, `medium`, `high`. Default `minimal`; empty for models that
    /// do not think and refuse the option.
    pub reasoning_effort: String,

    /// Longest answer, in tokens (audio has 20 per second). Default 4096. The upstream reserves them of its rate limit.
    pub max_output_tokens: u32,

    /// Sessions held at once, the idle ones included. Default 256.
    pub max_sessions: usize,

    /// Texts read at the same time on one session: one that is heard, and the one behind it. Default 2.
    pub readings_per_session: usize,

    /// Sessions kept ready beside those that are in use, for each voice that was asked for of late, here or at an engine that this
    /// one stands in for. As far as `max_sessions` leaves room. Default 1.
    pub standby_sessions: usize,

    /// How long sessions are kept ready for a voice that nobody asks for. Default `10m`.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub idle_timeout: Duration,

    /// Age at which a session is replaced, give or take a tenth; sooner if the server says that it will end it sooner. Default
    /// `45m`: OpenAI ends one after an hour.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_session_age: Duration,

    /// Time between pings; a server that answers none until the next one is given up. Default `20s`.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub ping_interval: Duration,

    /// Largest message accepted, in bytes. Default 4 MiB, 200 times what OpenAI sends.
    pub max_message_bytes: usize,

    /// Audio of one reading that may wait to be heard, in bytes. Default 8 MiB, nearly three minutes: the server cannot be made
    /// to wait without keeping others waiting who share the session.
    pub max_reading_bytes: usize,

    /// What happens if the model says something else than the text.
    pub verbatim: Verbatim,
}

/// How the path is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// `{base_url}/realtime?model={model}`.
    #[default]
    Openai,
    /// `{base_url}/openai/v1/realtime?model={deployment}`.
    AzureV1,
}

impl Shape {
    /// Whether only Azure is asked in this way.
    pub fn is_azure(self) -> bool {
        self != Self::Openai
    }
}

/// What the server is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AudioFormat {
    /// 24 kHz, 16 bit.
    #[default]
    Pcm,
    /// G.711 µ-law, 8 kHz.
    Pcmu,
    /// G.711 A-law, 8 kHz.
    Pcma,
}

/// What happens if the model says something else than the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Verbatim {
    /// `off`: nothing is compared. `warn`: nothing is held back, and the caller is told. `retry`: the first words have to agree
    /// before any of it is heard; if they do not, the reading is given up and tried again, then the next model of the route is
    /// asked; what differs later is told. `fail`: the same without another try, and what differs later ends the call.
    pub policy: Policy,
    /// Words that have to agree before the audio is let go, unless the text has fewer. Default 4.
    pub words: usize,
    /// Audio that is held back at most. Default `700ms`.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_hold: Duration,
}

/// What to do about words that differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Nothing, and they are not looked for.
    Off,
    /// Tell the caller.
    Warn,
    /// Read again, or let another model read.
    #[default]
    Retry,
    /// End the call.
    Fail,
}

impl Default for Verbatim {
    fn default() -> Self {
        Self { policy: Policy::default(), words: 4, max_hold: Duration::from_millis(700) }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: openai(),
            shape: Shape::default(),
            auth: Auth::default(),
            api_key_env: None,
            api_key_file: None,
            provider: "openai".to_owned(),
            organization: None,
            project: None,
            models_retire: None,
            connect_timeout: Duration::from_secs(10),
            audio_format: AudioFormat::default(),
            reasoning_effort: "minimal".to_owned(),
            max_output_tokens: 4096,
            max_sessions: 256,
            readings_per_session: 2,
            standby_sessions: 1,
            idle_timeout: Duration::from_mins(10),
            max_session_age: Duration::from_mins(45),
            ping_interval: Duration::from_secs(20),
            max_message_bytes: 4 * 1024 * 1024,
            max_reading_bytes: 8 * 1024 * 1024,
            verbatim: Verbatim::default(),
        }
    }
}

impl Config {
    /// Whether requests without a key are refused.
    pub fn needs_key(&self) -> bool {
        is_of_openai(&self.base_url)
    }

    /// Whether the catalogue's retirement dates hold here: Azure's if [`Shape::is_azure`], otherwise those of the models' maker.
    pub fn retires(&self) -> bool {
        self.models_retire.unwrap_or_else(|| is_of_openai(&self.base_url))
    }

    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let sizes = [
            ("provider", self.provider.len()),
            ("max_sessions", self.max_sessions),
            ("readings_per_session", self.readings_per_session),
            ("max_message_bytes", self.max_message_bytes),
            ("max_reading_bytes", self.max_reading_bytes),
        ];
        let times = [
            ("connect_timeout", self.connect_timeout),
            ("idle_timeout", self.idle_timeout),
            ("max_session_age", self.max_session_age),
            ("ping_interval", self.ping_interval),
        ];
        let empty = sizes.into_iter().filter(|(_, size)| *size == 0).map(|(field, _)| field);
        let hasty = times.into_iter().filter(|(_, time)| time.is_zero()).map(|(field, _)| field);
        let mut faults: Vec<_> =
            empty.chain(hasty).map(|field| Fault::new(field, "must not be zero or empty")).collect();
        faults.extend(url_problem(&self.base_url).map(|problem| Fault::new("base_url", problem)));
        let variable = self.api_key_env.as_deref().and_then(variable_problem);
        faults.extend(variable.map(|problem| Fault::new("api_key_env", problem)));
        for (field, value) in [("organization", &self.organization), ("project", &self.project)] {
            if value.as_ref().is_some_and(|value| !can_send(value)) {
                faults.push(Fault::new(field, "holds a character that cannot be sent in an HTTP header"));
            }
        }
        if !(1..=4096).contains(&self.max_output_tokens) {
            faults.push(Fault::new("max_output_tokens", "must lie between 1 and 4096"));
        }
        if self.standby_sessions > self.max_sessions {
            faults.push(Fault::new("standby_sessions", "must not be more than max_sessions"));
        }
        faults
    }
}

#[expect(clippy::expect_used, reason = "a constant, which a test parses")]
fn openai() -> Url {
    Url::parse("https://api.openai.com/v1").expect("a valid URL")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Config;

    #[test]
    fn the_default_is_valid_and_survives_a_file() {
        let config = Config::default();
        assert_eq!(config.validate(), []);
        assert_eq!(toml::from_str::<Config>(&toml::to_string(&config).unwrap()).unwrap(), config);
    }

    #[test]
    fn a_fault_names_its_option() {
        for (toml, field) in [
            ("base_url = 'ftp://example.com'", "base_url"),
            ("max_sessions = 0\nstandby_sessions = 0", "max_sessions"),
            ("connect_timeout = '0s'", "connect_timeout"),
            ("max_output_tokens = 5000", "max_output_tokens"),
            ("standby_sessions = 300", "standby_sessions"),
            ("api_key_env = 'sk-SECRET'", "api_key_env"),
            ("project = 'projé'", "project"),
        ] {
            let config: Config = toml::from_str(toml).unwrap();
            assert_eq!(config.validate().into_iter().map(|fault| fault.key).collect::<Vec<_>>(), [field], "{toml}");
        }
    }
}
