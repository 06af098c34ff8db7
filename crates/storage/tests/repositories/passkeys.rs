//! Passkeys: kept for good, used by one sign-in at a time, revoked once.

use domain::PasskeyId;
use domain::record::{Passkey, Revoked};
use storage::{NewPasskey, StoredPasskey};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    what_is_put_in_comes_out,
    the_newest_is_listed_first_and_revoked_ones_stay,
    a_credential_is_found_by_its_id,
    a_sign_in_keeps_what_it_changed,
    of_two_sign_ins_at_once_one_counts,
    a_revoked_passkey_can_be_neither_used_nor_changed,
];

async fn what_is_put_in_comes_out(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    for synced in [false, true] {
        let new = NewPasskey { backup_eligible: synced, name: "Zoë’s 🔑".into(), ..made::new_passkey(&db, realm, person) };
        tx.insert_passkey(&new).await.unwrap();
        let mut expected =
            Passkey { id: new.id, identity: person, name: new.name, synced, revoked: None, created_at: made::at(0), last_used_at: None };
        assert_eq!(tx.passkey(realm, new.id).await.unwrap().as_ref(), Some(&expected));
        assert!(tx.rename_passkey(realm, new.id, "Phone", made::at(1)).await.unwrap());
        assert!(tx.revoke_passkey(realm, new.id, "lost 😢", made::at(2)).await.unwrap());
        expected.name = "Phone".into();
        expected.revoked = Some(Revoked { at: made::at(2), reason: "lost 😢".into() });
        assert_eq!(tx.passkey(realm, new.id).await.unwrap(), Some(expected));
    }
    assert_eq!(tx.passkey(realm, PasskeyId::from_i64(7)).await.unwrap(), None);
}

async fn the_newest_is_listed_first_and_revoked_ones_stay(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let other = made::person(&db, &mut tx, realm, "Ana").await;
    let (first, second) = (made::new_passkey(&db, realm, person), made::new_passkey(&db, realm, person));
    for new in [&first, &second, &made::new_passkey(&db, realm, other)] {
        tx.insert_passkey(new).await.unwrap();
    }
    tx.revoke_passkey(realm, first.id, "", made::at(1)).await.unwrap();
    let listed: Vec<_> = tx.passkeys_of(realm, person).await.unwrap().into_iter().map(|p| (p.id, p.revoked.is_some())).collect();
    assert_eq!(listed, [(second.id, false), (first.id, true)]);
    assert_eq!(tx.active_credential_ids(person).await.unwrap(), [second.credential_id]);
}

async fn a_credential_is_found_by_its_id(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let new = made::new_passkey(&db, realm, person);
    tx.insert_passkey(&new).await.unwrap();
    let StoredPasskey { id, identity, credential, active } = tx.stored_passkey(&new.credential_id).await.unwrap().unwrap();
    assert_eq!((id, identity, credential, active), (new.id, person, new.credential, true));
    assert!(tx.stored_passkey(&[]).await.unwrap().is_none());
    tx.revoke_passkey(realm, new.id, "", made::at(1)).await.unwrap();
    assert!(!tx.stored_passkey(&new.credential_id).await.unwrap().unwrap().active);
}

async fn a_sign_in_keeps_what_it_changed(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let new = made::new_passkey(&db, realm, person);
    tx.insert_passkey(&new).await.unwrap();
    assert!(tx.use_passkey(new.id, "counter 0", "counter 1", true, made::at(1)).await.unwrap());
    assert!(!tx.use_passkey(new.id, "counter 0", "counter 2", true, made::at(2)).await.unwrap(), "it began from an older counter");
    assert_eq!(tx.stored_passkey(&new.credential_id).await.unwrap().unwrap().credential, "counter 1");
    assert_eq!(tx.passkey(realm, new.id).await.unwrap().unwrap().last_used_at, Some(made::at(1)));
    // Keys without a counter leave the credential as it is: each sign-in counts.
    assert!(tx.use_passkey(new.id, "counter 1", "counter 1", true, made::at(3)).await.unwrap());
}

async fn of_two_sign_ins_at_once_one_counts(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let id = made::passkey(&db, &mut tx, realm, person).await;
    tx.commit().await.unwrap();
    for round in 0..10 {
        let sign_in = || {
            let store = store.clone();
            tokio::spawn(async move {
                let (before, after) = (format!("counter {round}"), format!("counter {}", round + 1));
                let mut tx = store.write().await.unwrap();
                let counts = tx.use_passkey(id, &before, &after, false, made::at(round)).await.unwrap();
                tx.commit().await.unwrap();
                counts
            })
        };
        let (one, other) = (sign_in(), sign_in());
        assert!(one.await.unwrap() != other.await.unwrap(), "exactly one counts");
    }
}

async fn a_revoked_passkey_can_be_neither_used_nor_changed(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let id = made::passkey(&db, &mut tx, realm, person).await;
    assert!(tx.revoke_passkey(realm, id, "lost", made::at(1)).await.unwrap());
    let before = tx.passkey(realm, id).await.unwrap();
    assert!(!tx.revoke_passkey(realm, id, "again", made::at(2)).await.unwrap());
    assert!(!tx.rename_passkey(realm, id, "Phone", made::at(2)).await.unwrap());
    assert!(!tx.use_passkey(id, "counter 0", "counter 1", false, made::at(2)).await.unwrap());
    assert!(!tx.revoke_passkey(realm, PasskeyId::from_i64(7), "", made::at(2)).await.unwrap());
    assert_eq!(tx.passkey(realm, id).await.unwrap(), before);
}
