//! Binding jobs for programs: one on terms of their own, and many at once, made in the background.

use std::time::Duration;

use domain::batch::{BatchCounts, BatchState, ResultState};
use domain::binding_job::{DeliveryMethod, JobTerms};
use domain::event::{EventActor, EventKind};
use domain::identity::Status;
use domain::listing::EventListRequest;
use domain::record::{Event, Job};
use domain::time::Span;
use domain::token::TokenForm;
use domain::{BatchId, IdentityId};
use service::{Background, BatchResults, Change, Context, Error, Keyroll, PageRequest, Result};
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, START, code, process, refused_field, request};
use crate::mail::{add, kinds};

on_both![
    one_job_is_made_on_its_terms,
    a_mixed_batch_tells_what_became_of_each,
    a_batch_goes_on_where_the_process_died,
    two_processes_at_once_make_one_job_for_each,
    a_program_gets_no_further_by_a_batch_than_by_itself,
    a_batch_that_is_wrong_is_refused_as_a_whole,
    results_are_read_page_by_page,
    a_batch_runs_without_anybody_asking_and_is_kept_for_a_month,
];

const WELCOME: &str = "https://example.com/welcome?from=keyroll";

fn terms(delivery: DeliveryMethod) -> JobTerms {
    JobTerms { delivery, redirect_uri: Some(WELCOME.into()) }
}

fn by_mail() -> JobTerms {
    terms(DeliveryMethod::Email)
}

async fn people(context: &Context, name: &str, number: usize) -> Vec<IdentityId> {
    let mut ids = Vec::new();
    for each in 0..number {
        ids.push(add(context, &format!("{name}{each}"), name).await.id);
    }
    ids
}

/// Works until nobody's job is still to be made, whoever else is at it.
async fn finish(keyroll: &Keyroll) {
    while keyroll.store().read().await.unwrap().has_pending_items().await.unwrap() {
        keyroll.go_on_with_batches().await.unwrap();
    }
}

async fn jobs(context: &Context) -> Vec<Job> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = context.jobs(None, before).await.unwrap();
        all.extend(page.jobs);
        before = page.next;
        if before.is_none() {
            return all;
        }
    }
}

/// Events of this kind, the newest first.
async fn told(context: &Context, kind: EventKind) -> Vec<Event> {
    let asked = EventListRequest { kind: Some(kind), ..EventListRequest::default() };
    context.list_events(&asked, None).await.unwrap().events
}

async fn results(context: &Context, batch: BatchId) -> BatchResults {
    context.page_of_batch_results(batch, &PageRequest { page_size: Some("200".into()), ..PageRequest::default() }).await.unwrap()
}

/// The fields that are refused.
fn fields<T: std::fmt::Debug>(answer: Result<T>) -> Vec<String> {
    let Err(Error::Invalid(fields)) = answer else { panic!("it is taken, or refused for something else: {answer:?}") };
    fields.into_iter().map(|error| error.field).collect()
}

async fn one_job_is_made_on_its_terms(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let zoe = add(&operator, "zoe", "Zoë").await.id;
    let (mailed, nothing) = operator.create_binding_job(zoe, &by_mail()).await.unwrap();
    assert_eq!((nothing, mailed.delivery, mailed.redirect_uri.as_deref()), (None, DeliveryMethod::Email, Some(WELCOME)));
    let again = operator.resend(mailed.id).await.unwrap();
    assert_eq!(again.redirect_uri.as_deref(), Some(WELCOME), "another mail leads to the same place");
    let (returned, link) = operator.create_binding_job(zoe, &terms(DeliveryMethod::Return)).await.unwrap();
    assert_eq!((returned.batch, returned.redirect_uri.as_deref()), (None, Some(WELCOME)));
    let token = link.unwrap().rsplit('/').next().unwrap().to_owned();
    let done = desk.enroll(&token, &mut SoftAuthenticator::new(1)).await;
    assert_eq!(done.enrolled.continue_to.as_deref(), Some(WELCOME));
    let plain = operator.create_link(zoe).await.unwrap();
    let done = desk.enroll(&crate::desk::token(&plain), &mut SoftAuthenticator::new(2)).await;
    assert_eq!(done.enrolled.continue_to, None);

    let silent = desk.add("bo").await.id;
    assert!(matches!(operator.create_binding_job(silent, &by_mail()).await, Err(Error::NoAddress)));
    operator.set_status(zoe, Status::Suspended).await.unwrap();
    for delivery in DeliveryMethod::ALL {
        assert_eq!(code(operator.create_binding_job(zoe, &terms(*delivery)).await), "conflict");
        assert_eq!(code(operator.create_binding_job(IdentityId::from_i64(7), &terms(*delivery)).await), "not_found");
        let nowhere = JobTerms { redirect_uri: Some("javascript:alert(1)".into()), ..terms(*delivery) };
        assert_eq!(refused_field(operator.create_binding_job(zoe, &nowhere).await), "job.post_binding_redirect_uri");
    }
}

