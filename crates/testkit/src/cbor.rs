//! CBOR (RFC 8949) as far as authenticators write it: CTAP2's canonical form, definite lengths.

/// Keys in the order given: the caller keeps to the canonical one.
pub(crate) fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out = head(5, entries.len());
    for (key, value) in entries {
        out.extend_from_slice(key);
        out.extend_from_slice(value);
    }
    out
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    let mut out = head(3, text.len());
    out.extend_from_slice(text.as_bytes());
    out
}

pub(crate) fn bytes(bytes: &[u8]) -> Vec<u8> {
    let mut out = head(2, bytes.len());
    out.extend_from_slice(bytes);
    out
}

pub(crate) fn int(int: i64) -> Vec<u8> {
    match usize::try_from(int) {
        Ok(positive) => head(0, positive),
        // -1 - int, without overflow at the lowest integer.
        Err(_) => head(1, usize::try_from(!int).unwrap_or(usize::MAX)),
    }
}

fn head(major: u8, argument: usize) -> Vec<u8> {
    let major = major << 5;
    let argument = argument as u64;
    let bytes = argument.to_be_bytes();
    match argument {
        0..=23 => vec![major | bytes[7]],
        24..=0xff => vec![major | 0x18, bytes[7]],
        0x100..=0xffff => vec![major | 0x19, bytes[6], bytes[7]],
        0x1_0000..=0xffff_ffff => [&[major | 0x1a], &bytes[4..]].concat(),
        _ => [&[major | 0x1b], &bytes[..]].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8949, appendix A.
    #[test]
    fn writes_the_examples_of_the_standard() {
        assert_eq!(int(0), [0x00]);
        assert_eq!(int(23), [0x17]);
        assert_eq!(int(24), [0x18, 0x18]);
        assert_eq!(int(1000), [0x19, 0x03, 0xe8]);
        assert_eq!(int(1_000_000), [0x1a, 0x00, 0x0f, 0x42, 0x40]);
        assert_eq!(int(1_000_000_000_000), [0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x00]);
        assert_eq!(int(-1), [0x20]);
        assert_eq!(int(-1000), [0x39, 0x03, 0xe7]);
        assert_eq!(text("IETF"), [0x64, 0x49, 0x45, 0x54, 0x46]);
        assert_eq!(bytes(&[1, 2, 3, 4]), [0x44, 1, 2, 3, 4]);
        assert_eq!(map(&[(int(1), int(2)), (int(3), int(4))]), [0xa2, 1, 2, 3, 4]);
    }
}
