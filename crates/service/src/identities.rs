//! The directory's people: listing, adding, editing, suspending, deleting.

use std::collections::BTreeMap;

use domain::event::{Detail, EventKind};
use domain::fold::Search;
use domain::group::MOST_MEMBERS;
use domain::identity::{EnrollmentStatus, Profile, ProfileForm, Source, Status};
use domain::listing::{Count, IdentityPage, ListRequest, Position, SortBy};
use domain::permission::Permission;
use domain::record::{Identity, Summary};
use domain::{FieldError, GroupId, IdentityId, RealmId};
use storage::{Cursor, Filter, ListQuery, NewIdentity, Sort, SortKey, Tx};

use crate::context::Actor;
use crate::secret::{base64url, from_base64url};
use crate::work::{Target, Told, Work};
use crate::{Context, Error, Result};

const PAGE: u32 = 50;
/// Counting goes no further: nobody pages through more, and an exact number costs ten times as much.
const MOST_COUNTED: u32 = 10_000;

impl Context {
    /// A page of the list, by key.
    pub async fn list_identities(&self, request: &ListRequest) -> Result<IdentityPage> {
        let realm = self.allow(Permission::IdentitiesRead)?;
        let query = list_query(realm, request)?;
        let mut tx = self.read().await?;
        let page = tx.list_identities(&query).await?;
        let count = count(&mut tx, realm, request, &query.filter).await?;
        Ok(IdentityPage { rows: page.rows, count, previous: page.previous.map(written), next: page.next.map(written) })
    }

    /// How many identities stand where.
    pub async fn summary(&self) -> Result<Summary> {
        let realm = self.allow(Permission::IdentitiesRead)?;
        Ok(self.read().await?.summary(realm).await?)
    }

    pub async fn identity(&self, id: IdentityId) -> Result<Identity> {
        let realm = self.allow(Permission::IdentitiesRead)?;
        self.read().await?.identity(realm, id).await?.ok_or(Error::NotFound("identity"))
    }

    /// Adds a person, and puts them into groups.
    pub async fn create_identity(&self, form: &ProfileForm, groups: &[GroupId]) -> Result<Identity> {
        self.create_identity_as(form, Status::Active, groups).await
    }

    /// The same for somebody who may be suspended from the first.
    pub async fn create_identity_as(&self, form: &ProfileForm, status: Status, groups: &[GroupId]) -> Result<Identity> {
        let realm = self.allow(Permission::IdentitiesCreate)?;
        if !groups.is_empty() {
            self.allow(Permission::GroupsUpdate)?;
        }
        let profile = form.parse().map_err(Error::Invalid)?;
        let mut work = self.work(realm).await?;
        let id = work.add_identity(realm, profile, self.source()).await?;
        if status == Status::Suspended {
            work.put_status(realm, id, form.display_name.trim(), status).await?;
        }
        for group in groups {
            self.refuse_group_above(&mut work.tx, realm, *group).await?;
            work.add_to_group(realm, *group, id).await?;
        }
        let identity = work.tx.identity(realm, id).await?.ok_or(Error::Internal("an identity just made is gone"))?;
        work.commit().await?;
        Ok(identity)
    }

    fn source(&self) -> Source {
        match self.actor {
            Actor::Operator | Actor::System => Source::CommandLine,
            Actor::Token { .. } | Actor::Client(_) => Source::Api,
            Actor::Person { .. } | Actor::Anonymous | Actor::Absent { .. } => Source::Manual,
        }
    }

    /// Saves an edit that started from `version`: [`Error::Stale`] where somebody else saved first.
    pub async fn update_identity(&self, id: IdentityId, version: i64, form: &ProfileForm) -> Result<Identity> {
        self.edit_identity(id, |before| if before.version == version { Ok((form.clone(), before.status)) } else { Err(Error::Stale) }).await
    }

    /// Suspends, which ends every session of the person, or reactivates. As it is already: nothing happens.
    pub async fn set_status(&self, id: IdentityId, status: Status) -> Result<Identity> {
        self.edit_identity(id, |before| Ok::<_, Error>((before.into(), status))).await
    }

    /// Looks at an identity, and saves what that made of it, with nobody in between. What is as it was is not written.
    pub async fn edit_identity<E: From<Error>>(
        &self,
        id: IdentityId,
        edit: impl FnOnce(&Identity) -> std::result::Result<(ProfileForm, Status), E>,
    ) -> std::result::Result<Identity, E> {
        let realm = self.allow(Permission::IdentitiesUpdate)?;
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        self.refuse_above(&mut work.tx, realm, id).await?;
        let before = work.tx.identity(realm, id).await.map_err(Error::from)?.ok_or(Error::NotFound("identity"))?;
        let (form, status) = edit(&before)?;
        let after = self.put_identity(&mut work, realm, before, &form, status).await?;
        work.refuse_lockout(lockout).await?;
        work.commit().await?;
        Ok(after)
    }

