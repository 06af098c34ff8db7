//! Row 13: the audit log. Writing an event with its words, beside a row alone in a table alike; sealing it, beside
//! writing it: a sealer that is slower than one writer would fall behind.

use std::time::Duration;

use anyhow::{Result, ensure};
use domain::event::{Detail, EventActor, EventKind, EventOutcome, EventTarget};
use domain::{EventId, IdentityId, Timestamp};
use service::{Clock, Keyroll, Randomness, Settings};
use storage::NewEvent;
use url::Url;

use crate::bed::{Bed, timed};
use crate::report::{Aim, Line, Report, cell};
use crate::stats::{Samples, ratio};

const ROUNDS: i64 = 20;
const EVENTS: i64 = 1_000;
const WRITING: f64 = 10.0;
const SEALING: f64 = 1.0;

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const DETAIL: &str = r#"{"username":"zoe","source":"csv"}"#;

pub(crate) async fn measure(bed: &mut Bed, report: &mut Report) -> Result<()> {
    let settings = Settings::new(Url::parse("https://id.example.com")?);
    let keyroll = Keyroll::new(bed.store.clone(), settings, Clock::set_to(NOW), Randomness::seeded(3))?;
    while keyroll.seal_events().await? {}
    // Dropped with its database.
    bed.bare.execute("CREATE TABLE bench_log AS SELECT * FROM events WHERE id < 0").await?;
    bed.bare.execute("CREATE INDEX bench_log_realm ON bench_log (realm_id, id)").await?;
    let (mut written, mut plain, mut sealed) = (Samples::default(), Samples::default(), Samples::default());
    for round in 0..ROUNDS {
        plain.push(each(timed(write_plain(bed, round)).await?.1));
        written.push(each(timed(write(bed, round)).await?.1));
        sealed.push(each(timed(seal(&keyroll)).await?.1));
    }
    let mut add = |what: &str, measured: &Samples, beside: &str, baseline: &Samples, aim| {
        report.add(Line {
            row: 13,
            what: what.to_owned(),
            measured: cell(measured),
            beside: beside.to_owned(),
            baseline: cell(baseline),
            figure: ratio(measured.median(), baseline.median()),
            unit: "×",
            aim: Some(Aim::AtMost(aim)),
        });
    };
    add("writing an event, each with its commit", &written, "a row in a bare table with one index", &plain, WRITING);
    add("sealing an event", &sealed, "writing it", &written, SEALING);
    Ok(())
}

fn each(whole: Duration) -> Duration {
    whole / u32::try_from(EVENTS).unwrap_or(u32::MAX)
}

async fn write(bed: &Bed, round: i64) -> Result<()> {
    for number in 0..EVENTS {
        let mut tx = bed.store.write().await?;
        tx.insert_event(&event(bed, 1 + round * EVENTS + number)).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn write_plain(bed: &mut Bed, round: i64) -> Result<()> {
    let realm = bed.realm.get();
    for number in 0..EVENTS {
        let id = 1 + round * EVENTS + number;
        let sql = format!(
            "INSERT INTO bench_log (id, realm_id, at, kind, outcome, actor_kind, actor_id, actor_name, target_kind, target_id, target_name, \
             identity_id, detail, address, request_id) VALUES ({id}, {realm}, {}, 'identity.created', 'success', 'identity', 9, 'Admin', \
             'identity', {id}, 'Zoë Ångström', {id}, '{DETAIL}', '192.0.2.1', 'request-{id}')",
            NOW.micros()
        );
        bed.bare.execute(&sql).await?;
    }
    Ok(())
}

async fn seal(keyroll: &Keyroll) -> Result<()> {
    while keyroll.seal_events().await? {}
    ensure!(!keyroll.store().read().await?.events_wait().await?, "some events wait for their seal");
    Ok(())
}

fn event(bed: &Bed, id: i64) -> NewEvent {
    let identity = IdentityId::from_i64(id);
    NewEvent {
        id: EventId::from_i64(id),
        realm: bed.realm,
        at: NOW,
        kind: EventKind::IdentityCreated,
        outcome: EventOutcome::Success,
        by: EventActor::Identity(IdentityId::from_i64(9)),
        actor: "Admin".to_owned(),
        about: EventTarget::Identity(identity),
        target: "Zoë Ångström".to_owned(),
        identity: Some(identity),
        detail: [("username", "zoe"), ("source", "csv")].map(|(name, text)| (name.to_owned(), Detail::Text(text.to_owned()))).into(),
        address: "192.0.2.1".to_owned(),
        request_id: format!("request-{id}"),
    }
}
