//! Scopes (RFC 6749, §3.3): the permissions that a program can be given, each with words for whoever gives it.

use crate::permission::{Permission, Permissions};

/// A permission that a token can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    pub permission: Permission,
    /// What it is about: scopes are shown by this.
    pub about: &'static str,
    /// What it lets a program do, as the end of "May …".
    pub words: &'static str,
}

macro_rules! scopes {
    ($($about:literal: $($permission:ident $words:literal)*;)*) => {
        /// Every scope, in the order in which they are shown.
        pub const SCOPES: &[Scope] = &[$($(Scope { permission: Permission::$permission, about: $about, words: $words }),*),*];
    };
}

scopes! {
    "People":
        IdentitiesRead "read people and their traits"
        IdentitiesCreate "add people"
        IdentitiesUpdate "edit, suspend and reactivate people"
        IdentitiesDelete "delete people";
    "Groups":
        GroupsRead "read groups and who is in them"
        GroupsCreate "create groups"
        GroupsUpdate "edit groups, add and remove members"
        GroupsDelete "delete groups";
    "Binding jobs":
        BindingJobsRead "read binding jobs"
        BindingJobsCreate "invite people to register a passkey"
        BindingJobsRevoke "revoke links";
    "Passkeys":
        CredentialsRead "read passkeys"
        CredentialsRevoke "revoke passkeys";
    "Branding":
        ThemesRead "read the branding"
        ThemesCreate "set the branding for the first time"
        ThemesUpdate "change the branding";
    "Tokens":
        TokensRead "list the application’s tokens"
        TokensDelete "revoke the application’s tokens";
    "Tenant and realms":
        TenantsRead "read the tenant"
        TenantsUpdate "rename the tenant"
        RealmsRead "read realms"
        RealmsCreate "create realms"
        RealmsUpdate "edit realms"
        RealmsDelete "delete empty realms";
}

impl Scope {
    /// As the API spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.permission.as_str()
    }
}

/// Sets of scopes: permissions of which each is one.
#[derive(Debug, Clone, Copy)]
pub struct Scopes;

impl Scopes {
    #[must_use]
    pub fn all() -> Permissions {
        SCOPES.iter().map(|scope| scope.permission).collect()
    }

    /// Reads at least one name; the error is a sentence for whoever wrote them.
    pub fn read<'a>(names: impl Iterator<Item = &'a str>) -> Result<Permissions, String> {
        let known = |name: &str| SCOPES.iter().find(|scope| scope.name() == name).map(|scope| scope.permission);
        let scopes = names.map(|name| known(name).ok_or_else(|| unknown(name))).collect::<Result<Permissions, _>>()?;
        if scopes.is_empty() { Err("Choose at least one scope: a token without any could do nothing.".into()) } else { Ok(scopes) }
    }

    /// Their names with spaces between, as OAuth writes them (RFC 6749, §3.3).
    #[must_use]
    pub fn written(scopes: Permissions) -> String {
        let names: Vec<_> = SCOPES.iter().filter(|scope| scopes.contains(scope.permission)).map(|scope| scope.name()).collect();
        names.join(" ")
    }

    /// Reads what [`Self::written`] wrote: what is no scope any more is left out.
    #[must_use]
    pub fn kept(text: &str) -> Permissions {
        text.split(' ').filter_map(|name| SCOPES.iter().find(|scope| scope.name() == name)).map(|scope| scope.permission).collect()
    }
}

fn unknown(name: &str) -> String {
    let shown: String = name.chars().filter(|letter| !crate::field::is_invisible_control(*letter)).take(64).collect();
    format!("There is no scope “{shown}”.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_as_they_were_written() {
        assert_eq!(Scopes::kept(&Scopes::written(Scopes::all())), Scopes::all());
        assert_eq!(Scopes::read(Scopes::written(Scopes::all()).split(' ')), Ok(Scopes::all()));
        assert_eq!(Vec::from(Scopes::all()).len(), SCOPES.len());
        assert_eq!(Scopes::kept("gone:read groups:read"), [Permission::GroupsRead].into_iter().collect());
    }

    #[test]
    fn what_a_program_must_not_do_is_no_scope() {
        for kept in ["realms:enter", "tokens:create", "administrators:update", "policy:update", "mail:update", "branding:update", "", "*"] {
            assert!(Scopes::read([kept].into_iter()).is_err(), "{kept}");
        }
        assert!(Scopes::read([].into_iter()).is_err());
    }
}