    async fn put_identity(
        &self,
        work: &mut Work,
        realm: RealmId,
        before: Identity,
        form: &ProfileForm,
        status: Status,
    ) -> Result<Identity> {
        let (id, now) = (before.id, work.now);
        let profile = form.parse().map_err(Error::Invalid)?;
        let changes = changes(&ProfileForm::from(&before), &ProfileForm::from(&profile));
        if !changes.is_empty() {
            if !work.tx.update_identity(realm, id, before.version, &profile, now).await? {
                return Err(Error::Stale);
            }
            let mut told = Told::new(EventKind::IdentityUpdated, Target::Identity(id), profile.display_name.as_str());
            told.detail = changes;
            work.tell(told).await?;
        }
        if status != before.status {
            if status == Status::Suspended {
                self.refuse_oneself(id, "You cannot suspend yourself. Another administrator can.")?;
            }
            work.put_status(realm, id, profile.display_name.as_str(), status).await?;
        }
        work.tx.identity(realm, id).await?.ok_or(Error::NotFound("identity"))
    }

    /// Deletes the person with their memberships, passkeys, sessions and binding jobs. Their events stay.
    pub async fn delete_identity(&self, id: IdentityId) -> Result<()> {
        self.delete_identity_if(id, |_| Ok::<_, Error>(())).await
    }

    /// The same, where whoever asks agrees with what it is by now.
    pub async fn delete_identity_if<E: From<Error>>(
        &self,
        id: IdentityId,
        agree: impl FnOnce(&Identity) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let realm = self.allow_after_touch(Permission::IdentitiesDelete)?;
        self.refuse_oneself(id, "You cannot delete yourself. Another administrator can.")?;
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        self.refuse_above(&mut work.tx, realm, id).await?;
        let identity = work.tx.identity(realm, id).await.map_err(Error::from)?.ok_or(Error::NotFound("identity"))?;
        agree(&identity)?;
        work.remove_identity(realm, &identity).await?;
        work.refuse_lockout(lockout).await?;
        Ok(work.commit().await?)
    }

    /// Deletes 1 to 1,000 people, all of them or none.
    pub async fn delete_identities(&self, ids: &[IdentityId]) -> Result<()> {
        let realm = self.allow_after_touch(Permission::IdentitiesDelete)?;
        let mut sorted = ids.to_vec();
        // In the order in which everybody locks people.
        sorted.sort_unstable();
        let refuse = |words: String| Err(Error::Invalid(vec![FieldError::new("ids", words)]));
        match ids.len() {
            0 => return refuse("Nobody was chosen. Name at least one person.".into()),
            1..=MOST_MEMBERS => {}
            count => return refuse(format!("{count} people were named; at most {MOST_MEMBERS} fit into one request.")),
        }
        if let Some((twice, _)) = sorted.iter().zip(sorted.iter().skip(1)).find(|(one, next)| one == next) {
            return refuse(format!("{twice} is named twice."));
        }
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        for id in sorted {
            self.refuse_oneself(id, "You cannot delete yourself. Another administrator can.")?;
            self.refuse_above(&mut work.tx, realm, id).await?;
            let identity = work.tx.identity(realm, id).await?.ok_or(Error::NoIdentity(id))?;
            work.remove_identity(realm, &identity).await?;
        }
        work.refuse_lockout(lockout).await?;
        work.commit().await
    }

    fn refuse_oneself(&self, id: IdentityId, words: &'static str) -> Result<()> {
        match self.actor {
            Actor::Person { identity, .. } if identity == id => Err(Error::Conflict(words)),
            _ => Ok(()),
        }
    }
}

impl Work {
    /// Suspends, which ends every session of the person, or reactivates; with the event of it.
    async fn put_status(&mut self, realm: RealmId, id: IdentityId, name: &str, status: Status) -> Result<()> {
        if !self.tx.set_status(realm, id, status, self.now).await? {
            return Ok(());
        }
        let kind = match status {
            Status::Suspended => {
                self.tx.end_sessions_of(id).await?;
                EventKind::IdentitySuspended
            }
            Status::Active => EventKind::IdentityReactivated,
        };
        self.tell(Told::new(kind, Target::Identity(id), name)).await
    }

    /// Takes a person out, with the event of it.
    async fn remove_identity(&mut self, realm: RealmId, identity: &Identity) -> Result<()> {
        self.tx.delete_identity(realm, identity.id).await?;
        let told = Told::new(EventKind::IdentityDeleted, Target::Identity(identity.id), &identity.display_name);
        let told = told.with("username", identity.username.as_str()).with("passkeys", identity.passkeys.to_string());
        self.tell(told.with("groups", identity.groups.to_string())).await
    }

    /// Inserts a person with the event of it.
    pub(crate) async fn add_identity(&mut self, realm: RealmId, profile: Profile, source: Source) -> Result<IdentityId> {
        let id = IdentityId::from_i64(self.id());
        let new = NewIdentity { id, realm, profile, source, at: self.now };
        self.tx.insert_identity(&new).await?;
        let profile = &new.profile;
        let told = Told::new(EventKind::IdentityCreated, Target::Identity(id), profile.display_name.as_str());
        self.tell(told.with("username", profile.username.as_str()).with("source", source.as_str())).await?;
        Ok(id)
    }
}

