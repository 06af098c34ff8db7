//! Permissions: what an actor may do. A use case asks for the one it needs before it does anything else.

use serde::{Deserialize, Serialize};

use crate::identity::spelled;

/// One thing that may be done, spelled as the API's scopes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    IdentitiesCreate,
    IdentitiesRead,
    IdentitiesUpdate,
    IdentitiesDelete,
    GroupsCreate,
    GroupsRead,
    GroupsUpdate,
    GroupsDelete,
    CredentialsRead,
    CredentialsUpdate,
    CredentialsRevoke,
    BindingJobsCreate,
    BindingJobsRead,
    BindingJobsRevoke,
    EventsRead,
    PolicyRead,
    PolicyUpdate,
    AdministratorsRead,
    AdministratorsUpdate,
    MailRead,
    MailUpdate,
    BrandingRead,
    BrandingUpdate,
    TenantsRead,
    TenantsUpdate,
    RealmsCreate,
    RealmsRead,
    RealmsUpdate,
    RealmsDelete,
    /// Acting in other realms than one's own with everything that one may do.
    RealmsEnter,
    ThemesCreate,
    ThemesRead,
    ThemesUpdate,
    TokensCreate,
    TokensRead,
    TokensDelete,
}

spelled!(Permission {
    IdentitiesCreate = "identities:create",
    IdentitiesRead = "identities:read",
    IdentitiesUpdate = "identities:update",
    IdentitiesDelete = "identities:delete",
    GroupsCreate = "groups:create",
    GroupsRead = "groups:read",
    GroupsUpdate = "groups:update",
    GroupsDelete = "groups:delete",
    CredentialsRead = "credentials:read",
    CredentialsUpdate = "credentials:update",
    CredentialsRevoke = "credentials:revoke",
    BindingJobsCreate = "credential-binding-jobs:create",
    BindingJobsRead = "credential-binding-jobs:read",
    BindingJobsRevoke = "credential-binding-jobs:revoke",
    EventsRead = "events:read",
    PolicyRead = "policy:read",
    PolicyUpdate = "policy:update",
    AdministratorsRead = "administrators:read",
    AdministratorsUpdate = "administrators:update",
    MailRead = "mail:read",
    MailUpdate = "mail:update",
    BrandingRead = "branding:read",
    BrandingUpdate = "branding:update",
    TenantsRead = "tenants:read",
    TenantsUpdate = "tenants:update",
    RealmsCreate = "realms:create",
    RealmsRead = "realms:read",
    RealmsUpdate = "realms:update",
    RealmsDelete = "realms:delete",
    RealmsEnter = "realms:enter",
    ThemesCreate = "themes:create",
    ThemesRead = "themes:read",
    ThemesUpdate = "themes:update",
    TokensCreate = "tokens:create",
    TokensRead = "tokens:read",
    TokensDelete = "tokens:delete",
});

impl Permission {
    /// Whether it reaches beyond one realm: nobody has it but by a role in the realm that the administrators are of.
    #[must_use]
    pub const fn is_of_tenant(self) -> bool {
        matches!(
            self,
            Self::TenantsRead
                | Self::TenantsUpdate
                | Self::RealmsCreate
                | Self::RealmsRead
                | Self::RealmsUpdate
                | Self::RealmsDelete
                | Self::RealmsEnter
        )
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions(u64);

impl Permissions {
    /// Nothing may be done.
    pub const NONE: Self = Self(0);

    /// Everything may be done: a full administrator.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// What reaches no further than one realm.
    #[must_use]
    pub fn within_realm(self) -> Self {
        Vec::from(self).into_iter().filter(|permission| !permission.is_of_tenant()).collect()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether everything of this set is in the other one.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Their names with spaces between.
    #[must_use]
    pub fn written(self) -> String {
        Vec::from(self).into_iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Reads what [`Self::written`] wrote: what is no permission any more is left out.
    #[must_use]
    pub fn kept(text: &str) -> Self {
        text.split(' ').filter_map(Permission::read).collect()
    }

    /// What both sets hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(permissions: Vec<Permission>) -> Self {
        permissions.into_iter().collect()
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(permissions: Permissions) -> Self {
        Permission::ALL.iter().copied().filter(|permission| permissions.contains(*permission)).collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | 1 << permission as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let reader: Permissions = [Permission::IdentitiesRead, Permission::EventsRead].into_iter().collect();
        for permission in Permission::ALL {
            let expected = matches!(permission, Permission::IdentitiesRead | Permission::EventsRead);
            assert_eq!(reader.contains(*permission), expected, "{permission}");
            assert!(Permissions::all().contains(*permission));
            assert!(!Permissions::NONE.contains(*permission));
        }
    }

    #[test]
    fn permissions_read_back_as_they_were_written() {
        for permissions in [Permissions::all(), Permissions::NONE, [Permission::RealmsEnter].into_iter().collect()] {
            assert_eq!(Permissions::kept(&permissions.written()), permissions);
        }
        assert_eq!(Permissions::kept("gone:read groups:read"), [Permission::GroupsRead].into_iter().collect());
    }

    #[test]
    fn within_a_realm_nothing_of_the_tenant_is_left() {
        let within = Permissions::all().within_realm();
        for permission in Permission::ALL {
            let of_tenant = permission.as_str().starts_with("tenants:") || permission.as_str().starts_with("realms:");
            assert_eq!(within.contains(*permission), !of_tenant, "{permission}");
        }
    }
}
