//! What publishing the draft would do to everyone.

use domain::permission::Permission;
use domain::policy::{Affected, Application, Impact, Policy, Request};
use domain::{GroupId, IdentityId, RealmId};
use storage::{Subject, Tx};

use crate::{Context, Error, Result};

/// People that are judged in one go.
const BATCH: u32 = 2_000;
/// As many of those who gain or lose are named.
const NAMED: usize = 100;

impl Context {
    /// Who would gain and who would lose access to an application by publishing the draft.
    pub async fn policy_impact(&self, application: Application) -> Result<Impact> {
        let realm = self.allow(Permission::PolicyRead)?;
        let mut tx = self.read().await?;
        let before = tx.policy(realm).await?;
        let after = Policy { rules: tx.policy_draft(realm).await?.ok_or(Error::NotFound("draft"))?.rules };
        let affected = Affects::of(&before, &after);
        let mut impact = Impact::default();
        let mut last = None;
        loop {
            let ids = affected.next(&mut tx, realm, last).await?;
            let Some(id) = ids.last() else { return Ok(impact) };
            last = Some(*id);
            for person in tx.subjects(realm, &ids).await? {
                count(&mut impact, &person, has_access(&before, application, &person), has_access(&after, application, &person));
            }
        }
    }
}

/// Whom a draft can concern at all.
enum Affects {
    Everyone,
    /// Rules about nobody in particular are the same in both: only members of the groups that either names.
    MembersOf(Vec<GroupId>),
}

impl Affects {
    fn of(before: &Policy, after: &Policy) -> Self {
        if before.for_strangers() != after.for_strangers() {
            return Self::Everyone;
        }
        let mut groups = before.groups();
        groups.extend(after.groups());
        Self::MembersOf(groups)
    }

    async fn next(&self, tx: &mut Tx, realm: RealmId, last: Option<IdentityId>) -> Result<Vec<IdentityId>> {
        Ok(match self {
            Self::Everyone => tx.identity_ids(realm, last, BATCH).await?,
            Self::MembersOf(groups) => tx.members_of_any(groups, last, BATCH).await?,
        })
    }
}

/// Whether any of the person's passkeys is let in; who has none is judged as they stand.
fn has_access(policy: &Policy, application: Application, person: &Subject) -> bool {
    let enters = |passkey| policy.evaluate(&Request { application, status: person.status, groups: &person.groups, passkey }).is_allowed();
    if person.passkeys.is_empty() { enters(None) } else { person.passkeys.iter().any(|passkey| enters(Some(passkey))) }
}

fn count(impact: &mut Impact, person: &Subject, had: bool, has: bool) {
    let (count, named) = match (had, has) {
        (false, true) => (&mut impact.gain, &mut impact.gaining),
        (true, false) => (&mut impact.lose, &mut impact.losing),
        _ => return,
    };
    *count += 1;
    if named.len() < NAMED {
        named.push(Affected { id: person.id, display_name: person.display_name.clone(), username: person.username.clone() });
    }
}
