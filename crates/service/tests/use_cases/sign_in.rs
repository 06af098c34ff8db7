use domain::identity::Status;
use domain::time::Span;
use serde_json::Value;
use service::Context;
use testkit::{Fault, Place, SoftAuthenticator, on_both};

use crate::desk::{Desk, ORIGIN, code, request};

on_both!(
    a_passkey_signs_in_with_and_without_its_username,
    a_username_of_somebody_else_is_refused_whether_or_not_it_exists,
    options_tell_nothing_about_who_exists,
    wrong_answers_are_refused_and_written_down,
    an_answer_serves_once,
    an_unknown_or_revoked_passkey_does_not_sign_in,
    the_policy_decides,
    a_session_ends_when_idle_and_at_its_end,
    suspension_deletion_revocation_and_signing_out_end_a_session_at_once,
    a_forged_session_is_nobody,
);

async fn holds(desk: &Desk, session: &str) -> bool {
    desk.person(session).await.me().await.is_ok()
}

async fn a_passkey_signs_in_with_and_without_its_username(place: Place) {
    let desk = Desk::new(&place).await;
    let (_, mut authenticator, _) = desk.administrator().await;
    for username in ["", "admin", " ADMIN "] {
        let signed_in = desk.sign_in(username, &mut authenticator).await.unwrap();
        assert_eq!(signed_in.me.username, "admin");
        assert!(holds(&desk, signed_in.token.reveal()).await);
    }
}

async fn a_username_of_somebody_else_is_refused_whether_or_not_it_exists(place: Place) {
    let desk = Desk::new(&place).await;
    let (_, mut authenticator, _) = desk.administrator().await;
    desk.add("bo").await;
    let existing = desk.sign_in("bo", &mut authenticator).await.unwrap_err();
    for username in ["nobody", "a<b", "\0", &"x".repeat(1_000)] {
        let other = desk.sign_in(username, &mut authenticator).await.unwrap_err();
        assert_eq!((other.code(), other.words(), other.status()), (existing.code(), existing.words(), existing.status()));
    }
    assert_eq!(existing.code(), "sign_in_refused");
}

async fn options_tell_nothing_about_who_exists(place: Place) {
    let desk = Desk::new(&place).await;
    desk.administrator().await;
    let ceremony = desk.browser().begin_sign_in().await.unwrap();
    let options: Value = serde_json::from_str(&ceremony.options).unwrap();
    assert!(options.get("allowCredentials").is_none(), "{options}");
    assert_eq!(options["userVerification"], "required");
}

async fn wrong_answers_are_refused_and_written_down(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, mut authenticator, _) = desk.administrator().await;
    let me = administrator.me().await.unwrap().identity;
    for (fault, reason) in [
        (Fault::Signature, "webauthn_bad_signature"),
        (Fault::Challenge, "webauthn_challenge_mismatch"),
        (Fault::RpId("evil.example"), "webauthn_wrong_relying_party"),
    ] {
        authenticator.faults = vec![fault];
        assert_eq!(code(desk.sign_in("", &mut authenticator).await), reason);
        let latest = desk.operator().activity_of(me, None).await.unwrap().events.remove(0);
        assert_eq!((latest.kind.as_str(), latest.outcome.as_str(), latest.detail["reason"].text()), ("sign_in.denied", "denied", reason));
    }
    // Refused by its shape already, before anybody's passkey is looked up.
    for (fault, reason) in [
        (Fault::NotVerified, "webauthn_not_verified"),
        (Fault::NotPresent, "webauthn_not_present"),
        (Fault::Origin("https://evil.example".into()), "webauthn_wrong_origin"),
    ] {
        authenticator.faults = vec![fault];
        assert_eq!(code(desk.sign_in("", &mut authenticator).await), reason);
    }
    authenticator.faults.clear();
    desk.sign_in("", &mut authenticator).await.unwrap();
    for answer in ["", "null", "[]", "{", "{\"id\":1}"] {
        let ceremony = desk.browser().begin_sign_in().await.unwrap();
        let refused = desk.browser().finish_sign_in(&ceremony.id, "", answer).await.unwrap_err();
        assert_eq!(refused.status(), 422, "{answer}");
    }
}

async fn an_answer_serves_once(place: Place) {
    let desk = Desk::new(&place).await;
    let (_, mut authenticator, _) = desk.administrator().await;
    let ceremony = desk.browser().begin_sign_in().await.unwrap();
    let options: Value = serde_json::from_str(&ceremony.options).unwrap();
    let answer = authenticator.get(&options, ORIGIN).unwrap().to_string();
    let (left, right) = (desk.browser(), desk.browser());
    let outcomes = tokio::join!(left.finish_sign_in(&ceremony.id, "", &answer), right.finish_sign_in(&ceremony.id, "", &answer));
    assert_eq!([outcomes.0.is_ok(), outcomes.1.is_ok()].iter().filter(|won| **won).count(), 1, "{outcomes:?}");
    assert_eq!(code(desk.browser().finish_sign_in(&ceremony.id, "", &answer).await), "ceremony_over");

    let late = desk.browser().begin_sign_in().await.unwrap();
    let options: Value = serde_json::from_str(&late.options).unwrap();
    let answer = authenticator.get(&options, ORIGIN).unwrap().to_string();
    desk.clock.advance(Span::minutes(6));
    assert_eq!(code(desk.browser().finish_sign_in(&late.id, "", &answer).await), "ceremony_over");
}

