//! What an operator can say about one speech API.

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

/// An upstream that speaks `POST /v1/audio/speech`: OpenAI, Azure OpenAI, or any server compatible with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the API lives. For `openai` the part before `/audio/speech`, such as `http://127.0.0.1:8880/v1`; for Azure the
    /// resource, such as `https://example.openai.azure.com`. Default: OpenAI's own API. No credentials and no query: keys
    /// belong into `api_key_env` or `api_key_file`, the API version into `api_version`.
    #[schemars(with = "String")]
    pub base_url: Url,

    /// How the path is built. Default `openai`.
    pub shape: Shape,

    /// The `api-version` of Azure, such as `2025-03-01-preview`; required by `azure_deployment`, optional for `azure_v1`,
    /// not accepted by `openai`. Default: none.
    pub api_version: Option<String>,

    /// How the key is sent. Default `bearer`.
    pub auth: Auth,

    /// The environment variable that holds the key, `OPENAI_API_KEY` for the engine called `openai`. Default: none. Without
    /// a key requests carry none, as local servers want it.
    pub api_key_env: Option<String>,

    /// A file that holds the key, such as a mounted Kubernetes secret; read once at start, before the environment.
    /// Default: none.
    pub api_key_file: Option<PathBuf>,

    /// The name of this upstream in logs, traces, metrics and error details. Default `openai`.
    pub provider: String,

    /// The `OpenAI-Organization` to bill. Default: that of the key.
    pub organization: Option<String>,

    /// The `OpenAI-Project` to bill. Default: that of the key.
    pub project: Option<String>,

    /// How long a connection may take to be made, name resolution and TLS included. Default `5s`, as OpenAI's own
    /// clients have it: a host that has not answered by then seldom will.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub connect_timeout: Duration,

    /// Use HTTP/2 where the server offers it, which TLS alone can tell. Default false, because one HTTP/2 connection would
    /// carry every synthesis: the server's limit of concurrent streams (often 100) makes the next one wait unseen, and one
    /// slow listener can use up the flow-control window of all others. With HTTP/1.1 each synthesis has a connection of
    /// its own, which is reused, and closed at once when the caller hangs up.
    pub http2: bool,

    /// Connections kept open without a request. Default 256, so that a burst of that size is served without handshakes.
    pub max_idle_connections: usize,

    /// How long such a connection is kept. Default `90s`, a little less than common load balancers keep theirs.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub idle_connection_timeout: Duration,

    /// Connections opened at start, so that the first calls need no handshake. Default 1; 0 opens none.
    pub preconnect: usize,

    /// Ask for server-sent events where the model reports its token usage through them. Default true. The audio then
    /// takes a third more bytes on the wire; without it, usage is an estimate.
    pub usage_events: bool,

    /// Largest server-sent event accepted, in bytes. Default 1 MiB, 200 times what OpenAI sends; an event must be held
    /// whole before it can be read.
    pub max_event_bytes: usize,

    /// How much of an error's body is read to find its code, in bytes. Default 64 KiB.
    pub max_error_body_bytes: usize,

    /// Whether the days hold here on which the catalogue says that models are shut down. Default: at OpenAI's own address and
    /// at Azure's; another server may go on with a model of that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models_retire: Option<bool>,

    /// Send the field `"stream": true`, which is not OpenAI's but makes some compatible servers stream. Default false.
    pub stream_option: bool,
}

/// How the path of a request is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// `{base_url}/audio/speech`.
    #[default]
    Openai,
    /// `{base_url}/openai/deployments/{model}/audio/speech?api-version=…`: the model's upstream name is the deployment.
    AzureDeployment,
    /// `{base_url}/openai/v1/audio/speech`, with `?api-version=…` if one is set.
    AzureV1,
}

