//! As much CBOR (RFC 8949) as it takes to see where an item ends and what a map holds.
//!
//! Stricter than the library's reader, in what CTAP2's canonical form forbids anyway: no
//! indefinite lengths, no tags, no key twice, no deep nesting. Where two readers could understand
//! the same bytes differently, the bytes are refused.

/// CTAP2 allows 4 levels; statements of some makers use more.
const MAX_DEPTH: usize = 8;
/// The largest map in the field, a TPM statement, has 6 entries.
const MAX_ENTRIES: u64 = 64;

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Key<'a> {
    Int(i64),
    Text(&'a str),
}

/// A map's entries; each value is the bytes of one whole item.
#[derive(Debug)]
pub(super) struct Map<'a>(Vec<(Key<'a>, &'a [u8])>);

impl<'a> Map<'a> {
    pub(super) fn get(&self, key: Key<'_>) -> Option<&'a [u8]> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, value)| *value)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Key<'a>> {
        self.0.iter().map(|(key, _)| *key)
    }
}

/// The map at the beginning of `input`, and what follows it.
pub(super) fn map(input: &[u8]) -> Option<(Map<'_>, &[u8])> {
    map_at(input, MAX_DEPTH)
}

/// The byte string that `item` is, whole.
pub(super) fn bytes(item: &[u8]) -> Option<&[u8]> {
    let (2, length, rest) = head(item)? else {
        return None;
    };
    (usize::try_from(length) == Ok(rest.len())).then_some(rest)
}

/// The text that `item` is, whole.
pub(super) fn text(item: &[u8]) -> Option<&str> {
    match key(item)? {
        (Key::Text(text), []) => Some(text),
        _ => None,
    }
}

/// The integer that `item` is, whole.
pub(super) fn int(item: &[u8]) -> Option<i64> {
    match key(item)? {
        (Key::Int(int), []) => Some(int),
        _ => None,
    }
}

fn map_at(input: &[u8], depth: usize) -> Option<(Map<'_>, &[u8])> {
    let (5, count, mut rest) = head(input)? else {
        return None;
    };
    if count > MAX_ENTRIES {
        return None;
    }
    let depth = depth.checked_sub(1)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let (key, value_on) = key(rest)?;
        rest = skip(value_on, depth)?;
        if entries.iter().any(|(k, _)| *k == key) {
            return None;
        }
        let value = value_on.get(..value_on.len() - rest.len())?;
        entries.push((key, value));
    }
    Some((Map(entries), rest))
}

/// What follows the item at the beginning of `input`.
fn skip(input: &[u8], depth: usize) -> Option<&[u8]> {
    let (major, argument, rest) = head(input)?;
    match major {
        0 | 1 | 7 => Some(rest),
        2 | 3 => rest.get(usize::try_from(argument).ok()?..),
        4 => {
            let depth = depth.checked_sub(1)?;
            // An item has at least one byte, so the input's length bounds the loop.
            (0..argument).try_fold(rest, |rest, _| skip(rest, depth))
        }
        5 => map_at(input, depth).map(|(_, rest)| rest),
        _ => None,
    }
}

fn key(input: &[u8]) -> Option<(Key<'_>, &[u8])> {
    let (major, argument, rest) = head(input)?;
    match major {
        0 => Some((Key::Int(i64::try_from(argument).ok()?), rest)),
        1 => Some((Key::Int(-1 - i64::try_from(argument).ok()?), rest)),
        3 => {
            let (text, rest) = rest.split_at_checked(usize::try_from(argument).ok()?)?;
            Some((Key::Text(std::str::from_utf8(text).ok()?), rest))
        }
        _ => None,
    }
}

/// An item's major type and argument (RFC 8949, §3), and what follows them.
fn head(input: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (&first, rest) = input.split_first()?;
    let (width, in_head) = match first & 0x1f {
        short @ 0..=23 => (0, u64::from(short)),
        24 => (1, 0),
        25 => (2, 0),
        26 => (4, 0),
        27 => (8, 0),
        _ => return None,
    };
    let (argument, rest) = rest.split_at_checked(width)?;
    let argument = argument.iter().fold(in_head, |sum, byte| (sum << 8) | u64::from(*byte));
    Some((first >> 5, argument, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_map_and_what_follows_it() {
        let input = [0xa3, 0x61, b'a', 0x01, 0x20, 0x42, 9, 8, 0x03, 0x82, 0xf5, 0x60, 7];
        let (map, rest) = map(&input).unwrap();
        assert_eq!(rest, [7]);
        assert_eq!(map.get(Key::Text("a")).and_then(int), Some(1));
        assert_eq!(map.get(Key::Int(-1)).and_then(bytes), Some(&[9, 8][..]));
        assert_eq!(map.get(Key::Int(3)), Some(&[0x82, 0xf5, 0x60][..]));
        assert_eq!(map.get(Key::Int(4)), None);
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        for (what, input) in [
            ("nothing", &[][..]),
            ("a cut map", &[0xa1]),
            ("a cut string", &[0xa1, 1, 0x43, 1, 2]),
            ("a cut length", &[0xa1, 1, 0x59, 1]),
            ("an indefinite map", &[0xbf, 1, 2, 0xff]),
            ("an indefinite string", &[0xa1, 1, 0x5f, 0x41, 1, 0xff]),
            ("a tag", &[0xa1, 1, 0xc1, 1]),
            ("a key twice", &[0xa2, 1, 2, 1, 3]),
            ("a key twice, the second longer", &[0xa2, 1, 2, 0x18, 1, 3]),
            ("a key of bytes", &[0xa1, 0x41, 1, 2]),
            ("broken UTF-8", &[0xa1, 0x61, 0xff, 1]),
            ("2^64-1 array items", &[0xa1, 1, 0x9b, 255, 255, 255, 255, 255, 255, 255, 255]),
            ("2^64-1 map entries", &[0xbb, 255, 255, 255, 255, 255, 255, 255, 255]),
        ] {
            assert!(map(input).is_none(), "{what}");
        }
    }

    #[test]
    fn refuses_deep_nesting_without_running_out_of_stack() {
        let mut input = vec![0xa1, 1];
        input.extend(vec![0x81; 60_000]);
        input.push(1);
        assert!(map(&input).is_none());
        let mut input = [0xa1, 1].repeat(30_000);
        input.push(1);
        assert!(map(&input).is_none());
    }

    #[test]
    fn refuses_maps_of_more_entries_than_any_in_the_field() {
        let of = |count: u8| {
            let keys = (0..count).flat_map(|key| [0x18, key, 0]);
            [0xb8, count].into_iter().chain(keys).collect::<Vec<u8>>()
        };
        assert!(map(&of(64)).is_some());
        assert!(map(&of(65)).is_none());
    }
}
