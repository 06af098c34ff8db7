//! A search with more matches than are sorted is found along the sort's own index, or, where that leads too far past
//! others, by sorting after all: either way it must show the same list.

use domain::fold::Search;
use domain::{IdentityId, RealmId};
use storage::{Filter, ListQuery, NewIdentity, Sort, SortKey, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![a_search_that_matches_thousands_lists_them_all_in_order];

/// More than the most that are sorted, by a few.
const MATCHES: usize = 5_003;
/// More than the longest way past others, by some.
const OTHERS: usize = 20_100;

/// Adds so many people, all of one of the names by turns.
async fn add(db: &Db, tx: &mut Tx, realm: RealmId, names: &[&str], count: usize) -> Vec<NewIdentity> {
    let profile = |number: usize| made::profile(names[number % names.len()], &format!("{}{number}", &names[0][..1]), "");
    let people: Vec<_> = (0..count).map(|number| made::new_identity(db, realm, profile(number))).collect();
    for some in people.chunks(5_000) {
        tx.insert_identities(some).await.unwrap();
    }
    people
}

/// Everybody in the list, page by page.
async fn listed(tx: &mut Tx, mut query: ListQuery) -> Vec<IdentityId> {
    let mut listed = Vec::new();
    loop {
        let page = tx.list_identities(&query).await.unwrap();
        listed.extend(page.rows.into_iter().map(|row| row.id));
        query.from = page.next;
        if query.from.is_none() {
            return listed;
        }
    }
}

async fn a_search_that_matches_thousands_lists_them_all_in_order(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let mut people = add(&db, &mut tx, realm, &["Zoë Example", "Ana Example", "Ольга Example", "李 Example"], MATCHES).await;
    people.sort_by_key(|person| (person.profile.sort_name(), person.id));
    let mut expected: Vec<_> = people.iter().map(|person| person.id).collect();
    let filter = Filter { search: Search::parse("EXAMPLE"), ..Filter::default() };
    let query = |descending| {
        let sort = Sort { key: SortKey::Name, descending };
        ListQuery { realm, filter: filter.clone(), sort, from: None, backward: false, limit: 900 }
    };
    assert_eq!(listed(&mut tx, query(false)).await, expected, "along the index");

    add(&db, &mut tx, realm, &["Bo"], OTHERS).await;
    assert_eq!(listed(&mut tx, query(false)).await, expected, "past others, between the first names and the rest");
    let last = tx.list_identities(&ListQuery { backward: true, limit: 3, ..query(false) }).await.unwrap();
    assert_eq!(last.rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected[MATCHES - 3..]);
    expected.reverse();
    assert_eq!(listed(&mut tx, query(true)).await, expected, "the other way round");
}
