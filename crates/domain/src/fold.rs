//! Folding: the forms of a text under which names are compared, sorted and searched.

use unicode_normalization::UnicodeNormalization;

/// The form under which a username or a group's name is unique in its realm: NFKC, case-folded.
///
/// Case folding goes by way of the capital letter, so that `ß` meets `SS` and both forms of sigma meet.
#[must_use]
pub fn unique_key(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    folded.nfkc().collect()
}

/// The form under which people are searched and sorted: case, accents and width folded, any script kept.
#[must_use]
pub fn search_form(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(text.len());
    for c in bare.nfkd().filter(|c| !is_accent(*c)) {
        match plain_letters(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded.nfc().collect()
}

/// Marks that a reader may leave out when typing a name: the Latin, Greek and Cyrillic accents, and the vowel points
/// of Hebrew and Arabic. Marks that spell the word itself (Indic vowels, Japanese voicing) stay.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0591}'..='\u{05c7}' | '\u{0610}'..='\u{061a}' | '\u{0640}'
        | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06ed}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' | '\u{200c}' | '\u{200d}')
}

/// Letters that Unicode does not decompose, but that people type without their stroke.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ŧ' => "t",
        'ə' => "e",
        _ => return None,
    })
}

/// The words of a folded text: runs of letters, digits and marks. Index terms never cross a word's end.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() || !c.is_ascii() && is_separator(c)).filter(|w| !w.is_empty())
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_punctuation(c)
}

fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{0080}'..='\u{00a9}' | '\u{00ab}'..='\u{00b4}' | '\u{00b6}'..='\u{00b9}' | '\u{00bb}'..='\u{00bf}'
        | '\u{2010}'..='\u{205e}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{30fb}' | '\u{ff00}'..='\u{ff0f}')
}

/// The longest run of characters that one index term holds.
const GRAM: usize = 3;

