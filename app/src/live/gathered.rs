//! Changes that were heard within one short moment, so that ten of them make one refetch.

use std::collections::BTreeSet;

use domain::IdentityId;

/// Beyond this many, telling them apart saves nothing.
const MANY: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gathered {
    identities: BTreeSet<IdentityId>,
    everything: bool,
}

#[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "nothing is heard on the server"))]
impl Gathered {
    /// A change of an identity; one that names nobody (a group, a policy) may concern anybody.
    pub(super) fn add(&mut self, identity: Option<IdentityId>) {
        match identity {
            Some(identity) if self.identities.len() < MANY => {
                self.identities.insert(identity);
            }
            _ => self.everything = true,
        }
    }

    /// More changed than can be told.
    pub(super) fn add_everything(&mut self) {
        self.everything = true;
    }

    pub(super) fn touches(&self, scope: Option<IdentityId>) -> bool {
        self.everything || scope.map_or(!self.identities.is_empty(), |identity| self.identities.contains(&identity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IdentityId = IdentityId::from_i64(1);
    const TWO: IdentityId = IdentityId::from_i64(2);

    #[test]
    fn nothing_touches_nobody() {
        let news = Gathered::default();
        assert!(!news.touches(None));
        assert!(!news.touches(Some(ONE)));
    }

    #[test]
    fn a_change_touches_its_identity_and_the_realm() {
        let mut news = Gathered::default();
        news.add(Some(ONE));
        assert!(news.touches(Some(ONE)));
        assert!(news.touches(None));
        assert!(!news.touches(Some(TWO)));
    }

    #[test]
    fn what_names_nobody_touches_everybody() {
        let mut news = Gathered::default();
        news.add(None);
        assert!(news.touches(Some(ONE)));
        let mut missed = Gathered::default();
        missed.add_everything();
        assert!(missed.touches(Some(TWO)));
    }

    #[test]
    fn a_flood_is_not_told_apart() {
        let mut news = Gathered::default();
        for number in 1..=1_001 {
            news.add(Some(IdentityId::from_i64(number)));
        }
        assert!(news.touches(Some(IdentityId::from_i64(5_000))));
    }
}
