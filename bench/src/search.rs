//! Row 1: search as one types, beside a scan and beside the bare query.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, ensure};
use domain::RealmId;
use domain::fold::Search;
use storage::{Filter, ListQuery, Sort, SortKey, Store};

use crate::bed::{Bed, timed};
use crate::data::Random;
use crate::report::{Aim, Line, Report, cell};
use crate::stats::{Samples, ratio, words};

const SCAN_AIM: f64 = 500.0;
const BARE_AIM: f64 = 3.0;
const GROWTH_AIM: f64 = 2.0;
const PAGE: u32 = 50;
/// What the console counts to.
const MOST_COUNTED: u32 = 10_001;
const SAMPLED_NAMES: u64 = 60;
/// The scans of one run; each takes a second where there are many identities.
const SCANS: usize = 60;

/// An order of the list, and how much of it is measured.
struct Run {
    name: &'static str,
    sort: SortKey,
    /// Every search runs so often, with all others between; its median counts.
    rounds: usize,
    /// At most so many searches: sorting every match, as the bare query has to, takes long.
    searches: usize,
}

const RUNS: [Run; 2] = [
    Run { name: "newest first", sort: SortKey::Created, rounds: 5, searches: usize::MAX },
    Run { name: "by name", sort: SortKey::Name, rounds: 3, searches: 150 },
];

/// The 95th percentile of searching for words, a figure for each order of the list.
pub(crate) type Figures = [Duration; RUNS.len()];

/// A typed text, and what its runs took.
struct Typed {
    search: Search,
    storage: Samples,
    bare: Samples,
    count: Samples,
}

impl Typed {
    fn new(search: Search) -> Self {
        Self { search, storage: Samples::default(), bare: Samples::default(), count: Samples::default() }
    }
}

pub(crate) async fn measure(bed: &mut Bed, seed: u64, report: &mut Report) -> Result<Figures> {
    let names = bed.people.sample(SAMPLED_NAMES);
    let single: Vec<&str> = names.iter().flat_map(|name| name.split(' ')).collect();
    let whole: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut figures = [Duration::ZERO; RUNS.len()];
    for (run, figure) in RUNS.iter().zip(&mut figures) {
        *figure = measure_texts(bed, run, "words", typed(&single, seed, |_| true), report).await?;
        measure_texts(bed, run, "whole names", typed(&whole, seed, |prefix| prefix.contains(' ')), report).await?;
    }
    Ok(figures)
}

/// The wanted prefixes of the texts, each once, in no order.
fn typed(texts: &[&str], seed: u64, wanted: impl Fn(&str) -> bool) -> Vec<Typed> {
    let all: BTreeSet<&str> = texts.iter().flat_map(|text| prefixes(text)).filter(|prefix| wanted(prefix)).collect();
    let mut typed: Vec<Typed> = all.into_iter().filter_map(Search::parse).map(Typed::new).collect();
    Random::new(seed).shuffle(&mut typed);
    typed
}

/// One character, two characters, and so on to the whole text.
fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| text[..at + c.len_utf8()].trim_end())
}

/// Runs every search all ways and reports on it; answers the 95th percentile.
async fn measure_texts(bed: &mut Bed, run: &Run, what: &str, mut typed: Vec<Typed>, report: &mut Report) -> Result<Duration> {
    typed.truncate(run.searches);
    let mut scans = Samples::default();
    let every = typed.len().div_ceil(SCANS);
    // The first round only warms up.
    for round in 0..=run.rounds {
        for (number, typed) in typed.iter_mut().enumerate() {
            let found = search_both_ways(bed, run.sort, typed, number + round, round > 0).await?;
            // The scans are spread over the rounds.
            if round > 0 && number % every == 0 && number / every % run.rounds == round - 1 {
                let (scanned, took) = timed(bed.bare.scan(bed.realm, &typed.search, run.sort)).await?;
                same(&typed.search, &found, &scanned)?;
                scans.push(took);
            }
        }
    }
    Ok(add_lines(&format!("{} {what} as typed, {}", typed.len(), run.name), &typed, &scans, report))
}

