//! Row 8: the server's memory at rest, beside the same server on an empty database.

use std::path::Path;

use anyhow::{Result, ensure};
use storage::Database;

use crate::place::Place;
use crate::process::{Memory, Server};
use crate::report::{Aim, Line, Report};

const AIM: f64 = 40.0;
/// What anybody may ask without signing in, and how often it is asked before the server rests.
const PATHS: &[&str] = &["/healthz", "/readyz", "/sign-in"];
const REQUESTS: usize = 100;
const ROUNDS: usize = 3;

/// The server's program and its site folder.
pub(crate) struct Program<'a> {
    pub(crate) server: &'a Path,
    pub(crate) site: &'a Path,
}

pub(crate) fn measure(program: &Program, filled: &Place, empty: &Place, report: &mut Report) -> Result<()> {
    let (mut baselines, mut measured) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        baselines.push(at_rest(program, empty)?);
        measured.push(at_rest(program, filled)?);
    }
    let (baseline, measured) = (median(baselines), median(measured));
    report.add(Line {
        row: 8,
        what: "server at rest".to_owned(),
        measured: words(measured),
        beside: "on an empty database".to_owned(),
        baseline: words(baseline),
        figure: megabytes(measured.resident),
        unit: " MB",
        aim: Some(Aim::AtMost(AIM)),
    });
    Ok(())
}

fn at_rest(program: &Program, place: &Place) -> Result<Memory> {
    let url = match place.database() {
        Database::Sqlite(_) => None,
        Database::Postgres(url) => Some(url.as_str()),
    };
    let server = Server::start(program.server, program.site, place.folder(), url)?;
    for _ in 0..REQUESTS {
        for path in PATHS {
            let status = server.get(path)?;
            ensure!(status == 200, "{path} answered {status}");
        }
    }
    let memory = server.settled_memory()?;
    server.stop()?;
    Ok(memory)
}

fn median(mut readings: Vec<Memory>) -> Memory {
    readings.sort_unstable_by_key(|memory| memory.resident);
    readings[readings.len() / 2]
}

fn words(memory: Memory) -> String {
    format!("{:.1} MB resident, {:.1} MB of it anonymous", megabytes(memory.resident), megabytes(memory.anonymous))
}

/// Exact below 2^53 bytes.
#[expect(clippy::cast_precision_loss, reason = "no process has that much memory")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
