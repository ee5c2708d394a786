//! Emoji go, whole: what is drawn as one picture is one sequence of code points.
//!
//! The sequences are those of [UTS #51](https://www.unicode.org/reports/tr51/#Definitions), read loosely: once an emoji
//! has begun, whatever could belong to it does.

use icu_properties::CodePointSetData;
use icu_properties::props::Emoji as EmojiProperty;
use icu_properties::props::EmojiPresentation;

use super::Stage;
use super::glyph::Glyph;
use crate::speech::Boundary;
use crate::speech::tracks::Span;
use crate::text::closing::last_mark;
use crate::text::sentences::is_closer;
use crate::text::sentences::is_unspaced;

/// How many code points may wait: a blank, and a digit with a variation selector.
pub(super) const MAX_HELD: usize = 3;

/// As text, please.
const TEXT_SELECTOR: char = '\u{fe0e}';

/// As a picture, please.
const PICTURE_SELECTOR: char = '\u{fe0f}';

const KEYCAP: char = '\u{20e3}';
const JOINER: char = '\u{200d}';

/// An emoji that was taken out, or several.
#[derive(Clone, Copy)]
struct Gone {
    source: Span,
    /// Whether a joiner came last.
    is_joined: bool,
    /// Whether a blank came behind it.
    is_spaced: bool,
}

/// Takes emoji out of a text.
#[derive(Default)]
pub(super) struct Emoji {
    /// The last code point that went on.
    before: Option<char>,
    /// A blank that waits for what follows, since one of the two around an emoji goes with it.
    blank: Option<Glyph>,
    /// What stands behind the last code point that went on.
    gone: Option<Gone>,
    /// What is an emoji if the next code point says so.
    doubtful: Option<Glyph>,
    /// The variation selector behind a digit that may become a keycap.
    selector: Option<Glyph>,
}

impl Stage for Emoji {
    fn push(&mut self, glyph: Glyph, out: &mut Vec<Glyph>) {
        let Some(first) = self.doubtful.take() else {
            self.begin(glyph, out);
            return;
        };
        match glyph.char {
            KEYCAP if is_key(first.char) => self.drop_with(first, glyph),
            PICTURE_SELECTOR if is_key(first.char) && self.selector.is_none() => {
                self.selector = Some(glyph);
                self.doubtful = Some(first);
            }
            PICTURE_SELECTOR | JOINER if !is_key(first.char) => self.drop_with(first, glyph),
            TEXT_SELECTOR => {
                self.keep(first, out);
                self.put(glyph, out);
            }
            c if is_skin(c) && !is_key(first.char) => self.drop_with(first, glyph),
            _ => {
                self.decide(first, out);
                self.begin(glyph, out);
            }
        }
    }

    /// A blank in front of an emoji has gone with it, unless a word follows after all.
    fn settle(&mut self, out: &mut Vec<Glyph>) {
        if let Some(first) = self.doubtful.take() {
            self.decide(first, out);
        }
        if self.gone.is_none() {
            self.release(out);
        }
    }

    fn held(&self) -> usize {
        let blank = self.blank.filter(|_| self.gone.is_none());
        usize::from(blank.is_some()) + usize::from(self.doubtful.is_some()) + usize::from(self.selector.is_some())
    }
}

impl Emoji {
    /// Reads `glyph` with nothing in doubt.
    fn begin(&mut self, glyph: Glyph, out: &mut Vec<Glyph>) {
        let c = glyph.char;
        match self.gone.filter(|gone| !gone.is_spaced) {
            Some(gone) if is_continuation(c) || (gone.is_joined && is_picture(c)) => self.drop_emoji(glyph),
            _ if is_key(c) || is_picture(c) => self.doubtful = Some(glyph),
            _ if glyph.is_blank() => self.hold(glyph, out),
            _ => self.put(glyph, out),
        }
    }

    /// Nothing behind `first` says what it is.
    fn decide(&mut self, first: Glyph, out: &mut Vec<Glyph>) {
        if CodePointSetData::new::<EmojiPresentation>().contains(first.char) {
            self.drop_emoji(first);
        } else {
            self.keep(first, out);
        }
    }

    fn drop_with(&mut self, first: Glyph, last: Glyph) {
        self.selector = None;
        self.drop_emoji(first);
        self.drop_emoji(last);
    }

    fn drop_emoji(&mut self, glyph: Glyph) {
        let source = self.gone.map_or(glyph.source, |gone| gone.source.to(glyph.source));
        self.gone = Some(Gone { source, is_joined: glyph.char == JOINER, is_spaced: false });
    }

    fn keep(&mut self, first: Glyph, out: &mut Vec<Glyph>) {
        self.put(first, out);
        if let Some(selector) = self.selector.take() {
            self.put(selector, out);
        }
    }

