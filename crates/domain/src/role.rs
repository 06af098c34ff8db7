//! Roles: what an administrator may do in the console. Each is bound to groups; whoever is in several has what any of
//! their roles allows.

use serde::{Deserialize, Serialize};

use crate::identity::spelled;
use crate::permission::{Permission, Permissions};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Full,
    /// Reads everything about people, invites, revokes passkeys.
    Helpdesk,
    /// Reads everything, changes nothing.
    Auditor,
}

spelled!(Role { Full = "full", Helpdesk = "helpdesk", Auditor = "auditor" });

impl Role {
    /// The name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Full => "Full administrator",
            Self::Helpdesk => "Helpdesk",
            Self::Auditor => "Auditor",
        }
    }

    #[must_use]
    pub fn permissions(self) -> Permissions {
        Permission::ALL.iter().copied().filter(|permission| self.allows(*permission)).collect()
    }

    /// A new permission belongs to nobody but full administrators until it is said here.
    const fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        let reads_people =
            matches!(permission, P::IdentitiesRead | P::GroupsRead | P::CredentialsRead | P::BindingJobsRead | P::EventsRead | P::MailRead);
        match self {
            Self::Full => true,
            Self::Helpdesk => reads_people || matches!(permission, P::BindingJobsCreate | P::BindingJobsRevoke | P::CredentialsRevoke),
            Self::Auditor => {
                reads_people
                    || matches!(
                        permission,
                        P::PolicyRead
                            | P::AdministratorsRead
                            | P::BrandingRead
                            | P::TenantsRead
                            | P::RealmsRead
                            | P::ThemesRead
                            | P::TokensRead
                    )
            }
        }
    }
}

/// What any of the roles allows.
#[must_use]
pub fn permissions_of(roles: &[Role]) -> Permissions {
    Permission::ALL.iter().copied().filter(|permission| roles.iter().any(|role| role.allows(*permission))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether using it could change anything.
    fn changes(permission: Permission) -> bool {
        !permission.as_str().ends_with(":read")
    }

    #[test]
    fn a_full_administrator_may_do_everything_and_an_auditor_change_nothing() {
        assert_eq!(Role::Full.permissions(), Permissions::all());
        for permission in Permission::ALL {
            assert_eq!(Role::Auditor.permissions().contains(*permission), !changes(*permission), "{permission}");
        }
    }

    #[test]
    fn helpdesk_invites_and_revokes_and_changes_nothing_else() {
        let changes: Vec<_> = Permission::ALL.iter().filter(|p| changes(**p) && Role::Helpdesk.permissions().contains(**p)).collect();
        assert_eq!(changes, [&Permission::CredentialsRevoke, &Permission::BindingJobsCreate, &Permission::BindingJobsRevoke]);
        assert!(!Role::Helpdesk.permissions().contains(Permission::PolicyRead));
    }

    #[test]
    fn roles_add_up_and_none_is_nothing() {
        let both = permissions_of(&[Role::Helpdesk, Role::Auditor]);
        assert!(both.contains(Permission::BindingJobsCreate) && both.contains(Permission::PolicyRead));
        assert_eq!(permissions_of(&[]), Permissions::NONE);
    }
}
