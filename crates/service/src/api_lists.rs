//! Lists for programs: in the order of creation, a page at a time, with a filter and with how many there are in all.

mod paging;
mod token;

use domain::filter::{GroupAttribute, IdentityAttribute, JobAttribute};
use domain::permission::Permission;
use domain::record::{Group, Identity, Job, Passkey};
use domain::{BindingJobId, GroupId, IdentityId, PasskeyId, RealmId};

use crate::{Context, Error, Result};
use paging::{filtered, unfiltered};
use token::Listed;

pub(crate) use paging::Paging;
pub(crate) use token::List;

/// What a page is asked for with, each as the URL has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// As RFC 7644 (§3.4.2.2) writes it.
    pub filter: Option<String>,
    /// 20 where absent; more than 200 is taken as 200.
    pub page_size: Option<String>,
    /// A page's own `next_page_token`: it stands for the filter and the size of the page too.
    pub page_token: Option<String>,
    /// So many rows are passed over; the next page's token does not carry it.
    pub skip: Option<String>,
}

/// A page, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiPage<T> {
    pub items: Vec<T>,
    /// How many the whole list has, all pages together.
    pub total_size: u64,
    /// Absent on the last page.
    pub next_page_token: Option<String>,
}

impl Context {
    pub async fn page_of_identities(&self, request: &PageRequest) -> Result<ApiPage<Identity>> {
        let realm = self.allow(Permission::IdentitiesRead)?;
        let (paging, condition) = self.paging(request, realm, List::Identities, filtered::<IdentityAttribute>)?;
        let mut tx = self.read().await?;
        let rows = tx.identities_by_id(realm, condition.as_ref(), paging.stretch(IdentityId::from_i64)).await?;
        let total = tx.identities_in_all(realm, condition.as_ref()).await?;
        Ok(paging.page(rows, total, |identity| identity.id.get()))
    }

    pub async fn page_of_groups(&self, request: &PageRequest) -> Result<ApiPage<Group>> {
        let realm = self.allow(Permission::GroupsRead)?;
        let (paging, condition) = self.paging(request, realm, List::Groups, filtered::<GroupAttribute>)?;
        let mut tx = self.read().await?;
        let rows = tx.groups_by_id(realm, condition.as_ref(), paging.stretch(GroupId::from_i64)).await?;
        let total = tx.groups_in_all(realm, condition.as_ref()).await?;
        Ok(paging.page(rows, total, |group| group.id.get()))
    }

    /// Who is in a group: whoever asks has to be allowed to see both.
    pub async fn page_of_members(&self, group: GroupId, request: &PageRequest) -> Result<ApiPage<Identity>> {
        self.allow(Permission::IdentitiesRead)?;
        let realm = self.allow(Permission::GroupsRead)?;
        let (paging, ()) = self.paging(request, realm, List::MembersOf(group), unfiltered)?;
        let mut tx = self.read().await?;
        let total = tx.group(realm, group).await?.ok_or(Error::NotFound("group"))?.members;
        let rows = tx.members_by_id(realm, group, paging.stretch(IdentityId::from_i64)).await?;
        Ok(paging.page(rows, total, |identity| identity.id.get()))
    }

    /// The groups that an identity is in.
    pub async fn page_of_groups_of(&self, identity: IdentityId, request: &PageRequest) -> Result<ApiPage<Group>> {
        let realm = self.allow(Permission::GroupsRead)?;
        let (paging, ()) = self.paging(request, realm, List::GroupsOf(identity), unfiltered)?;
        let mut tx = self.read().await?;
        let total = tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?.groups;
        let rows = tx.groups_of_by_id(realm, identity, paging.stretch(GroupId::from_i64)).await?;
        Ok(paging.page(rows, u64::from(total), |group| group.id.get()))
    }

    /// Binding jobs of one identity, or of the realm.
    pub async fn page_of_jobs(&self, identity: Option<IdentityId>, request: &PageRequest) -> Result<ApiPage<Job>> {
        let realm = self.allow(Permission::BindingJobsRead)?;
        let (paging, condition) = self.paging(request, realm, List::Jobs(identity), filtered::<JobAttribute>)?;
        let mut tx = self.read().await?;
        refuse_unknown(&mut tx, realm, identity).await?;
        let rows = tx.jobs_by_id(realm, identity, condition.as_ref(), paging.stretch(BindingJobId::from_i64)).await?;
        let total = tx.jobs_in_all(realm, identity, condition.as_ref()).await?;
        Ok(paging.page(rows, total, |job| job.id.get()))
    }

    /// Passkeys of one identity, or of the realm, revoked ones included.
    pub async fn page_of_passkeys(&self, identity: Option<IdentityId>, request: &PageRequest) -> Result<ApiPage<Passkey>> {
        let realm = self.allow(Permission::CredentialsRead)?;
        let (paging, ()) = self.paging(request, realm, List::Passkeys(identity), unfiltered)?;
        let mut tx = self.read().await?;
        refuse_unknown(&mut tx, realm, identity).await?;
        let rows = tx.passkeys_by_id(realm, identity, paging.stretch(PasskeyId::from_i64)).await?;
        let total = tx.passkeys_in_all(realm, identity).await?;
        Ok(paging.page(rows, total, |passkey| passkey.id.get()))
    }

    /// The page of a list that cannot be filtered.
    pub(crate) fn plain_paging(&self, request: &PageRequest, realm: RealmId, list: List) -> Result<Paging> {
        self.paging(request, realm, list, unfiltered).map(|(paging, ())| paging)
    }

    fn paging<C>(&self, request: &PageRequest, realm: RealmId, list: List, filter: paging::Filter<C>) -> Result<(Paging, C)> {
        Paging::read(request, Listed { realm, list }, self.now(), filter).map_err(Error::Invalid)
    }
}

async fn refuse_unknown(tx: &mut storage::Tx, realm: RealmId, identity: Option<IdentityId>) -> Result<()> {
    if let Some(identity) = identity {
        tx.identity(realm, identity).await?.ok_or(Error::NotFound("identity"))?;
    }
    Ok(())
}
