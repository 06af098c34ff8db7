//! The bytes that the authenticator itself writes (Level 3, §6.1): followed to the last one, so
//! that nothing can hide behind what is read.

use super::{
    WebauthnError,
    cbor::{self, Key},
};

const DATA: &str = "authenticator data";

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// The flags of authenticator data (Level 3, §6.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Flags(u8);

impl Flags {
    pub(super) fn backup_eligible(self) -> bool {
        self.0 & BACKUP_ELIGIBLE != 0
    }

    pub(super) fn backed_up(self) -> bool {
        self.0 & BACKED_UP != 0
    }

    fn check(self) -> Result<(), WebauthnError> {
        if self.0 & PRESENT == 0 {
            return Err(WebauthnError::NotPresent);
        }
        if self.0 & VERIFIED == 0 {
            return Err(WebauthnError::NotVerified);
        }
        if self.backed_up() && !self.backup_eligible() {
            return Err(WebauthnError::BackupStateInvalid);
        }
        Ok(())
    }
}

/// What a registration's authenticator data says.
#[derive(Debug)]
pub(super) struct Made<'a> {
    pub flags: Flags,
    pub counter: u32,
    pub aaguid: [u8; 16],
    pub credential_id: &'a [u8],
    /// COSE, RFC 9053: -7 is ES256.
    pub algorithm: i64,
}

/// The authenticator data inside an attestation object (Level 3, §6.5.4).
pub(super) fn inside(attestation_object: &[u8]) -> Result<&[u8], WebauthnError> {
    const PATH: &str = "response.attestationObject";
    let malformed = || WebauthnError::Malformed(PATH);
    let (object, rest) = cbor::map(attestation_object).ok_or_else(malformed)?;
    if !rest.is_empty() {
        return Err(WebauthnError::TrailingBytes(PATH));
    }
    // The library's reader also takes a member by its number.
    if object.keys().any(|key| matches!(key, Key::Int(_))) {
        return Err(malformed());
    }
    let member = |name| object.get(Key::Text(name)).ok_or_else(malformed);
    let format = cbor::text(member("fmt")?).ok_or_else(malformed)?;
    let (statement, _) = cbor::map(member("attStmt")?).ok_or_else(malformed)?;
    if format == "none" && !statement.is_empty() {
        return Err(WebauthnError::StatementWithoutFormat);
    }
    cbor::bytes(member("authData")?).ok_or_else(malformed)
}

/// Flags, counter, and what follows the 37 bytes that authenticator data always has.
fn fixed_part(data: &[u8]) -> Result<(Flags, u32, &[u8]), WebauthnError> {
    let malformed = WebauthnError::Malformed(DATA);
    let Some((_rp_id_hash, rest)) = data.split_first_chunk::<32>() else {
        return Err(malformed);
    };
    let Some(([flags, counter @ ..], rest)) = rest.split_first_chunk::<5>() else {
        return Err(malformed);
    };
    Ok((Flags(*flags), u32::from_be_bytes(*counter), rest))
}

/// The authenticator data of a registration: whole, verified by the user, with a credential.
pub(super) fn of_registration(data: &[u8]) -> Result<Made<'_>, WebauthnError> {
    let malformed = || WebauthnError::Malformed(DATA);
    let (flags, counter, rest) = fixed_part(data)?;
    if flags.0 & ATTESTED == 0 {
        return Err(malformed());
    }
    // Attested credential data: §6.5.2.
    let (aaguid, rest) = rest.split_first_chunk::<16>().ok_or_else(malformed)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or_else(malformed)?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (credential_id, rest) = rest.split_at_checked(length).ok_or_else(malformed)?;
    let (key, rest) = cbor::map(rest).ok_or_else(malformed)?;
    let algorithm = key.get(Key::Int(3)).and_then(cbor::int).ok_or(WebauthnError::Malformed("credential public key"))?;
    end_after_extensions(flags, rest)?;
    flags.check()?;
    Ok(Made { flags, counter, aaguid: *aaguid, credential_id, algorithm })
}

/// Checks that the authenticator data of a sign-in is whole, and verified by the user.
pub(super) fn check_assertion(data: &[u8]) -> Result<(), WebauthnError> {
    let (flags, _, rest) = fixed_part(data)?;
    // A sign-in attests no credential (§6.1).
    if flags.0 & ATTESTED != 0 {
        return Err(WebauthnError::Malformed(DATA));
    }
    end_after_extensions(flags, rest)?;
    flags.check()
}

fn end_after_extensions(flags: Flags, data: &[u8]) -> Result<(), WebauthnError> {
    let rest = if flags.0 & EXTENSIONS == 0 { data } else { cbor::map(data).ok_or(WebauthnError::Malformed(DATA))?.1 };
    if rest.is_empty() { Ok(()) } else { Err(WebauthnError::TrailingBytes(DATA)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `fmt: none`, an empty `attStmt`, four bytes of `authData`, and one more member.
    fn object_with(key: &[u8]) -> Vec<u8> {
        [b"\xa4\x63fmt\x64none\x67attStmt\xa0\x68authData\x44data".as_slice(), key, &[0]].concat()
    }

    #[test]
    fn members_by_name_are_read_and_members_by_number_refused() {
        assert_eq!(inside(&object_with(b"\x65epAtt")), Ok(b"data".as_slice()));
        assert_eq!(inside(&object_with(&[2])), Err(WebauthnError::Malformed("response.attestationObject")));
    }
}