impl Shape {
    /// Whether only Azure is asked in this way.
    pub fn is_azure(self) -> bool {
        self != Self::Openai
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: openai(),
            shape: Shape::default(),
            api_version: None,
            auth: Auth::default(),
            api_key_env: None,
            api_key_file: None,
            provider: "openai".to_owned(),
            organization: None,
            project: None,
            connect_timeout: Duration::from_secs(5),
            http2: false,
            max_idle_connections: 256,
            idle_connection_timeout: Duration::from_secs(90),
            preconnect: 1,
            usage_events: true,
            max_event_bytes: 1024 * 1024,
            max_error_body_bytes: 64 * 1024,
            models_retire: None,
            stream_option: false,
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
            ("max_event_bytes", self.max_event_bytes),
            ("max_error_body_bytes", self.max_error_body_bytes),
            ("connect_timeout", usize::from(!self.connect_timeout.is_zero())),
            ("provider", self.provider.len()),
        ];
        let empty = sizes
            .into_iter()
            .filter(|(_, size)| *size == 0)
            .map(|(field, _)| Fault::new(field, "must not be zero or empty"));
        let too_many = (self.preconnect > self.max_idle_connections)
            .then(|| Fault::new("preconnect", "must not be more than max_idle_connections"));
        let own = self.url_fault().into_iter().chain(self.version_fault()).chain(self.variable_fault());
        own.chain(self.account_faults()).chain(empty).chain(too_many).collect()
    }

    fn url_fault(&self) -> Option<Fault> {
        url_problem(&self.base_url).map(|problem| Fault::new("base_url", problem))
    }

    fn version_fault(&self) -> Option<Fault> {
        let problem = match (self.shape, &self.api_version) {
            (Shape::AzureDeployment, None) => "is needed by the shape azure_deployment",
            (Shape::Openai, Some(_)) => "has no meaning for the shape openai; leave it out",
            _ => return None,
        };
        Some(Fault::new("api_version", problem))
    }

    fn variable_fault(&self) -> Option<Fault> {
        let problem = self.api_key_env.as_deref().and_then(variable_problem);
        problem.map(|problem| Fault::new("api_key_env", problem))
    }

    fn account_faults(&self) -> impl Iterator<Item = Fault> {
        let accounts = [("organization", &self.organization), ("project", &self.project)];
        let unsendable = accounts.into_iter().filter(|(_, value)| value.as_ref().is_some_and(|it| !can_send(it)));
        unsendable.map(|(field, _)| Fault::new(field, "holds a character that cannot be sent in an HTTP header"))
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
    use super::Shape;

    fn faults(toml: &str) -> Vec<String> {
        let config: Config = toml::from_str(toml).unwrap();
        config.validate().into_iter().map(|fault| fault.key).collect()
    }

    #[test]
    fn the_default_is_valid_and_survives_a_file() {
        let config = Config::default();
        assert_eq!(config.validate(), []);
        assert_eq!(toml::from_str::<Config>(&toml::to_string(&config).unwrap()).unwrap(), config);
        assert_eq!(toml::from_str::<Config>("").unwrap(), config);
    }

    #[test]
    fn unknown_options_are_refused() {
        assert!(toml::from_str::<Config>("base_uri = 'http://127.0.0.1'").is_err());
        assert_eq!(toml::from_str::<Config>("shape = 'azure_v1'").unwrap().shape, Shape::AzureV1);
    }

    #[test]
    fn a_fault_names_its_option() {
        for (toml, field) in [
            ("base_url = 'ftp://example.com'", "base_url"),
            ("base_url = 'https://user:key@example.com'", "base_url"),
            ("base_url = 'https://example.com?key=abc'", "base_url"),
            ("shape = 'azure_deployment'", "api_version"),
            ("api_version = 'preview'", "api_version"),
            ("max_event_bytes = 0", "max_event_bytes"),
            ("connect_timeout = '0s'", "connect_timeout"),
            ("provider = ''", "provider"),
            ("preconnect = 300", "preconnect"),
            ("organization = \"org\\u0001\"", "organization"),
            ("project = 'projé'", "project"),
            ("api_key_env = 'sk-SECRET'", "api_key_env"),
            ("api_key_env = '1KEY'", "api_key_env"),
            ("api_key_env = ''", "api_key_env"),
        ] {
            assert_eq!(faults(toml), [field], "{toml}");
        }
        let all = "base_url = 'ftp://example.com'\napi_version = 'preview'\nprovider = ''\npreconnect = 300";
        assert_eq!(faults(all), ["base_url", "api_version", "provider", "preconnect"]);
    }

    #[test]
    fn a_key_in_the_place_of_its_variable_is_not_repeated() {
        let config: Config = toml::from_str("api_key_env = 'sk-SECRET'").unwrap();
        assert!(!format!("{:?}", config.validate()).contains("SECRET"));
        assert_eq!(toml::from_str::<Config>("api_key_env = '_Key2'").unwrap().validate(), []);
    }

    #[test]
    fn every_option_has_its_manual_in_the_schema() {
        let schema = serde_json::to_value(schemars::schema_for!(Config)).unwrap();
        for (name, property) in schema["properties"].as_object().unwrap() {
            assert!(property["description"].as_str().is_some_and(|text| text.len() > 20), "{name}");
        }
    }
}
