//! The spoken text as it grows: words with one space between them, and one mark per pause.

#[derive(Debug, Default)]
pub(super) struct Output {
    text: String,
    /// The mark that comes before the next word.
    pause: Option<char>,
}

impl Output {
    /// Takes note of what opens before a word: a bracket is a short pause.
    pub(super) fn open(&mut self, marks: &str) {
        if marks.contains(['(', '[', '{', ',', ';']) {
            self.mark(',');
        }
    }

    /// Adds words. They may hold pauses as ", ".
    pub(super) fn say(&mut self, spoken: &str) {
        for word in spoken.split_whitespace() {
            let bare = word.trim_end_matches([',', ';', ':', '!', '?']);
            if bare.contains(|c: char| c.is_ascii_alphanumeric()) {
                self.word(bare);
            }
            self.close(&word[bare.len()..]);
        }
    }

    /// Takes note of the marks after a word.
    pub(super) fn close(&mut self, marks: &str) {
        for mark in marks.chars() {
            match mark {
                '.' | '!' | '?' | ',' | ';' | ':' => self.mark(mark),
                ')' | ']' | '}' => self.mark(','),
                _ => {}
            }
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.pause();
        self.text
    }

    fn word(&mut self, word: &str) {
        self.pause();
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(word);
    }

    /// Writes the mark; an initialism has its period already.
    fn pause(&mut self) {
        let mark = self.pause.take().filter(|mark| *mark != '.' || !self.text.ends_with('.'));
        self.text.extend(mark);
    }

    /// Of several marks in one place the one that says most is kept; none before the first word.
    fn mark(&mut self, mark: char) {
        if !self.text.is_empty() && self.pause.is_none_or(|kept| weight(mark) > weight(kept)) {
            self.pause = Some(mark);
        }
    }
}

fn weight(mark: char) -> u8 {
    match mark {
        '?' => 5,
        '!' => 4,
        '.' => 3,
        ';' => 2,
        ':' => 1,
        _ => 0,
    }
}
