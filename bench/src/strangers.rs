//! Row 11: what is answered to a stranger who asks after somebody, with passkeys or without, beside what is answered where
//! there is nobody. Words must be the same, and times must not tell them apart.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use domain::Timestamp;
use domain::identity::EnrollmentStatus;
use domain::listing::ListRequest;
use domain::record::IdentityRow;
use domain::time::Span;
use serde_json::Value;
use service::{Clock, Keyroll, Randomness, RequestInfo, Settings};
use testkit::SoftAuthenticator;
use url::Url;

use crate::bed::Bed;
use crate::report::{Aim, Line, Report, cell};
use crate::stats::Samples;

const ORIGIN: &str = "https://id.example.com";
const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const WARM_UP: usize = 50;
/// Tries each way.
const ROUNDS: usize = 1_000;
/// Whoever guesses by the time alone is right in half of the pairs; more often than this, and guessing would pay.
const AIM: f64 = 55.0;

/// What a stranger asks after.
#[derive(Clone, Copy)]
enum Asked {
    /// Somebody of this standing, by their username, with a passkey of the stranger's own.
    SignIn(EnrollmentStatus),
    /// What a link leads to whose secret is wrong: a real one's with its end changed, or one made up.
    Link,
}

const QUESTIONS: [(Asked, &str); 3] = [
    (Asked::SignIn(EnrollmentStatus::Enrolled), "sign-in under the username of somebody with a passkey"),
    (Asked::SignIn(EnrollmentStatus::Unenrolled), "sign-in under the username of somebody without"),
    (Asked::Link, "a link that nearly exists"),
];

/// A stranger with a passkey, at a desk whose clock the measurement moves: what limits took has come back before each try.
struct Stranger {
    keyroll: Keyroll,
    clock: Clock,
    authenticator: SoftAuthenticator,
    enrolled: Vec<String>,
    unenrolled: Vec<String>,
    /// The secret of a link that is open.
    token: String,
}

pub(crate) async fn measure(bed: &Bed, report: &mut Report) -> Result<()> {
    let mut stranger = Stranger::new(bed).await?;
    for (asked, what) in QUESTIONS {
        let (mut there, mut nowhere, mut slower) = (Samples::default(), Samples::default(), 0);
        for round in 0..WARM_UP + ROUNDS {
            // Whichever goes first warms what the other finds: they take turns.
            let (one, other) = if round % 2 == 0 {
                let there = stranger.ask(asked, round, true).await?;
                (there, stranger.ask(asked, round, false).await?)
            } else {
                let nowhere = stranger.ask(asked, round, false).await?;
                (stranger.ask(asked, round, true).await?, nowhere)
            };
            if round >= WARM_UP {
                there.push(one);
                nowhere.push(other);
                slower += u32::from(one > other);
            }
        }
        let slower = f64::from(slower) * 100.0 / f64::from(u32::try_from(ROUNDS)?);
        report.add(Line {
            row: 11,
            what: format!("{what}, {ROUNDS} tries each way"),
            measured: cell(&there),
            beside: "one that does not exist; right by guessing from the time".to_owned(),
            baseline: cell(&nowhere),
            figure: slower.max(100.0 - slower),
            unit: " %",
            aim: Some(Aim::AtMost(AIM)),
        });
    }
    Ok(())
}

impl Stranger {
    async fn new(bed: &Bed) -> Result<Self> {
        let clock = Clock::set_to(NOW);
        let settings = Settings::new(Url::parse(ORIGIN)?);
        let keyroll = Keyroll::new(bed.store.clone(), settings, clock.clone(), Randomness::seeded(1))?;
        let operator = keyroll.operator(bed.realm);
        let standing = |enrollment| ListRequest { enrollment: Some(enrollment), ..ListRequest::default() };
        let enrolled = operator.list_identities(&standing(EnrollmentStatus::Enrolled)).await?.rows;
        let unenrolled = operator.list_identities(&standing(EnrollmentStatus::Unenrolled)).await?.rows;
        let (own, others) = unenrolled.split_first().context("there is nobody")?;
        let secret = |link: String| link.rsplit('/').next().map(str::to_owned).context("a link has an end");
        let own_link = secret(operator.create_link(own.id).await?.link)?;
        let token = secret(operator.create_link(others.first().context("there is only one")?.id).await?.link)?;
        let usernames = |people: &[IdentityRow]| people.iter().map(|person| person.username.clone()).collect();
        let (enrolled, unenrolled) = (usernames(&enrolled), usernames(others));
        let mut stranger = Self { keyroll, clock, authenticator: SoftAuthenticator::new(1), enrolled, unenrolled, token };
        let browser = stranger.keyroll.anonymous(RequestInfo::default());
        let begun = browser.begin_enrollment(&own_link).await?;
        let answer = stranger.authenticator.create(&serde_json::from_str(&begun.options)?, ORIGIN);
        let answer = answer.ok().context("the authenticator makes a passkey")?;
        browser.finish_enrollment(&own_link, &begun.id, &answer.to_string()).await?;
        Ok(stranger)
    }

    /// How long the refusal took.
    async fn ask(&mut self, asked: Asked, round: usize, exists: bool) -> Result<Duration> {
        self.clock.advance(Span::minutes(1));
        match asked {
            Asked::SignIn(standing) => self.sign_in(standing, round, exists).await,
            Asked::Link => self.look(exists).await,
        }
    }

    async fn sign_in(&mut self, standing: EnrollmentStatus, round: usize, exists: bool) -> Result<Duration> {
        let people = if standing == EnrollmentStatus::Enrolled { &self.enrolled } else { &self.unenrolled };
        let known = &people[round % people.len()];
        let username = if exists { known.clone() } else { "xq".chars().chain(known.chars().skip(2)).collect() };
        let browser = self.keyroll.anonymous(RequestInfo::default());
        let begun = browser.begin_sign_in().await?;
        let options: Value = serde_json::from_str(&begun.options)?;
        let answer = self.authenticator.get(&options, ORIGIN).ok().context("the authenticator answers")?.to_string();
        let start = Instant::now();
        let refused = browser.finish_sign_in(&begun.id, &username, &answer).await;
        let took = start.elapsed();
        ensure!(refused.is_err_and(|error| error.code() == "sign_in_refused"), "somebody else’s username was taken");
        Ok(took)
    }

    async fn look(&self, exists: bool) -> Result<Duration> {
        let (rest, end) = self.token.split_at(self.token.len() - 2);
        let wrong = if end == "AA" { "BA" } else { "AA" };
        let token = if exists { format!("{rest}{wrong}") } else { format!("{wrong}{}", rest.chars().rev().collect::<String>()) };
        let browser = self.keyroll.anonymous(RequestInfo::default());
        let start = Instant::now();
        let refused = browser.open_link(&token).await;
        let took = start.elapsed();
        ensure!(refused.is_err_and(|error| error.code() == "link_unknown"), "a wrong secret was known");
        Ok(took)
    }
}
