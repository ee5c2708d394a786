//! Everything that the requests of one stand-in share.

use std::sync::Arc;

use http::HeaderMap;

use super::audio::Remembering;
use super::audio::Speaker;
use super::connection::Census;
use super::encode::Encoder;
use super::fault_queue::FaultQueue;
use super::faults::Faults;
use super::faults::Taker;
use super::faults::parse_text;
use super::faults::taker;
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
    /// Realtime sockets.
    pub(crate) sessions: Arc<Census>,
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
            sessions: Arc::default(),
            options,
        }
    }

    /// The faults of the next request of that kind: its own header's, else the script's, else the command line's.
    pub(crate) fn faults_for(&self, headers: &HeaderMap, by: Taker) -> Result<Faults, String> {
        match Self::own_faults(headers)? {
            Some(faults) => Ok(faults),
            None => Ok(self.next_faults(by)),
        }
    }

    /// The faults that a request's own header asks for.
    pub(crate) fn own_faults(headers: &HeaderMap) -> Result<Option<Faults>, String> {
        let Some(value) = headers.get(FAULT_HEADER) else { return Ok(None) };
        let text = value.to_str().map_err(|_| format!("{FAULT_HEADER}: not ASCII"))?;
        parse_text(text).map(Some)
    }

    /// The script's next faults for `by`, else those of the command line that are meant for it.
    pub(crate) fn next_faults(&self, by: Taker) -> Faults {
        let usual = || self.options.fault.clone().filter(|faults| taker(faults).is_none_or(|taker| taker == by));
        self.faults.next(by).or_else(usual).unwrap_or_default()
    }

    /// Back to the state after the start; open connections stay.
    pub(crate) fn reset(&self) {
        self.log.reset();
        self.faults.clear();
        self.limits.reset();
    }
}
