//! The outbox: who may take a mail, and whose word on it counts.

use domain::mail::MailState;
use storage::{ClaimedMail, Settled, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made::{self, at};

on_both![
    a_mail_is_taken_by_one_at_a_time,
    a_mail_that_was_handed_over_is_never_taken_again,
    the_word_of_a_try_that_is_past_counts_for_nothing,
    a_mail_whose_link_ended_is_not_handed_over,
];

/// A mail that waits since the first second, of a job whose link lives.
async fn waiting(db: &Db, tx: &mut Tx) -> ClaimedMail {
    let realm = made::realm(db, tx).await;
    let person = made::person(db, tx, realm, "zoe").await;
    let job = made::job(db, tx, realm, person).await;
    tx.insert_mail(realm, job, "zoe@example.org", at(1)).await.unwrap();
    ClaimedMail { job, realm, recipient: "zoe@example.org".into(), attempt: 0 }
}

async fn state(tx: &mut Tx, mail: &ClaimedMail) -> MailState {
    tx.mail(mail.realm, mail.job).await.unwrap().unwrap().state
}

fn settled(state: MailState) -> Settled<'static> {
    Settled { state, due_at: at(1), words: "" }
}

async fn a_mail_is_taken_by_one_at_a_time(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let mail = waiting(&db, &mut tx).await;
    assert_eq!(tx.claim_mail(at(0), at(30)).await.unwrap(), None);
    let first = tx.claim_mail(at(1), at(30)).await.unwrap().unwrap();
    assert_eq!(first, ClaimedMail { attempt: 1, ..mail });
    assert_eq!(tx.claim_mail(at(29), at(60)).await.unwrap(), None);
    assert!(tx.keep_mail(&first, at(60)).await.unwrap());
    assert_eq!(tx.claim_mail(at(59), at(90)).await.unwrap(), None);
    let second = tx.claim_mail(at(60), at(90)).await.unwrap().unwrap();
    assert_eq!(second.attempt, 2);
    assert!(!tx.keep_mail(&first, at(120)).await.unwrap());
}

async fn a_mail_that_was_handed_over_is_never_taken_again(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    waiting(&db, &mut tx).await;
    let mail = tx.claim_mail(at(1), at(30)).await.unwrap().unwrap();
    assert!(tx.hand_mail_over(&mail, at(2), at(30)).await.unwrap());
    assert_eq!(tx.claim_mail(at(1_000), at(1_030)).await.unwrap(), None);
    assert!(!tx.give_mail_up(&mail, "gone", at(29)).await.unwrap());
    assert_eq!(tx.unheard_mails(at(30), 10).await.unwrap(), std::slice::from_ref(&mail));
    assert!(tx.give_mail_up(&mail, "gone", at(30)).await.unwrap());
    assert_eq!(state(&mut tx, &mail).await, MailState::Uncertain);
    assert_eq!(tx.claim_mail(at(1_000), at(1_030)).await.unwrap(), None);
    // Whoever heard the answer after all knows better.
    assert!(tx.settle_mail(&mail, &settled(MailState::Sent), at(31)).await.unwrap());
    assert_eq!(state(&mut tx, &mail).await, MailState::Sent);
}

async fn the_word_of_a_try_that_is_past_counts_for_nothing(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    waiting(&db, &mut tx).await;
    let first = tx.claim_mail(at(1), at(30)).await.unwrap().unwrap();
    let second = tx.claim_mail(at(30), at(60)).await.unwrap().unwrap();
    assert!(!tx.hand_mail_over(&first, at(31), at(60)).await.unwrap());
    assert!(!tx.settle_mail(&first, &settled(MailState::Failed), at(31)).await.unwrap());
    assert_eq!(state(&mut tx, &second).await, MailState::Sending);
    assert!(tx.hand_mail_over(&second, at(31), at(60)).await.unwrap());
    assert!(!tx.hand_mail_over(&second, at(31), at(60)).await.unwrap());
    assert!(tx.settle_mail(&second, &settled(MailState::Sent), at(32)).await.unwrap());
    assert!(!tx.settle_mail(&second, &settled(MailState::Failed), at(33)).await.unwrap());
    assert_eq!(state(&mut tx, &second).await, MailState::Sent);
}

async fn a_mail_whose_link_ended_is_not_handed_over(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    waiting(&db, &mut tx).await;
    let mail = tx.claim_mail(at(1), at(30)).await.unwrap().unwrap();
    made::advance(&db, &mut tx, mail.realm, mail.job, &domain::binding_job::BindingJob::Revoked).await;
    assert!(!tx.hand_mail_over(&mail, at(2), at(30)).await.unwrap());
    assert_eq!(state(&mut tx, &mail).await, MailState::Sending);
}
