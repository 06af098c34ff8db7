//! Groups: listing, making, editing, deleting; who is in them.

use domain::event::EventKind;
use domain::fold::Search;
use domain::group::{ADMINISTRATORS, GroupForm, GroupName, GroupProfile, MOST_MEMBERS};
use domain::listing::{GroupListRequest, GroupPage};
use domain::permission::Permission;
use domain::policy::Policy;
use domain::record::Group;
use domain::{FieldError, GroupId, IdentityId, RealmId};

use crate::secret::{base64url, from_base64url};
use crate::work::{Target, Told, Work};
use crate::{Context, Error, Result};

/// As many groups as a list for choosing from shows.
const MOST_LISTED: u32 = 500;
const PAGE: u32 = 50;

impl Context {
    /// Every group by name, for choosing from.
    pub async fn groups(&self) -> Result<Vec<Group>> {
        let realm = self.allow(Permission::GroupsRead)?;
        Ok(self.read().await?.groups(realm, MOST_LISTED).await?)
    }

    /// A page of the list, by key.
    pub async fn list_groups(&self, request: &GroupListRequest) -> Result<GroupPage> {
        let realm = self.allow(Permission::GroupsRead)?;
        let after = request.after.as_deref().map_or(Ok(String::new()), read)?;
        let search = Search::parse(&request.search);
        let mut rows = self.read().await?.groups_page(realm, search.as_ref(), &after, PAGE + 1).await?;
        let more = rows.len() > PAGE as usize;
        rows.truncate(PAGE as usize);
        let next = rows.last().filter(|_| more).map(|(key, _)| base64url(key.as_bytes()));
        Ok(GroupPage { groups: rows.into_iter().map(|(_, group)| group).collect(), next })
    }

    pub async fn group(&self, id: GroupId) -> Result<Group> {
        let realm = self.allow(Permission::GroupsRead)?;
        self.read().await?.group(realm, id).await?.ok_or(Error::NotFound("group"))
    }

    /// The groups that an identity is in, by name.
    pub async fn groups_of(&self, identity: IdentityId) -> Result<Vec<Group>> {
        let realm = self.allow(Permission::GroupsRead)?;
        let mut tx = self.read().await?;
        tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
        Ok(tx.groups_of(realm, identity).await?)
    }

    /// Makes a group without members.
    pub async fn create_group(&self, form: &GroupForm) -> Result<Group> {
        let realm = self.allow(Permission::GroupsCreate)?;
        let GroupProfile { name, description } = form.parse().map_err(Error::Invalid)?;
        let mut work = self.work(realm).await?;
        let (id, now) = (GroupId::from_i64(work.id()), work.now);
        work.tx.insert_group(id, realm, &name, &description, now).await.map_err(named)?;
        work.tell(Told::new(EventKind::GroupCreated, Target::Group(id), name.as_str())).await?;
        let group = work.tx.group(realm, id).await?.ok_or(Error::Internal("a group just made is gone"))?;
        work.commit().await?;
        Ok(group)
    }

    /// Saves an edit that started from `version`: [`Error::Stale`] where somebody else saved first.
    pub async fn update_group(&self, id: GroupId, version: i64, form: &GroupForm) -> Result<Group> {
        self.edit_group(id, |before| if before.version == version { Ok(form.clone()) } else { Err(Error::Stale) }).await
    }

    /// Looks at a group, and saves what that made of it, with nobody in between. What is as it was is not written.
    pub async fn edit_group<E: From<Error>>(
        &self,
        id: GroupId,
        edit: impl FnOnce(&Group) -> std::result::Result<GroupForm, E>,
    ) -> std::result::Result<Group, E> {
        let realm = self.allow(Permission::GroupsUpdate)?;
        let mut work = self.work(realm).await?;
        work.tx.lock_group(id).await.map_err(Error::from)?;
        let before = work.tx.group(realm, id).await.map_err(Error::from)?.ok_or(Error::NotFound("group"))?;
        let profile = edit(&before)?.parse().map_err(Error::Invalid)?;
        let after = work.put_group(realm, &before, &profile).await?;
        work.commit().await?;
        Ok(after)
    }

