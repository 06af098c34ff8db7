//! What is wrong with one field of a form, in words for the person who filled it in.

use serde::{Deserialize, Serialize};

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name as the form and the API have it, e.g. `username`.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Characters that no name may hold: they carry meaning in mail headers, shells, templates or markup.
const FORBIDDEN: &str = "{}[]<>;:?\\/|*^%$#=~!`";

/// Characters that change how the text around them is shown, and so can make one name look like another.
#[must_use]
pub fn is_invisible_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' | '\u{00ad}')
}

/// A name's text: trimmed, 1 to `max` characters, nothing forbidden, nothing invisible.
///
/// Joiners (U+200C, U+200D) stay allowed: Persian and the Indic scripts spell names with them.
pub(crate) fn name(label: &str, text: &str, max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{label} is missing."));
    }
    let length = text.chars().count();
    if length > max {
        return Err(format!("{label} has {length} characters; at most {max} fit."));
    }
    if let Some(c) = text.chars().find(|c| FORBIDDEN.contains(*c)) {
        return Err(format!("{label} must not contain “{c}”."));
    }
    plain(label, text)
}

/// Text without characters that cannot be seen; may be empty.
pub(crate) fn plain(label: &str, text: &str) -> Result<String, String> {
    match text.chars().find(|c| is_invisible_control(*c)) {
        Some(c) => Err(format!("{label} contains a character that cannot be seen (U+{:04X}).", u32::from(c))),
        None => Ok(text.to_owned()),
    }
}

/// Text of at most `max` characters without invisible ones; `None` where nothing is left after trimming.
pub(crate) fn optional(label: &str, text: &str, max: usize) -> Result<Option<String>, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length > max {
        return Err(format!("{label} has {length} characters; at most {max} fit."));
    }
    let text = plain(label, text)?;
    Ok((!text.is_empty()).then_some(text))
}
