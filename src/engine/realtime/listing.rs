//! What a Realtime endpoint says of its models, over HTTP beside the sockets.

use time::Date;

use crate::engine::upstream::last_days;
use crate::error::Result;

use super::Realtime;

impl Realtime {
    /// The models that the endpoint lists with the day on which they are shut down.
    ///
    /// # Errors
    /// If it cannot be asked.
    pub async fn last_days(&self) -> Result<Vec<(String, Date)>> {
        let shared = &*self.shared;
        last_days(&shared.client, shared.address.models(), &shared.config.provider).await
    }
}
