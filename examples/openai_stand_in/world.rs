//! Everything that the requests of one stand-in share.

use std::sync::Arc;

use http::HeaderMap;

use super::audio::Remembering;
use super::audio::Speaker;
use super::connection::Census;
use super::encode::Encoder;
use super::faults::FaultQueue;
use super::faults::Faults;
use super::faults::parse_text;
use super::limits::Limits;
use super::log::Log;
use super::options::Options;

/// The request header that scripts a fault for this request alone.
const FAULT_HEADER: &str = "x-stand-in-fault";

/// One stand-in's state.
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) voice: Remembering,
    pub(crate) encoder: Encoder,
    pub(crate) limits: Limits,
    pub(crate) faults: FaultQueue,
    pub(crate) log: Log,
    pub(crate) census: Arc<Census>,
}

impl World {
    pub(crate) fn new(options: Options, speaker: Arc<dyn Speaker>) -> Self {
        Self {
            voice: Remembering::new(speaker),
            encoder: Encoder::default(),
            limits: Limits::new(&options),
            faults: FaultQueue::default(),
            log: Log::new(),
            census: Arc::default(),
            options,
        }
    }

    /// The faults of the next request: its own header's, else the script's, else those of the command line.
    pub(crate) fn faults_for(&self, headers: &HeaderMap) -> Result<Faults, String> {
        if let Some(value) = headers.get(FAULT_HEADER) {
            let text = value.to_str().map_err(|_| format!("{FAULT_HEADER}: not ASCII"))?;
            return parse_text(text);
        }
        Ok(self.faults.next().or_else(|| self.options.fault.clone()).unwrap_or_default())
    }

    /// Back to the state after the start; open connections stay.
    pub(crate) fn reset(&self) {
        self.log.reset();
        self.faults.clear();
        self.limits.reset();
    }
}
