//! The console's roles and the groups that they are bound to.

use domain::role::Role;
use domain::{GroupId, IdentityId, RealmId};

use crate::dialect::{self, Lock};
use crate::{Error, Result, Tx};

fn read(role: &str) -> Result<Role> {
    Role::read(role).ok_or(Error::Corrupt("role"))
}

impl Tx {
    /// The roles that an identity has by its groups.
    pub async fn roles_of(&mut self, realm: RealmId, identity: IdentityId) -> Result<Vec<Role>> {
        let sql = "SELECT DISTINCT r.role FROM group_members m JOIN console_roles r ON r.group_id = m.group_id \
            WHERE m.identity_id = $1 AND r.realm_id = $2";
        fetch_all!(self, (String,), sql, identity.get(), realm.get()).iter().map(|(role,)| read(role)).collect()
    }

    /// Each role with each group that it is bound to.
    pub async fn role_groups(&mut self, realm: RealmId) -> Result<Vec<(Role, GroupId)>> {
        let sql = "SELECT role, group_id FROM console_roles WHERE realm_id = $1 ORDER BY role, group_id";
        let rows = fetch_all!(self, (String, i64), sql, realm.get());
        rows.iter().map(|(role, group)| Ok((read(role)?, GroupId::from_i64(*group)))).collect()
    }

    /// Binds the role to these groups of the realm, and to no others. Groups that do not exist are left out.
    pub async fn bind_role(&mut self, realm: RealmId, role: Role, groups: &[GroupId]) -> Result<()> {
        let sql = "INSERT INTO console_roles (realm_id, role, group_id) SELECT realm_id, $2, id FROM groups WHERE id = $3 AND realm_id = $1 \
            ON CONFLICT DO NOTHING";
        dialect::lock(self, Lock::Realm(realm)).await?;
        execute!(self, "DELETE FROM console_roles WHERE realm_id = $1 AND role = $2", realm.get(), role.as_str());
        for group in groups {
            execute!(self, sql, realm.get(), role.as_str(), group.get());
        }
        Ok(())
    }
}
