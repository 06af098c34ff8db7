//! Groups, as far as people are put into them.

use domain::event::EventKind;
use domain::permission::Permission;
use domain::record::Group;
use domain::{FieldError, GroupId, IdentityId, RealmId};

use crate::work::{Target, Told, Work};
use crate::{Context, Error, Result};

/// As many groups as a list for choosing from shows.
const MOST_LISTED: u32 = 500;

impl Context {
    /// Every group by name, for choosing from.
    pub async fn groups(&self) -> Result<Vec<Group>> {
        let realm = self.allow(Permission::GroupsRead)?;
        Ok(self.read().await?.groups(realm, MOST_LISTED).await?)
    }

    /// The groups that an identity is in, by name.
    pub async fn groups_of(&self, identity: IdentityId) -> Result<Vec<Group>> {
        let realm = self.allow(Permission::GroupsRead)?;
        let mut tx = self.read().await?;
        tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        Ok(tx.groups_of(realm, identity).await?)
    }
}

impl Work {
    /// Makes the identity a member, with the event of it; nothing happens where it is one already.
    pub(crate) async fn add_to_group(&mut self, realm: RealmId, group: GroupId, identity: IdentityId) -> Result<()> {
        let now = self.now;
        let unknown = || Error::Invalid(vec![FieldError::new("groups", "One of these groups no longer exists. Choose again.")]);
        let name = self.tx.group(realm, group).await?.ok_or_else(unknown)?.display_name;
        if self.tx.add_member(realm, group, identity, now).await? {
            self.tell(Told::new(EventKind::GroupMemberAdded, Target::Group(group), &name).of(identity)).await?;
        }
        Ok(())
    }
}