async fn a_mixed_batch_tells_what_became_of_each(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let (ana, silent, zoe) = (add(&operator, "ana", "Ana").await.id, desk.add("bo").await.id, add(&operator, "zoe", "Zoë").await.id);
    let (suspended, gone) = (add(&operator, "cy", "Cy").await.id, add(&operator, "dan", "Dan").await.id);
    operator.set_status(suspended, Status::Suspended).await.unwrap();
    let batch = operator.create_batch(&[zoe, silent, suspended, gone, ana], &by_mail()).await.unwrap();
    assert_eq!((batch.state(), batch.counts), (BatchState::Running, BatchCounts { pending: 5, success: 0, failure: 0 }));
    assert_eq!(operator.batch(batch.id).await.unwrap(), batch);
    assert_eq!((kinds(&operator).await[0], jobs(&operator).await.len()), (EventKind::BatchStarted, 0));
    operator.delete_identity(gone).await.unwrap();
    desk.clock.advance(Span::seconds(5));
    finish(&desk.keyroll).await;

    let BatchResults { counts, page } = results(&operator, batch.id).await;
    assert_eq!((counts, counts.state()), (BatchCounts { pending: 0, success: 2, failure: 3 }, BatchState::PartialSuccess));
    let identities: Vec<_> = page.items.iter().map(|result| result.identity).collect();
    assert_eq!((identities, page.total_size), (vec![zoe, silent, suspended, gone, ana], 5));
    let failures: Vec<_> = page.items.iter().filter(|result| result.state == ResultState::Failure).map(|result| &*result.words).collect();
    assert_eq!(
        failures,
        [
            "Identity missing email address",
            "This identity is suspended, so a link would lead nowhere. Reactivate it first.",
            "Identity not found",
        ]
    );
    let made = jobs(&operator).await;
    let of = |identity: IdentityId| made.iter().find(|job| job.identity == identity).unwrap();
    for (result, identity) in [(&page.items[0], zoe), (&page.items[4], ana)] {
        let job = of(identity);
        assert_eq!((result.state, result.job, &*result.words), (ResultState::Success, Some(job.id), ""));
        assert_eq!((job.batch, job.redirect_uri.as_deref(), job.delivery), (Some(batch.id), Some(WELCOME), DeliveryMethod::Email));
    }
    assert_eq!((made.len(), operator.mail_desk().await.unwrap().counts.waiting), (2, 2));
    let over = operator.batch(batch.id).await.unwrap();
    assert_eq!((over.created_at, over.updated_at), (START, START + Span::seconds(5)));
    let ended = told(&operator, EventKind::BatchEnded).await;
    let detail = |name: &str| ended[0].detail[name].text().to_owned();
    assert_eq!((ended.len(), detail("success"), detail("failure"), detail("batch")), (1, "2".into(), "3".into(), batch.id.to_string()));
    assert_eq!((told(&operator, EventKind::BatchStarted).await.len(), ended[0].by), (1, EventActor::Operator));
}