fn list_query(realm: RealmId, request: &ListRequest) -> Result<ListQuery> {
    let key = match request.sort {
        SortBy::Name => SortKey::Name,
        SortBy::Username => SortKey::Username,
        SortBy::Created => SortKey::Created,
        SortBy::Updated => SortKey::Updated,
    };
    let (from, backward) = match &request.position {
        None => (None, false),
        Some(Position::After(text)) => (Some(read(text, key)?), false),
        Some(Position::Before(text)) => (Some(read(text, key)?), true),
    };
    let filter = Filter {
        search: Search::parse(&request.search),
        status: request.status,
        enrollment: request.enrollment,
        source: request.source,
        group: request.group,
    };
    Ok(ListQuery { realm, filter, sort: Sort { key, descending: request.descending }, from, backward, limit: PAGE })
}

/// A whole realm, or one part of its summary, is counted already.
async fn count(tx: &mut Tx, realm: RealmId, request: &ListRequest, filter: &Filter) -> Result<Count> {
    let by_enrollment_only = ListRequest { enrollment: None, ..request.clone() };
    if !by_enrollment_only.is_narrowed() {
        let summary = tx.summary(realm).await?;
        return Ok(Count::Exactly(match request.enrollment {
            None => summary.all(),
            Some(EnrollmentStatus::Enrolled) => summary.enrolled,
            Some(EnrollmentStatus::Pending) => summary.pending,
            Some(EnrollmentStatus::InviteFailed) => summary.invite_failed,
            Some(EnrollmentStatus::Unenrolled) => summary.unenrolled,
        }));
    }
    let counted = tx.count_identities(realm, filter, MOST_COUNTED + 1).await?;
    Ok(if counted > MOST_COUNTED { Count::MoreThan(u64::from(MOST_COUNTED)) } else { Count::Exactly(u64::from(counted)) })
}

/// The text of a cursor: opaque, and safe in a URL.
fn written(cursor: Cursor) -> String {
    base64url(format!("{}{}", cursor.id, cursor.key).as_bytes())
}

fn read(text: &str, key: SortKey) -> Result<Cursor> {
    let wrong = || Error::Invalid(vec![FieldError::new("position", "This page of the list does not exist. Start at its beginning.")]);
    let bytes = from_base64url(text).ok_or_else(wrong)?;
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    let (id, value) = text.split_at_checked(16).ok_or_else(wrong)?;
    let number_wanted = matches!(key, SortKey::Created | SortKey::Updated);
    if (number_wanted && value.parse::<i64>().is_err()) || value.contains('\0') {
        return Err(wrong());
    }
    Ok(Cursor { key: value.to_owned(), id: id.parse().map_err(|_| wrong())? })
}

/// What an edit changed: field by field, before and after.
fn changes(before: &ProfileForm, after: &ProfileForm) -> BTreeMap<String, Detail> {
    let mut changes = BTreeMap::new();
    let mut note = |field: &str, before: &str, after: &str| {
        if before != after {
            changes.insert(field.to_owned(), Detail::change(before, after));
        }
    };
    note("display_name", &before.display_name, &after.display_name);
    note("username", &before.username, &after.username);
    note("email", &before.email, &after.email);
    note("external_id", &before.external_id, &after.external_id);
    let nothing = String::new();
    for name in before.traits.keys().chain(after.traits.keys()) {
        note(name, before.traits.get(name).unwrap_or(&nothing), after.traits.get(name).unwrap_or(&nothing));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_is_taken() {
        let cursor = Cursor { key: "zoë ångström".into(), id: IdentityId::from_i64(7) };
        assert_eq!(read(&written(cursor.clone()), SortKey::Name).ok(), Some(cursor.clone()));
        assert!(read(&written(cursor), SortKey::Updated).is_err());
        for text in ["", "!", "AAAA", "////", &base64url(b"000000000000000"), &base64url(b"000000000000000g1"), &base64url(&[0xff; 20])] {
            assert!(read(text, SortKey::Name).is_err(), "{text:?}");
        }
    }

    #[test]
    fn changes_name_each_field_that_differs_and_no_other() {
        let before = ProfileForm { username: "zoe".into(), traits: [("title".into(), "Smith".into())].into(), ..ProfileForm::default() };
        let after = ProfileForm { username: "zoë".into(), traits: [("region".into(), "Skåne".into())].into(), ..ProfileForm::default() };
        let expected = [("region", "", "Skåne"), ("title", "Smith", ""), ("username", "zoe", "zoë")];
        assert_eq!(
            changes(&before, &after),
            expected.map(|(field, before, after)| (field.to_owned(), Detail::change(before, after))).into()
        );
    }
}
