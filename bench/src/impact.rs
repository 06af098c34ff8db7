//! Row 12: what publishing a draft would do to everyone, beside the bare reading of the rows that decide it.

use anyhow::{Result, ensure};
use domain::policy::{Application, Decision, PasskeyKind, Policy, Rule};
use domain::{RealmId, Timestamp};
use futures::TryStreamExt as _;
use service::{Clock, Keyroll, Randomness, Settings};
use sqlx::{Postgres, Sqlite};
use url::Url;

use crate::bare::Bare;
use crate::bed::{Bed, timed};
use crate::lived::group;
use crate::report::{Aim, Line, Report, cell};
use crate::stats::{Samples, ratio};

const ROUNDS: usize = 3;
/// Reading and judging together, beside reading alone.
const AIM: f64 = 3.0;

/// What decides: who there is, who is in which group, who holds what.
const READ: [&str; 3] = [
    "SELECT id, updated_at FROM identities WHERE realm_id = $1 AND status = 'active' ORDER BY id",
    "SELECT m.identity_id, m.group_id FROM group_members m JOIN groups g ON g.id = m.group_id WHERE g.realm_id = $1",
    "SELECT identity_id, id FROM passkeys WHERE realm_id = $1 AND state = 'ACTIVE'",
];

pub(crate) async fn measure(bed: &mut Bed, report: &mut Report) -> Result<()> {
    let now = Timestamp::from_micros(1_800_000_000_000_000);
    let settings = Settings::new(Url::parse("https://id.example.com")?);
    let keyroll = Keyroll::new(bed.store.clone(), settings, Clock::set_to(now), Randomness::seeded(2))?;
    let operator = keyroll.operator(bed.realm);
    let of = |number| Rule { groups: vec![group(number)], ..Rule::new(Decision::Allow) };
    let mut tx = bed.store.write().await?;
    tx.publish_policy(1, bed.realm, &Policy { rules: vec![of(0)] }, "Bench", now).await?;
    tx.commit().await?;
    let kind = |kind, decision| Rule { passkey: Some(kind), ..Rule::new(decision) };
    let synced = Rule { groups: vec![group(2)], ..kind(PasskeyKind::Synced, Decision::Deny) };
    let drafts = [
        ("one group more", vec![of(0), of(1)]),
        ("everyone, by group and passkey", vec![synced, of(0), of(1), kind(PasskeyKind::DeviceBound, Decision::Allow)]),
    ];
    for (version, (concerned, rules)) in (0..).zip(drafts) {
        operator.save_policy_draft(version, rules).await?;
        let (mut judged, mut read) = (Samples::default(), Samples::default());
        for _ in 0..ROUNDS {
            let (rows, took) = timed(bed.bare.read_all(bed.realm)).await?;
            ensure!(rows > bed.people.size(), "not everybody was read");
            read.push(took);
            let (impact, took) = timed(async { Ok(operator.policy_impact(Application::Console).await?) }).await?;
            ensure!(impact.gain > 0 && impact.gaining.len() as u64 == impact.gain.min(100), "nobody would gain anything");
            judged.push(took);
        }
        report.add(Line {
            row: 12,
            what: format!("impact of a draft that concerns {concerned}"),
            measured: cell(&judged),
            beside: "reading everybody’s rows bare".to_owned(),
            baseline: cell(&read),
            figure: ratio(judged.median(), read.median()),
            unit: "×",
            aim: Some(Aim::AtMost(AIM)),
        });
    }
    Ok(())
}

impl Bare {
    /// Reads every row that decides over somebody; how many there are.
    async fn read_all(&mut self, realm: RealmId) -> Result<u64> {
        let mut rows = 0;
        for sql in READ {
            match self {
                Self::Sqlite(connection) => {
                    let mut stream = sqlx::query_as::<Sqlite, (i64, i64)>(sql).bind(realm.get()).fetch(connection);
                    while stream.try_next().await?.is_some() {
                        rows += 1;
                    }
                }
                Self::Postgres(connection) => {
                    let mut stream = sqlx::query_as::<Postgres, (i64, i64)>(sql).bind(realm.get()).fetch(connection);
                    while stream.try_next().await?.is_some() {
                        rows += 1;
                    }
                }
            }
        }
        Ok(rows)
    }
}
