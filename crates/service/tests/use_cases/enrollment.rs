use domain::binding_job::State;
use domain::identity::EnrollmentStatus;
use domain::time::Span;
use serde_json::Value;
use testkit::{BrowserError, Fault, Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, ORIGIN, code, token};

on_both!(
    a_link_becomes_a_passkey,
    a_failed_attempt_leaves_the_link_usable,
    an_answer_serves_once,
    an_answer_serves_its_own_link_only,
    a_device_that_has_a_passkey_makes_no_second_one,
    a_credential_known_here_is_refused_and_the_link_stays,
    a_person_quicker_than_their_page_is_not_refused,
    two_tabs_finish_one_link_and_one_wins,
    one_answer_sent_twice_at_once_counts_once,
    a_ceremony_ends_with_its_time,
    only_administrators_are_signed_in_by_enrolling,
);

async fn a_link_becomes_a_passkey(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("zoë").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    assert_eq!(desk.operator().identity(identity.id).await.unwrap().enrollment, EnrollmentStatus::Pending);

    let done = desk.enroll(&token(&link), &mut SoftAuthenticator::new(1)).await.enrolled;
    assert_eq!(done.passkey, "Chrome on Android");
    assert_eq!(done.accepted.credential_ids.len(), 1);

    let after = desk.operator().identity(identity.id).await.unwrap();
    assert_eq!((after.enrollment, after.passkeys), (EnrollmentStatus::Enrolled, 1));
    let history = desk.operator().job_history(link.job.id).await.unwrap();
    let states: Vec<_> = history.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [State::LinkSent, State::LinkOpened, State::RequestDelivered, State::Complete]);
    assert_eq!(
        history.steps.iter().map(|step| step.device.as_str()).collect::<Vec<_>>(),
        ["", "Chrome on Android", "Chrome on Android", "Chrome on Android"]
    );
    let passkey = history.passkey.unwrap();
    assert!(passkey.synced && passkey.revoked.is_none());
    assert_eq!(
        desk.kinds(&identity).await,
        [
            "identity.created",
            "binding_job.created",
            "binding_job.opened",
            "binding_job.delivered",
            "binding_job.completed",
            "passkey.created"
        ]
    );
    assert_eq!(code(desk.browser().begin_enrollment(&token(&link)).await), "link_used");
    // A page whose word arrives late was seen all the same.
    desk.browser().open_link(&token(&link)).await.unwrap();
}

/// The page says that it was opened while the person presses the button already.
async fn a_person_quicker_than_their_page_is_not_refused(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    for round in 0..20 {
        let made = desk.operator().create_link(identity.id).await.unwrap();
        let (link, page, person) = (token(&made), desk.browser(), desk.browser());
        let (opened, begun) = if round % 2 == 0 {
            let begun = person.begin_enrollment(&link).await;
            (page.open_link(&link).await, begun)
        } else {
            tokio::join!(page.open_link(&link), person.begin_enrollment(&link))
        };
        opened.unwrap();
        begun.unwrap();
        let steps = desk.operator().job_history(made.job.id).await.unwrap().steps;
        let states: Vec<_> = steps.iter().map(|step| step.state).collect();
        assert_eq!(states, [State::LinkSent, State::LinkOpened, State::RequestDelivered]);
        desk.clock.advance(Span::minutes(1));
    }
}

async fn a_failed_attempt_leaves_the_link_usable(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let token = token(&desk.operator().create_link(identity.id).await.unwrap());
    for (fault, reason) in [
        (Fault::NotVerified, "webauthn_not_verified"),
        (Fault::NotPresent, "webauthn_not_present"),
        (Fault::Challenge, "webauthn_challenge_mismatch"),
        (Fault::Origin("https://evil.example".into()), "webauthn_wrong_origin"),
        (Fault::RpId("evil.example"), "webauthn_wrong_relying_party"),
        (Fault::CrossOrigin, "webauthn_cross_origin"),
        (Fault::AfterAuthenticatorData(vec![0]), "webauthn_trailing_bytes"),
    ] {
        let mut authenticator = SoftAuthenticator::new(1);
        authenticator.faults.push(fault);
        let (ceremony, answer) = desk.answer(&token, &mut authenticator).await;
        assert_eq!(code(desk.browser().finish_enrollment(&token, &ceremony, &answer).await), reason);
        let events = desk.events(&identity).await;
        let latest = events.last().unwrap();
        assert_eq!((latest.kind.as_str(), latest.detail["reason"].text()), ("enrollment.failed", reason));
        assert_eq!((latest.address.as_str(), latest.request_id.as_str()), ("203.0.113.7", "req-1"));
    }
    assert_eq!(desk.operator().passkeys_of(identity.id).await.unwrap(), []);
    desk.enroll(&token, &mut SoftAuthenticator::new(1)).await;
    assert_eq!(desk.operator().passkeys_of(identity.id).await.unwrap().len(), 1);
}

async fn an_answer_serves_once(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let token = token(&desk.operator().create_link(identity.id).await.unwrap());
    let mut broken = SoftAuthenticator::new(1);
    broken.faults.push(Fault::NotVerified);
    let (ceremony, answer) = desk.answer(&token, &mut broken).await;
    assert_eq!(code(desk.browser().finish_enrollment(&token, &ceremony, &answer).await), "webauthn_not_verified");
    assert_eq!(code(desk.browser().finish_enrollment(&token, &ceremony, &answer).await), "ceremony_over");

    let (ceremony, answer) = desk.answer(&token, &mut SoftAuthenticator::new(2)).await;
    desk.browser().finish_enrollment(&token, &ceremony, &answer).await.unwrap();
    assert_eq!(code(desk.browser().finish_enrollment(&token, &ceremony, &answer).await), "link_used");
}

