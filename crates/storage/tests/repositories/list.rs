//! Lists: every sort, both ways, every filter, page by page, against a model in memory.

use std::collections::BTreeSet;

use domain::fold::Search;
use domain::identity::{EnrollmentStatus, Source, Status};
use domain::record::IdentityRow;
use domain::{IdentityId, RealmId};
use storage::{Cursor, Error, Filter, ListQuery, Page, Sort, SortKey, Tx};
use testkit::{Place, on_both};

use crate::made;
use crate::people::{Directory, Person};

on_both![
    pages_forward_and_back_are_the_whole_list_in_order,
    pages_neither_repeat_nor_skip_while_rows_come_and_go,
    counting_stops_where_it_was_told_to,
    an_empty_list_has_no_neighbours,
    a_cursor_that_was_made_up_is_refused_or_harmless,
];

const KEYS: [SortKey; 4] = [SortKey::Name, SortKey::Username, SortKey::Created, SortKey::Updated];

/// Nothing, each filter alone, and filters together.
fn filters(directory: &Directory) -> Vec<Filter> {
    let none = Filter::default();
    let (status, enrollment) = (Some(Status::Suspended), Some(EnrollmentStatus::Pending));
    let (search, group) = (Search::parse("an"), Some(directory.groups[1].1));
    vec![
        Filter { status, ..none.clone() },
        Filter { enrollment, ..none.clone() },
        Filter { source: Some(Source::Csv), ..none.clone() },
        Filter { group, ..none.clone() },
        Filter { search: search.clone(), ..none.clone() },
        Filter { search: Search::parse("'"), ..none.clone() },
        Filter { status: Some(Status::Active), search, group, ..none.clone() },
        none,
    ]
}

/// Every list there is, as the query of its first page.
fn queries(directory: &Directory, limit: u32) -> Vec<ListQuery> {
    let mut queries = Vec::new();
    for filter in filters(directory) {
        for key in KEYS {
            for descending in [false, true] {
                let (realm, filter) = (directory.realm, filter.clone());
                queries.push(ListQuery { realm, filter, sort: Sort { key, descending }, from: None, backward: false, limit });
            }
        }
    }
    queries
}

/// The query of the page that follows in the direction of reading, if there is one.
fn following(query: &ListQuery, page: &Page) -> Option<ListQuery> {
    let from = if query.backward { page.previous.clone() } else { page.next.clone() };
    from.map(|from| ListQuery { from: Some(from), ..query.clone() })
}

/// All pages from the given one on, in the direction of reading.
async fn walk(tx: &mut Tx, first: &ListQuery) -> Vec<Page> {
    let (mut pages, mut query) = (Vec::new(), Some(first.clone()));
    while let Some(now) = query {
        let page = tx.list_identities(&now).await.unwrap();
        query = following(&now, &page);
        pages.push(page);
    }
    pages
}

fn row(person: &Person) -> IdentityRow {
    IdentityRow {
        id: person.id,
        display_name: person.profile.display_name.to_string(),
        username: person.profile.username.to_string(),
        email: person.profile.email.as_ref().map(|email| email.as_str().to_owned()),
        status: person.status,
        enrollment: person.enrollment,
        passkeys: u32::from(person.enrollment == EnrollmentStatus::Enrolled),
        groups: u32::try_from(person.groups.len()).unwrap(),
        group: person.groups.keys().min_by_key(|name| name.to_lowercase()).cloned(),
        updated_at: made::at(person.updated_at),
    }
}

async fn pages_forward_and_back_are_the_whole_list_in_order(place: Place) {
    let directory = Directory::start(place, 240, 1).await;
    let mut tx = directory.store.read().await.unwrap();
    for first in queries(&directory, 17) {
        let Sort { key, descending } = first.sort;
        let expected: Vec<_> = directory.expected(&first.filter, key, descending).iter().map(row).collect();
        assert!(expected.len() > 1, "every list has something to sort: {first:?}");

        let forward = walk(&mut tx, &first).await;
        let rows: Vec<_> = forward.iter().flat_map(|page| page.rows.clone()).collect();
        assert_eq!(rows, expected, "forward: {first:?}");
        assert!(forward.iter().rev().skip(1).all(|page| page.rows.len() == 17), "only the last page is short");
        assert_eq!(forward[0].previous, None);
        assert!(forward.iter().skip(1).all(|page| page.previous.is_some()));

        let back = walk(&mut tx, &ListQuery { backward: true, ..first.clone() }).await;
        let rows: Vec<_> = back.iter().rev().flat_map(|page| page.rows.clone()).collect();
        assert_eq!(rows, expected, "backward: {first:?}");
        assert_eq!(back[0].next, None);
        assert!(back.iter().skip(1).all(|page| page.next.is_some()));

        assert_eq!(tx.count_identities(first.realm, &first.filter, 10_000).await.unwrap() as usize, expected.len());
        turn_around(&mut tx, &first, &forward).await;
    }
}

