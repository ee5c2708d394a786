//! What a session keeps for its whole life, because the server does not change it once it has spoken.

/// The model, the voice and the speed of a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The server's name of the model.
    pub(super) model: String,
    /// The server's name of the voice.
    pub(super) voice: String,
    /// The speaking rate, in hundredths: finer ones would be sessions of their own that nobody can tell apart.
    centispeed: u32,
}

impl Key {
    pub(super) fn new(model: &str, voice: &str, speed: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 25 and 400")]
        let centispeed = (speed.clamp(0.25, 4.0) * 100.0).round() as u32;
        Self { model: model.to_owned(), voice: voice.to_owned(), centispeed }
    }

    /// The speaking rate.
    pub(super) fn speed(&self) -> f64 {
        f64::from(self.centispeed) / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn speeds_that_nobody_can_tell_apart_share_their_sessions() {
        assert_eq!(Key::new("m", "v", 1.001), Key::new("m", "v", 1.0));
        assert_ne!(Key::new("m", "v", 1.01), Key::new("m", "v", 1.0));
        assert!((Key::new("m", "v", 0.9).speed() - 0.9).abs() < f64::EPSILON);
    }
}
