//! Where the reading of a filter stands.

use super::FilterError;

/// What ends a word, besides blanks.
const DELIMITERS: &[char] = &['(', ')', '[', ']', '"'];

/// The characters of a filter and the next one to read.
pub(super) struct Cursor {
    characters: Vec<char>,
    at: usize,
}

impl Cursor {
    pub(super) fn new(characters: Vec<char>) -> Self {
        Self { characters, at: 0 }
    }

    /// Of the next character, counted from 1.
    pub(super) const fn position(&self) -> usize {
        self.at + 1
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    /// Goes past the character where it is the next one.
    pub(super) fn take_if(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
    }

    /// The word that is next; empty where none is.
    pub(super) fn word(&mut self) -> String {
        let word = self.coming_word();
        self.at += word.chars().count();
        word
    }

    fn coming_word(&self) -> String {
        self.characters[self.at..].iter().take_while(|c| !is_blank(**c) && !DELIMITERS.contains(c)).collect()
    }

    /// Goes past this word, in whatever case, where it is the next one behind blanks.
    pub(super) fn take_word(&mut self, wanted: &str) -> bool {
        self.skip_blanks();
        let found = self.coming_word().eq_ignore_ascii_case(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// Whether this character is the next one behind blanks.
    pub(super) fn comes(&self, wanted: char) -> bool {
        self.characters[self.at..].iter().find(|c| !is_blank(**c)) == Some(&wanted)
    }

    /// A word and a text do not touch each other.
    pub(super) fn expect_gap(&self) -> Result<(), FilterError> {
        match self.peek() {
            Some(c) if !is_blank(c) && !matches!(c, '(' | ')' | '[' | ']') => {
                Err(FilterError::new(self.position(), "a blank is missing here."))
            }
            _ => Ok(()),
        }
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}
