//! Ceremonies serve once.

use storage::{Ceremony, CeremonyKind, Store};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    a_ceremony_comes_out_as_it_went_in_and_once,
    of_two_at_once_one_gets_the_ceremony,
    a_rolled_back_taking_takes_nothing,
    sweeping_removes_what_is_over
];

async fn insert(store: &Store, number: i64, ceremony: &Ceremony) {
    let mut tx = store.write().await.unwrap();
    tx.insert_ceremony(&made::hash(number), ceremony).await.unwrap();
    tx.commit().await.unwrap();
}

/// Takes a ceremony in a transaction of its own.
async fn take(store: &Store, number: i64) -> Option<Ceremony> {
    let mut tx = store.write().await.unwrap();
    let taken = tx.take_ceremony(&made::hash(number)).await.unwrap();
    tx.commit().await.unwrap();
    taken
}

fn sign_in(expires_at: i64) -> Ceremony {
    Ceremony { kind: CeremonyKind::SignIn, state: "{\"challenge\": \"✓\"}".into(), expires_at: made::at(expires_at) }
}

async fn a_ceremony_comes_out_as_it_went_in_and_once(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let job = made::job(&db, &mut tx, realm, person).await;
    tx.commit().await.unwrap();
    let enrollment = Ceremony { kind: CeremonyKind::Enrollment(job), ..sign_in(60) };
    for (number, ceremony) in [(1, sign_in(60)), (2, enrollment)] {
        insert(&store, number, &ceremony).await;
        let taken = take(&store, number).await.unwrap();
        assert_eq!((taken.kind, taken.state, taken.expires_at), (ceremony.kind, ceremony.state, ceremony.expires_at));
        assert!(take(&store, number).await.is_none());
    }
    assert!(take(&store, 3).await.is_none());
}

async fn of_two_at_once_one_gets_the_ceremony(place: Place) {
    let (_, store) = Db::open(place).await;
    for number in 0..20 {
        insert(&store, number, &sign_in(60)).await;
        let attempt = || {
            let store = store.clone();
            tokio::spawn(async move { take(&store, number).await })
        };
        let (one, other) = (attempt(), attempt());
        let (one, other) = (one.await.unwrap(), other.await.unwrap());
        assert!(one.is_some() != other.is_some(), "exactly one gets it");
    }
}

async fn a_rolled_back_taking_takes_nothing(place: Place) {
    let (_, store) = Db::open(place).await;
    insert(&store, 1, &sign_in(60)).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.take_ceremony(&made::hash(1)).await.unwrap().is_some());
    drop(tx);
    assert!(take(&store, 1).await.is_some());
}

async fn sweeping_removes_what_is_over(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let passkey = made::passkey(&db, &mut tx, realm, person).await;
    let mut sessions = Vec::new();
    for second in [9, 10, 11] {
        let session = storage::NewSession { expires_at: made::at(second), ..made::new_session(&db, realm, person, passkey) };
        tx.insert_session(&session).await.unwrap();
        tx.insert_ceremony(&made::hash(second), &sign_in(second)).await.unwrap();
        sessions.push(session.token_hash);
    }
    tx.sweep(made::at(10)).await.unwrap();
    for (second, token) in [9, 10, 11].into_iter().zip(sessions) {
        assert_eq!(tx.session(&token).await.unwrap().is_some(), second > 10);
        assert_eq!(tx.take_ceremony(&made::hash(second)).await.unwrap().is_some(), second > 10);
    }
}
