//! A transaction is true as a whole or not at all.

use domain::{IdentityId, RealmId, TenantId};
use storage::{Error, Store};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    dropped_it_leaves_neither_change_nor_event,
    committed_it_leaves_both,
    before_its_commit_nobody_sees_anything_of_it,
    a_failed_statement_takes_what_came_before_with_it,
    a_dropped_one_keeps_nobody_waiting,
    writers_at_once_all_get_their_turn,
    reading_cannot_write,
];

/// Whether the realm has the person, and how many events the person has.
async fn state(store: &Store, realm: RealmId, person: IdentityId) -> (bool, usize) {
    let mut tx = store.read().await.unwrap();
    let found = tx.identity(realm, person).await.unwrap().is_some();
    (found, tx.events_of(realm, person, None, 10).await.unwrap().len())
}

async fn dropped_it_leaves_neither_change_nor_event(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let person = made::person(&db, &mut tx, realm, "Zoë").await;
    tx.insert_event(&made::new_event(&db, realm, Some(person))).await.unwrap();
    assert!(tx.identity(realm, person).await.unwrap().is_some(), "it sees itself");
    drop(tx);
    assert_eq!(state(&store, realm, person).await, (false, 0));
}

async fn committed_it_leaves_both(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let person = made::person(&db, &mut tx, realm, "Zoë").await;
    tx.insert_event(&made::new_event(&db, realm, Some(person))).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    assert_eq!(state(&db.store().await, realm, person).await, (true, 1));
}

async fn before_its_commit_nobody_sees_anything_of_it(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let person = made::person(&db, &mut tx, realm, "Zoë").await;
    tx.insert_event(&made::new_event(&db, realm, Some(person))).await.unwrap();
    assert_eq!(state(&store, realm, person).await, (false, 0));
    tx.commit().await.unwrap();
    assert_eq!(state(&store, realm, person).await, (true, 1));
}

async fn a_failed_statement_takes_what_came_before_with_it(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let first = made::new_identity(&db, realm, made::profile("Ana", "ana", ""));
    tx.insert_identity(&first).await.unwrap();
    let second = made::new_identity(&db, realm, made::profile("Ana", "ana", ""));
    assert!(matches!(tx.insert_identity(&second).await, Err(Error::Taken("username"))));
    drop(tx);
    assert_eq!(state(&store, realm, first.id).await, (false, 0));
}

async fn a_dropped_one_keeps_nobody_waiting(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    for _ in 0..30 {
        let mut tx = store.write().await.unwrap();
        tx.insert_identity(&made::new_identity(&db, realm, made::profile("Ana", "ana", ""))).await.unwrap();
        drop(tx);
    }
}

async fn writers_at_once_all_get_their_turn(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let writers = (0..40).map(|_| {
        let (db, store) = (db.clone(), store.clone());
        tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            made::person(&db, &mut tx, realm, "Zoë").await;
            tx.commit().await.unwrap();
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(store.read().await.unwrap().summary(realm).await.unwrap().all(), 41);
}

async fn reading_cannot_write(place: Place) {
    let (_, store) = Db::open(place).await;
    let mut tx = store.read().await.unwrap();
    assert!(tx.insert_realm(RealmId::from_i64(1), TenantId::from_i64(1), "Realm", "", made::at(0)).await.is_err());
    drop(tx);
    assert_eq!(store.read().await.unwrap().first_realm().await.unwrap(), None);
}
