//! What is no mistake, stops nothing, and has to be said all the same: at each start, and by `config check`.

use crate::fault::Fault;

use super::Loaded;
use super::origin::Finding;

impl Loaded {
    /// Settings that are in force and may not be meant.
    pub fn warnings(&self) -> Vec<Finding> {
        self.missing_keys().into_iter().chain(self.rehearsal()).collect()
    }

    /// Whoever forgets a rehearsal serves another model than the one that callers ask and pay for, and sees no other sign of it.
    fn rehearsal(&self) -> Option<Finding> {
        let day = self.config.retirement.rehearse_as_of?;
        let problem =
            format!("is a rehearsal: models are served as on {day}, whatever day it is. Unset it in production");
        let fault = Fault::new("retirement.rehearse_as_of", problem);
        Some(Finding::new(self.merged.origin(&fault.key), fault))
    }
}
