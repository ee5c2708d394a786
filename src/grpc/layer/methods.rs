//! The methods that this service has, read from its schema: the only values that a metric's `rpc.method` may take.

use std::collections::HashMap;
use std::sync::Arc;

use prost::Message;
use prost_types::FileDescriptorSet;

use crate::error::Error;
use crate::error::Result;
use crate::proto::DESCRIPTORS;
use crate::telemetry::names;

/// A method, by the path of its requests.
#[derive(Debug)]
pub(super) struct Methods {
    by_path: HashMap<String, Method>,
    other: Method,
}

/// One method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Method {
    /// `package.Service/Method`.
    pub(super) name: Arc<str>,
    /// Asked by probes and tools, not by callers.
    pub(super) infrastructure: bool,
}

impl Methods {
    /// The methods of the contract, of health and of both versions of reflection.
    pub(super) fn served() -> Result<Self> {
        let mut methods =
            Self { by_path: HashMap::new(), other: Method { name: Arc::from(names::OTHER), infrastructure: false } };
        methods.add(DESCRIPTORS, false)?;
        methods.add(tonic_health::pb::FILE_DESCRIPTOR_SET, true)?;
        methods.add(tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET, true)?;
        methods.add(tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET, true)?;
        Ok(methods)
    }

    /// The method of a request's path; [`names::OTHER`] if the service has none there.
    pub(super) fn find(&self, path: &str) -> Method {
        self.by_path.get(path).unwrap_or(&self.other).clone()
    }

    fn add(&mut self, descriptors: &[u8], infrastructure: bool) -> Result<()> {
        let schema = FileDescriptorSet::decode(descriptors)
            .map_err(|fault| Error::internal("a compiled-in schema cannot be read").with_source(fault))?;
        for file in &schema.file {
            for service in &file.service {
                for method in &service.method {
                    let name = format!("{}.{}/{}", file.package(), service.name(), method.name());
                    let path = format!("/{name}");
                    self.by_path.insert(path, Method { name: Arc::from(name), infrastructure });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Methods;

    #[test]
    fn knows_the_contract_and_the_infrastructure_and_nothing_else() {
        let methods = Methods::served().unwrap();
        let speech = methods.find("/rhapsode.v1.SpeechService/Synthesize");
        assert_eq!((&*speech.name, speech.infrastructure), ("rhapsode.v1.SpeechService/Synthesize", false));
        assert!(methods.find("/grpc.health.v1.Health/Watch").infrastructure);
        assert!(methods.find("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo").infrastructure);
        assert_eq!(&*methods.find("/rhapsode.v1.SpeechService/Made.Up").name, "_OTHER");
    }
}
