//! How SQLite means to read the lists: along an index, however many identities there are.

use super::*;
use crate::{Database, Store};

/// A line of SQLite's plan: whether it is about the query itself (and not a part of it), and what it does.
struct Line {
    outermost: bool,
    text: String,
}

async fn plan(tx: &mut Tx, query: &ListQuery) -> Vec<Line> {
    let way = tx.way(query).await.unwrap();
    let (sql, values) = tx.page_statement(query, &way).unwrap();
    let explained: Result<Vec<(i64, i64, i64, String)>> =
        async { Ok(fetch_built!(tx, (i64, i64, i64, String), format!("EXPLAIN QUERY PLAN {sql}"), values)) }.await;
    explained.unwrap().into_iter().map(|(_, parent, _, text)| Line { outermost: parent == 0, text }).collect()
}

/// How the identities are reached.
fn reached(plan: &[Line]) -> &str {
    &plan.iter().find(|line| line.text.starts_with("SEARCH i ") || line.text.starts_with("SCAN i")).unwrap().text
}

fn sorts(plan: &[Line]) -> bool {
    plan.iter().any(|line| line.outermost && line.text.contains("ORDER BY"))
}

/// Every sort, both ways, as the first page and as a deep one.
fn pages(filter: &Filter) -> Vec<ListQuery> {
    let mut pages = Vec::new();
    for (key, cursor) in [(SortKey::Name, "ana"), (SortKey::Username, "ana"), (SortKey::Created, "5"), (SortKey::Updated, "5")] {
        for descending in [false, true] {
            for from in [None, Some(Cursor { key: cursor.to_owned(), id: IdentityId::from_i64(5) })] {
                let (realm, filter) = (RealmId::from_i64(1), filter.clone());
                pages.push(ListQuery { realm, filter, sort: Sort { key, descending }, from, backward: false, limit: 50 });
            }
        }
    }
    pages
}

async fn reader(folder: &tempfile::TempDir) -> Tx {
    let store = Store::connect(&Database::Sqlite(folder.path().join("keyroll.db"))).await.unwrap();
    store.migrate().await.unwrap();
    store.read().await.unwrap()
}

#[tokio::test]
async fn a_page_starts_in_its_sorts_index_right_at_the_cursor_and_sorts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut tx = reader(&folder).await;
    for query in pages(&Filter::default()) {
        let plan = plan(&mut tx, &query).await;
        let reached = reached(&plan);
        let index = match query.sort.key {
            SortKey::Name => "identities_name",
            SortKey::Username => "identities_username",
            SortKey::Created => "identities_created",
            SortKey::Updated => "identities_updated",
        };
        assert!(reached.contains(&format!("SEARCH i USING INDEX {index} (realm_id=?")), "{reached}: {query:?}");
        assert_eq!(reached.contains(" AND "), query.from.is_some(), "the cursor narrows what is read: {reached}: {query:?}");
        assert!(!sorts(&plan), "{query:?}");
    }
}

#[tokio::test]
async fn no_filter_makes_a_list_read_the_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut tx = reader(&folder).await;
    let none = Filter::default();
    for filter in [
        Filter { status: Some(Status::Active), ..none.clone() },
        Filter { enrollment: Some(EnrollmentStatus::Pending), ..none.clone() },
        Filter { source: Some(Source::Csv), ..none.clone() },
        Filter { group: Some(GroupId::from_i64(1)), ..none.clone() },
        Filter { search: Search::parse("."), ..none.clone() },
    ] {
        for query in pages(&filter) {
            let plan = plan(&mut tx, &query).await;
            assert!(reached(&plan).contains("SEARCH i USING INDEX identities_"), "{}: {query:?}", reached(&plan));
        }
    }
}

#[tokio::test]
async fn a_search_reads_the_identities_that_the_index_names_the_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut tx = reader(&folder).await;
    for typed in ["a", "an", "ana maria"] {
        for query in pages(&Filter { search: Search::parse(typed), ..Filter::default() }) {
            let plan = plan(&mut tx, &query).await;
            assert!(plan[0].text.starts_with("SCAN s VIRTUAL TABLE INDEX"), "{}: {query:?}", plan[0].text);
            assert!(reached(&plan).starts_with("SEARCH i USING INTEGER PRIMARY KEY"), "{}: {query:?}", reached(&plan));
            assert_eq!(sorts(&plan), query.sort.key != SortKey::Created, "{query:?}");
        }
    }
}
