//! Binding jobs: each step is taken by one, and the end of their time is known.

use domain::binding_job::{BindingJob, DeliveryMethod, Open, State};
use domain::record::{Job, Step};
use domain::{BatchId, BindingJobId, PasskeyId};
use storage::{NewJob, Tx};
use testkit::{Place, on_both};

use crate::db::Db;
use crate::made;

on_both![
    what_is_put_in_comes_out,
    every_state_reads_back_as_it_was_written,
    the_history_keeps_each_step_in_order,
    a_step_from_a_state_that_is_past_is_not_taken,
    of_two_at_once_one_takes_the_step,
    a_job_is_complete_exactly_with_its_passkey,
    the_newest_are_listed_first_page_by_page,
    a_new_link_is_asked_for_once,
    only_open_jobs_are_overdue_the_oldest_end_first,
    open_jobs_of_a_person_are_listed_alone,
];

async fn what_is_put_in_comes_out(place: Place) {
    let (db, store) = Db::open(place).await;
    let mut tx = store.write().await.unwrap();
    let realm = made::realm(&db, &mut tx).await;
    let person = made::new_identity(&db, realm, made::profile("Zoë", "zoe", "zoe@example.org"));
    tx.insert_identity(&person).await.unwrap();
    for delivery in DeliveryMethod::ALL {
        let (redirect_uri, batch) = (Some(format!("https://example.org/{delivery}")), Some(BatchId::from_i64(7)));
        let new = NewJob { delivery: *delivery, redirect_uri, batch, ..made::new_job(&db, realm, person.id) };
        tx.insert_job(&new).await.unwrap();
        let expected = Job {
            id: new.id,
            identity: person.id,
            display_name: "Zoë".into(),
            email: Some("zoe@example.org".into()),
            state: State::LinkSent,
            reached: State::LinkSent,
            delivery: *delivery,
            redirect_uri: new.redirect_uri.clone(),
            batch: new.batch,
            mail: None,
            passkey: None,
            link_requested_at: None,
            created_at: new.at,
            updated_at: new.at,
            expires_at: new.expires_at,
        };
        assert_eq!(tx.job(realm, new.id).await.unwrap(), Some(expected));
        let open = tx.job_by_token(&new.token_hash).await.unwrap().unwrap();
        assert_eq!((open.id, open.realm, open.identity, open.redirect_uri), (new.id, realm, person.id, new.redirect_uri));
        assert_eq!((open.job, open.link_requested_at), (BindingJob::LinkSent(Open { expires_at: new.expires_at }), None));
    }
    assert!(tx.job_by_token(&made::hash(7)).await.unwrap().is_none());
    assert!(tx.job(realm, BindingJobId::from_i64(7)).await.unwrap().is_none());
}

async fn every_state_reads_back_as_it_was_written(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let open = Open { expires_at: made::at(3600) };
    let passkey = made::passkey(&db, &mut tx, realm, person).await;
    for to in [
        BindingJob::LinkSent(open),
        BindingJob::LinkOpened(open),
        BindingJob::RequestDelivered(open),
        BindingJob::Complete { passkey },
        BindingJob::Expired,
        BindingJob::FailedToSend,
        BindingJob::Revoked,
    ] {
        let id = made::job(&db, &mut tx, realm, person).await;
        assert!(made::advance(&db, &mut tx, realm, id, &to).await);
        assert_eq!(tx.open_job(realm, id).await.unwrap().unwrap().job, to);
        let job = tx.job(realm, id).await.unwrap().unwrap();
        assert_eq!((job.state, job.updated_at), (to.state(), made::at(1)));
        assert_eq!(job.passkey, (to.state() == State::Complete).then_some(passkey));
    }
}

