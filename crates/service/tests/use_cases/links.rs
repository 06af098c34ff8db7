use domain::binding_job::{Ended, State};
use domain::ceremony::LinkState;
use domain::event::EventKind;
use domain::identity::{EnrollmentStatus, Status};
use domain::listing::EventListRequest;
use domain::time::Span;
use testkit::{Place, on_both};

use crate::desk::{Desk, ORIGIN, code, token};

on_both!(
    looking_at_a_link_changes_nothing,
    an_expired_link_says_so_before_and_after_it_is_written,
    a_revoked_link_leads_nowhere,
    a_suspended_person_gets_no_passkey,
    a_deleted_persons_link_is_unknown,
    a_link_that_nobody_made_is_unknown,
    the_administrators_hear_of_unknown_links_a_few_times,
    a_new_link_is_asked_for_once,
    links_are_kept_as_hashes,
    the_command_for_a_link_names_the_person_and_nothing_secret,
);

async fn looking_at_a_link_changes_nothing(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    let before = desk.events(&identity).await;
    for _ in 0..20 {
        let view = desk.browser().view_link(&token(&link)).await.unwrap();
        assert!(matches!(view.state, LinkState::Open { username, .. } if username == "ana"));
    }
    assert_eq!(desk.events(&identity).await, before);
    assert_eq!(desk.operator().job_history(link.job.id).await.unwrap().steps.len(), 1);
}

async fn an_expired_link_says_so_before_and_after_it_is_written(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    desk.clock.advance(Span::days(7));
    let expired = LinkState::Ended { why: Ended::Expired, asked: false };
    assert_eq!(desk.browser().view_link(&token(&link)).await.unwrap().state, expired);
    assert_eq!(code(desk.browser().open_link(&token(&link)).await), "link_expired");
    assert_eq!(code(desk.browser().begin_enrollment(&token(&link)).await), "link_expired");
    desk.keyroll.expire_due().await.unwrap();
    let job = desk.operator().jobs(Some(identity.id), None).await.unwrap().jobs.remove(0);
    assert_eq!(job.state, State::Expired);
    assert_eq!(desk.operator().identity(identity.id).await.unwrap().enrollment, EnrollmentStatus::Unenrolled);
    assert_eq!(desk.kinds(&identity).await.last().unwrap(), "binding_job.expired");
    assert_eq!(desk.browser().view_link(&token(&link)).await.unwrap().state, expired);
}

async fn a_revoked_link_leads_nowhere(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    let job = desk.operator().revoke_job(link.job.id).await.unwrap();
    assert_eq!(job.state, State::Revoked);
    assert_eq!(code(desk.browser().begin_enrollment(&token(&link)).await), "link_revoked");
    assert_eq!(code(desk.operator().revoke_job(link.job.id).await), "conflict");
}

async fn a_suspended_person_gets_no_passkey(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    let (ceremony, answer) = desk.answer(&token(&link), &mut testkit::SoftAuthenticator::new(1)).await;
    desk.operator().set_status(identity.id, Status::Suspended).await.unwrap();
    assert_eq!(desk.browser().view_link(&token(&link)).await.unwrap().state, LinkState::Suspended);
    assert_eq!(code(desk.browser().begin_enrollment(&token(&link)).await), "link_suspended");
    assert_eq!(code(desk.browser().finish_enrollment(&token(&link), &ceremony, &answer).await), "link_suspended");
    assert_eq!(code(desk.operator().create_link(identity.id).await), "conflict");
    desk.operator().set_status(identity.id, Status::Active).await.unwrap();
    desk.enroll(&token(&link), &mut testkit::SoftAuthenticator::new(2)).await;
}

async fn a_deleted_persons_link_is_unknown(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    let (ceremony, answer) = desk.answer(&token(&link), &mut testkit::SoftAuthenticator::new(1)).await;
    desk.operator().delete_identity(identity.id).await.unwrap();
    assert_eq!(desk.browser().view_link(&token(&link)).await.unwrap().state, LinkState::Unknown);
    assert_eq!(code(desk.browser().finish_enrollment(&token(&link), &ceremony, &answer).await), "link_unknown");
}

