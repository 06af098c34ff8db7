//! Nobody gets above their own role: whoever may hand out a link to an administrator's entry, or take the passkeys away
//! that keep others out of it, could become that administrator.

use domain::permission::Permissions;
use domain::role::permissions_of;
use domain::{GroupId, IdentityId, RealmId};
use storage::Tx;

use crate::context::Context;
use crate::work::Work;
use crate::{Error, Result};

/// People that are looked at in one go.
const BATCH: u32 = 200;

impl Context {
    /// Refuses to act on somebody who may do what the actor may not. Who comes to a role at the same moment waits, and
    /// then ends the links that were made here.
    pub(crate) async fn refuse_above(&self, tx: &mut Tx, realm: RealmId, identity: IdentityId) -> Result<()> {
        tx.lock_identity(identity).await?;
        let theirs = permissions_of(&tx.roles_of(realm, identity).await?);
        self.refuse_more(theirs)
    }

    /// Refuses to let anybody into a group, or out of it, whose role may do what the actor may not.
    pub(crate) async fn refuse_group_above(&self, tx: &mut Tx, realm: RealmId, group: GroupId) -> Result<()> {
        let bound = tx.role_groups(realm).await?.into_iter().filter(|(_, bound)| *bound == group);
        self.refuse_more(permissions_of(&bound.map(|(role, _)| role).collect::<Vec<_>>()))
    }

    fn refuse_more(&self, theirs: Permissions) -> Result<()> {
        if theirs.and(self.permissions()) == theirs { Ok(()) } else { Err(Error::Forbidden) }
    }
}

impl Work {
    /// Ends the open links of people who have just come to a role: whoever holds one from before would come with them.
    pub(crate) async fn end_links_of_promoted(&mut self, realm: RealmId, group: GroupId, people: &[IdentityId]) -> Result<()> {
        if self.tx.role_groups(realm).await?.iter().any(|(_, bound)| *bound == group) {
            for person in people {
                self.revoke_links(realm, *person).await?;
            }
        }
        Ok(())
    }

    /// The same for everybody in a group that has just been bound to a role.
    pub(crate) async fn end_links_of_members(&mut self, realm: RealmId, groups: &[GroupId]) -> Result<()> {
        let mut after = None;
        loop {
            let people = self.tx.members_of_any(groups, after, BATCH).await?;
            let Some(last) = people.last() else { return Ok(()) };
            after = Some(*last);
            for person in people {
                self.revoke_links(realm, person).await?;
            }
        }
    }
}