async fn the_history_keeps_each_step_in_order(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let id = made::job(&db, &mut tx, realm, person).await;
    made::job(&db, &mut tx, realm, person).await;
    let open = Open { expires_at: made::at(3600) };
    for to in [BindingJob::LinkOpened(open), BindingJob::RequestDelivered(open), BindingJob::Revoked] {
        assert!(made::advance(&db, &mut tx, realm, id, &to).await);
    }
    let step = |state, second, device: &str| Step { state, at: made::at(second), device: device.into() };
    let expected = [
        step(State::LinkSent, 0, ""),
        step(State::LinkOpened, 1, "Firefox on Linux"),
        step(State::RequestDelivered, 1, "Firefox on Linux"),
        step(State::Revoked, 1, "Firefox on Linux"),
    ];
    assert_eq!(tx.steps(realm, id).await.unwrap(), expected);
    assert_eq!(tx.job(realm, id).await.unwrap().unwrap().reached, State::RequestDelivered);
}

async fn a_step_from_a_state_that_is_past_is_not_taken(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let id = made::job(&db, &mut tx, realm, person).await;
    assert!(made::advance(&db, &mut tx, realm, id, &BindingJob::Revoked).await);
    for from in State::ALL.iter().filter(|state| **state != State::Revoked) {
        assert!(!tx.advance_job(id, *from, &BindingJob::Expired, db.id(), made::at(2), "").await.unwrap());
    }
    assert!(!tx.advance_job(BindingJobId::from_i64(7), State::LinkSent, &BindingJob::Expired, db.id(), made::at(2), "").await.unwrap());
    assert_eq!(tx.job(realm, id).await.unwrap().unwrap().state, State::Revoked);
    assert_eq!(tx.steps(realm, id).await.unwrap().len(), 2);
}

async fn of_two_at_once_one_takes_the_step(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    for _ in 0..10 {
        let mut tx = store.write().await.unwrap();
        let id = made::job(&db, &mut tx, realm, person).await;
        tx.commit().await.unwrap();
        let step = |to: BindingJob| {
            let (db, store) = (db.clone(), store.clone());
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let taken = tx.advance_job(id, State::LinkSent, &to, db.id(), made::at(1), "").await.unwrap();
                tx.refresh_enrollment(person).await.unwrap();
                tx.commit().await.unwrap();
                taken
            })
        };
        let (revoked, expired) = (step(BindingJob::Revoked), step(BindingJob::Expired));
        let (revoked, expired) = (revoked.await.unwrap(), expired.await.unwrap());
        assert!(revoked != expired, "exactly one takes it");
        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.job(realm, id).await.unwrap().unwrap().state, if revoked { State::Revoked } else { State::Expired });
        assert_eq!(tx.steps(realm, id).await.unwrap().len(), 2);
    }
}

async fn a_job_is_complete_exactly_with_its_passkey(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let passkey = made::passkey(&db, &mut tx, realm, person).await;
    let id = made::job(&db, &mut tx, realm, person).await;
    tx.commit().await.unwrap();
    for set in ["state = 'COMPLETE'".to_owned(), format!("passkey_id = {}", passkey.get())] {
        assert!(db.execute(&format!("UPDATE binding_jobs SET {set}")).await.is_err(), "{set}");
    }
    let mut tx = store.write().await.unwrap();
    let unknown = BindingJob::Complete { passkey: PasskeyId::from_i64(7) };
    assert!(tx.advance_job(id, State::LinkSent, &unknown, db.id(), made::at(1), "").await.is_err());
}

async fn ids_of_pages(tx: &mut Tx, mut page: impl AsyncFnMut(&mut Tx, Option<BindingJobId>) -> Vec<Job>) -> Vec<BindingJobId> {
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let jobs = page(tx, before).await;
        let Some(last) = jobs.last() else { return ids };
        before = Some(last.id);
        ids.extend(jobs.iter().map(|job| job.id));
    }
}