/// Every run of one, two and three characters within the words of a folded text, sorted, each once.
///
/// A search of any length finds its candidates through them in the index of either database: one and two typed
/// characters are terms themselves, a longer word is the intersection of its three-character terms.
#[must_use]
pub fn index_terms(folded: &str) -> Vec<&str> {
    let mut terms = Vec::with_capacity(folded.len() * GRAM);
    for word in words(folded) {
        let ends = ends(word);
        for (position, start) in std::iter::once(0).chain(ends.iter().copied()).enumerate() {
            terms.extend(ends.iter().skip(position).take(GRAM).map(|end| &word[start..*end]));
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The byte positions at which the word's characters end.
fn ends(word: &str) -> Vec<usize> {
    word.char_indices().map(|(at, c)| at + c.len_utf8()).collect()
}

/// Words longer than this are found by their beginning.
const LONGEST_WORD: usize = 32;
/// More words of a text than this are not looked at.
const MOST_WORDS: usize = 200;

/// The words of a text under which a line of the audit log is found, folded, each once. A script that puts no spaces
/// between its words is found from any of its characters on.
#[must_use]
pub fn word_terms(text: &str) -> Vec<String> {
    let folded = search_form(text);
    let mut terms = Vec::new();
    for word in words(&folded).take(MOST_WORDS) {
        let starts = if word.chars().any(is_unspaced) { usize::MAX } else { 1 };
        terms.extend(word.char_indices().take(starts).map(|(start, _)| beginning(&word[start..])));
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// What was typed to find lines by: beginnings of words; none where nothing is left to search for.
#[must_use]
pub fn word_beginnings(typed: &str) -> Vec<String> {
    let typed: String = typed.chars().filter(|c| *c != '\0').take(LONGEST_SEARCH).collect();
    let folded = search_form(&typed);
    words(&folded).take(MOST_PARTS).map(beginning).collect()
}

fn beginning(word: &str) -> String {
    word.chars().take(LONGEST_WORD).collect()
}

/// Thai, Lao, Burmese, Khmer, Japanese and Chinese.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What a person typed into the search box, ready for either database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Folded pieces, all of which must stand somewhere in the text; verified on each candidate.
    pub parts: Vec<String>,
    /// Index terms, all of which a match has; empty where the pieces are punctuation alone.
    pub terms: Vec<String>,
}

/// More pieces than this are cut off: nobody types them, and each costs a comparison a row.
const MOST_PARTS: usize = 8;
const LONGEST_SEARCH: usize = 200;

impl Search {
    /// Folds what was typed; `None` where nothing is left to search for.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().filter(|c| *c != '\0').take(LONGEST_SEARCH).collect();
        let parts: Vec<String> = search_form(&typed).split_whitespace().take(MOST_PARTS).map(str::to_owned).collect();
        if parts.is_empty() {
            return None;
        }
        let mut terms: Vec<String> = parts.iter().flat_map(|part| words(part).flat_map(longest_terms)).map(str::to_owned).collect();
        terms.sort_unstable();
        terms.dedup();
        Some(Self { parts, terms })
    }

    /// Whether the folded text holds every piece.
    #[must_use]
    pub fn matches(&self, folded: &str) -> bool {
        self.parts.iter().all(|part| folded.contains(part.as_str()))
    }
}

/// A short word is its own term; a longer one is covered by three-character runs, side by side, the last at its end.
/// More of them would narrow little and cost an intersection each: the piece itself is verified anyway.
fn longest_terms(word: &str) -> Vec<&str> {
    let ends = ends(word);
    if ends.len() <= GRAM {
        return vec![word];
    }
    let starts: Vec<usize> = std::iter::once(0).chain(ends.iter().copied()).collect();
    let last = ends.len() - GRAM;
    (0..last).step_by(GRAM).chain([last]).map(|at| &word[starts[at]..ends[at + GRAM - 1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_case_and_width_fold_away() {
        for (text, folded) in [
            ("Zoë Ångström", "zoe angstrom"),
            ("ŁUKASZ", "lukasz"),
            ("Ｗｉｄｅ", "wide"),
            ("Straße", "strasse"),
            ("Øystein Bjørn", "oystein bjorn"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("Đặng Thị", "dang thi"),
            ("İpek Işık", "ipek isik"),
            ("Ёлкин", "елкин"),
            ("が", "が"),
            ("김민수", "김민수"),
            ("محمّد", "محمد"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(search_form(text), folded);
        }
    }

    #[test]
    fn usernames_that_differ_by_case_or_width_alone_are_one() {
        assert_eq!(unique_key("ＡＮＡ"), unique_key("ana"));
        assert_eq!(unique_key("STRASSE"), unique_key("straße"));
        assert_ne!(unique_key("zoe"), unique_key("zoë"));
    }

    #[test]
    fn one_and_two_characters_are_terms_themselves() {
        assert_eq!(index_terms("ana"), ["a", "an", "ana", "n", "na"]);
        assert_eq!(Search::parse("AN").map(|s| s.terms), Some(vec!["an".to_owned()]));
        assert_eq!(Search::parse("  \u{0} "), None);
    }

    #[test]
    fn a_script_without_spaces_is_found_from_any_character_on() {
        assert_eq!(word_terms("田中 Zoë zoe"), ["zoe", "中", "田中"]);
        assert_eq!(word_beginnings("ZO, 203.0"), ["zo", "203", "0"]);
        assert!(word_beginnings(" \u{0}. ").is_empty());
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = search_form(&text);
            prop_assert_eq!(search_form(&once), once.clone());
            let key = unique_key(&text);
            prop_assert_eq!(unique_key(&key), key.clone());
        }

        #[test]
        fn a_line_is_found_by_the_beginning_of_any_word(text in "[\\PC]{1,40}", at in 0usize..8, length in 1usize..50) {
            let folded = search_form(&text);
            if let Some(word) = words(&folded).nth(at) {
                let typed: String = word.chars().take(length).collect();
                let terms = word_terms(&text);
                for beginning in word_beginnings(&typed) {
                    prop_assert!(terms.iter().any(|term| term.starts_with(&beginning)), "{beginning:?} in {terms:?}");
                }
            }
        }

        // The promise of the whole search: whatever piece of a name is typed, its terms are among the indexed ones.
        #[test]
        fn any_piece_of_a_text_is_found_through_the_index(text in "[\\PC]{1,24}", from in 0usize..24, length in 1usize..12) {
            let folded = search_form(&text);
            let piece: String = folded.chars().skip(from).take(length).collect();
            if let Some(search) = Search::parse(&piece)
                && search.matches(&folded)
            {
                let indexed = index_terms(&folded);
                for term in &search.terms {
                    prop_assert!(indexed.contains(&term.as_str()), "{} in {:?}", term, indexed);
                }
            }
        }
    }
}