async fn an_answer_serves_its_own_link_only(place: Place) {
    let desk = Desk::new(&place).await;
    let (ana, bo) = (desk.add("ana").await, desk.add("bo").await);
    let for_ana = token(&desk.operator().create_link(ana.id).await.unwrap());
    let for_bo = token(&desk.operator().create_link(bo.id).await.unwrap());
    let (ceremony, answer) = desk.answer(&for_ana, &mut SoftAuthenticator::new(1)).await;
    assert_eq!(code(desk.browser().finish_enrollment(&for_bo, &ceremony, &answer).await), "ceremony_over");
    let sign_in = desk.browser().begin_sign_in().await.unwrap();
    assert_eq!(code(desk.browser().finish_enrollment(&for_ana, &sign_in.id, &answer).await), "ceremony_over");
    assert_eq!(desk.operator().passkeys_of(bo.id).await.unwrap(), []);
}

async fn a_device_that_has_a_passkey_makes_no_second_one(place: Place) {
    let desk = Desk::new(&place).await;
    let (identity, mut authenticator) = desk.enrolled("ana", 1).await;
    let token = token(&desk.operator().create_link(identity.id).await.unwrap());
    let ceremony = desk.browser().begin_enrollment(&token).await.unwrap();
    let options: Value = serde_json::from_str(&ceremony.options).unwrap();
    assert_eq!(authenticator.create(&options, ORIGIN), Err(BrowserError::InvalidState));
}

async fn a_credential_known_here_is_refused_and_the_link_stays(place: Place) {
    let desk = Desk::new(&place).await;
    desk.enrolled("ana", 1).await;
    let bo = desk.add("bo").await;
    let token = token(&desk.operator().create_link(bo.id).await.unwrap());
    // The same seed makes the same credential id, as a hostile client could.
    let (ceremony, answer) = desk.answer(&token, &mut SoftAuthenticator::new(1)).await;
    assert_eq!(code(desk.browser().finish_enrollment(&token, &ceremony, &answer).await), "credential_known");
    assert_eq!(desk.operator().identity(bo.id).await.unwrap().enrollment, EnrollmentStatus::Pending);
    desk.enroll(&token, &mut SoftAuthenticator::new(2)).await;
}

async fn two_tabs_finish_one_link_and_one_wins(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let token = token(&desk.operator().create_link(identity.id).await.unwrap());
    let (first, one) = desk.answer(&token, &mut SoftAuthenticator::new(1)).await;
    let (second, two) = desk.answer(&token, &mut SoftAuthenticator::new(2)).await;
    let (left, right) = (desk.browser(), desk.browser());
    let outcomes = tokio::join!(left.finish_enrollment(&token, &first, &one), right.finish_enrollment(&token, &second, &two));
    let won = [outcomes.0.is_ok(), outcomes.1.is_ok()];
    assert_eq!(won.iter().filter(|won| **won).count(), 1, "{outcomes:?}");
    let lost = if won[0] { outcomes.1 } else { outcomes.0 };
    assert_eq!(code(lost), "link_used");
    let passkeys = desk.operator().passkeys_of(identity.id).await.unwrap();
    assert_eq!(passkeys.len(), 1);
    let completed = desk.kinds(&identity).await.iter().filter(|kind| *kind == "binding_job.completed").count();
    assert_eq!(completed, 1);
}

async fn one_answer_sent_twice_at_once_counts_once(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let token = token(&desk.operator().create_link(identity.id).await.unwrap());
    let (ceremony, answer) = desk.answer(&token, &mut SoftAuthenticator::new(1)).await;
    let (left, right) = (desk.browser(), desk.browser());
    let outcomes = tokio::join!(left.finish_enrollment(&token, &ceremony, &answer), right.finish_enrollment(&token, &ceremony, &answer));
    assert_eq!([outcomes.0.is_ok(), outcomes.1.is_ok()].iter().filter(|won| **won).count(), 1, "{outcomes:?}");
    assert_eq!(desk.operator().passkeys_of(identity.id).await.unwrap().len(), 1);
}

async fn a_ceremony_ends_with_its_time(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let token = token(&desk.operator().create_link(identity.id).await.unwrap());
    let (ceremony, answer) = desk.answer(&token, &mut SoftAuthenticator::new(1)).await;
    desk.clock.advance(domain::time::Span::minutes(6));
    assert_eq!(code(desk.browser().finish_enrollment(&token, &ceremony, &answer).await), "ceremony_over");
    desk.enroll(&token, &mut SoftAuthenticator::new(1)).await;
}

async fn only_administrators_are_signed_in_by_enrolling(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = token(&desk.operator().create_link(identity.id).await.unwrap());
    let done = desk.enroll(&link, &mut SoftAuthenticator::new(1)).await;
    assert!(!done.enrolled.signed_in && done.session.is_none());
    let link = token(&desk.operator().invite_administrator("bo").await.unwrap());
    let done = desk.enroll(&link, &mut SoftAuthenticator::new(2)).await;
    assert!(done.enrolled.signed_in && done.session.is_some());
}
