use std::time::Duration;

use domain::binding_job::State;
use domain::event::EventKind;
use domain::time::Span;
use service::{Background, Change, Clock, Keyroll, News, Randomness, Settings};
use testkit::{Place, on_both};
use tokio::sync::broadcast::Receiver;
use url::Url;

use crate::desk::{Desk, ORIGIN, form, process, token};

on_both!(
    a_link_expires_on_time_without_anyone_looking,
    a_change_is_announced_after_its_commit_and_one_that_failed_is_not,
    another_process_on_the_database_is_heard,
    what_was_committed_before_the_process_died_is_there_and_nothing_else,
);

/// A test that waits longer than this has failed; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(20);

async fn news(receiver: &mut Receiver<News>, wanted: impl Fn(Change) -> bool) -> Change {
    let wait = async {
        loop {
            let news = receiver.recv().await.unwrap();
            if wanted(news.change) {
                return news.change;
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the change is announced")
}

async fn a_link_expires_on_time_without_anyone_looking(place: Place) {
    let desk = Desk::new(&place).await;
    let settings =
        Settings { public_url: Url::parse(ORIGIN).unwrap(), link_lifetime: Span::seconds(1), ..Settings::new(Url::parse(ORIGIN).unwrap()) };
    let keyroll = Keyroll::new(desk.keyroll.store().clone(), settings, Clock::System, Randomness::seeded(3)).unwrap();
    let (_, mut receiver) = keyroll.changes();
    let background = Background::start(&keyroll);
    let operator = keyroll.operator(desk.realm);
    let identity = operator.create_identity(&form("ana", "Ana"), &[]).await.unwrap();
    let link = operator.create_link(identity.id).await.unwrap();
    news(&mut receiver, |change| matches!(change, Change::Here { kind: EventKind::BindingJobExpired, .. })).await;
    let job = operator.jobs(None, None).await.unwrap().jobs.remove(0);
    assert_eq!((job.id, job.state), (link.job.id, State::Expired));
    assert!(job.updated_at >= job.expires_at);
    background.stop().await;
}

async fn a_change_is_announced_after_its_commit_and_one_that_failed_is_not(place: Place) {
    let desk = Desk::new(&place).await;
    let (start, mut receiver) = desk.keyroll.changes();
    assert_eq!(start, desk.keyroll.heard());
    desk.operator().create_identity(&form("", ""), &[]).await.unwrap_err();
    let identity = desk.add("ana").await;
    desk.operator().create_identity(&form("ana", "Ana"), &[]).await.unwrap_err();
    let first = receiver.recv().await.unwrap();
    assert_eq!(first.change, Change::Here { realm: desk.realm, kind: EventKind::IdentityCreated, identity: Some(identity.id) });
    assert_eq!(first.heard, desk.keyroll.heard());
    assert!(receiver.try_recv().is_err());
}

async fn another_process_on_the_database_is_heard(place: Place) {
    let desk = Desk::new(&place).await;
    let background = Background::start(&desk.keyroll);
    let other = process(&place, &desk.clock, 2).await;
    let telling = Background::start(&other);
    // The first announcement says that the listening has begun, where there is one to wait for.
    let (_, mut receiver) = desk.keyroll.changes();
    desk.clock.advance(Span::seconds(1));
    let mut made = 0;
    let heard = loop {
        other.operator(desk.realm).create_identity(&form(&format!("p{made}"), "P"), &[]).await.unwrap();
        made += 1;
        if let Ok(Ok(news)) = tokio::time::timeout(Duration::from_millis(500), receiver.recv()).await {
            break news.change;
        }
        assert!(made < 40, "the other process is not heard");
    };
    assert_eq!(heard, Change::Somewhere);
    telling.stop().await;
    background.stop().await;
}

async fn what_was_committed_before_the_process_died_is_there_and_nothing_else(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    let (ceremony, answer) = desk.answer(&token(&link), &mut testkit::SoftAuthenticator::new(1)).await;
    // The process dies in the middle of a transaction: what it had written goes with it.
    let mut tx = desk.keyroll.store().write().await.unwrap();
    tx.delete_identity(desk.realm, identity.id).await.unwrap();
    drop(tx);
    drop(desk.keyroll);
    let again = process(&place, &desk.clock, 4).await;
    let done = again.anonymous(crate::desk::request()).finish_enrollment(&token(&link), &ceremony, &answer).await.unwrap();
    assert_eq!(done.enrolled.accepted.username, "ana");
    assert_eq!(again.operator(desk.realm).passkeys_of(identity.id).await.unwrap().len(), 1);
}
