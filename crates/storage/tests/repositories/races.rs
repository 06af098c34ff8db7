//! What is kept in a row stays right when many transactions change what it stands for at the same time.

use std::sync::Arc;

use domain::binding_job::{BindingJob, State};
use domain::{GroupId, IdentityId, RealmId};
use storage::{Error, Store};
use testkit::{Place, on_both, postgres_only};
use tokio::sync::Barrier;

use crate::db::Db;
use crate::seed::Seed;
use crate::{kept, made};

on_both![
    kept_columns_survive_changes_at_once,
    memberships_survive_a_deletion_at_once,
    whoever_joins_a_group_while_it_is_deleted_leaves_no_trace,
];
postgres_only![a_count_that_waited_counts_what_it_waited_for];

/// Waits until somebody waits for a lock in this database.
async fn somebody_waits(db: &Db) {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while db.number(sql).await == 0 {
        tokio::task::yield_now().await;
    }
}

/// Two transactions give one person a passkey each, and each counts before the other has committed. SQLite never
/// gets there: its second writer waits at the door.
async fn a_count_that_waited_counts_what_it_waited_for(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let (mut first, mut second) = (store.write().await.unwrap(), store.write().await.unwrap());
    made::passkey(&db, &mut first, realm, person).await;
    made::passkey(&db, &mut second, realm, person).await;
    first.refresh_enrollment(person).await.unwrap();
    let waiting = tokio::spawn(async move {
        second.refresh_enrollment(person).await.unwrap();
        second.commit().await.unwrap();
    });
    somebody_waits(&db).await;
    first.commit().await.unwrap();
    waiting.await.unwrap();
    assert_eq!(store.read().await.unwrap().identity(realm, person).await.unwrap().unwrap().passkeys, 2);
    kept::check(&db).await;
}

/// One use case of those that meet at the same few people.
async fn change(db: &Db, store: &Store, realm: RealmId, person: IdentityId, groups: &[GroupId], kind: usize) -> storage::Result<()> {
    let mut tx = store.write().await?;
    match kind {
        0 => {
            tx.delete_identity(realm, person).await?;
        }
        1 => {
            let passkey = made::new_passkey(db, realm, person);
            tx.insert_passkey(&passkey).await?;
            for job in tx.open_jobs_of(person).await?.into_iter().take(1) {
                tx.advance_job(job.id, job.job.state(), &BindingJob::Complete { passkey: passkey.id }, db.id(), made::at(1), "").await?;
            }
            tx.insert_session(&made::new_session(db, realm, person, passkey.id)).await?;
        }
        2 => tx.insert_job(&made::new_job(db, realm, person)).await?,
        3 => {
            for job in tx.open_jobs_of(person).await? {
                tx.advance_job(job.id, State::LinkSent, &BindingJob::FailedToSend, db.id(), made::at(1), "").await?;
            }
        }
        4 => {
            for passkey in tx.passkeys_of(realm, person).await? {
                tx.revoke_passkey(realm, passkey.id, "", made::at(1)).await?;
            }
        }
        5 => {
            for passkey in tx.passkeys_of(realm, person).await? {
                if tx.use_passkey(passkey.id, "counter 0", "counter 0", false, made::at(1)).await? {
                    tx.insert_session(&made::new_session(db, realm, person, passkey.id)).await?;
                }
            }
        }
        _ => {
            for group in groups {
                tx.add_member(realm, *group, person, made::at(1)).await?;
            }
        }
    }
    tx.refresh_enrollment(person).await?;
    tx.commit().await
}

/// Somebody was deleted before something could be given to them.
fn holder_is_gone(error: &Error) -> bool {
    matches!(error, Error::Database(error) if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation))
}

async fn kept_columns_survive_changes_at_once(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let groups = [made::group(&db, &mut tx, realm, "Staff").await, made::group(&db, &mut tx, realm, "Guests").await];
    tx.commit().await.unwrap();
    for round in 0..12 {
        let mut tx = store.write().await.unwrap();
        let people = [made::person(&db, &mut tx, realm, "Zoë").await, made::person(&db, &mut tx, realm, "Ana").await];
        tx.commit().await.unwrap();
        let workers = (0..6).map(|worker| {
            let (db, store) = (db.clone(), store.clone());
            tokio::spawn(async move {
                let mut seed = Seed::new(round * 100 + worker);
                for step in 0..8 {
                    // Deletions come late, when there is something to delete.
                    let kind = if step < 6 { 1 + seed.below(6) } else { seed.below(7) };
                    if let Err(error) = change(&db, &store, realm, *seed.pick(&people), &groups, kind).await {
                        assert!(holder_is_gone(&error), "{error:?}");
                    }
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await.unwrap();
        }
        kept::check(&db).await;
    }
}

async fn memberships_survive_a_deletion_at_once(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let group = made::group(&db, &mut tx, realm, "Staff").await;
    tx.commit().await.unwrap();
    for _ in 0..20 {
        let mut tx = store.write().await.unwrap();
        let person = made::person(&db, &mut tx, realm, "Zoë").await;
        tx.commit().await.unwrap();
        let start = Arc::new(Barrier::new(2));
        let join = {
            let (store, start) = (store.clone(), start.clone());
            tokio::spawn(async move {
                start.wait().await;
                let mut tx = store.write().await.unwrap();
                let added = tx.add_member(realm, group, person, made::at(0)).await.unwrap();
                tx.commit().await.unwrap();
                added
            })
        };
        start.wait().await;
        let mut tx = store.write().await.unwrap();
        assert!(tx.delete_identity(realm, person).await.unwrap());
        tx.commit().await.unwrap();
        join.await.unwrap();
        kept::check(&db).await;
        assert_eq!(db.number("SELECT count(*) FROM group_members").await, 0);
    }
}

/// Many try to join while the group goes: each is counted out again, or comes too late.
async fn whoever_joins_a_group_while_it_is_deleted_leaves_no_trace(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let mut people = Vec::new();
    for _ in 0..20 {
        people.push(made::person(&db, &mut tx, realm, "Zoë").await);
    }
    tx.commit().await.unwrap();
    for round in 0..20 {
        let mut tx = store.write().await.unwrap();
        let group = made::group(&db, &mut tx, realm, &format!("Staff {round}")).await;
        tx.add_members(realm, group, &people[..5], made::at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let start = Arc::new(Barrier::new(6));
        let joining: Vec<_> = (0..5)
            .map(|worker| {
                let (store, start, some) = (store.clone(), start.clone(), people[5 + worker * 3..][..3].to_vec());
                tokio::spawn(async move {
                    start.wait().await;
                    let mut tx = store.write().await.unwrap();
                    tx.add_members(realm, group, &some[..2], made::at(0)).await.unwrap();
                    tx.add_member(realm, group, some[2], made::at(0)).await.unwrap();
                    tx.commit().await.unwrap();
                })
            })
            .collect();
        start.wait().await;
        let mut tx = store.write().await.unwrap();
        assert!(tx.delete_group(realm, group).await.unwrap());
        tx.commit().await.unwrap();
        for joined in joining {
            joined.await.unwrap();
        }
        kept::check(&db).await;
        assert_eq!(db.number("SELECT count(*) FROM group_members").await, 0);
    }
}
