//! Where sessions are opened.

use url::Url;

use crate::error::Error;
use crate::error::Result;

use super::config::Config;
use super::config::Shape;

/// The address of an endpoint, without the model.
#[derive(Clone, Debug)]
pub(super) struct Address(Url);

impl Address {
    /// That of `config`.
    ///
    /// # Errors
    /// [`crate::error::Kind::InvalidField`] if the base URL cannot have a path.
    pub(super) fn new(config: &Config) -> Result<Self> {
        let prefix: &[&str] = match config.shape {
            Shape::Openai => &[],
            Shape::AzureV1 => &["openai", "v1"],
        };
        let mut url = config.base_url.clone();
        // An operator may paste the resource or the whole prefix from Azure's documentation.
        let given: Vec<_> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let missing = if given.ends_with(prefix) { &[] } else { prefix };
        url.path_segments_mut()
            .map_err(|()| Error::invalid("base_url", "This must be an http or https URL with a host."))?
            .pop_if_empty()
            .extend(missing)
            .push("realtime");
        Ok(Self(url))
    }

    /// Where a session of `model` is opened. The upgrade is an HTTP request, so the scheme is that of HTTP.
    pub(super) fn session(&self, model: &str) -> Url {
        let mut url = self.0.clone();
        url.query_pairs_mut().append_pair("model", model);
        url
    }

    /// Where models are listed, beside the endpoint.
    pub(super) fn models(&self) -> Url {
        let mut url = self.0.clone();
        // What has the path of an endpoint can have another one.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop().push("models");
        }
        url
    }

    /// The endpoint itself, for traces.
    pub(super) fn url(&self) -> &Url {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Address;
    use super::Config;
    use super::Shape;

    #[test]
    fn each_shape_has_its_path() {
        for (base, shape, url) in [
            ("https://api.openai.com/v1", Shape::Openai, "https://api.openai.com/v1/realtime?model=my+m"),
            ("http://127.0.0.1:9100/v1/", Shape::Openai, "http://127.0.0.1:9100/v1/realtime?model=my+m"),
            ("https://r.openai.azure.com", Shape::AzureV1, "https://r.openai.azure.com/openai/v1/realtime?model=my+m"),
            (
                "https://r.openai.azure.com/openai/v1",
                Shape::AzureV1,
                "https://r.openai.azure.com/openai/v1/realtime?model=my+m",
            ),
        ] {
            let config = Config { base_url: base.parse().unwrap(), shape, ..Config::default() };
            let address = Address::new(&config).unwrap();
            assert_eq!(address.session("my m").as_str(), url);
            assert_eq!(address.models().as_str(), url.replace("realtime?model=my+m", "models"));
        }
    }
}