/// From each page the way back leads to the page before it.
async fn turn_around(tx: &mut Tx, first: &ListQuery, forward: &[Page]) {
    for pair in forward.windows(2) {
        let back = ListQuery { backward: true, from: pair[1].previous.clone(), ..first.clone() };
        let page = tx.list_identities(&back).await.unwrap();
        assert_eq!(page.rows, pair[0].rows);
        assert_eq!((page.previous, page.next), (pair[0].previous.clone(), pair[0].next.clone()));
    }
}

/// Adds and removes a few people, often the very one that the next page starts from.
async fn stir(directory: &mut Directory, page: &Page, backward: bool) {
    let store = directory.store.clone();
    let mut tx = store.write().await.unwrap();
    directory.add(&mut tx).await;
    let edge = if backward { page.rows.first() } else { page.rows.last() };
    let victim = match edge {
        Some(row) if directory.chance.seed.once_in(2) => row.id,
        _ => directory.chance.seed.pick(&directory.people).id,
    };
    directory.remove(&mut tx, victim).await;
    tx.commit().await.unwrap();
}

async fn pages_neither_repeat_nor_skip_while_rows_come_and_go(place: Place) {
    let mut directory = Directory::start(place, 240, 2).await;
    let store = directory.store.clone();
    for first in queries(&directory, 23) {
        for backward in [false, true] {
            let before = directory.people.clone();
            let (mut seen, mut query) = (Vec::new(), Some(ListQuery { backward, ..first.clone() }));
            while let Some(now) = query {
                let page = store.read().await.unwrap().list_identities(&now).await.unwrap();
                query = following(&now, &page);
                seen.extend(if backward { page.rows.iter().rev().map(|row| row.id).collect() } else { ids(&page) });
                stir(&mut directory, &page, backward).await;
            }
            check_walk(&directory, &first, backward, &before, &seen);
        }
    }
}

fn ids(page: &Page) -> Vec<IdentityId> {
    page.rows.iter().map(|row| row.id).collect()
}

/// Whoever was there throughout was seen once, nobody twice, all in order.
fn check_walk(directory: &Directory, first: &ListQuery, backward: bool, before: &[Person], seen: &[IdentityId]) {
    let once: BTreeSet<_> = seen.iter().copied().collect();
    assert_eq!(once.len(), seen.len(), "somebody was seen twice: {first:?}");
    let remaining: BTreeSet<_> = directory.people.iter().map(|person| person.id).collect();
    for person in before.iter().filter(|person| remaining.contains(&person.id)) {
        assert_eq!(once.contains(&person.id), person.is_in(&first.filter), "{:?}: {first:?}", person.id);
    }
    let key = |id: &IdentityId| {
        before.iter().chain(&directory.people).find(|person| person.id == *id).map(|person| person.sort_key(first.sort.key))
    };
    // Who came and went during the walk is not known any more.
    let mut keys: Vec<_> = seen.iter().filter_map(key).collect();
    if first.sort.descending != backward {
        keys.reverse();
    }
    assert!(keys.is_sorted(), "{first:?}");
}

async fn counting_stops_where_it_was_told_to(place: Place) {
    let directory = Directory::start(place, 40, 3).await;
    let mut tx = directory.store.read().await.unwrap();
    for filter in filters(&directory) {
        let all = directory.expected(&filter, SortKey::Created, false).len();
        for most in [1, 7, 1_000] {
            assert_eq!(tx.count_identities(directory.realm, &filter, most).await.unwrap() as usize, all.min(most as usize), "{filter:?}");
        }
    }
}

async fn an_empty_list_has_no_neighbours(place: Place) {
    let directory = Directory::start(place, 0, 4).await;
    let mut tx = directory.store.read().await.unwrap();
    for query in queries(&directory, 10) {
        for backward in [false, true] {
            let page = tx.list_identities(&ListQuery { backward, ..query.clone() }).await.unwrap();
            assert_eq!((page.rows, page.previous, page.next), (Vec::new(), None, None));
        }
    }
    assert_eq!(tx.count_identities(RealmId::from_i64(7), &Filter::default(), 10).await.unwrap(), 0);
}

async fn a_cursor_that_was_made_up_is_refused_or_harmless(place: Place) {
    let directory = Directory::start(place, 20, 5).await;
    let mut tx = directory.store.read().await.unwrap();
    for query in queries(&directory, 10) {
        for key in ["", "0", "-1", "9223372036854775808", "x", "\0", "' OR 1 = 1 --", "𠮷", "%"] {
            let from = Some(Cursor { key: key.to_owned(), id: IdentityId::from_i64(i64::MAX) });
            match tx.list_identities(&ListQuery { from, ..query.clone() }).await {
                Ok(page) => assert!(page.rows.len() <= 10),
                Err(Error::Corrupt("cursor")) => assert!(key == "\0" || query.sort.key == SortKey::Updated, "{key:?}"),
                Err(error) => panic!("{key:?}: {error:?}"),
            }
        }
    }
}