async fn the_newest_are_listed_first_page_by_page(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let other = made::person(&db, &mut tx, realm, "Ana").await;
    let (mut all, mut own) = (Vec::new(), Vec::new());
    for number in 0..10 {
        let id = made::job(&db, &mut tx, realm, if number % 3 == 0 { other } else { person }).await;
        all.insert(0, id);
        if number % 3 != 0 {
            own.insert(0, id);
        }
    }
    let realms = async |tx: &mut Tx, before| tx.jobs(realm, before, 4).await.unwrap();
    assert_eq!(ids_of_pages(&mut tx, realms).await, all);
    let persons = async |tx: &mut Tx, before| tx.jobs_of(realm, person, before, 4).await.unwrap();
    assert_eq!(ids_of_pages(&mut tx, persons).await, own);
}

async fn a_new_link_is_asked_for_once(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let id = made::job(&db, &mut tx, realm, person).await;
    assert!(tx.request_link(id, made::at(5)).await.unwrap());
    assert!(!tx.request_link(id, made::at(6)).await.unwrap());
    assert!(!tx.request_link(BindingJobId::from_i64(7), made::at(6)).await.unwrap());
    let job = tx.job(realm, id).await.unwrap().unwrap();
    assert_eq!((job.link_requested_at, job.updated_at), (Some(made::at(5)), made::at(5)));
    assert_eq!(tx.open_job(realm, id).await.unwrap().unwrap().link_requested_at, Some(made::at(5)));
}

async fn only_open_jobs_are_overdue_the_oldest_end_first(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.next_expiry().await.unwrap(), None);
    let mut ids = Vec::new();
    for end in [50, 20, 40, 10, 30] {
        let new = NewJob { expires_at: made::at(end), ..made::new_job(&db, realm, person) };
        tx.insert_job(&new).await.unwrap();
        ids.push(new.id);
    }
    let open = Open { expires_at: made::at(20) };
    assert!(made::advance(&db, &mut tx, realm, ids[1], &BindingJob::LinkOpened(open)).await);
    assert!(made::advance(&db, &mut tx, realm, ids[3], &BindingJob::Revoked).await);
    assert!(made::advance(&db, &mut tx, realm, ids[4], &BindingJob::RequestDelivered(Open { expires_at: made::at(30) })).await);

    assert_eq!(tx.next_expiry().await.unwrap(), Some(made::at(20)));
    let overdue =
        async |tx: &mut Tx, now, limit| tx.overdue_jobs(made::at(now), limit).await.unwrap().into_iter().map(|j| j.id).collect::<Vec<_>>();
    assert_eq!(overdue(&mut tx, 19, 10).await, []);
    assert_eq!(overdue(&mut tx, 20, 10).await, [ids[1]], "at its end it is over");
    assert_eq!(overdue(&mut tx, 60, 10).await, [ids[1], ids[4], ids[2], ids[0]]);
    assert_eq!(overdue(&mut tx, 60, 2).await, [ids[1], ids[4]]);
    for id in overdue(&mut tx, 60, 10).await {
        assert!(made::advance(&db, &mut tx, realm, id, &BindingJob::Expired).await);
    }
    assert_eq!(tx.next_expiry().await.unwrap(), None);
}

async fn open_jobs_of_a_person_are_listed_alone(place: Place) {
    let (db, store) = Db::open(place).await;
    let (realm, person) = made::realm_with_person(&db, &store).await;
    let mut tx = store.write().await.unwrap();
    let other = made::person(&db, &mut tx, realm, "Ana").await;
    made::job(&db, &mut tx, realm, other).await;
    let open = Open { expires_at: made::at(3600) };
    let mut expected = Vec::new();
    for to in [
        BindingJob::LinkSent(open),
        BindingJob::LinkOpened(open),
        BindingJob::RequestDelivered(open),
        BindingJob::Expired,
        BindingJob::FailedToSend,
    ] {
        let id = made::job(&db, &mut tx, realm, person).await;
        made::advance(&db, &mut tx, realm, id, &to).await;
        if to.state().is_open() {
            expected.push(id);
        }
    }
    let listed: Vec<_> = tx.open_jobs_of(person).await.unwrap().into_iter().map(|job| job.id).collect();
    assert_eq!(listed, expected);
}