    fn hold(&mut self, blank: Glyph, out: &mut Vec<Glyph>) {
        let Some(gone) = &mut self.gone else {
            self.release(out);
            self.blank = Some(blank);
            return;
        };
        gone.is_spaced = true;
        if self.blank.is_none() && self.before.is_some_and(|before| !before.is_whitespace()) {
            self.blank = Some(blank);
        }
    }

    /// Lets `glyph`, which is no blank, go on with what is due in front of it.
    fn put(&mut self, glyph: Glyph, out: &mut Vec<Glyph>) {
        if let Some(gone) = self.gone.take() {
            self.close_up(gone, glyph.char, out);
        }
        self.release(out);
        self.send(glyph, out);
    }

    /// Sees to the blank where emoji stood, now that `next` follows.
    fn close_up(&mut self, gone: Gone, next: char, out: &mut Vec<Glyph>) {
        if next.is_whitespace() || (!gone.is_spaced && is_closing(next)) {
            self.blank = None;
        } else if self.blank.is_none() && !gone.is_spaced && self.would_join(next) {
            self.send(Glyph::standing_for(' ', gone.source), out);
        }
    }

    /// Whether two words become one if nothing stands in front of `next`.
    fn would_join(&self, next: char) -> bool {
        let is_joint = |c: char| (c.is_alphanumeric() && !is_unspaced(c)) || (c.is_ascii() && is_pause(c));
        self.before.is_some_and(is_joint) && next.is_alphanumeric() && !is_unspaced(next)
    }

    fn release(&mut self, out: &mut Vec<Glyph>) {
        if let Some(blank) = self.blank.take() {
            self.send(blank, out);
        }
    }

    fn send(&mut self, glyph: Glyph, out: &mut Vec<Glyph>) {
        self.before = Some(glyph.char);
        out.push(glyph);
    }
}

/// Whether `c` is a picture by itself or with a variation selector.
fn is_picture(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<EmojiProperty>().contains(c)
}

/// Whether `c` may stand on a keycap.
fn is_key(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

fn is_skin(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Whether `c`, right behind an emoji, belongs to it: selectors, joiners, skin and hair, the letters of flags.
fn is_continuation(c: char) -> bool {
    is_skin(c)
        || matches!(c, TEXT_SELECTOR | PICTURE_SELECTOR | KEYCAP | JOINER)
        || matches!(c, '\u{1f9b0}'..='\u{1f9b3}' | '\u{e0020}'..='\u{e007f}')
}

/// Whether no blank stands in front of `c`.
fn is_closing(c: char) -> bool {
    is_closer(c) || is_pause(c)
}

/// Whether a reader pauses at `c`.
fn is_pause(c: char) -> bool {
    last_mark(c.encode_utf8(&mut [0; 4])) != Boundary::Word
}

#[cfg(test)]
mod tests {
    use crate::speech::Processing;
    use crate::text::clean::tests::cleaned;

    #[test]
    fn whole_sequences_go() {
        let processing = Processing { strip_emoji: true, ..Processing::default() };
        for (text, expected) in [
            ("Hi 😀!", "Hi!"),
            ("a 😀 b", "a b"),
            ("a 😀 😀 b", "a b"),
            ("a 😀😀 b", "a b"),
            ("a😀 b", "a b"),
            ("a 😀b", "a b"),
            ("a😀b", "a b"),
            ("Done.✅Next", "Done. Next"),
            ("你好😀世界", "你好世界"),
            ("你好！😀 世界", "你好！ 世界"),
            ("😀 Hello", "Hello"),
            ("Line\n🚀 Fast\n✅ Done 🎉\nEnd 😀", "Line\nFast\nDone\nEnd"),
            ("(see 😀) and “so 😀” on", "(see) and “so” on"),
            ("look 😀 \"here\"", "look \"here\""),
            ("👨‍👩‍👧‍👦 family", "family"),
            ("👍🏽 ok ☝🏿 up", "ok up"),
            ("🇩🇪🇫🇷 flags", "flags"),
            ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 tags", "tags"),
            ("1️⃣ one 2⃣ two #️⃣ *️⃣", "one two"),
            ("I ❤️ it", "I it"),
            ("I ❤ it", "I ❤ it"),
            ("❤️‍🔥 and ❤‍🔥 fire", "and fire"),
            ("👩‍⚕ doctor", "doctor"),
            ("⌚ and ⌚\u{fe0e}", "and ⌚\u{fe0e}"),
            ("© ® ™ 1 2 3 # *", "© ® ™ 1 2 3 # *"),
            ("1\u{fe0f} x 2\u{200d}", "1\u{fe0f} x 2\u{200d}"),
            ("two  blanks   stay", "two  blanks   stay"),
            ("שלום 😀 עולם", "שלום עולם"),
            ("क्\u{200d}ष", "क्\u{200d}ष"),
            ("😀", ""),
            ("", ""),
        ] {
            assert_eq!(cleaned(&processing, text), expected, "{text:?}");
        }
    }
}
