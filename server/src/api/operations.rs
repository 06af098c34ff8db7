//! Every operation of the management API, told once: the description of the API, its page, its examples and the tests of
//! who may do what are made of this table.

use domain::permission::Permission as P;

/// What an operation is given.
pub(crate) enum Takes {
    Nothing,
    /// The parameters of a page; with a filter on these attributes, where there are any.
    Page(&'static [&'static str]),
    /// A body: its schema, and an example of it.
    Body(&'static str, &'static str),
    /// A form, as OAuth 2.0 has it.
    Form,
}

/// What an operation answers.
pub(crate) enum Answers {
    /// Nothing but that it is done.
    Done,
    /// A resource of this schema, with its tag.
    One(&'static str),
    /// A page of resources, under this name.
    Many(&'static str, &'static str),
}

pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    /// `R` stands for `/v1/tenants/{tenant_id}/realms/{realm_id}`, `T` for `/v1/tenants/{tenant_id}`.
    pub(crate) address: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) summary: &'static str,
    /// What the token needs; nothing where there is none.
    pub(crate) scopes: &'static [P],
    pub(crate) takes: Takes,
    pub(crate) answers: Answers,
}

impl Operation {
    /// The whole path.
    pub(crate) fn path(&self) -> String {
        match self.address.split_at(1) {
            ("R", rest) => format!("{}{rest}", super::REALM),
            ("T", rest) => format!("{}{rest}", super::TENANT),
            _ => self.address.to_owned(),
        }
    }

    /// Whether the client may say what it has read (RFC 9110, §13.1.1).
    pub(crate) fn is_conditional(&self) -> bool {
        let has_tag = ["Tenants", "Realms", "Identities", "Groups", "Themes"].contains(&self.tag);
        has_tag && matches!(self.method, "PATCH" | "DELETE")
    }
}

macro_rules! operations {
    ($($id:ident $method:ident $address:literal, $tag:literal, [$($scope:ident),*], $summary:literal, $takes:expr => $answers:expr;)*) => {
        pub(crate) const OPERATIONS: &[Operation] = &[$(Operation {
            id: stringify!($id),
            method: stringify!($method),
            address: $address,
            tag: $tag,
            summary: $summary,
            scopes: &[$(P::$scope),*],
            takes: $takes,
            answers: $answers,
        }),*];
    };
}

use Answers::{Done, Many, One};
use Takes::{Body, Form, Nothing, Page};

const IDENTITY_FILTER: &[&str] =
    &["traits.username", "traits.primary_email_address", "traits.external_id", "display_name", "status", "enrollment_status"];
const GROUP_FILTER: &[&str] = &["display_name"];
const JOB_FILTER: &[&str] = &["state", "delivery_method"];
const MEMBERS: &str = r#"{"identity_ids": ["IDENTITY"]}"#;

