//! What happens when the listener begins to speak.

use crate::error::Error;
use crate::error::Result;
use crate::pipeline::converse::Conversation;
use crate::pipeline::converse::Interrupted;
use crate::pipeline::converse::Position;
use crate::pipeline::converse::REMEMBERED;
use crate::pipeline::converse::Said;
use crate::pipeline::converse::scene::Memory;
use crate::pipeline::converse::scene::Scene;

/// The field that names an utterance.
const UTTERANCE: &str = "interrupt.playback_position.utterance_index";

impl Conversation {
    /// Drops what is being spoken and what waits behind it, and tells how far the caller says that it was heard.
    pub(super) fn interrupt(&mut self, heard: Option<Position>, keep_later: bool) -> Result<()> {
        if let Some(position) = heard.filter(|position| position.utterance >= self.next_index) {
            let message = format!("There is no utterance {} yet.", position.utterance);
            return Err(Error::invalid(UTTERANCE, message));
        }
        let cut = heard.map(|position| position.utterance).or_else(|| self.sounding());
        let dropped = self.drop_scenes(cut, keep_later);
        self.listener.drop_all();
        if let Some(pacer) = &mut self.pacer {
            pacer.restart();
        }
        let memory = self.memories.iter().find(|memory| Some(memory.index) == cut);
        let interrupted = Interrupted {
            index: cut,
            id: memory.and_then(|memory| memory.id.clone()),
            sent: memory.and_then(|memory| memory.sent.duration),
            split: memory.zip(heard).map(|(memory, position)| memory.split(position.offset)),
            dropped,
            usage: memory.map(|memory| memory.usage).unwrap_or_default(),
        };
        self.outbox.push_back(Said::Interrupted(Box::new(interrupted)));
        self.was_interrupted = true;
        self.is_deaf = false;
        Ok(())
    }

    /// The utterance that is being sent, or else the last one that was.
    fn sounding(&self) -> Option<u64> {
        let front = self.scenes.front();
        front.filter(|scene| scene.sent().chunks > 0).map(|scene| scene.index).or_else(|| {
            let last = self.memories.back().map(|memory| memory.index);
            last.or_else(|| front.map(|scene| scene.index))
        })
    }

    /// Drops the scene `cut` and those behind it; how many those are, with those that had been sent whole.
    fn drop_scenes(&mut self, cut: Option<u64>, keep_later: bool) -> u64 {
        let is_kept = |scene: &Scene| keep_later && Some(scene.index) > cut && scene.sent().chunks == 0;
        let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.scenes).into_iter().partition(is_kept);
        self.scenes = kept.into();
        let sent_whole = self.memories.iter().filter(|memory| Some(memory.index) > cut).count();
        let dropped = gone.iter().filter(|scene| Some(scene.index) > cut).count();
        for scene in gone {
            // What was neither heard nor asked for need not be remembered, and must not crowd out what was.
            let is_wanted = Some(scene.index) == cut || scene.sent().chunks > 0;
            let memory = self.retire(scene, false);
            self.memories.extend(Some(memory).filter(|_| is_wanted));
        }
        self.forget();
        (sent_whole + dropped) as u64
    }

    /// Lets go of a scene. What is known of it may be remembered, as it may not have been heard yet.
    pub(super) fn retire(&mut self, mut scene: Scene, is_whole: bool) -> Memory {
        scene.settle();
        let sent = scene.sent();
        self.totals.add(scene.account(), scene.has_sounded());
        self.before.chunks += sent.chunks;
        self.before.bytes += sent.bytes;
        self.before.duration = self.before.duration.zip(sent.duration).map(|(before, sent)| before + sent);
        scene.remember(is_whole)
    }

    /// Forgets the oldest, if too much is remembered.
    pub(super) fn forget(&mut self) {
        let surplus = self.memories.len().saturating_sub(REMEMBERED);
        self.memories.drain(..surplus);
    }
}
