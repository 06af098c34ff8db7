//! Row 2: the deepest page of the list beside the first, by every sort.

use anyhow::{Context as _, Result, ensure};
use domain::RealmId;
use storage::{Cursor, Filter, ListQuery, Page, Sort, SortKey, Store};

use crate::bed::{Bed, timed};
use crate::report::{Aim, Line, Report, cell};
use crate::stats::{Samples, ratio};

const AIM: f64 = 1.2;
const PAGE: u32 = 50;
const WARM_UP: usize = 20;
const ROUNDS: usize = 1_000;

const SORTS: &[(&str, Sort)] = &[
    ("name", Sort { key: SortKey::Name, descending: false }),
    ("username", Sort { key: SortKey::Username, descending: false }),
    ("created", Sort { key: SortKey::Created, descending: true }),
    ("updated", Sort { key: SortKey::Updated, descending: true }),
];

pub(crate) async fn measure(bed: &Bed, report: &mut Report) -> Result<()> {
    for (name, sort) in SORTS {
        let first = query(bed.realm, *sort, None);
        let deepest = query(bed.realm, *sort, Some(before_the_last_page(bed, *sort).await?));
        let (mut first_times, mut deepest_times) = (Samples::default(), Samples::default());
        for round in 0..WARM_UP + ROUNDS {
            let (page, first_time) = timed(read(&bed.store, &first)).await?;
            ensure!(page.rows.len() == PAGE as usize && page.next.is_some(), "the first page by {name} is not one");
            let (page, deepest_time) = timed(read(&bed.store, &deepest)).await?;
            ensure!(page.rows.len() == PAGE as usize && page.next.is_none(), "the deepest page by {name} is not one");
            if round >= WARM_UP {
                first_times.push(first_time);
                deepest_times.push(deepest_time);
            }
        }
        report.add(Line {
            row: 2,
            what: format!("deepest page by {name}"),
            measured: cell(&deepest_times),
            beside: "first page".to_owned(),
            baseline: cell(&first_times),
            figure: ratio(deepest_times.median(), first_times.median()),
            unit: "×",
            aim: Some(Aim::AtMost(AIM)),
        });
    }
    Ok(())
}

/// Where the last full page starts: the row before it, found from the end.
async fn before_the_last_page(bed: &Bed, sort: Sort) -> Result<Cursor> {
    let from_the_end = ListQuery { backward: true, limit: PAGE + 1, ..query(bed.realm, sort, None) };
    read(&bed.store, &from_the_end).await?.previous.context("there are too few identities for two pages")
}

fn query(realm: RealmId, sort: Sort, from: Option<Cursor>) -> ListQuery {
    ListQuery { realm, filter: Filter::default(), sort, from, backward: false, limit: PAGE }
}

async fn read(store: &Store, query: &ListQuery) -> Result<Page> {
    Ok(store.read().await?.list_identities(query).await?)
}