async fn an_unknown_or_revoked_passkey_does_not_sign_in(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, _, _) = desk.administrator().await;
    let folder = tempfile::tempdir().unwrap();
    let other = Desk::new(&Place::Sqlite(folder.path().join("other.db"))).await;
    let (identity, mut revoked) = desk.enrolled("bo", 5).await;
    let (_, mut elsewhere) = other.enrolled("bo", 6).await;
    assert_eq!(code(desk.sign_in("", &mut elsewhere).await), "passkey_unknown");
    let passkey = administrator.passkeys_of(identity.id).await.unwrap().remove(0);
    administrator.revoke_passkey(passkey.id, "lost").await.unwrap();
    assert_eq!(code(desk.sign_in("", &mut revoked).await), "passkey_unknown");
}

async fn the_policy_decides(place: Place) {
    let desk = Desk::new(&place).await;
    desk.administrator().await;
    let (identity, mut authenticator) = desk.enrolled("bo", 1).await;
    let refused = desk.sign_in("", &mut authenticator).await.unwrap_err();
    assert_eq!((refused.code(), refused.status()), ("denied", 403));
    let latest = desk.operator().activity_of(identity.id, None).await.unwrap().events.remove(0);
    assert_eq!((latest.kind.as_str(), latest.detail["rule"].text()), ("sign_in.denied", "none"));
    desk.operator().invite_administrator("bo").await.unwrap();
    desk.sign_in("", &mut authenticator).await.unwrap();
    let latest = desk.operator().activity_of(identity.id, None).await.unwrap().events.remove(0);
    assert_eq!((latest.kind.as_str(), latest.detail["rule"].text()), ("sign_in.allowed", "1"));
    desk.operator().set_status(identity.id, Status::Suspended).await.unwrap();
    assert_eq!(code(desk.sign_in("", &mut authenticator).await), "denied");
}

async fn a_session_ends_when_idle_and_at_its_end(place: Place) {
    let desk = Desk::new(&place).await;
    let (_, mut authenticator, _) = desk.administrator().await;
    let session = desk.sign_in("", &mut authenticator).await.unwrap().token.reveal().to_owned();
    desk.clock.advance(Span::minutes(14));
    assert!(holds(&desk, &session).await);
    // Looking alone does not keep it: only what a person does.
    desk.clock.advance(Span::minutes(1));
    assert!(!holds(&desk, &session).await);

    let session = desk.sign_in("", &mut authenticator).await.unwrap().token.reveal().to_owned();
    for _ in 0..(24 * 60 / 10 - 1) {
        desk.clock.advance(Span::minutes(10));
        desk.person(&session).await.touch_session().await.unwrap();
        assert!(holds(&desk, &session).await);
    }
    desk.clock.advance(Span::minutes(10));
    assert!(!holds(&desk, &session).await);
    desk.keyroll.sweep().await.unwrap();
    assert!(!holds(&desk, &session).await);
}

async fn suspension_deletion_revocation_and_signing_out_end_a_session_at_once(place: Place) {
    let desk = Desk::new(&place).await;
    let (administrator, mut own, _) = desk.administrator().await;
    let (identity, mut authenticator) = desk.enrolled("bo", 1).await;
    desk.operator().invite_administrator("bo").await.unwrap();

    let sign_in = async |authenticator: &mut SoftAuthenticator| desk.sign_in("", authenticator).await.unwrap().token.reveal().to_owned();
    let session = sign_in(&mut authenticator).await;
    let open: Context = desk.person(&session).await;
    assert!(open.still_holds().await.unwrap());
    administrator.set_status(identity.id, Status::Suspended).await.unwrap();
    assert!(!holds(&desk, &session).await && !open.still_holds().await.unwrap());
    administrator.set_status(identity.id, Status::Active).await.unwrap();
    assert!(!holds(&desk, &session).await, "it stays ended");

    let session = sign_in(&mut authenticator).await;
    let passkey = administrator.passkeys_of(identity.id).await.unwrap().remove(0);
    administrator.revoke_passkey(passkey.id, "").await.unwrap();
    assert!(!holds(&desk, &session).await);

    let session = sign_in(&mut own).await;
    desk.person(&session).await.sign_out().await.unwrap();
    assert!(!holds(&desk, &session).await);

    let (person, mut other) = desk.enrolled("cy", 3).await;
    desk.operator().invite_administrator("cy").await.unwrap();
    let session = sign_in(&mut other).await;
    administrator.delete_identity(person.id).await.unwrap();
    assert!(!holds(&desk, &session).await);
}

async fn a_forged_session_is_nobody(place: Place) {
    let desk = Desk::new(&place).await;
    let (_, _, session) = desk.administrator().await;
    for forged in ["", "x", "\0", &session[..42], &format!("{session}x"), &"x".repeat(100_000)] {
        let context = desk.keyroll.context_for(Some(forged), request()).await.unwrap();
        assert_eq!(code(context.me().await), "signed_out", "{forged:?}");
    }
}
