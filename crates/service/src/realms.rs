//! The tenant and its realms: listed, made, renamed, deleted, and entered by whoever administers them all.

use domain::event::EventKind;
use domain::permission::Permission;
use domain::policy::Policy;
use domain::realm::{Realm, RealmForm, RealmPage, Tenant, tenant_name};
use domain::{RealmId, TenantId};
use storage::Tx;

use crate::api_lists::List;
use crate::context::{Actor, Context};
use crate::work::{Target, Told, Work};
use crate::{ApiPage, Error, PageRequest, Result};

const PAGE: u32 = 100;

const HOME_STAYS: &str = "The administrators and their passkeys are in this realm, so it stays.";

const CLOCK_BEHIND: &str =
    "The clock of this machine stands before the time at which Keyroll was installed. Set it right, then create the realm.";

impl Context {
    /// The tenant that the realm belongs to.
    pub async fn tenant(&self) -> Result<Tenant> {
        let realm = self.allow(Permission::TenantsRead)?;
        let mut tx = self.read().await?;
        let id = tenant_of(&mut tx, realm).await?;
        tx.tenant(id).await?.ok_or(Error::NotFound("tenant"))
    }

    /// Renames the tenant: [`Error::Stale`] where somebody else saved first.
    pub async fn update_tenant(&self, version: i64, display_name: &str) -> Result<Tenant> {
        let name = display_name.to_owned();
        self.edit_tenant(|before| if before.version == version { Ok(name) } else { Err(Error::Stale) }).await
    }

    /// Looks at the tenant, and gives it the name that that made of it, with nobody in between.
    pub async fn edit_tenant<E: From<Error>>(
        &self,
        edit: impl FnOnce(&Tenant) -> std::result::Result<String, E>,
    ) -> std::result::Result<Tenant, E> {
        let realm = self.allow(Permission::TenantsUpdate)?;
        let home = self.keyroll().realm().await?;
        let mut work = self.work(home).await?;
        work.tx.lock_realm(home).await.map_err(Error::from)?;
        let id = tenant_of(&mut work.tx, realm).await?;
        let before = work.tx.tenant(id).await.map_err(Error::from)?.ok_or(Error::NotFound("tenant"))?;
        let name = tenant_name(&edit(&before)?).map_err(|error| Error::Invalid(vec![error]))?;
        let after = work.put_tenant(&before, &name).await?;
        work.commit().await?;
        Ok(after)
    }

    /// A page of the tenant's realms for programs, the oldest first.
    pub async fn page_of_realms(&self, request: &PageRequest) -> Result<ApiPage<Realm>> {
        let realm = self.allow(Permission::RealmsRead)?;
        let paging = self.plain_paging(request, realm, List::Realms)?;
        let mut tx = self.read().await?;
        let tenant = tenant_of(&mut tx, realm).await?;
        let stretch = paging.stretch(RealmId::from_i64);
        let realms = tx.realms(tenant, stretch.after, stretch.skip, stretch.limit).await?;
        let total = tx.realms_in_all(tenant).await?;
        Ok(paging.page(realms, total, |realm| realm.id.get()))
    }

    /// The realm that the request acts in.
    pub async fn acting_realm(&self) -> Result<Realm> {
        let realm = self.allow(Permission::RealmsRead)?;
        let mut tx = self.read().await?;
        let tenant = tenant_of(&mut tx, realm).await?;
        tx.realm(tenant, realm).await?.ok_or(Error::NotFound("realm"))
    }

    /// The tenant's realms, the oldest first, behind `after`.
    pub async fn realms(&self, after: Option<RealmId>) -> Result<RealmPage> {
        let realm = self.allow(Permission::RealmsRead)?;
        let home = self.keyroll().realm().await?;
        let mut tx = self.read().await?;
        let tenant = tenant_of(&mut tx, realm).await?;
        let mut realms = tx.realms(tenant, after, 0, PAGE + 1).await?;
        let more = realms.len() > PAGE as usize;
        realms.truncate(PAGE as usize);
        let next = realms.last().filter(|_| more).map(|realm| realm.id);
        Ok(RealmPage { realms, home, next })
    }

    pub async fn read_realm(&self, id: RealmId) -> Result<Realm> {
        let realm = self.allow(Permission::RealmsRead)?;
        let mut tx = self.read().await?;
        let tenant = tenant_of(&mut tx, realm).await?;
        tx.realm(tenant, id).await?.ok_or(Error::NotFound("realm"))
    }

    /// Makes an empty realm. Its policy lets nobody in until it is changed.
    pub async fn create_realm(&self, form: &RealmForm) -> Result<Realm> {
        let realm = self.allow(Permission::RealmsCreate)?;
        let form = form.parse().map_err(Error::Invalid)?;
        let home = self.keyroll().realm().await?;
        let id = RealmId::from_i64(self.keyroll().next_id());
        // The oldest realm is the administrators' own, and ids are ordered by time.
        if id < home {
            return Err(Error::Conflict(CLOCK_BEHIND));
        }
        let mut work = self.work(id).await?;
        let (tenant, now, version) = (tenant_of(&mut work.tx, realm).await?, work.now, work.id());
        work.tx.insert_realm(id, tenant, &form.display_name, &form.classification, now).await?;
        work.tx.publish_policy(version, id, &Policy::default(), Actor::System.name(), now).await?;
        for told_in in [id, home] {
            let told = Told::new(EventKind::RealmCreated, Target::Realm, &form.display_name).in_realm(told_in);
            work.tell(told.with("realm", id.to_string())).await?;
        }
        let made = work.tx.realm(tenant, id).await?.ok_or(Error::Internal("a realm just made is gone"))?;
        work.commit().await?;
        Ok(made)
    }