async fn a_batch_goes_on_where_the_process_died(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let everybody = people(&operator, "zoe", 103).await;
    let batch = operator.create_batch(&everybody, &by_mail()).await.unwrap().id;
    assert!(desk.keyroll.go_on_with_batches().await.unwrap());
    assert_eq!(operator.batch(batch).await.unwrap().counts, BatchCounts { pending: 53, success: 50, failure: 0 });
    // It dies in the middle of the next piece.
    let mut tx = desk.keyroll.store().write().await.unwrap();
    assert!(tx.claim_batch().await.unwrap().is_some());
    let next = tx.pending_items(batch, 50).await.unwrap();
    assert_eq!(next[0].identity, everybody[50]);
    tx.settle_item(batch, next[0].position, Err("half done")).await.unwrap();
    drop(tx);
    let again = process(&place, &desk.clock, 2).await;
    drop(desk.keyroll);
    finish(&again).await;
    let operator = again.operator(desk.realm);
    assert_eq!(operator.batch(batch).await.unwrap().counts, BatchCounts { pending: 0, success: 103, failure: 0 });
    let mut invited: Vec<_> = jobs(&operator).await.iter().map(|job| job.identity).collect();
    invited.sort_unstable();
    assert_eq!(invited, everybody);
    assert_eq!(told(&operator, EventKind::BatchEnded).await.len(), 1);
}

async fn two_processes_at_once_make_one_job_for_each(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let everybody = people(&operator, "zoe", 60).await;
    let mut batches = Vec::new();
    for _ in 0..3 {
        batches.push(operator.create_batch(&everybody, &by_mail()).await.unwrap().id);
    }
    let workers = [process(&place, &desk.clock, 2).await, process(&place, &desk.clock, 3).await];
    for worker in workers.map(|keyroll| tokio::spawn(async move { finish(&keyroll).await })) {
        worker.await.unwrap();
    }
    for batch in &batches {
        assert_eq!(operator.batch(*batch).await.unwrap().counts, BatchCounts { pending: 0, success: 60, failure: 0 });
    }
    let made = jobs(&operator).await;
    for batch in batches {
        let mut invited: Vec<_> = made.iter().filter(|job| job.batch == Some(batch)).map(|job| job.identity).collect();
        invited.sort_unstable();
        assert_eq!(invited, everybody, "each once");
    }
    assert_eq!((made.len(), told(&operator, EventKind::BatchEnded).await.len()), (180, 3));
}

async fn a_program_gets_no_further_by_a_batch_than_by_itself(place: Place) {
    let desk = Desk::new(&place).await;
    let (operator, zoe) = (desk.operator(), add(&desk.operator(), "zoe", "Zoë").await.id);
    let (administrator, _, _) = desk.administrator().await;
    let service::Actor::Person { identity: above, .. } = *administrator.actor() else { panic!("nobody is signed in") };
    let scopes = vec!["credential-binding-jobs:create".into(), "credential-binding-jobs:read".into()];
    let token = operator.create_token(&TokenForm { name: "Sync".into(), scopes, ..TokenForm::default() }).await.unwrap();
    let program = desk.keyroll.context_for_token(&token.secret, request()).await.unwrap().unwrap();
    assert!(matches!(program.create_binding_job(above, &by_mail()).await, Err(Error::Forbidden)));
    let batch = program.create_batch(&[above, zoe], &by_mail()).await.unwrap().id;
    finish(&desk.keyroll).await;
    let results = results(&program, batch).await.page.items;
    assert_eq!(results.iter().map(|result| result.state).collect::<Vec<_>>(), [ResultState::Failure, ResultState::Success]);
    assert!(results[0].words.contains("may do what whoever asked may not"), "{}", results[0].words);
    for kind in [EventKind::BatchStarted, EventKind::BindingJobCreated, EventKind::BatchEnded] {
        let event = told(&operator, kind).await.remove(0);
        assert_eq!((event.by, event.actor.as_str()), (EventActor::Token(token.token.id), "Sync"), "{kind}");
    }
}

