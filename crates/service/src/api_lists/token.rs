//! Page tokens: where the next page begins, its size and its filter, in characters that a URL takes as they are.
//!
//! A token opens nothing: whoever presents one is asked for their permission all the same. Its checksum is there so that a
//! token that was cut, mistyped or taken to another list is refused instead of answered wrongly.

use domain::time::Span;
use domain::{BatchId, GroupId, IdentityId, RealmId, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::secret::{base64url, from_base64url};

const VALID: Span = Span::days(7);
/// The first byte: a later form of the token has another one.
const FORM: u8 = 1;
/// Form, size, time and id.
const HEAD: usize = 1 + 1 + 8 + 8;
const CHECKSUM: usize = 16;

/// Which list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Identities,
    Groups,
    MembersOf(GroupId),
    GroupsOf(IdentityId),
    Jobs(Option<IdentityId>),
    Passkeys(Option<IdentityId>),
    Realms,
    ClientTokens,
    ResultsOf(BatchId),
}

impl List {
    /// Rows of a page at most.
    pub(super) const fn most(self) -> u8 {
        if let Self::ClientTokens = self { 100 } else { 200 }
    }
}

/// A list of a realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    pub realm: RealmId,
    pub list: List,
}

impl Listed {
    /// A text that no other list has.
    fn name(self) -> String {
        let realm = self.realm;
        let of = |identity: Option<IdentityId>| identity.map_or_else(|| "-".to_owned(), |identity| identity.to_string());
        match self.list {
            List::Identities => format!("{realm} identities"),
            List::Groups => format!("{realm} groups"),
            List::MembersOf(group) => format!("{realm} members {group}"),
            List::GroupsOf(identity) => format!("{realm} groups {identity}"),
            List::Jobs(identity) => format!("{realm} jobs {}", of(identity)),
            List::Passkeys(identity) => format!("{realm} passkeys {}", of(identity)),
            List::Realms => format!("{realm} realms"),
            List::ClientTokens => format!("{realm} tokens"),
            List::ResultsOf(batch) => format!("{realm} results {batch}"),
        }
    }

    fn checksum(self, body: &[u8]) -> [u8; CHECKSUM] {
        let digest: [u8; 32] = Sha256::new().chain_update(self.name()).chain_update([0]).chain_update(body).finalize().into();
        std::array::from_fn(|at| digest[at])
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub after: i64,
    pub size: u8,
    pub filter: Option<String>,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadToken {
    #[error("This page token is damaged, or belongs to another list. Start at the beginning of the list, without a token.")]
    Foreign,
    #[error("This page token is more than a week old. Start at the beginning of the list, without a token.")]
    Old,
}

impl Token {
    pub(super) fn write(&self, listed: Listed, now: Timestamp) -> String {
        let mut body = vec![FORM, self.size];
        body.extend(now.micros().to_be_bytes());
        body.extend(self.after.to_be_bytes());
        body.extend(self.filter.iter().flat_map(|filter| filter.bytes()));
        body.extend(listed.checksum(&body));
        base64url(&body)
    }

    pub(super) fn read(text: &str, listed: Listed, now: Timestamp) -> Result<Self, BadToken> {
        let (token, written) = from_base64url(text).and_then(|bytes| unpacked(&bytes, listed)).ok_or(BadToken::Foreign)?;
        if now < written + VALID { Ok(token) } else { Err(BadToken::Old) }
    }
}

/// What the bytes say, and when they were written.
fn unpacked(bytes: &[u8], listed: Listed) -> Option<(Token, Timestamp)> {
    let (body, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
    let (head, filter) = body.split_at_checked(HEAD)?;
    if checksum != listed.checksum(body) || head[0] != FORM {
        return None;
    }
    let number = |from: usize| head.get(from..from + 8).and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
    let filter = String::from_utf8(filter.to_vec()).ok()?;
    let token = Token { after: number(10)?, size: head[1], filter: (!filter.is_empty()).then_some(filter) };
    Some((token, Timestamp::from_micros(number(2)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
    const REALM: RealmId = RealmId::from_i64(3);

    fn token(filter: Option<&str>) -> Token {
        Token { after: i64::MAX - 5, size: 200, filter: filter.map(str::to_owned) }
    }

    /// Lists that all have the same number somewhere.
    fn lists() -> Vec<Listed> {
        let (identity, group) = (IdentityId::from_i64(7), GroupId::from_i64(7));
        let of_realm = [List::Identities, List::Groups, List::Jobs(None), List::Passkeys(None)];
        let of_one = [List::MembersOf(group), List::GroupsOf(identity), List::Jobs(Some(identity)), List::Passkeys(Some(identity))];
        let lists = of_realm.into_iter().chain(of_one);
        lists.flat_map(|list| [REALM, RealmId::from_i64(7)].map(|realm| Listed { realm, list })).collect()
    }

    #[test]
    fn a_token_is_of_its_list_alone_and_fits_into_an_address_as_it_is() {
        for filter in [None, Some(r#"display_name co "é%+ &""#)] {
            for listed in lists() {
                let text = token(filter).write(listed, NOW);
                assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')), "{text}");
                for other in lists() {
                    let expected = if other == listed { Ok(token(filter)) } else { Err(BadToken::Foreign) };
                    assert_eq!(Token::read(&text, other, NOW), expected);
                }
            }
        }
    }

    #[test]
    fn a_token_is_good_for_a_week() {
        let listed = lists()[0];
        let text = token(None).write(listed, NOW);
        let end = NOW + Span::days(7);
        assert!(Token::read(&text, listed, Timestamp::from_micros(end.micros() - 1)).is_ok());
        assert_eq!(Token::read(&text, listed, end), Err(BadToken::Old));
    }

    #[test]
    fn whatever_is_changed_in_a_token_it_is_refused() {
        let listed = lists()[0];
        let text = token(Some("status pr")).write(listed, NOW);
        for at in 0..text.len() {
            for other in ['A', '_', 'z', '=', '%'] {
                let mut damaged: Vec<char> = text.chars().collect();
                if damaged[at] != other {
                    damaged[at] = other;
                    let damaged: String = damaged.into_iter().collect();
                    assert_eq!(Token::read(&damaged, listed, NOW), Err(BadToken::Foreign), "{damaged}");
                }
            }
            assert_eq!(Token::read(&text[..at], listed, NOW), Err(BadToken::Foreign));
        }
        for wrong in ["", "é", "AAAA", &format!("{text}A"), &base64url(&[1; 34])] {
            assert_eq!(Token::read(wrong, listed, NOW), Err(BadToken::Foreign), "{wrong}");
        }
    }
}