    /// Saves an edit that started from `version`: [`Error::Stale`] where somebody else saved first.
    pub async fn update_realm(&self, id: RealmId, version: i64, form: &RealmForm) -> Result<Realm> {
        self.edit_realm(id, |before| if before.version == version { Ok(form.clone()) } else { Err(Error::Stale) }).await
    }

    /// Looks at a realm, and saves what that made of it, with nobody in between. What is as it was is not written.
    pub async fn edit_realm<E: From<Error>>(
        &self,
        id: RealmId,
        edit: impl FnOnce(&Realm) -> std::result::Result<RealmForm, E>,
    ) -> std::result::Result<Realm, E> {
        let realm = self.allow(Permission::RealmsUpdate)?;
        let mut work = self.work(id).await?;
        let tenant = tenant_of(&mut work.tx, realm).await?;
        work.tx.lock_realm(id).await.map_err(Error::from)?;
        let before = work.tx.realm(tenant, id).await.map_err(Error::from)?.ok_or(Error::NotFound("realm"))?;
        let form = edit(&before)?.parse().map_err(Error::Invalid)?;
        let after = work.put_realm(&before, &form).await?;
        work.commit().await?;
        Ok(after)
    }

    /// Deletes a realm that nobody and nothing is in, with its policy and branding. Its events stay in the database.
    pub async fn delete_realm(&self, id: RealmId) -> Result<()> {
        self.delete_realm_if(id, |_| Ok::<_, Error>(())).await
    }

    /// The same, where whoever asks agrees with what it is by now.
    pub async fn delete_realm_if<E: From<Error>>(
        &self,
        id: RealmId,
        agree: impl FnOnce(&Realm) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let realm = self.allow_after_touch(Permission::RealmsDelete)?;
        let home = self.keyroll().realm().await?;
        let mut work = self.work(home).await?;
        let tenant = tenant_of(&mut work.tx, realm).await?;
        work.tx.lock_whole_realm(id).await.map_err(Error::from)?;
        let gone = work.tx.realm(tenant, id).await.map_err(Error::from)?.ok_or(Error::NotFound("realm"))?;
        agree(&gone)?;
        if id == home {
            return Err(Error::Conflict(HOME_STAYS).into());
        }
        let (identities, groups) = work.tx.realm_content(id).await.map_err(Error::from)?;
        if identities > 0 || groups > 0 {
            return Err(Error::RealmHasContent { identities, groups }.into());
        }
        work.tx.delete_realm(tenant, id).await.map_err(Error::from)?;
        let told = Told::new(EventKind::RealmDeleted, Target::Realm, &gone.display_name);
        work.tell(told.with("realm", id.to_string())).await?;
        Ok(work.commit().await?)
    }

    /// From now on this session acts in that realm, until it enters another: everything but what is the person's own.
    pub async fn enter_realm(&self, id: RealmId) -> Result<()> {
        let realm = self.allow(Permission::RealmsEnter)?;
        let (Some(session), Actor::Person { identity, .. }) = (self.session.as_ref(), self.actor()) else {
            return Err(Error::SignedOut);
        };
        let mut work = self.work(id).await?;
        let tenant = tenant_of(&mut work.tx, realm).await?;
        let entered = work.tx.realm(tenant, id).await?.ok_or(Error::NotFound("realm"))?;
        if id == realm {
            return Ok(());
        }
        work.tx.enter_realm(session.id, (id != session.realm).then_some(id)).await?;
        // In the person's own realm too: what is done from here on is written elsewhere.
        let told = || Told::new(EventKind::RealmEntered, Target::Realm, &entered.display_name);
        work.tell(told().in_realm(session.realm).of(*identity)).await?;
        if id != session.realm {
            work.tell(told()).await?;
        }
        work.commit().await
    }
}

impl Work {
    /// Renames the tenant where the name is another, with the event of it.
    async fn put_tenant(&mut self, before: &Tenant, name: &str) -> Result<Tenant> {
        if before.display_name != name {
            if !self.tx.update_tenant(before.id, before.version, name, self.now).await? {
                return Err(Error::Stale);
            }
            self.tell(Told::new(EventKind::TenantUpdated, Target::Realm, name).changed("name", &before.display_name, name)).await?;
        }
        self.tx.tenant(before.id).await?.ok_or(Error::NotFound("tenant"))
    }

    /// Writes what differs of a realm, with the event of it.
    async fn put_realm(&mut self, before: &Realm, form: &RealmForm) -> Result<Realm> {
        let mut told = Told::new(EventKind::RealmUpdated, Target::Realm, &form.display_name);
        let changes =
            [("name", &before.display_name, &form.display_name), ("classification", &before.classification, &form.classification)];
        for (field, before, after) in changes.into_iter().filter(|(_, before, after)| before != after) {
            told = told.changed(field, before, after);
        }
        if !told.detail.is_empty() {
            if !self.tx.update_realm(before.tenant, before.id, before.version, form, self.now).await? {
                return Err(Error::Stale);
            }
            self.tell(told).await?;
        }
        self.tx.realm(before.tenant, before.id).await?.ok_or(Error::NotFound("realm"))
    }
}

pub(crate) async fn tenant_of(tx: &mut Tx, realm: RealmId) -> Result<TenantId> {
    tx.tenant_of(realm).await?.ok_or(Error::NotFound("realm"))
}