    /// Deletes a group. One that has members is deleted only `with_members`: their memberships end, they themselves stay.
    pub async fn delete_group(&self, id: GroupId, with_members: bool) -> Result<()> {
        self.delete_group_if(id, with_members, |_| Ok::<_, Error>(())).await
    }

    /// The same, where whoever asks agrees with what it is by now.
    pub async fn delete_group_if<E: From<Error>>(
        &self,
        id: GroupId,
        with_members: bool,
        agree: impl FnOnce(&Group) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let realm = self.allow_after_touch(Permission::GroupsDelete)?;
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        work.tx.lock_whole_group(id).await.map_err(Error::from)?;
        let group = work.tx.group(realm, id).await.map_err(Error::from)?.ok_or(Error::NotFound("group"))?;
        agree(&group)?;
        work.refuse_while_needed(realm, &group).await?;
        if group.members > 0 && !with_members {
            return Err(Error::GroupHasMembers(group.members).into());
        }
        work.tx.delete_group(realm, id).await.map_err(Error::from)?;
        work.refuse_lockout(lockout).await?;
        let told = Told::new(EventKind::GroupDeleted, Target::Group(id), &group.display_name);
        work.tell(told.with("members", group.members.to_string())).await?;
        Ok(work.commit().await?)
    }

    /// Makes 1 to 1,000 people members; how many were not yet. All of them or, where one is not in the directory, none.
    pub async fn add_members(&self, id: GroupId, people: &[IdentityId]) -> Result<u64> {
        let realm = self.allow(Permission::GroupsUpdate)?;
        refuse_none_or_too_many(people)?;
        let mut work = self.work(realm).await?;
        // A rule may shut out whoever is in a group.
        let lockout = work.before_lockout(realm).await?;
        let group = work.tx.group(realm, id).await?.ok_or(Error::NotFound("group"))?;
        self.refuse_group_above(&mut work.tx, realm, id).await?;
        let now = work.now;
        let added = work.tx.add_members(realm, id, people, now).await?;
        work.refuse_lockout(lockout).await?;
        work.end_links_of_promoted(realm, id, &added).await?;
        work.tell_members(EventKind::GroupMemberAdded, &group, &added).await?;
        work.commit().await?;
        Ok(added.len() as u64)
    }

    /// Ends the membership of 1 to 1,000 people; how many were members. All of them or, where one is not in the directory,
    /// none.
    pub async fn remove_members(&self, id: GroupId, people: &[IdentityId]) -> Result<u64> {
        let realm = self.allow(Permission::GroupsUpdate)?;
        refuse_none_or_too_many(people)?;
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        let group = work.tx.group(realm, id).await?.ok_or(Error::NotFound("group"))?;
        self.refuse_group_above(&mut work.tx, realm, id).await?;
        let removed = work.tx.remove_members(realm, id, people).await?;
        work.refuse_lockout(lockout).await?;
        work.tell_members(EventKind::GroupMemberRemoved, &group, &removed).await?;
        work.commit().await?;
        Ok(removed.len() as u64)
    }
}

/// The text of a place in the list: opaque, and safe in a URL.
fn read(text: &str) -> Result<String> {
    let wrong = || Error::Invalid(vec![FieldError::new("after", "This page of the list does not exist. Start at its beginning.")]);
    let key = from_base64url(text).and_then(|bytes| String::from_utf8(bytes).ok()).filter(|key| !key.contains('\0'));
    key.ok_or_else(wrong)
}

/// A name that is taken belongs to its field.
fn named(error: storage::Error) -> Error {
    match error {
        storage::Error::Taken("display_name") => {
            Error::Invalid(vec![FieldError::new("display_name", "A group of this name exists already. Choose another name.")])
        }
        other => other.into(),
    }
}