async fn a_batch_that_is_wrong_is_refused_as_a_whole(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let (ana, zoe, nobody) = (add(&operator, "ana", "Ana").await.id, add(&operator, "zoe", "Zoë").await.id, IdentityId::from_i64(7));
    let ids = "batch_credential_binding_job.identity_ids";
    let many: Vec<_> = (1..=1001).map(IdentityId::from_i64).collect();
    for (identities, wrong) in [
        (&[][..], vec![ids.to_owned()]),
        (&many, vec![ids.to_owned()]),
        (&[ana, zoe, ana, ana], vec![format!("{ids}[2]"), format!("{ids}[3]")]),
        (&[nobody, ana, IdentityId::from_i64(8)], vec![format!("{ids}[0]"), format!("{ids}[2]")]),
    ] {
        assert_eq!(fields(operator.create_batch(identities, &by_mail()).await), wrong);
    }
    let delivery = "batch_credential_binding_job.job_template.delivery_method";
    let nowhere = JobTerms { redirect_uri: Some("example.com".into()), ..terms(DeliveryMethod::Return) };
    let all_at_once = fields(operator.create_batch(&[ana, ana], &nowhere).await);
    assert_eq!(all_at_once, [&format!("{ids}[1]"), delivery, "job.post_binding_redirect_uri"]);
    assert_eq!(fields(operator.create_batch(&[ana], &terms(DeliveryMethod::Return)).await), [delivery]);
    assert!(!desk.keyroll.go_on_with_batches().await.unwrap());
    assert_eq!((jobs(&operator).await.len(), told(&operator, EventKind::BatchStarted).await.len()), (0, 0));
    // As many as may be.
    let thousand = people(&operator, "p", 1_000).await;
    let batch = operator.create_batch(&thousand, &by_mail()).await.unwrap();
    assert_eq!(batch.counts.pending, 1_000);
}

async fn results_are_read_page_by_page(place: Place) {
    let desk = Desk::new(&place).await;
    let operator = desk.operator();
    let mut everybody = people(&operator, "zoe", 5).await;
    everybody.reverse();
    let batch = operator.create_batch(&everybody, &by_mail()).await.unwrap().id;
    let other = operator.create_batch(&everybody, &by_mail()).await.unwrap().id;
    let mut request = PageRequest { page_size: Some("2".into()), ..PageRequest::default() };
    let mut seen = Vec::new();
    loop {
        let BatchResults { page, counts } = operator.page_of_batch_results(batch, &request).await.unwrap();
        assert_eq!((page.total_size, counts.pending), (5, 5));
        seen.extend(page.items.iter().map(|result| result.identity));
        let Some(token) = page.next_page_token else { break };
        request = PageRequest { page_token: Some(token), ..PageRequest::default() };
        assert_eq!(fields(operator.page_of_batch_results(other, &request).await), ["page_token"]);
    }
    assert_eq!(seen, everybody);
    let unknown = BatchId::from_i64(7);
    assert!(matches!(operator.page_of_batch_results(unknown, &PageRequest::default()).await, Err(Error::NotFound("batch"))));
    assert!(matches!(operator.batch(unknown).await, Err(Error::NotFound("batch"))));
    let filtered = PageRequest { filter: Some("state pr".into()), ..PageRequest::default() };
    assert_eq!(fields(operator.page_of_batch_results(batch, &filtered).await), ["filter"]);
}

async fn a_batch_runs_without_anybody_asking_and_is_kept_for_a_month(place: Place) {
    let desk = Desk::new(&place).await;
    let folder = tempfile::tempdir().unwrap();
    let keyroll = crate::mail::with_mail(&desk, |settings| settings.mail.way = service::mail::Way::Files(folder.path().join("outbox")));
    let (_, mut news) = keyroll.changes();
    let background = Background::start(&keyroll);
    let operator = keyroll.operator(desk.realm);
    let zoe = add(&operator, "zoe", "Zoë").await.id;
    // The task has nothing to do by now, and waits.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let batch = operator.create_batch(&[zoe], &by_mail()).await.unwrap().id;
    let sent = async { while !matches!(news.recv().await.unwrap().change, Change::Here { kind: EventKind::MailSent, .. }) {} };
    // Sooner than the tasks would look by themselves.
    tokio::time::timeout(Duration::from_secs(4), sent).await.expect("the mail is sent at once");
    background.stop().await;
    assert_eq!(operator.batch(batch).await.unwrap().state(), BatchState::Success);
    desk.clock.advance(Span::seconds(30 * 24 * 60 * 60 - 1));
    keyroll.sweep().await.unwrap();
    assert!(operator.batch(batch).await.is_ok());
    desk.clock.advance(Span::seconds(1));
    keyroll.sweep().await.unwrap();
    assert_eq!(code(operator.batch(batch).await), "not_found");
    assert_eq!(jobs(&operator).await[0].batch, Some(batch));
}