/// Searches through storage and bare, which must find the same, and answers the ids.
async fn search_both_ways(bed: &mut Bed, sort: SortKey, typed: &mut Typed, turn: usize, counts: bool) -> Result<Vec<i64>> {
    let query = query(bed.realm, &typed.search, sort);
    // Whichever comes second finds the pages in memory: they take turns.
    let ((found, storage), (bare_found, bare)) = if turn.is_multiple_of(2) {
        let storage = timed(read(&bed.store, &query)).await?;
        (storage, timed(bed.bare.search(bed.realm, &typed.search, sort)).await?)
    } else {
        let bare = timed(bed.bare.search(bed.realm, &typed.search, sort)).await?;
        (timed(read(&bed.store, &query)).await?, bare)
    };
    same(&typed.search, &found, &bare_found)?;
    if counts {
        typed.storage.push(storage);
        typed.bare.push(bare);
        typed.count.push(timed(count(&bed.store, &query)).await?.1);
    }
    Ok(found)
}

fn add_lines(what: &str, typed: &[Typed], scans: &Samples, report: &mut Report) -> Duration {
    let medians = |samples: fn(&Typed) -> &Samples| typed.iter().map(|typed| samples(typed).median()).collect::<Samples>();
    let (storage, bare, count) = (medians(|t| &t.storage), medians(|t| &t.bare), medians(|t| &t.count));
    let mut add = |beside: &str, baseline: &Samples, figure: f64, aim: Option<Aim>| {
        let (what, measured, beside, baseline) = (what.to_owned(), cell(&storage), beside.to_owned(), cell(baseline));
        report.add(Line { row: 1, what, measured, beside, baseline, figure, unit: "×", aim });
    };
    add("LIKE scan, times as long at p95", scans, ratio(scans.p95(), storage.p95()), Some(Aim::AtLeast(SCAN_AIM)));
    add("bare query, at p95", &bare, ratio(storage.p95(), bare.p95()), Some(Aim::AtMost(BARE_AIM)));
    add("their count to 10,000, times as long at p95", &count, ratio(count.p95(), storage.p95()), None);
    storage.p95()
}

/// How the searches grew with the number of identities.
pub(crate) fn add_growth(smaller: (u64, Figures), larger: Figures, report: &mut Report) {
    for ((run, small), large) in RUNS.iter().zip(smaller.1).zip(larger) {
        report.add(Line {
            row: 1,
            what: format!("words as typed, {}, p95", run.name),
            measured: words(large),
            beside: format!("{} identities", smaller.0),
            baseline: words(small),
            figure: ratio(large, small),
            unit: "×",
            aim: Some(Aim::AtMost(GROWTH_AIM)),
        });
    }
}

fn query(realm: RealmId, search: &Search, sort: SortKey) -> ListQuery {
    let filter = Filter { search: Some(search.clone()), ..Filter::default() };
    let sort = Sort { key: sort, descending: sort == SortKey::Created };
    ListQuery { realm, filter, sort, from: None, backward: false, limit: PAGE }
}

/// The ids of the page as the console gets it.
async fn read(store: &Store, query: &ListQuery) -> Result<Vec<i64>> {
    let page = store.read().await?.list_identities(query).await?;
    Ok(page.rows.iter().map(|row| row.id.get()).collect())
}

/// The count that the console shows above the page.
async fn count(store: &Store, query: &ListQuery) -> Result<u32> {
    Ok(store.read().await?.count_identities(query.realm, &query.filter, MOST_COUNTED).await?)
}

/// The page is what the baseline found, which holds one row more where there are more.
fn same(search: &Search, page: &[i64], baseline: &[i64]) -> Result<()> {
    let expected = &baseline[..baseline.len().min(PAGE as usize)];
    ensure!(!page.is_empty(), "{:?} is typed from a name, but finds nobody", search.parts);
    ensure!(page == expected, "{:?} finds other identities than the baseline", search.parts);
    Ok(())
}
