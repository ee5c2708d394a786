//! The URLs of a speech API.

use url::Url;

use crate::error::Error;
use crate::error::Result;

use super::config::Config;
use super::config::Shape;

/// Where requests go.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    /// Everything before `audio/speech` or `deployments`, and the query.
    root: Url,
    per_deployment: bool,
}

impl Endpoint {
    /// Builds the fixed part once.
    ///
    /// # Errors
    /// [`crate::error::Kind::InvalidField`] if the base URL cannot have a path.
    pub(super) fn new(config: &Config) -> Result<Self> {
        let needed: &[&str] = match config.shape {
            Shape::Openai => &[],
            Shape::AzureDeployment => &["openai"],
            Shape::AzureV1 => &["openai", "v1"],
        };
        // An operator may paste the resource or the whole prefix from Azure's documentation.
        let given: Vec<_> =
            config.base_url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let missing = if given.ends_with(needed) { &[] } else { needed };
        let mut root = extended(&config.base_url, missing.iter().copied())?;
        if let Some(version) = &config.api_version {
            root.query_pairs_mut().append_pair("api-version", version);
        }
        Ok(Self { root, per_deployment: config.shape == Shape::AzureDeployment })
    }

    /// Where speech of `model` is made.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn speech(&self, model: &str) -> Result<Url> {
        let deployment = self.per_deployment.then_some(["deployments", model]);
        extended(&self.root, deployment.into_iter().flatten().chain(["audio", "speech"]))
    }

    /// Something cheap to ask for when only the connection matters.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn models(&self) -> Result<Url> {
        extended(&self.root, ["models"])
    }
}

fn extended<'a>(url: &Url, parts: impl IntoIterator<Item = &'a str>) -> Result<Url> {
    let mut url = url.clone();
    url.path_segments_mut()
        .map_err(|()| Error::invalid("base_url", "This must be an http or https URL with a host."))?
        .pop_if_empty()
        .extend(parts);
    Ok(url)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Config;
    use super::Endpoint;
    use super::Shape;

    fn speech(base_url: &str, shape: Shape, version: Option<&str>) -> String {
        let base_url = base_url.parse().unwrap();
        let config = Config { base_url, shape, api_version: version.map(str::to_owned), ..Config::default() };
        Endpoint::new(&config).unwrap().speech("my tts").unwrap().to_string()
    }

    #[test]
    fn each_shape_has_its_path() {
        let (openai, classic, v1) = (Shape::Openai, Shape::AzureDeployment, Shape::AzureV1);
        let azure = "https://r.openai.azure.com";
        let deployed = format!("{azure}/openai/deployments/my%20tts/audio/speech?api-version=2025-03-01-preview");
        for (base, shape, version, url) in [
            ("https://api.openai.com/v1", openai, None, "https://api.openai.com/v1/audio/speech"),
            ("http://127.0.0.1:8880/v1/", openai, None, "http://127.0.0.1:8880/v1/audio/speech"),
            ("http://localhost", openai, None, "http://localhost/audio/speech"),
            (azure, classic, Some("2025-03-01-preview"), &deployed),
            (&format!("{azure}/openai/"), classic, Some("2025-03-01-preview"), &deployed),
            (azure, v1, None, &format!("{azure}/openai/v1/audio/speech")),
            (
                &format!("{azure}/openai/v1/"),
                v1,
                Some("preview"),
                &format!("{azure}/openai/v1/audio/speech?api-version=preview"),
            ),
        ] {
            assert_eq!(speech(base, shape, version), url);
        }
    }
}
