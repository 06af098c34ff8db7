//! Sessions hold as long as what they stand on.

use domain::SessionId;
use domain::identity::Status;
use domain::policy::{PasskeyKind, Presented};
use storage::StoredSession;
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    a_session_is_found_by_its_token_with_what_decides_over_it,
    a_session_ends_once,
    a_revoked_passkey_ends_the_sessions_made_with_it_alone,
    a_deleted_identity_ends_its_sessions_alone,
    all_sessions_of_a_person_end_together,
];

async fn a_session_is_found_by_its_token_with_what_decides_over_it(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let person = made::new_identity(&db, realm, made::profile("Zoë", "zoe", ""));
    tx.insert_identity(&person).await.unwrap();
    let passkey = made::passkey(&db, &mut tx, realm, person.id).await;
    let new = made::new_session(&db, realm, person.id, passkey);
    tx.insert_session(&new).await.unwrap();
    let mut expected = StoredSession {
        id: new.id,
        realm,
        at_home: true,
        acting: None,
        identity: person.id,
        display_name: "Zoë".into(),
        username: "zoe".into(),
        status: Status::Active,
        passkey: Presented { kind: PasskeyKind::DeviceBound, authenticator: None },
        verified_at: made::at(0),
        last_seen_at: made::at(0),
        expires_at: made::at(3600),
    };
    assert_eq!(tx.session(&new.token_hash).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(tx.session(&made::hash(7)).await.unwrap(), None);

    tx.touch_session(new.id, made::at(30)).await.unwrap();
    tx.set_status(realm, person.id, Status::Suspended, made::at(31)).await.unwrap();
    expected.last_seen_at = made::at(30);
    expected.status = Status::Suspended;
    assert_eq!(tx.session(&new.token_hash).await.unwrap().as_ref(), Some(&expected));

    tx.verify_session(new.id, made::at(40)).await.unwrap();
    (expected.verified_at, expected.last_seen_at) = (made::at(40), made::at(40));
    assert_eq!(tx.session(&new.token_hash).await.unwrap().as_ref(), Some(&expected));

    let other = made::realm(&db, &mut tx).await;
    tx.enter_realm(new.id, Some(other)).await.unwrap();
    expected.acting = Some(other);
    assert_eq!(tx.session(&new.token_hash).await.unwrap().as_ref(), Some(&expected));
    tx.enter_realm(new.id, None).await.unwrap();
    expected.acting = None;
    assert_eq!(tx.session(&new.token_hash).await.unwrap(), Some(expected));
    // Of a realm that is not the oldest one.
    let stranger = made::person(&db, &mut tx, other, "Olga").await;
    let passkey = made::passkey(&db, &mut tx, other, stranger).await;
    let theirs = made::new_session(&db, other, stranger, passkey);
    tx.insert_session(&theirs).await.unwrap();
    assert!(!tx.session(&theirs.token_hash).await.unwrap().unwrap().at_home);
}

async fn a_session_ends_once(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let passkey = made::passkey(&db, &mut tx, realm, person).await;
    let new = made::new_session(&db, realm, person, passkey);
    tx.insert_session(&new).await.unwrap();
    assert!(!tx.end_session(SessionId::from_i64(7)).await.unwrap());
    assert!(tx.end_session(new.id).await.unwrap());
    assert!(!tx.end_session(new.id).await.unwrap());
    assert_eq!(tx.session(&new.token_hash).await.unwrap(), None);
}

async fn a_revoked_passkey_ends_the_sessions_made_with_it_alone(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let mut tokens = Vec::new();
    let (lost, kept) = (made::passkey(&db, &mut tx, realm, person).await, made::passkey(&db, &mut tx, realm, person).await);
    for passkey in [lost, lost, kept] {
        let session = made::new_session(&db, realm, person, passkey);
        tx.insert_session(&session).await.unwrap();
        tokens.push(session.token_hash);
    }
    assert!(tx.revoke_passkey(realm, lost, "lost", made::at(1)).await.unwrap());
    for (token, holds) in tokens.iter().zip([false, false, true]) {
        assert_eq!(tx.session(token).await.unwrap().is_some(), holds);
    }
    tx.commit().await.unwrap();
    assert_eq!(db.number("SELECT count(*) FROM sessions").await, 1, "they are gone, not only hidden");
}

async fn a_deleted_identity_ends_its_sessions_alone(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, gone) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let kept = made::person(&db, &mut tx, realm, "Ana").await;
    let mut tokens = Vec::new();
    for person in [gone, kept] {
        let passkey = made::passkey(&db, &mut tx, realm, person).await;
        let session = made::new_session(&db, realm, person, passkey);
        tx.insert_session(&session).await.unwrap();
        tokens.push(session.token_hash);
    }
    assert!(tx.delete_identity(realm, gone).await.unwrap());
    assert_eq!(tx.session(&tokens[0]).await.unwrap(), None);
    assert!(tx.session(&tokens[1]).await.unwrap().is_some());
}

async fn all_sessions_of_a_person_end_together(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let passkey = made::passkey(&db, &mut tx, realm, person).await;
    for _ in 0..3 {
        tx.insert_session(&made::new_session(&db, realm, person, passkey)).await.unwrap();
    }
    assert_eq!(tx.end_sessions_of(person).await.unwrap(), 3);
    assert_eq!(tx.end_sessions_of(person).await.unwrap(), 0);
}
