//! Measures Keyroll beside its baselines and prints the table of figures: see docs/benchmarks.md.

mod bare;
mod bed;
mod data;
mod impact;
mod lived;
mod log;
mod memory;
mod pages;
mod place;
mod process;
mod report;
mod search;
mod stats;
mod strangers;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};

use crate::bed::Bed;
use crate::data::{Loaded, People};
use crate::memory::Program;
use crate::place::Place;
use crate::report::{HEADER, Report};
use crate::search::Figures;

/// Measures Keyroll beside its baselines. `make bench` builds everything and starts it.
#[derive(Parser)]
struct Options {
    /// How many identities; several numbers, the smallest first, also compare them: 1000000,10000000
    #[arg(long, value_name = "N[,N…]", value_delimiter = ',', default_value = "1000000", value_parser = clap::value_parser!(u64).range(200..))]
    size: Vec<u64>,
    /// The rows of the speed table to measure
    #[arg(long, value_name = "ROW[,ROW…]", value_delimiter = ',', default_value = "1,2,8,11,12,13")]
    rows: Vec<u8>,
    #[arg(long, value_enum, value_delimiter = ',', default_value = "sqlite,postgres")]
    database: Vec<Kind>,
    /// What the people are made up from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The PostgreSQL server to make databases on
    #[arg(long, env = "KEYROLL_TEST_POSTGRES_URL", hide_env_values = true)]
    postgres_url: Option<String>,
    /// The server's program, for row 8
    #[arg(long, env = "KEYROLL_BIN")]
    server: Option<PathBuf>,
    /// The server's site folder, for row 8
    #[arg(long, env = "KEYROLL_SITE")]
    site: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let mut reports = Vec::new();
    for kind in &options.database {
        let mut smaller: Option<(u64, Figures)> = None;
        for size in &options.size {
            let mut report = Report::new(kind.name(), *size);
            let figures = measure(&options, *kind, *size, &mut report).await?;
            if let Some((smaller, figures)) = smaller.zip(figures) {
                search::add_growth(smaller, figures, &mut report);
            }
            smaller = smaller.or(figures.map(|figures| (*size, figures)));
            reports.push(report);
        }
    }
    println!("{HEADER}");
    for report in &reports {
        println!("{}", report.table());
    }
    Ok(())
}

/// Fills a database of this size and measures the wanted rows on it.
async fn measure(options: &Options, kind: Kind, size: u64, report: &mut Report) -> Result<Option<Figures>> {
    let place = options.place(kind, &format!("filled_{size}")).await?;
    let (mut bed, loaded) = Bed::fill(&place, People::new(options.seed, size), kind.name()).await?;
    eprintln!("{}", loading(kind, size, &loaded));
    let mut figures = None;
    if options.rows.contains(&1) {
        figures = Some(search::measure(&mut bed, options.seed, report).await?);
    }
    if options.rows.contains(&2) {
        pages::measure(&bed, report).await?;
    }
    if options.rows.iter().any(|row| matches!(row, 11..=13)) {
        lived::move_in(&bed.store, &mut bed.bare, bed.realm).await?;
    }
    if options.rows.contains(&11) {
        strangers::measure(&bed, report).await?;
    }
    if options.rows.contains(&12) {
        impact::measure(&mut bed, report).await?;
    }
    if options.rows.contains(&13) {
        log::measure(&mut bed, report).await?;
    }
    bed.close().await?;
    if options.rows.contains(&8) {
        let empty = options.place(kind, "empty").await?;
        memory::measure(&options.program()?, &place, &empty, report)?;
        empty.remove().await?;
    }
    place.remove().await?;
    Ok(figures)
}

impl Options {
    async fn place(&self, kind: Kind, name: &str) -> Result<Place> {
        match kind {
            Kind::Sqlite => Place::sqlite(),
            Kind::Postgres => {
                let server = self.postgres_url.as_ref().context("KEYROLL_TEST_POSTGRES_URL is not set: use `make bench`")?;
                Place::postgres(server, format!("keyroll_bench_{}_{name}", std::process::id())).await
            }
        }
    }

    fn program(&self) -> Result<Program<'_>> {
        let server = self.server.as_deref().context("KEYROLL_BIN is not set: use `make bench`")?;
        let site = self.site.as_deref().context("KEYROLL_SITE is not set: use `make bench`")?;
        Ok(Program { server, site })
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes and bytes stay far below 2^53")]
fn loading(kind: Kind, size: u64, loaded: &Loaded) -> String {
    let rate = size as f64 / loaded.took.as_secs_f64();
    let megabytes = |bytes: u64| bytes as f64 / 1_000_000.0;
    let (early, late) = (megabytes(loaded.early_memory), megabytes(loaded.late_memory));
    format!(
        "{}: {size} identities loaded, {rate:.0} a second; this program's memory: {early:.0} MB after a tenth, {late:.0} MB at the end",
        kind.name()
    )
}