fn is_named(name: &GroupName, other: &str) -> bool {
    GroupName::parse(other).is_ok_and(|other| other.key() == name.key())
}

/// The group that the command line finds by its name.
fn is_administrators(group: &Group) -> bool {
    GroupName::parse(&group.display_name).is_ok_and(|name| is_named(&name, ADMINISTRATORS))
}

fn refuse_none_or_too_many(people: &[IdentityId]) -> Result<()> {
    let words = match people.len() {
        0 => "Nobody was chosen. Choose at least one person.".to_owned(),
        1..=MOST_MEMBERS => return Ok(()),
        count => format!("{count} people were chosen; at most {MOST_MEMBERS} fit into one request."),
    };
    Err(Error::Invalid(vec![FieldError::new("people", words)]))
}

impl Work {
    /// Writes what differs of a group, with the event of it.
    async fn put_group(&mut self, realm: RealmId, before: &Group, profile: &GroupProfile) -> Result<Group> {
        if is_administrators(before) && self.tx.first_realm().await? == Some(realm) && !is_named(&profile.name, ADMINISTRATORS) {
            let words = "The command line finds this group by its name, to let the first administrator in. Its name stays.";
            return Err(Error::Invalid(vec![FieldError::new("display_name", words)]));
        }
        let changes = [("name", &before.display_name, profile.name.as_str()), ("description", &before.description, &profile.description)];
        let mut told = Told::new(EventKind::GroupUpdated, Target::Group(before.id), profile.name.as_str());
        for (field, before, after) in changes.into_iter().filter(|(_, before, after)| before != after) {
            told = told.changed(field, before, after);
        }
        if !told.detail.is_empty() {
            if !self.tx.update_group(realm, before.id, before.version, profile, self.now).await.map_err(named)? {
                return Err(Error::Stale);
            }
            self.tell(told).await?;
        }
        self.tx.group(realm, before.id).await?.ok_or(Error::NotFound("group"))
    }

    /// Makes the identity a member, with the event of it; nothing happens where it is one already.
    pub(crate) async fn add_to_group(&mut self, realm: RealmId, group: GroupId, identity: IdentityId) -> Result<()> {
        let now = self.now;
        let unknown = || Error::Invalid(vec![FieldError::new("groups", "One of these groups no longer exists. Choose again.")]);
        let name = self.tx.group(realm, group).await?.ok_or_else(unknown)?.display_name;
        if self.tx.add_member(realm, group, identity, now).await? {
            self.end_links_of_promoted(realm, group, &[identity]).await?;
            self.tell(Told::new(EventKind::GroupMemberAdded, Target::Group(group), &name).of(identity)).await?;
        }
        Ok(())
    }

    /// A line for each person, on whose page it shows.
    async fn tell_members(&mut self, kind: EventKind, group: &Group, people: &[IdentityId]) -> Result<()> {
        for person in people {
            self.tell(Told::new(kind, Target::Group(group.id), &group.display_name).of(*person)).await?;
        }
        Ok(())
    }

    /// What the door asks about is not taken away under it.
    async fn refuse_while_needed(&mut self, realm: RealmId, group: &Group) -> Result<()> {
        if is_administrators(group) && self.tx.first_realm().await? == Some(realm) {
            return Err(Error::Conflict("The command line needs this group to let the first administrator in. It stays."));
        }
        if self.tx.policy(realm).await?.groups().contains(&group.id) {
            return Err(Error::Conflict("The policy names this group. Take it out of the policy first."));
        }
        let draft = self.tx.policy_draft(realm).await?.map(|draft| Policy { rules: draft.rules }.groups());
        if draft.is_some_and(|groups| groups.contains(&group.id)) {
            return Err(Error::Conflict("The draft of the policy names this group. Take it out of the draft first."));
        }
        if self.tx.role_groups(realm).await?.iter().any(|(_, bound)| *bound == group.id) {
            return Err(Error::Conflict("A role in the console is bound to this group. Change the role’s groups first."));
        }
        Ok(())
    }
}
