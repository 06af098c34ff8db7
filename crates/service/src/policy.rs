//! The policy: its draft, its versions, and what it says of somebody.

mod impact;
mod simulation;

use std::collections::BTreeMap;

use domain::event::EventKind;
use domain::permission::Permission;
use domain::policy::{Draft, Policy, PolicyDesk, Rule, Version, VersionPage};
use domain::{FieldError, GroupId, RealmId};
use storage::Tx;

use crate::work::{Target, Told, Work};
use crate::{Context, Error, Result};

const PAGE: u32 = 20;
const NAME: &str = "Policy";

impl Context {
    /// The policy in force and the draft, with the names that their rules need.
    pub async fn policy_desk(&self) -> Result<PolicyDesk> {
        let realm = self.allow(Permission::PolicyRead)?;
        let mut tx = self.read().await?;
        let published = tx.policy_versions(realm, None, 1).await?.pop().ok_or(Error::NotFound("policy"))?;
        let draft = tx.policy_draft(realm).await?;
        let rules = published.rules.iter().chain(draft.iter().flat_map(|draft| &draft.rules));
        let groups = names(&mut tx, realm, rules).await?;
        let authenticators = tx.authenticators(realm).await?;
        Ok(PolicyDesk { published, draft, groups, authenticators })
    }

    /// Published versions, the newest first, older than `before`.
    pub async fn policy_versions(&self, before: Option<i64>) -> Result<VersionPage> {
        let realm = self.allow(Permission::PolicyRead)?;
        let mut tx = self.read().await?;
        let mut versions = tx.policy_versions(realm, before, PAGE + 1).await?;
        let more = versions.len() > PAGE as usize;
        versions.truncate(PAGE as usize);
        let next = versions.last().filter(|_| more).map(|version| version.number);
        let groups = names(&mut tx, realm, versions.iter().flat_map(|version| &version.rules)).await?;
        Ok(VersionPage { versions, next, groups })
    }

    /// Keeps the rules as the draft, in place of the draft version that they started from, 0 for none. Nothing of it
    /// is in force yet.
    pub async fn save_policy_draft(&self, version: i64, rules: Vec<Rule>) -> Result<Draft> {
        let realm = self.allow(Permission::PolicyUpdate)?;
        let policy = Policy { rules }.parse().map_err(Error::Invalid)?;
        let mut work = self.work(realm).await?;
        refuse_unknown_groups(&mut work.tx, realm, &policy).await?;
        let draft = work.keep_draft(realm, version, &policy, self.actor().name()).await?;
        let told = Told::new(EventKind::PolicyDrafted, Target::Realm, NAME).with("rules", draft.rules.len().to_string());
        work.tell(told).await?;
        work.commit().await?;
        Ok(draft)
    }

    /// Ends the draft that the caller has seen; the policy in force stays as it is.
    pub async fn discard_policy_draft(&self, version: i64) -> Result<()> {
        let realm = self.allow(Permission::PolicyUpdate)?;
        let mut work = self.work(realm).await?;
        if !work.tx.discard_policy_draft(realm, version).await? {
            return Err(Error::Stale);
        }
        work.tell(Told::new(EventKind::PolicyDiscarded, Target::Realm, NAME)).await?;
        work.commit().await
    }

    /// Puts the draft that the caller has seen in force.
    pub async fn publish_policy(&self, version: i64) -> Result<Version> {
        let realm = self.allow_after_touch(Permission::PolicyUpdate)?;
        let mut work = self.work(realm).await?;
        let lockout = work.before_lockout(realm).await?;
        let draft = work.tx.policy_draft(realm).await?.filter(|draft| draft.version == version).ok_or(Error::Stale)?;
        let policy = Policy { rules: draft.rules };
        refuse_unknown_groups(&mut work.tx, realm, &policy).await?;
        let (id, now) = (work.id(), work.now);
        let number = work.tx.publish_policy(id, realm, &policy, self.actor().name(), now).await?;
        work.tx.discard_policy_draft(realm, version).await?;
        work.refuse_lockout(lockout).await?;
        let told = Told::new(EventKind::PolicyPublished, Target::Realm, NAME).with("number", number.to_string());
        work.tell(told.with("rules", policy.rules.len().to_string())).await?;
        let published = work.tx.policy_version(realm, number).await?.ok_or(Error::Internal("a version just published is gone"))?;
        work.commit().await?;
        Ok(published)
    }

    /// Makes the rules of an earlier version the draft, in place of the one that the caller has seen, 0 for none.
    pub async fn restore_policy(&self, number: i64, version: i64) -> Result<Draft> {
        let realm = self.allow(Permission::PolicyUpdate)?;
        let mut work = self.work(realm).await?;
        let earlier = work.tx.policy_version(realm, number).await?.ok_or(Error::NotFound("version"))?;
        let draft = work.keep_draft(realm, version, &Policy { rules: earlier.rules }, self.actor().name()).await?;
        let told = Told::new(EventKind::PolicyDrafted, Target::Realm, NAME).with("number", number.to_string());
        work.tell(told.with("rules", draft.rules.len().to_string())).await?;
        work.commit().await?;
        Ok(draft)
    }
}

impl Work {
    async fn keep_draft(&mut self, realm: RealmId, version: i64, policy: &Policy, by: &str) -> Result<Draft> {
        let now = self.now;
        if !self.tx.save_policy_draft(realm, version, policy, by, now).await? {
            return Err(Error::Stale);
        }
        self.tx.policy_draft(realm).await?.ok_or(Error::Internal("a draft just saved is gone"))
    }
}

/// The names of the groups that rules name.
async fn names<'a>(tx: &mut Tx, realm: RealmId, rules: impl Iterator<Item = &'a Rule>) -> Result<BTreeMap<GroupId, String>> {
    let groups = Policy { rules: rules.cloned().collect() }.groups();
    Ok(tx.group_names(realm, &groups).await?.into_iter().collect())
}

/// A rule that names a group of another realm, or of none, would look as if it let somebody in.
async fn refuse_unknown_groups(tx: &mut Tx, realm: RealmId, policy: &Policy) -> Result<()> {
    let known: BTreeMap<_, _> = tx.group_names(realm, &policy.groups()).await?.into_iter().collect();
    let unknown = |rule: &Rule| rule.groups.iter().any(|group| !known.contains_key(group));
    let errors: Vec<_> = policy.rules.iter().enumerate().filter(|(_, rule)| unknown(rule)).map(|(position, _)| position).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let words = "One of these groups no longer exists. Take it out of the rule.";
    Err(Error::Invalid(errors.iter().map(|position| FieldError::new(format!("rules.{position}.groups"), words)).collect()))
}