async fn a_link_that_nobody_made_is_unknown(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let whole = token(&desk.operator().create_link(identity.id).await.unwrap());
    let padded = format!("{whole}=");
    for token in ["", "x", "\0", &whole[..42], padded.as_str(), &"x".repeat(10_000), "' OR 1=1 --"] {
        assert_eq!(desk.browser().view_link(token).await.unwrap().state, LinkState::Unknown, "{token:?}");
        assert_eq!(code(desk.browser().open_link(token).await), "link_unknown");
        assert_eq!(code(desk.browser().begin_enrollment(token).await), "link_unknown");
        assert_eq!(code(desk.browser().finish_enrollment(token, "x", "{}").await), "link_unknown");
    }
}

async fn the_administrators_hear_of_unknown_links_a_few_times(place: Place) {
    let desk = Desk::new(&place).await;
    for _ in 0..3 {
        desk.browser().ask_for_link("nothing").await.unwrap();
    }
    assert_eq!(code(desk.browser().ask_for_link("nothing").await), "too_many");
    let asked = EventListRequest { kind: Some(EventKind::LinkRequested), ..EventListRequest::default() };
    let told = desk.operator().list_events(&asked, None).await.unwrap().events;
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|event| event.actor == "Link holder" && !event.address.is_empty()));
    desk.clock.advance(Span::seconds(600));
    desk.browser().ask_for_link("nothing").await.unwrap();
}

async fn a_new_link_is_asked_for_once(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    assert_eq!(code(desk.browser().ask_for_link(&token(&link)).await), "conflict");
    desk.clock.advance(Span::days(8));
    for _ in 0..3 {
        desk.browser().ask_for_link(&token(&link)).await.unwrap();
    }
    let asked = desk.kinds(&identity).await.iter().filter(|kind| *kind == "binding_job.link_requested").count();
    assert_eq!(asked, 1);
    assert_eq!(desk.browser().view_link(&token(&link)).await.unwrap().state, LinkState::Ended { why: Ended::Expired, asked: true });
    assert!(desk.operator().jobs(None, None).await.unwrap().jobs[0].link_requested_at.is_some());
}

async fn links_are_kept_as_hashes(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let link = desk.operator().create_link(identity.id).await.unwrap();
    assert!(link.qr.starts_with("<svg") && !format!("{link:?}").contains(&token(&link)));
    let told = serde_json::to_string(&(
        desk.events(&identity).await,
        desk.operator().jobs(None, None).await.unwrap(),
        desk.operator().job_history(link.job.id).await.unwrap(),
    ));
    assert!(!told.unwrap().contains(&token(&link)));
    if let Place::Sqlite(file) = place {
        desk.keyroll.store().close().await;
        let bytes = std::fs::read(file).unwrap();
        let secret = token(&link);
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

async fn the_command_for_a_link_names_the_person_and_nothing_secret(place: Place) {
    let desk = Desk::new(&place).await;
    let identity = desk.add("ana").await;
    let operator = desk.operator();
    let commands = operator.link_command(identity.id).await.unwrap();
    let tenant = operator.tenant().await.unwrap().id;
    let address = format!("/v1/tenants/{tenant}/realms/{}/identities/{}/credential-binding-jobs'", desk.realm, identity.id);
    for command in [&commands.posix, &commands.powershell] {
        assert!(command.contains(&format!(" '{ORIGIN}{address}")), "{command}");
        assert!(command.contains("KEYROLL_TOKEN"), "{command}");
    }
    assert!(operator.jobs(Some(identity.id), None).await.unwrap().jobs.is_empty());
    operator.set_status(identity.id, Status::Suspended).await.unwrap();
    assert_eq!(code(operator.link_command(identity.id).await), "conflict");
}
