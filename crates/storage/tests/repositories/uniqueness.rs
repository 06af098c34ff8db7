//! What may be there once: the second one is refused by the database, with the field that it belongs to.

use domain::group::GroupName;
use domain::{GroupId, RealmId};
use storage::{Error, Result, Store};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    a_username_is_taken_whatever_its_case_or_width,
    a_username_is_taken_for_an_edit_too,
    a_deleted_persons_username_is_free_again,
    of_two_at_once_one_gets_the_username,
    a_groups_name_is_taken_in_its_realm_alone,
    a_credential_is_known_for_ever_and_everywhere,
];

fn taken<T>(result: Result<T>) -> &'static str {
    match result {
        Err(Error::Taken(field)) => field,
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

/// Adds somebody of this username in a transaction of its own.
async fn add(db: &Db, store: &Store, realm: RealmId, username: &str) -> Result<()> {
    let mut tx = store.write().await?;
    tx.insert_identity(&made::new_identity(db, realm, made::profile("Somebody", username, ""))).await?;
    tx.commit().await
}

async fn a_username_is_taken_whatever_its_case_or_width(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let (other, _) = made::realm_with_person(&db, &store).await;
    for (first, same) in [("ana", "ＡＮＡ"), ("STRASSE", "straße"), ("Ольга", "оЛЬГА"), ("zoë", "ZOE\u{308}"), ("ﬁn", "FIN")]
    {
        add(&db, &store, realm, first).await.unwrap();
        assert_eq!(taken(add(&db, &store, realm, same).await), "username", "{same}");
        add(&db, &store, other, same).await.unwrap();
    }
    add(&db, &store, realm, "zoe").await.unwrap();
}

async fn a_username_is_taken_for_an_edit_too(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    add(&db, &store, realm, "ana").await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert_eq!(taken(tx.update_identity(realm, person, 1, &made::profile("Zoë", "ANA", ""), made::at(1)).await), "username");
    drop(tx);
    let mut tx = store.write().await.unwrap();
    let own = tx.identity(realm, person).await.unwrap().unwrap().username.to_uppercase();
    assert!(tx.update_identity(realm, person, 1, &made::profile("Zoë", &own, ""), made::at(1)).await.unwrap(), "their own is not taken");
}

async fn a_deleted_persons_username_is_free_again(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let username = tx.identity(realm, person).await.unwrap().unwrap().username;
    assert!(tx.delete_identity(realm, person).await.unwrap());
    tx.commit().await.unwrap();
    add(&db, &store, realm, &username).await.unwrap();
}

async fn of_two_at_once_one_gets_the_username(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    for round in 0..10 {
        let attempt = |username: String| {
            let (db, store) = (db.clone(), store.clone());
            tokio::spawn(async move { add(&db, &store, realm, &username).await })
        };
        let (lower, upper) = (attempt(format!("same{round}")), attempt(format!("SAME{round}")));
        let (lower, upper) = (lower.await.unwrap(), upper.await.unwrap());
        assert_eq!(u8::from(lower.is_ok()) + u8::from(upper.is_ok()), 1);
        assert_eq!(taken(lower.and(upper)), "username");
    }
}

async fn a_groups_name_is_taken_in_its_realm_alone(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, _) = made::realm_with_person(&db, &store).await;
    let (other, _) = made::realm_with_person(&db, &store).await;
    let add = async |realm, name| {
        let mut tx = store.write().await?;
        tx.insert_group(GroupId::from_i64(db.id()), realm, &GroupName::parse(name).unwrap(), "", made::at(0)).await?;
        tx.commit().await
    };
    add(realm, "Straße").await.unwrap();
    assert_eq!(taken(add(realm, "STRASSE").await), "display_name");
    add(other, "STRASSE").await.unwrap();
    let name = GroupName::parse("strasse").unwrap();
    let mut tx = store.read().await.unwrap();
    assert_ne!(tx.group_by_name(realm, &name).await.unwrap().unwrap(), tx.group_by_name(other, &name).await.unwrap().unwrap());
}

async fn a_credential_is_known_for_ever_and_everywhere(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let (other, stranger) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let first = made::new_passkey(&db, realm, person);
    tx.insert_passkey(&first).await.unwrap();
    tx.revoke_passkey(realm, first.id, "lost", made::at(1)).await.unwrap();
    tx.commit().await.unwrap();
    for (realm, holder) in [(realm, person), (other, stranger)] {
        let again = storage::NewPasskey { credential_id: first.credential_id.clone(), ..made::new_passkey(&db, realm, holder) };
        let mut tx = store.write().await.unwrap();
        assert_eq!(taken(tx.insert_passkey(&again).await), "credential_id");
    }
}
