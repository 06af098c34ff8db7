//! Texts and numbers as JSON has them (RFC 8259, §6 and §7).

use super::FilterError;
use super::cursor::Cursor;

/// Reads a text whose opening quotation mark is next.
pub(super) fn read(cursor: &mut Cursor) -> Result<String, FilterError> {
    let start = cursor.position();
    cursor.take();
    let mut text = String::new();
    loop {
        let position = cursor.position();
        match cursor.take() {
            None => return Err(FilterError::new(start, "this text has no closing quotation mark.")),
            Some('"') => return Ok(text),
            Some('\\') => text.push(escaped(cursor, position)?),
            Some(c) if c < ' ' => {
                return Err(FilterError::new(
                    position,
                    "a control character stands here; in a text it is written as \\u and four hex digits.",
                ));
            }
            Some(c) => text.push(c),
        }
    }
}

/// The character that an escape stands for, whose backslash has been read.
fn escaped(cursor: &mut Cursor, position: usize) -> Result<char, FilterError> {
    Ok(match cursor.take() {
        Some(c @ ('"' | '\\' | '/')) => c,
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return unicode(cursor, position),
        _ => return Err(FilterError::new(position, "this escape is not known; \\\" and \\\\ stand for the characters themselves.")),
    })
}

/// A character by its number; one beyond U+FFFF is written as two surrogates.
fn unicode(cursor: &mut Cursor, position: usize) -> Result<char, FilterError> {
    let wrong = || FilterError::new(position, "this escape is no character; \\u and four hex digits were expected.");
    let first = unit(cursor).ok_or_else(wrong)?;
    let pair = (0xd800..0xdc00).contains(&first);
    let second = if pair && cursor.take_if('\\') && cursor.take_if('u') { unit(cursor) } else { None };
    let mut decoded = char::decode_utf16(std::iter::once(first).chain(second));
    match (decoded.next(), decoded.next()) {
        (Some(Ok(c)), None) => Ok(c),
        _ => Err(wrong()),
    }
}

fn unit(cursor: &mut Cursor) -> Option<u16> {
    (0..4).try_fold(0u16, |unit, _| {
        let digit = cursor.take()?.to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}

/// Whether this is a number: no leading zeros, a digit on each side of the point.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole_holds = is_digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    whole_holds && fraction.is_none_or(is_digits) && exponent.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