// In an order in which each finds what it needs: what ends something comes last.
operations! {
    getTenant GET "T", "Tenants", [TenantsRead], "Read the tenant", Nothing => One("Tenant");
    updateTenant PATCH "T", "Tenants", [TenantsUpdate], "Rename the tenant",
        Body("TenantUpdate", r#"{"tenant": {"display_name": "Example"}}"#) => One("Tenant");
    listRealms GET "T/realms", "Realms", [RealmsRead], "List the realms", Page(&[]) => Many("realms", "Realm");
    createRealm POST "T/realms", "Realms", [RealmsCreate], "Create an empty realm",
        Body("RealmCreate", r#"{"realm": {"display_name": "Partners", "classification": "test"}}"#) => One("Realm");
    getRealm GET "R", "Realms", [RealmsRead], "Read a realm", Nothing => One("Realm");
    updateRealm PATCH "R", "Realms", [RealmsUpdate], "Edit a realm",
        Body("RealmUpdate", r#"{"realm": {"classification": "production"}}"#) => One("Realm");

    listIdentities GET "R/identities", "Identities", [IdentitiesRead], "List people, the oldest entry first",
        Page(IDENTITY_FILTER) => Many("identities", "Identity");
    createIdentity POST "R/identities", "Identities", [IdentitiesCreate], "Add a person",
        Body("IdentityCreate", r#"{"identity": {"display_name": "Zoë Ångström", "traits": {"type": "traits_v0", "username": "zoe", "primary_email_address": "zoe@example.org"}}}"#)
        => One("Identity");
    getIdentity GET "R/identities/{identity_id}", "Identities", [IdentitiesRead], "Read a person’s entry", Nothing => One("Identity");
    updateIdentity PATCH "R/identities/{identity_id}", "Identities", [IdentitiesUpdate], "Edit, suspend or reactivate a person",
        Body("IdentityUpdate", r#"{"identity": {"status": "active", "traits": {"type": "traits_v0", "title": "Engineer", "locale": null}}}"#)
        => One("Identity");
    listIdentityGroups GET "R/identities/{identity_id}:listGroups", "Identities", [GroupsRead], "List the groups that a person is in",
        Page(&[]) => Many("groups", "Group");

    listGroups GET "R/groups", "Groups", [GroupsRead], "List groups, the oldest first", Page(GROUP_FILTER) => Many("groups", "Group");
    createGroup POST "R/groups", "Groups", [GroupsCreate], "Create a group",
        Body("GroupCreate", r#"{"group": {"display_name": "Engineering", "description": "Everybody who builds"}}"#) => One("Group");
    getGroup GET "R/groups/{group_id}", "Groups", [GroupsRead], "Read a group", Nothing => One("Group");
    updateGroup PATCH "R/groups/{group_id}", "Groups", [GroupsUpdate], "Edit a group",
        Body("GroupUpdate", r#"{"group": {"description": "Everybody who builds and repairs"}}"#) => One("Group");
    addGroupMembers POST "R/groups/{group_id}:addMembers", "Groups", [GroupsUpdate], "Add 1 to 1,000 people, all of them or none",
        Body("Members", MEMBERS) => Done;
    listGroupMembers GET "R/groups/{group_id}:listMembers", "Groups", [GroupsRead, IdentitiesRead], "List who is in a group",
        Page(&[]) => Many("identities", "Identity");
    deleteGroupMembers POST "R/groups/{group_id}:deleteMembers", "Groups", [GroupsUpdate], "Remove 1 to 1,000 people, all of them or none",
        Body("Members", MEMBERS) => Done;

    listCredentials GET "R/identities/{identity_id}/credentials", "Credentials", [CredentialsRead],
        "List a person’s passkeys, revoked ones included; with - in place of the id everybody’s", Page(&[]) => Many("credentials", "Credential");
    getCredential GET "R/identities/{identity_id}/credentials/{credential_id}", "Credentials", [CredentialsRead], "Read a passkey",
        Nothing => One("Credential");

    createCredentialBindingJob POST "R/identities/{identity_id}/credential-binding-jobs", "Credential binding jobs", [BindingJobsCreate],
        "Invite a person to register a passkey, by mail or with a link that is shown this once",
        Body("CredentialBindingJobCreate", r#"{"job": {"delivery_method": "RETURN", "post_binding_redirect_uri": "https://example.org/welcome"}}"#)
        => One("CredentialBindingJobCreated");
    listCredentialBindingJobs GET "R/identities/{identity_id}/credential-binding-jobs", "Credential binding jobs", [BindingJobsRead],
        "List a person’s binding jobs; with - in place of the id everybody’s", Page(JOB_FILTER) => Many("credential_binding_jobs", "CredentialBindingJob");
    getCredentialBindingJob GET "R/identities/{identity_id}/credential-binding-jobs/{job_id}", "Credential binding jobs", [BindingJobsRead],
        "Read a binding job", Nothing => One("CredentialBindingJob");

    createBatchCredentialBindingJob POST "R/batch-credential-binding-jobs", "Batches", [BindingJobsCreate],
        "Invite 1 to 1,000 people by mail, in the background",
        Body("BatchCreate", r#"{"batch_credential_binding_job": {"identity_ids": ["IDENTITY"], "job_template": {"delivery_method": "EMAIL"}}}"#)
        => One("BatchCredentialBindingJob");
    getBatchCredentialBindingJob GET "R/batch-credential-binding-jobs/{batch_id}", "Batches", [BindingJobsRead], "Read how far a batch is",
        Nothing => One("BatchCredentialBindingJob");
    listBatchResults GET "R/batch-credential-binding-jobs/{batch_id}:listResults", "Batches", [BindingJobsRead],
        "List what became of each person’s invitation", Page(&[]) => Many("job_results", "JobResult");

    getActiveTheme GET "R/themes/active", "Themes", [ThemesRead], "Read the branding in force", Nothing => One("Theme");
    createTheme POST "R/themes", "Themes", [ThemesCreate], "Set the branding, where there is none yet",
        Body("ThemeCreate", r##"{"theme": {"email_realm_name": "Example", "button_color": "#1d4ed8", "button_text_color": "#ffffff"}}"##) => One("Theme");
    getTheme GET "R/themes/{theme_id}", "Themes", [ThemesRead], "Read the branding that was set", Nothing => One("Theme");
    updateTheme PATCH "R/themes/{theme_id}", "Themes", [ThemesUpdate], "Change the branding",
        Body("ThemeUpdate", r#"{"theme": {"support_url": "https://example.org/help"}}"#) => One("Theme");

    createToken POST "R/applications/{application_id}/token", "Tokens", [],
        "Get a token for the application’s secret (RFC 6749, §4.4): HTTP Basic with the client id and its secret",
        Form => One("AccessToken");
    listTokens GET "R/applications/{application_id}/tokens", "Tokens", [TokensRead], "List the application’s tokens that are good now",
        Page(&[]) => Many("tokens", "Token");

    revokeToken DELETE "R/applications/{application_id}/tokens/{token_id}", "Tokens", [TokensDelete], "Revoke a token of the application",
        Nothing => Done;
    revokeCredentialBindingJob POST "R/identities/{identity_id}/credential-binding-jobs/{job_id}:revoke", "Credential binding jobs",
        [BindingJobsRevoke], "Take a link back", Nothing => One("CredentialBindingJob");
    revokeCredential POST "R/identities/{identity_id}/credentials/{credential_id}:revoke", "Credentials", [CredentialsRevoke],
        "Revoke a passkey for good, and end the sessions made with it", Nothing => One("Credential");
    deleteGroup DELETE "R/groups/{group_id}", "Groups", [GroupsDelete], "Delete a group without members", Nothing => Done;
    deleteIdentity DELETE "R/identities/{identity_id}", "Identities", [IdentitiesDelete],
        "Delete a person with their memberships, passkeys, sessions and open jobs", Nothing => Done;
    batchDeleteIdentities POST "R/identities:batchDelete", "Identities", [IdentitiesDelete], "Delete 1 to 1,000 people, all of them or none",
        Body("Identities", r#"{"ids": ["IDENTITY"]}"#) => Done;
    deleteRealm DELETE "R", "Realms", [RealmsDelete], "Delete a realm that nothing is in", Nothing => Done;
}
