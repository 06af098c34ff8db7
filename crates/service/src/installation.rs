//! A new installation: its realm, its administrators' group and policy, and the way in for the first of them.

use domain::ceremony::NewLink;
use domain::event::EventKind;
use domain::group::{ADMINISTRATORS, GroupName};
use domain::identity::{ProfileForm, Username};
use domain::permission::Permission;
use domain::policy::{Application, Decision, Policy, Rule};
use domain::role::Role;
use domain::{FieldError, GroupId, IdentityId, RealmId, TenantId};

use crate::binding_jobs::refuse_suspended;
use crate::context::Actor;
use crate::work::{Target, Told, Work};
use crate::{Context, Error, Keyroll, Result};

/// The first administrator's username.
pub const FIRST_ADMINISTRATOR: &str = "admin";
const FIRST_REALM: &str = "Keyroll";
/// A tenant's id begins with these digits in hexadecimal.
const TENANT: i64 = 0x0001 << 48;

impl Keyroll {
    /// Makes what a new installation needs and is not there yet: the realm, the group `Administrators`, and the policy
    /// that lets its members into the console.
    pub async fn prepare(&self) -> Result<RealmId> {
        let realm = RealmId::from_i64(self.next_id());
        let mut work = self.system(realm).work(realm).await?;
        work.tx.lock_installation().await?;
        if let Some(existing) = work.tx.first_realm().await? {
            self.note_event(work.tx.latest_event().await?);
            return Ok(existing);
        }
        let tenant = TenantId::from_i64(TENANT | (realm.get() & 0xffff_ffff_ffff));
        let now = work.now;
        work.tx.insert_tenant(tenant, FIRST_REALM, now).await?;
        work.tx.insert_realm(realm, tenant, FIRST_REALM, "", now).await?;
        work.tell(Told::new(EventKind::RealmCreated, Target::Realm, FIRST_REALM)).await?;
        let group = work.administrators(realm).await?;
        let rule = Rule { application: Some(Application::Console), groups: vec![group], ..Rule::new(Decision::Allow) };
        let version = work.id();
        work.tx.publish_policy(version, realm, &Policy { rules: vec![rule] }, Actor::System.name(), now).await?;
        work.tell(Told::new(EventKind::PolicyPublished, Target::Realm, FIRST_REALM)).await?;
        work.commit().await?;
        Ok(realm)
    }

    /// A fresh link for the first administrator, until somebody of the group has a passkey.
    pub async fn first_administrator_link(&self, realm: RealmId) -> Result<Option<NewLink>> {
        let system = self.system(realm);
        let name = administrators()?;
        let mut tx = system.read().await?;
        if let Some(group) = tx.group_by_name(realm, &name).await?
            && tx.group_has_enrolled_member(group).await?
        {
            return Ok(None);
        }
        drop(tx);
        system.invite_administrator(FIRST_ADMINISTRATOR).await.map(Some)
    }
}

impl Context {
    /// Makes the identity and its membership of `Administrators` where missing, and a fresh link for it.
    pub async fn invite_administrator(&self, username: &str) -> Result<NewLink> {
        let realm = self.allow(Permission::BindingJobsCreate)?;
        self.allow(Permission::GroupsUpdate)?;
        let username = Username::parse(username).map_err(|words| Error::Invalid(vec![FieldError::new("username", words)]))?;
        let mut work = self.work(realm).await?;
        work.tx.lock_installation().await?;
        let id = work.person(realm, &username).await?;
        let group = work.administrators(realm).await?;
        work.add_to_group(realm, group, id).await?;
        let identity = work.tx.identity(realm, id).await?.ok_or(Error::Internal("an identity just made is gone"))?;
        refuse_suspended(&identity)?;
        let link = self.new_link(&mut work, realm, &identity).await?;
        work.commit().await?;
        self.keyroll.parts().deadline_moved.notify_one();
        Ok(link)
    }
}

impl Work {
    /// The person of this username, added where missing.
    async fn person(&mut self, realm: RealmId, username: &Username) -> Result<IdentityId> {
        if let Some(id) = self.tx.identity_by_username(realm, &username.key()).await? {
            return Ok(id);
        }
        let name = username.as_str().to_owned();
        let form = ProfileForm { display_name: name.clone(), username: name, ..ProfileForm::default() };
        let profile = form.parse().map_err(Error::Invalid)?;
        self.add_identity(realm, profile, domain::identity::Source::CommandLine).await
    }

    /// The administrators' group, made where missing.
    async fn administrators(&mut self, realm: RealmId) -> Result<GroupId> {
        let name = administrators()?;
        if let Some(group) = self.tx.group_by_name(realm, &name).await? {
            return Ok(group);
        }
        let (group, now) = (GroupId::from_i64(self.id()), self.now);
        self.tx.insert_group(group, realm, &name, "May enter the Keyroll console.", now).await?;
        self.tell(Told::new(EventKind::GroupCreated, Target::Group(group), name.as_str())).await?;
        self.tx.bind_role(realm, Role::Full, &[group]).await?;
        self.tell(Told::new(EventKind::RoleBound, Target::Realm, Role::Full.label()).with("groups", name.as_str())).await?;
        Ok(group)
    }
}

fn administrators() -> Result<GroupName> {
    GroupName::parse(ADMINISTRATORS).map_err(|_| Error::Internal("the name of the administrators' group does not parse"))
}
