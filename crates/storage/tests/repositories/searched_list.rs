//! A search with more matches than are sorted is found along the sort's own index: it must show the same list.

use domain::fold::Search;
use storage::{Filter, ListQuery, Sort, SortKey};

use crate::db::Db;
use crate::made;

on_both![a_search_that_matches_thousands_lists_them_all_in_order];

/// More than the most that are sorted, by a few.
const MATCHES: usize = 5_003;

async fn a_search_that_matches_thousands_lists_them_all_in_order(db: Db) {
    let store = db.store().await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let name = |number: usize| format!("{} Example", ["Zoë", "Ana", "Ольга", "李"][number % 4]);
    let profile = |number: usize| made::profile(&name(number), &format!("user{number}"), "");
    let mut people: Vec<_> = (0..MATCHES).map(|number| made::new_identity(&db, realm, profile(number))).collect();
    let others: Vec<_> = (0..50).map(|number| made::new_identity(&db, realm, made::profile("Bo", &format!("bo{number}"), ""))).collect();
    tx.insert_identities(&people).await.unwrap();
    tx.insert_identities(&others).await.unwrap();
    people.sort_by_key(|person| (person.profile.sort_name(), person.id));

    let filter = Filter { search: Search::parse("EXAMPLE"), ..Filter::default() };
    let sort = Sort { key: SortKey::Name, descending: false };
    let mut query = ListQuery { realm, filter, sort, from: None, backward: false, limit: 900 };
    let mut listed = Vec::new();
    loop {
        let page = tx.list_identities(&query).await.unwrap();
        listed.extend(page.rows.into_iter().map(|row| row.id));
        query.from = page.next;
        if query.from.is_none() {
            break;
        }
    }
    assert_eq!(listed, people.iter().map(|person| person.id).collect::<Vec<_>>());
    let last = tx.list_identities(&ListQuery { backward: true, limit: 3, ..query }).await.unwrap();
    assert_eq!(last.rows.iter().map(|row| row.id).collect::<Vec<_>>(), listed[MATCHES - 3..]);
}
