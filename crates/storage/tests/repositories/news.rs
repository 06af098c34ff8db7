//! News between processes: PostgreSQL carries them, the embedded database has nobody to carry them to.

use storage::{Database, Store};
use testkit::{Place, on_both, postgres_only};

use crate::db::Db;

on_both![only_postgres_is_listened_to];
postgres_only![
    every_listener_hears_what_any_process_says,
    a_listener_reconnects_and_says_that_it_may_have_missed_something,
    closing_the_store_ends_a_listener
];

async fn only_postgres_is_listened_to(place: Place) {
    let (db, store) = Db::open(place).await;
    let listener = store.listen().await.unwrap();
    assert_eq!(listener.is_some(), matches!(db.database, Database::Postgres(_)));
    store.notify("nobody has to listen").await.unwrap();
}

async fn every_listener_hears_what_any_process_says(place: Place) {
    let db = Db::at(place);
    let (one, other) = (db.store().await, Store::connect(&db.database).await.unwrap());
    let (mut here, mut there) = (one.listen().await.unwrap().unwrap(), other.listen().await.unwrap().unwrap());
    for (store, news) in [(&one, "one"), (&other, "other"), (&one, "one again")] {
        store.notify(news).await.unwrap();
        assert_eq!(here.next().await.unwrap().as_deref(), Some(news));
        assert_eq!(there.next().await.unwrap().as_deref(), Some(news));
    }
}

async fn a_listener_reconnects_and_says_that_it_may_have_missed_something(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut listener = store.listen().await.unwrap().unwrap();
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    assert_eq!(db.number(ended).await, 1);
    assert_eq!(listener.next().await.unwrap(), None);
    store.notify("heard").await.unwrap();
    assert_eq!(listener.next().await.unwrap().as_deref(), Some("heard"));
}

async fn closing_the_store_ends_a_listener(place: Place) {
    let (_, store) = Db::open(place).await;
    let mut listener = store.listen().await.unwrap().unwrap();
    let listening = tokio::spawn(async move { listener.next().await.is_err() });
    store.close().await;
    assert!(listening.await.unwrap());
}
