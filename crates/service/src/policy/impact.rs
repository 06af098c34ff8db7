//! What publishing the draft would do to everyone.

use domain::permission::Permission;
use domain::policy::{Affected, Application, Impact, Policy, Request};
use storage::{Kind, KindsAsked, Tx};

use crate::{Context, Error, Result};

/// As many of those who gain or lose are named.
const NAMED: u32 = 100;

impl Context {
    /// Who would gain and who would lose access to an application by publishing the draft.
    pub async fn policy_impact(&self, application: Application) -> Result<Impact> {
        let realm = self.allow(Permission::PolicyRead)?;
        let mut tx = self.read().await?;
        let before = tx.policy(realm).await?;
        let after = Policy { rules: tx.policy_draft(realm).await?.ok_or(Error::NotFound("draft"))?.rules };
        let mut groups = before.groups();
        groups.extend(after.groups());
        let asked = KindsAsked {
            realm,
            groups: &groups,
            passkeys: before.asks_for_passkeys() || after.asks_for_passkeys(),
            // Where the rules about nobody in particular are the same in both, nothing changes for those whom no other names.
            strangers: before.for_strangers() != after.for_strangers(),
        };
        let (mut gain, mut lose) = (Side::default(), Side::default());
        let kinds = tx.count_kinds(&asked).await?;
        for (kind, count) in &kinds {
            match (has_access(&before, application, kind), has_access(&after, application, kind)) {
                (false, true) => gain.add(kind, *count),
                (true, false) => lose.add(kind, *count),
                _ => {}
            }
        }
        let (gaining, losing) = (gain.named(&mut tx, &asked).await?, lose.named(&mut tx, &asked).await?);
        Ok(Impact { gain: gain.count, lose: lose.count, gaining, losing })
    }
}

/// Those for whom the same changes.
#[derive(Default)]
struct Side<'a> {
    count: u64,
    kinds: Vec<&'a Kind>,
}

impl<'a> Side<'a> {
    fn add(&mut self, kind: &'a Kind, count: u64) {
        self.count += count;
        self.kinds.push(kind);
    }

    async fn named(&self, tx: &mut Tx, asked: &KindsAsked<'_>) -> Result<Vec<Affected>> {
        if self.count == 0 {
            return Ok(Vec::new());
        }
        let people = tx.people_of_kinds(asked, &self.kinds, NAMED).await?;
        let people = tx.subjects(asked.realm, &people).await?.into_iter();
        Ok(people.map(|person| Affected { id: person.id, display_name: person.display_name, username: person.username }).collect())
    }
}

/// Whether any of the passkeys is let in; who has none is judged as they stand.
fn has_access(policy: &Policy, application: Application, kind: &Kind) -> bool {
    let Kind { status, groups, passkeys, .. } = kind;
    let enters = |passkey| policy.evaluate(&Request { application, status: *status, groups, passkey }).is_allowed();
    if passkeys.is_empty() { enters(None) } else { passkeys.iter().any(|passkey| enters(Some(passkey))) }
}
