//! Who can enter the console and why, their roles, and their sessions.

use std::collections::{BTreeMap, BTreeSet};

use domain::administrator::{Administrator, Administrators, Binding, Entry, Session};
use domain::event::EventKind;
use domain::identity::Status;
use domain::permission::Permission;
use domain::policy::{Application, Policy, Request};
use domain::role::Role;
use domain::{FieldError, GroupId, IdentityId, RealmId, SessionId};
use storage::{ListedSession, Subject, Tx};

use crate::session::IDLE;
use crate::work::{Target, Told};
use crate::{Context, Error, Result};

/// As many administrators as the page shows.
const MOST_SHOWN: u32 = 200;
/// As many groups as one role is bound to.
const MOST_BOUND: usize = 50;

impl Context {
    /// Everybody with a role, with what lets them in, and the roles' groups.
    pub async fn administrators(&self) -> Result<Administrators> {
        let realm = self.allow(Permission::AdministratorsRead)?;
        let mut tx = self.read().await?;
        let bound = tx.role_groups(realm).await?;
        let groups: Vec<_> = bound.iter().map(|(_, group)| *group).collect();
        let names: BTreeMap<_, _> = tx.group_names(realm, &groups).await?.into_iter().collect();
        let mut ids = tx.members_of_any(&groups, None, MOST_SHOWN + 1).await?;
        let more = ids.len() > MOST_SHOWN as usize;
        ids.truncate(MOST_SHOWN as usize);
        let policy = tx.policy(realm).await?;
        let sessions = tx.sessions_of(realm, &ids, self.now(), self.now() - IDLE).await?;
        let mut people = Vec::with_capacity(ids.len());
        for person in tx.subjects(realm, &ids).await? {
            let own = sessions.iter().filter(|session| session.identity == person.id);
            let sessions = own.map(|session| self.shown(session)).collect();
            people.push(administrator(&mut tx, realm, &policy, &bound, &names, person, sessions).await?);
        }
        people.sort_by_cached_key(|person| domain::fold::search_form(&person.display_name));
        let binding = |role: Role| {
            let groups = bound.iter().filter(|(bound, _)| *bound == role);
            Binding { role, groups: groups.filter_map(|(_, group)| Some((*group, names.get(group)?.clone()))).collect() }
        };
        let home = tx.first_realm().await? == Some(realm);
        Ok(Administrators { people, more, bindings: Role::ALL.iter().copied().map(binding).collect(), home })
    }

    fn shown(&self, session: &ListedSession) -> Session {
        Session {
            id: session.id,
            device: session.device.clone(),
            address: session.address.clone(),
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: self.session_id() == Some(session.id),
        }
    }

    /// Binds a role to these groups and to no others.
    pub async fn bind_role(&self, role: Role, groups: &[GroupId]) -> Result<()> {
        let realm = self.allow_after_touch(Permission::AdministratorsUpdate)?;
        let wanted: BTreeSet<_> = groups.iter().copied().collect();
        if wanted.len() > MOST_BOUND {
            let words = format!("{} groups were chosen; at most {MOST_BOUND} fit.", wanted.len());
            return Err(Error::Invalid(vec![FieldError::new("groups", words)]));
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        let names = work.tx.group_names(realm, &wanted).await?;
        if names.len() < wanted.len() {
            return Err(Error::Invalid(vec![FieldError::new("groups", "One of these groups no longer exists. Choose again.")]));
        }
        let before: Vec<_> =
            work.tx.role_groups(realm).await?.into_iter().filter(|(bound, _)| *bound == role).map(|(_, group)| group).collect();
        let new: Vec<_> = wanted.iter().copied().filter(|group| !before.contains(group)).collect();
        let before = work.tx.group_names(realm, &before).await?;
        work.tx.bind_role(realm, role, &wanted).await?;
        work.end_links_of_members(realm, &new).await?;
        work.refuse_lockout(lockout).await?;
        let told = Told::new(EventKind::RoleBound, Target::Realm, role.label());
        work.tell(told.changed("groups", &listed(&before), &listed(&names))).await?;
        work.commit().await
    }

    /// Ends a session, at once and everywhere.
    pub async fn end_session(&self, id: SessionId) -> Result<()> {
        let realm = self.allow(Permission::AdministratorsUpdate)?;
        let mut work = self.work(realm).await?;
        let owner = work.tx.session_owner(realm, id).await?.ok_or(Error::NotFound("session"))?;
        let identity = work.tx.identity(realm, owner).await?.ok_or(Error::NotFound("session"))?;
        if !work.tx.end_session(id).await? {
            return Err(Error::NotFound("session"));
        }
        work.tell(Told::new(EventKind::SessionEnded, Target::Identity(owner), &identity.display_name)).await?;
        work.commit().await
    }

    /// Ends every session of a person; how many there were.
    pub async fn end_sessions_of(&self, id: IdentityId) -> Result<u64> {
        let realm = self.allow(Permission::AdministratorsUpdate)?;
        let mut work = self.work(realm).await?;
        let identity = work.tx.identity(realm, id).await?.ok_or(Error::NotFound("identity"))?;
        let ended = work.tx.end_sessions_of(id).await?;
        if ended > 0 {
            let told = Told::new(EventKind::SessionEnded, Target::Identity(id), &identity.display_name);
            work.tell(told.with("sessions", ended.to_string())).await?;
        }
        work.commit().await?;
        Ok(ended)
    }
}

fn listed(groups: &[(GroupId, String)]) -> String {
    groups.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
}

async fn administrator(
    tx: &mut Tx,
    realm: RealmId,
    policy: &Policy,
    bound: &[(Role, GroupId)],
    names: &BTreeMap<GroupId, String>,
    person: Subject,
    sessions: Vec<Session>,
) -> Result<Administrator> {
    let theirs: Vec<_> = bound.iter().filter(|(_, group)| person.groups.contains(group)).collect();
    let roles: BTreeSet<_> = theirs.iter().map(|(role, _)| *role).collect();
    let groups: BTreeSet<_> = theirs.iter().filter_map(|(_, group)| names.get(group).cloned()).collect();
    let passkeys = tx.passkeys_of(realm, person.id).await?.into_iter().filter(|passkey| passkey.revoked.is_none()).collect();
    Ok(Administrator {
        entry: entry(policy, &person),
        id: person.id,
        display_name: person.display_name,
        username: person.username,
        status: person.status,
        roles: roles.into_iter().collect(),
        groups: groups.into_iter().collect(),
        passkeys,
        sessions,
    })
}

fn entry(policy: &Policy, person: &Subject) -> Entry {
    if person.status == Status::Suspended {
        return Entry::Suspended;
    }
    if person.passkeys.is_empty() {
        return Entry::NoPasskey;
    }
    let asked = person.passkeys.iter().map(|passkey| {
        policy.evaluate(&Request {
            application: Application::Console,
            status: person.status,
            groups: &person.groups,
            passkey: Some(passkey),
        })
    });
    let allowed = asked.filter(|outcome| outcome.is_allowed()).find_map(domain::policy::Outcome::rule);
    allowed.map_or(Entry::Denied, Entry::ByRule)
}
