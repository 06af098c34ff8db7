//! The table at the end: a line for each figure, beside its baseline, and whether its aim is met.

use crate::stats::{Samples, words};

/// What a figure should be.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

impl Aim {
    fn met(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(aim) => figure >= aim,
            Self::AtMost(aim) => figure <= aim,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtLeast(aim) => format!("≥ {aim}"),
            Self::AtMost(aim) => format!("≤ {aim}"),
        }
    }
}

/// One figure.
pub(crate) struct Line {
    /// The row of the speed table that it belongs to.
    pub(crate) row: u8,
    pub(crate) what: String,
    pub(crate) measured: String,
    pub(crate) beside: String,
    pub(crate) baseline: String,
    pub(crate) figure: f64,
    pub(crate) unit: &'static str,
    /// None where the figure only tells.
    pub(crate) aim: Option<Aim>,
}

/// The figures of one database filled with so many identities.
pub(crate) struct Report {
    database: &'static str,
    size: u64,
    lines: Vec<Line>,
}

pub(crate) const HEADER: &str = "| row | database | identities | what | measured | beside | its | figure | aim | met |\n\
    | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

impl Report {
    pub(crate) fn new(database: &'static str, size: u64) -> Self {
        Self { database, size, lines: Vec::new() }
    }

    pub(crate) fn add(&mut self, line: Line) {
        eprintln!("{}", self.format(&line));
        self.lines.push(line);
    }

    /// The lines of a Markdown table.
    pub(crate) fn table(&self) -> String {
        self.lines.iter().map(|line| self.format(line)).collect::<Vec<_>>().join("\n")
    }

    fn format(&self, line: &Line) -> String {
        let Line { row, what, measured, beside, baseline, figure, unit, aim } = line;
        let (aim, met) = match aim {
            Some(aim) => (format!("{}{unit}", aim.words()), if aim.met(*figure) { "yes" } else { "**no**" }),
            None => ("–".to_owned(), "–"),
        };
        let digits = if *figure >= 100.0 {
            0
        } else if *figure >= 10.0 {
            1
        } else {
            2
        };
        let (database, size) = (self.database, self.size);
        format!("| {row} | {database} | {size} | {what} | {measured} | {beside} | {baseline} | {figure:.digits$}{unit} | {aim} | {met} |")
    }
}

/// Median and 95th percentile, for a cell of the table.
pub(crate) fn cell(samples: &Samples) -> String {
    format!("{}, p95 {}", words(samples.median()), words(samples.p95()))
}
