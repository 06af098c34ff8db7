//! Nobody locks every administrator out: what would leave no full administrator able to sign in does not happen.

use domain::policy::{Application, Policy, Request};
use domain::role::Role;
use domain::{GroupId, RealmId};
use storage::{Subject, Tx};

use crate::work::Work;
use crate::{Error, Result};

/// People that are looked at in one go.
const BATCH: u32 = 200;

const WORDS: &str = "Afterwards nobody could sign in as a full administrator, so nothing has been changed. Let another full administrator \
    in first: a member of a group with that role, with a passkey that the policy allows.";

/// Whether somebody could sign in as a full administrator before the change.
#[must_use = "a change that is not checked may lock everybody out"]
pub(crate) struct Lockout {
    realm: RealmId,
    somebody_could: bool,
}

impl Work {
    /// To be called before anything is changed that decides who may enter; one such change at a time in a realm.
    pub(crate) async fn before_lockout(&mut self, realm: RealmId) -> Result<Lockout> {
        self.tx.lock_realm(realm).await?;
        Ok(Lockout { realm, somebody_could: somebody_can(&mut self.tx, realm).await? })
    }

    /// After the change: refuses it where it takes the last one's way in. Where nobody could before, nothing is lost.
    pub(crate) async fn refuse_lockout(&mut self, lockout: Lockout) -> Result<()> {
        if lockout.somebody_could && !somebody_can(&mut self.tx, lockout.realm).await? {
            return Err(Error::Conflict(WORDS));
        }
        Ok(())
    }
}

/// Whether anybody can sign in as a full administrator.
async fn somebody_can(tx: &mut Tx, realm: RealmId) -> Result<bool> {
    let policy = tx.policy(realm).await?;
    let groups: Vec<GroupId> =
        tx.role_groups(realm).await?.into_iter().filter(|(role, _)| *role == Role::Full).map(|(_, group)| group).collect();
    let mut after = None;
    loop {
        let ids = tx.members_of_any(&groups, after, BATCH).await?;
        let Some(last) = ids.last() else { return Ok(false) };
        after = Some(*last);
        if tx.subjects(realm, &ids).await?.iter().any(|person| enters(&policy, person)) {
            return Ok(true);
        }
    }
}

/// Whether the policy lets the person into the console with a passkey that they have.
pub(crate) fn enters(policy: &Policy, person: &Subject) -> bool {
    person.passkeys.iter().any(|passkey| {
        let request = Request { application: Application::Console, status: person.status, groups: &person.groups, passkey: Some(passkey) };
        policy.evaluate(&request).is_allowed()
    })
}
