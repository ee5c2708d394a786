//! Models that their engines turned out not to have, although nobody has told that they would be gone.
//!
//! A server may take a model back without a day, or without telling it where it is looked for. Each call would find that out
//! anew, and pay for it with a request. So it is remembered for a while; then one call tries again.

use std::sync::PoisonError;
use std::sync::RwLock;
use std::sync::RwLockReadGuard;
use std::sync::RwLockWriteGuard;
use std::time::Duration;

use tokio::time::Instant;

/// Who is not there, by engine and by the engine's own name of the model. There are never more than a few.
#[derive(Debug, Default)]
pub(super) struct Absences(RwLock<Vec<Absence>>);

#[derive(Debug)]
struct Absence {
    engine: String,
    model: String,
    /// When somebody may try again.
    due: Instant,
}

impl Absences {
    /// `engine` does not have `model`, which is to be tried again after `gone_for`. Whether that is news.
    pub(super) fn begin(&self, engine: &str, model: &str, gone_for: Duration) -> bool {
        let due = Instant::now() + gone_for;
        let mut absences = self.write();
        if let Some(known) = absences.iter_mut().find(|absence| absence.is_of(engine, model)) {
            known.due = due;
            return false;
        }
        absences.push(Absence { engine: engine.to_owned(), model: model.to_owned(), due });
        true
    }

    /// `engine` has `model`. Whether that is news.
    pub(super) fn end(&self, engine: &str, model: &str) -> bool {
        // Every segment that is spoken comes by here.
        if !self.holds(engine, model) {
            return false;
        }
        let mut absences = self.write();
        let before = absences.len();
        absences.retain(|absence| !absence.is_of(engine, model));
        absences.len() < before
    }

    /// Whether `engine` turned out not to have `model`.
    pub(super) fn holds(&self, engine: &str, model: &str) -> bool {
        self.read().iter().any(|absence| absence.is_of(engine, model))
    }

    /// Whether it is time to try `model` again. Whoever is told so has to: nobody else is for another `gone_for`.
    pub(super) fn is_due(&self, engine: &str, model: &str, gone_for: Duration) -> bool {
        if !self.holds(engine, model) {
            return false;
        }
        let now = Instant::now();
        let mut absences = self.write();
        let due = absences.iter_mut().find(|absence| absence.is_of(engine, model) && absence.due <= now);
        due.map(|absence| absence.due = now + gone_for).is_some()
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Absence>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Vec<Absence>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Absence {
    fn is_of(&self, engine: &str, model: &str) -> bool {
        self.engine == engine && self.model == model
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::Absences;

    const WHILE: Duration = Duration::from_mins(5);

    #[tokio::test(start_paused = true)]
    async fn one_call_tries_again_when_it_is_time() {
        let absences = Absences::default();
        assert!(!absences.holds("openai", "tts-1") && !absences.is_due("openai", "tts-1", WHILE));
        assert!(absences.begin("openai", "tts-1", WHILE));
        assert!(!absences.begin("openai", "tts-1", WHILE), "it is known");
        assert!(!absences.holds("azure", "tts-1") && !absences.holds("openai", "tts-1-hd"));
        for _ in 0..2 {
            assert!(!absences.is_due("openai", "tts-1", WHILE));
            advance(WHILE).await;
            assert!(absences.is_due("openai", "tts-1", WHILE));
            assert!(!absences.is_due("openai", "tts-1", WHILE), "one is enough");
            assert!(absences.holds("openai", "tts-1"), "the others do not wait for how it ends");
        }
        assert!(absences.end("openai", "tts-1") && !absences.end("openai", "tts-1"));
        assert!(!absences.holds("openai", "tts-1"));
    }
}
