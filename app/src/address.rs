//! Addresses: the text of a query, and the values in it.

use std::fmt::Write as _;

/// A value as it may stand in a query (RFC 3986, §2.3: everything but the unreserved characters is escaped).
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The names and values of a query, decoded once. What cannot be decoded stays as it is.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(hex);
        match (bytes[at], escape) {
            (_, Some(byte)) => {
                out.push(byte);
                at += 3;
                continue;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(digits[0])? * 16 + digit(digits[1])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_escaped_reads_back() {
        for text in ["", "zoë ångström", "100% & more", "a+b=c", "%41", "李/小?龍#", "~._-"] {
            let read: Vec<_> = pairs(&format!("q={}", escaped(text))).collect();
            assert_eq!(read, [("q".to_owned(), text.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_plus_is_a_space_and_broken_escapes_stay() {
        let read: Vec<_> = pairs("a=x+y&b=50%&c=%4&d=%zz&e&&=f").collect();
        let expected = [("a", "x y"), ("b", "50%"), ("c", "%4"), ("d", "%zz"), ("e", ""), ("", "f")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
