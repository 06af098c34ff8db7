//! A search whose many matches all lie far behind the list's start: further than the sort's index is walked for them.

use domain::fold::Search;
use storage::{Filter, ListQuery, Sort, SortKey};
use testkit::Place;

use crate::db::Db;
use crate::made;

/// More than are walked past.
const OTHERS: usize = 20_010;
/// More than are sorted where the walk can be expected to be short.
const MATCHES: usize = 5_010;

async fn a_search_finds_matches_however_far_down_the_list(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let person =
        |name: &str, username: &str, number| made::new_identity(&db, realm, made::profile(name, &format!("{username}{number}"), ""));
    let others: Vec<_> = (0..OTHERS).map(|number| person("Ana", "bo", number)).collect();
    let matches: Vec<_> = (0..MATCHES).map(|number| person("Zoë Example", "zoe", number)).collect();
    tx.insert_identities(&others).await.unwrap();
    tx.insert_identities(&matches).await.unwrap();

    let filter = Filter { search: Search::parse("example"), ..Filter::default() };
    let sort = Sort { key: SortKey::Name, descending: false };
    let first = ListQuery { realm, filter, sort, from: None, backward: false, limit: 50 };
    let page = tx.list_identities(&first).await.unwrap();
    let ids = |rows: Vec<domain::record::IdentityRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(page.rows), matches[..50].iter().map(|person| person.id).collect::<Vec<_>>());
    let second = tx.list_identities(&ListQuery { from: page.next, ..first }).await.unwrap();
    assert_eq!(ids(second.rows), matches[50..100].iter().map(|person| person.id).collect::<Vec<_>>());
}

/// On SQLite alone: what is tested is the same on both, and filling PostgreSQL takes long.
#[tokio::test]
async fn a_search_finds_matches_however_far_down_the_list_sqlite() {
    testkit::on_sqlite(a_search_finds_matches_however_far_down_the_list).await;
}
