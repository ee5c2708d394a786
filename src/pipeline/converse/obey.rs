//! What a conversation does when the caller says something.

use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use futures_util::stream::StreamExt;
use tokio::time::Instant;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::converse::Conversation;
use crate::pipeline::converse::Cue;
use crate::pipeline::converse::Said;
use crate::pipeline::converse::scene::Scene;
use crate::pipeline::event::Event;
use crate::pipeline::event::Finish;
use crate::speech::Manner;

impl Conversation {
    /// Hears what the caller says, as long as there is room for it.
    pub(super) fn listen(&mut self, cx: &mut Context<'_>) -> Result<()> {
        while self.has_room() {
            let Some(cues) = &mut self.cues else { return Ok(()) };
            match cues.poll_next_unpin(cx) {
                Poll::Pending => return Ok(()),
                Poll::Ready(Some(cue)) => {
                    self.stirred = Instant::now();
                    self.obey(cue?)?;
                }
                Poll::Ready(None) => self.stop_listening(None),
            }
        }
        Ok(())
    }

    fn has_room(&mut self) -> bool {
        let config = &self.studio.conversation;
        // What is told in answer has to be heard before more is asked.
        self.outbox.len() < config.max_buffered_utterances
            && self.scenes.len() <= config.max_buffered_utterances
            && self.scenes.iter_mut().map(Scene::waiting).sum::<usize>() < config.max_buffered_chars
    }

    fn obey(&mut self, cue: Cue) -> Result<()> {
        self.was_interrupted &= matches!(cue, Cue::KeepAlive);
        match cue {
            Cue::Flush if self.is_deaf => {}
            Cue::EndUtterance if self.is_deaf => self.is_deaf = false,
            Cue::Text { text, id } => self.write(&text, id)?,
            Cue::Flush => {
                if let Some(scene) = self.open_scene() {
                    scene.flush();
                }
            }
            Cue::EndUtterance => self.scene(None)?.end(),
            Cue::Interrupt { heard, keep_later } => self.interrupt(heard, keep_later)?,
            Cue::Manner(manner) => self.recast(*manner)?,
            Cue::KeepAlive => {}
        }
        Ok(())
    }

    /// Nothing more is heard; what there is is spoken, and the reason told, if there is one.
    pub(super) fn stop_listening(&mut self, reason: Option<Finish>) {
        self.cues = None;
        self.ending = self.ending.or(reason);
        if let Some(scene) = self.open_scene() {
            scene.end();
        }
    }

    fn write(&mut self, text: &str, id: Option<String>) -> Result<()> {
        let (chars, config) = (text.chars().count(), &self.studio.conversation);
        if chars > config.max_delta_chars {
            return Err(too_long("The text delta", chars, config.max_delta_chars, "maxDeltaChars"));
        }
        let (limit, room) = (self.studio.max_text_chars, config.max_buffered_chars);
        self.stage.observer.received(chars as u64);
        self.stage.observer.asked();
        if self.is_deaf {
            return Ok(());
        }
        let scene = self.scene(id)?;
        if scene.chars() + chars > limit {
            return Err(too_long("The utterance", scene.chars() + chars, limit, "maxTextChars"));
        }
        scene.write(text, chars, room);
        Ok(())
    }

    fn open_scene(&mut self) -> Option<&mut Scene> {
        self.scenes.back_mut().filter(|scene| scene.is_open)
    }

    /// The open utterance; a new one if there is none.
    fn scene(&mut self, id: Option<String>) -> Result<&mut Scene> {
        if self.scenes.back().is_none_or(|scene| !scene.is_open) {
            self.scenes.push_back(Scene::open(self.next_index, id, &self.cast, &self.stage)?);
            self.next_index += 1;
        }
        self.scenes.back_mut().ok_or_else(|| Error::internal("an utterance that was just opened is gone"))
    }

    fn recast(&mut self, manner: Manner) -> Result<()> {
        let cast = self.studio.cast(manner).map_err(|error| error.with_config_at("config_update.synthesis"))?;
        self.cast = Arc::new(cast);
        self.stage.observer.routed(self.cast.route(self.stage.format));
        let warnings = self.cast.warnings.iter().cloned();
        self.outbox.extend(warnings.map(|warning| Said::Event(self.next_index, Event::Warning(warning))));
        Ok(())
    }
}

fn too_long(what: &str, chars: usize, limit: usize, fact: &'static str) -> Error {
    let message = format!("{what} has {chars} characters; at most {limit} are accepted. Send less at a time.");
    Error::new(Kind::TextTooLong, message).with_field("text.text").with_fact(fact, limit.to_string())
}
