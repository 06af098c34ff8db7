//! What a row keeps of others — counts and enrollment status — is what counting them from scratch gives.

use std::collections::{BTreeMap, BTreeSet};

use domain::binding_job::BindingJob;
use domain::fold::{search_form, unique_key};
use domain::{BindingJobId, GroupId, IdentityId, PasskeyId, RealmId};
use storage::{Store, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;
use crate::seed::Seed;

on_both![kept_columns_follow_any_run_of_changes];

/// Compares the kept columns with a count over the rows that they stand for; answers the enrollment statuses there are.
pub(crate) async fn check(db: &Db) -> BTreeSet<&'static str> {
    let mut statuses = BTreeSet::new();
    let mut latest_job = BTreeMap::new();
    let mut open_jobs = BTreeMap::new();
    for (identity, state) in db.rows::<(i64, String)>("SELECT identity_id, state FROM binding_jobs ORDER BY id").await {
        let is_open = matches!(state.as_str(), "LINK_SENT" | "LINK_OPENED" | "REQUEST_DELIVERED");
        *open_jobs.entry(identity).or_insert(0) += i64::from(is_open);
        latest_job.insert(identity, state);
    }
    let active = counts(db, "SELECT identity_id FROM passkeys WHERE state = 'ACTIVE'").await;
    let memberships = counts(db, "SELECT identity_id FROM group_members").await;
    let members = counts(db, "SELECT group_id FROM group_members").await;

    for (id, status, passkeys, groups) in db.rows("SELECT id, enrollment_status, passkey_count, group_count FROM identities").await {
        let (id, status, passkeys, groups): (i64, String, i64, i64) = (id, status, passkeys, groups);
        let expected = if active.contains_key(&id) {
            "ENROLLED"
        } else if open_jobs.get(&id).is_some_and(|count| *count > 0) {
            "PENDING"
        } else if latest_job.get(&id).is_some_and(|state| state == "FAILED_TO_SEND") {
            "INVITE_FAILED"
        } else {
            "UNENROLLED"
        };
        assert_eq!(status, expected, "enrollment_status of {id}");
        statuses.insert(expected);
        assert_eq!(passkeys, *active.get(&id).unwrap_or(&0), "passkey_count of {id}");
        assert_eq!(groups, *memberships.get(&id).unwrap_or(&0), "group_count of {id}");
    }
    for (id, count) in db.rows::<(i64, i64)>("SELECT id, member_count FROM groups").await {
        assert_eq!(count, *members.get(&id).unwrap_or(&0), "member_count of {id}");
    }
    for (name, searched) in db.rows::<(String, Option<String>)>("SELECT display_name, search_name FROM groups").await {
        assert_eq!(searched, Some(search_form(&name)), "search_name of {name}");
    }
    let folded = "SELECT display_name, name_key, email, email_key FROM identities";
    for (name, name_key, email, email_key) in db.rows::<(String, Option<String>, Option<String>, Option<String>)>(folded).await {
        assert_eq!(name_key, Some(unique_key(&name)), "name_key of {name}");
        assert_eq!(email_key, email.as_deref().map(unique_key), "email_key of {name}");
    }
    statuses
}

/// How often each number comes out of the query.
async fn counts(db: &Db, sql: &str) -> BTreeMap<i64, i64> {
    let mut counts = BTreeMap::new();
    for (id,) in db.rows::<(i64,)>(sql).await {
        *counts.entry(id).or_insert(0) += 1;
    }
    counts
}

/// What a run of changes has made so far.
struct Run {
    db: Db,
    seed: Seed,
    realm: RealmId,
    groups: Vec<GroupId>,
    people: Vec<IdentityId>,
    passkeys: Vec<(IdentityId, PasskeyId)>,
    jobs: Vec<(IdentityId, BindingJobId)>,
}

impl Run {
    async fn start(db: Db, store: &Store, seed: u64) -> Self {
        let mut tx = store.write().await.unwrap();
        let realm = made::realm(&db, &mut tx).await;
        let mut groups = Vec::new();
        for name in ["Staff", "Guests", "Administrators"] {
            groups.push(made::group(&db, &mut tx, realm, name).await);
        }
        let people = vec![made::person(&db, &mut tx, realm, "Zoë").await];
        tx.commit().await.unwrap();
        Self { db, seed: Seed::new(seed), realm, groups, people, passkeys: Vec::new(), jobs: Vec::new() }
    }

    async fn change(&mut self, tx: &mut Tx) {
        let person = *self.seed.pick(&self.people);
        match self.seed.below(8) {
            0 => self.people.push(made::person(&self.db, tx, self.realm, "Ana").await),
            1 if self.people.len() > 1 => self.delete(tx, person).await,
            2 if self.seed.once_in(2) => self.passkeys.push((person, made::passkey(&self.db, tx, self.realm, person).await)),
            3 | 4 => self.jobs.push((person, made::job(&self.db, tx, self.realm, person).await)),
            5 if !self.passkeys.is_empty() => return self.revoke(tx).await,
            6 if !self.jobs.is_empty() => return self.advance(tx).await,
            _ => {
                let group = *self.seed.pick(&self.groups);
                tx.add_member(self.realm, group, person, made::at(0)).await.unwrap();
            }
        }
        tx.refresh_enrollment(person).await.unwrap();
    }

    async fn delete(&mut self, tx: &mut Tx, person: IdentityId) {
        assert!(tx.delete_identity(self.realm, person).await.unwrap());
        self.people.retain(|other| *other != person);
        self.passkeys.retain(|(holder, _)| *holder != person);
        self.jobs.retain(|(invited, _)| *invited != person);
    }

    async fn revoke(&mut self, tx: &mut Tx) {
        let (person, passkey) = *self.seed.pick(&self.passkeys);
        tx.revoke_passkey(self.realm, passkey, "", made::at(1)).await.unwrap();
        tx.refresh_enrollment(person).await.unwrap();
    }

    async fn advance(&mut self, tx: &mut Tx) {
        let (person, id) = *self.seed.pick(&self.jobs);
        let job = tx.open_job(self.realm, id).await.unwrap().unwrap().job;
        let Ok(open) = job.still_open(made::at(0)) else { return };
        let to = match self.seed.below(6) {
            0 => BindingJob::LinkOpened(open),
            1 => BindingJob::Expired,
            2 => BindingJob::Revoked,
            3 => {
                let passkey = made::passkey(&self.db, tx, self.realm, person).await;
                self.passkeys.push((person, passkey));
                BindingJob::Complete { passkey }
            }
            _ => BindingJob::FailedToSend,
        };
        assert!(made::advance(&self.db, tx, self.realm, id, &to).await);
        tx.refresh_enrollment(person).await.unwrap();
    }
}

async fn kept_columns_follow_any_run_of_changes(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut statuses = BTreeSet::new();
    for seed in 0..3 {
        let mut run = Run::start(db.clone(), &store, seed).await;
        for _ in 0..20 {
            let mut tx = store.write().await.unwrap();
            for _ in 0..5 {
                run.change(&mut tx).await;
            }
            tx.commit().await.unwrap();
            statuses.append(&mut check(&db).await);
        }
    }
    assert_eq!(statuses.len(), 4, "the runs have been through every status");
}
