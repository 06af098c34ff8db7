//! Many identities at once are stored to the letter as each alone would be.

use domain::RealmId;
use domain::identity::{ProfileForm, Source};
use storage::{Error, NewIdentity, Store};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;
use crate::people::People;

on_both![many_at_once_equal_each_alone, nobody_at_once_is_nothing, one_taken_username_refuses_them_all];

/// People of many scripts, some with every field, some with names that no index term comes from.
fn people(db: &Db, realm: RealmId) -> Vec<NewIdentity> {
    let mut people = People::new(1);
    let mut profiles: Vec<_> = (0..120).map(|_| people.profile(db)).collect();
    let traits = [("given_name".into(), "Zoë \"Z\" \\ ✓ 𠮷".into()), ("region".into(), "ⅷ".into())];
    let full = ProfileForm { external_id: "\"42\" \\u0000 𠮷".into(), traits: traits.into(), ..ProfileForm::from(&people.profile(db)) };
    profiles.push(full.parse().unwrap());
    profiles.push(made::profile("-", "'", ""));
    profiles.push(made::profile("“…”", "—", ""));
    let source = |number: usize| Source::ALL[number % Source::ALL.len()];
    let new = |(number, profile)| NewIdentity {
        source: source(number),
        at: made::at(i64::try_from(number).unwrap()),
        ..made::new_identity(db, realm, profile)
    };
    profiles.into_iter().enumerate().map(new).collect()
}

/// Every column of every identity, and the terms that it is found by, as text.
async fn stored(db: &Db) -> Vec<String> {
    let columns =
        ["id", "realm_id", "created_at", "updated_at", "version", "passkey_count", "group_count"].map(|c| format!("CAST({c} AS TEXT)"));
    let texts = ["display_name", "username", "username_key", "traits", "status", "enrollment_status", "source", "sort_name", "search_text"];
    let optional = ["email", "external_id"].map(|c| format!("coalesce({c}, 'NULL')"));
    let all = columns.into_iter().chain(texts.map(str::to_owned)).chain(optional).collect::<Vec<_>>().join(" || '|' || ");
    let mut stored: Vec<_> =
        db.rows::<(String,)>(&format!("SELECT {all} FROM identities ORDER BY id")).await.into_iter().map(|row| row.0).collect();
    stored.extend(db.rows::<(String,)>(terms(db).await).await.into_iter().map(|row| row.0));
    stored
}

/// A query for the index's terms, a row each.
async fn terms(db: &Db) -> &'static str {
    if db.is_sqlite() {
        db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5vocab(identity_search, instance)").await.unwrap();
        "SELECT doc || ' ' || term FROM terms ORDER BY doc, term"
    } else {
        "SELECT s.identity_id || ' ' || t.term FROM identity_search s, unnest(s.terms) WITH ORDINALITY t (term, n) ORDER BY s.identity_id, t.n"
    }
}

async fn clear(db: &Db, store: &Store, realm: RealmId, people: &[NewIdentity]) {
    let mut tx = store.write().await.unwrap();
    for person in people {
        assert!(tx.delete_identity(realm, person.id).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(stored(db).await, Vec::<String>::new());
}

async fn many_at_once_equal_each_alone(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let people = people(&db, realm);
    for person in &people {
        tx.insert_identity(person).await.unwrap();
    }
    tx.commit().await.unwrap();
    let alone = stored(&db).await;
    assert!(alone.len() > people.len() * 10, "terms are among it");
    clear(&db, &store, realm, &people).await;

    let mut tx = store.write().await.unwrap();
    tx.insert_identities(&people).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stored(&db).await, alone);
}

async fn nobody_at_once_is_nothing(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    tx.insert_identities(&[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stored(&db).await, Vec::<String>::new());
}

async fn one_taken_username_refuses_them_all(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    tx.insert_identity(&made::new_identity(&db, realm, made::profile("Ana", "ana", ""))).await.unwrap();
    tx.commit().await.unwrap();
    let before = stored(&db).await;

    let mut people = people(&db, realm);
    people.push(made::new_identity(&db, realm, made::profile("Ana", "ANA", "")));
    let mut tx = store.write().await.unwrap();
    assert!(matches!(tx.insert_identities(&people).await, Err(Error::Taken("username"))));
    drop(tx);
    assert_eq!(stored(&db).await, before);
}
