use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use service::webauthn::{Claimed, WebauthnError};
use testkit::{BrowserError, Fault, SoftAuthenticator};

use crate::{ORIGIN, OTHER_USER, USER, begin, enrolled, sign_in_changed, sign_in_with, site};

#[test]
fn options_name_nobody() {
    let mut options = site().begin_authentication().unwrap().options;
    let challenge = options["challenge"].take();
    let challenge = URL_SAFE_NO_PAD.decode(challenge.as_str().unwrap()).unwrap();
    assert!(challenge.len() >= 32);
    assert_eq!(
        options,
        json!({
            "challenge": null,
            "rpId": "id.example.com",
            "timeout": 300_000,
            "userVerification": "required",
        })
    );
}

#[test]
fn synced_passkey_signs_in_again_and_again_and_stays_as_it_was() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    for _ in 0..3 {
        let begun = site.begin_authentication().unwrap();
        let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
        assert_eq!(site.claimed(&answer).unwrap(), Claimed { user: USER, credential_id: passkey.credential_id.clone() });
        let verified = site.finish_authentication(&begun.state, &answer, USER, &passkey.credential).unwrap();
        assert!(!verified.changed);
        assert_eq!(verified.credential, passkey.credential);
        assert_eq!(verified.counter, 0);
        assert!(verified.backup_eligible && verified.backup_state);
    }
}

#[test]
fn passkey_of_each_person_on_a_shared_device_signs_that_person_in() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let first = enrolled(&site, &mut authenticator);
    let begun = site.begin_registration(OTHER_USER, "grace", "Grace Hopper", &[]).unwrap();
    let answer = authenticator.create(&begun.options, ORIGIN).unwrap();
    site.finish_registration(&begun.state, &answer).unwrap();

    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get_with(&begun.options, ORIGIN, &first.credential_id).unwrap();
    assert_eq!(site.claimed(&answer).unwrap().user, USER);
    let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    assert_eq!(site.claimed(&answer).unwrap().user, OTHER_USER);
}

#[test]
fn device_without_a_passkey_has_nothing_to_answer() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    authenticator.forget(&passkey.credential_id);
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get(&begun.options, ORIGIN);
    assert_eq!(answer.unwrap_err(), BrowserError::NotAllowed);
}

#[test]
fn counter_is_kept_and_may_only_rise() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::security_key(1));
    let mut stored = enrolled(&site, &mut authenticator).credential;
    for expected in 1..=3 {
        let begun = site.begin_authentication().unwrap();
        let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
        let verified = site.finish_authentication(&begun.state, &answer, USER, &stored).unwrap();
        assert_eq!((verified.counter, verified.changed), (expected, true));
        stored = verified.credential;
    }
    for counter in [3, 2, 0] {
        let begun = site.begin_authentication().unwrap();
        let answer = authenticator.with_fault(Fault::Counter(counter), |a| a.get(&begun.options, ORIGIN).unwrap());
        let refused = site.finish_authentication(&begun.state, &answer, USER, &stored);
        assert_eq!(refused.unwrap_err(), WebauthnError::CounterWentBack, "{counter}");
    }
}

#[test]
fn answer_with_a_counter_that_is_used_twice_is_refused() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::security_key(1));
    let passkey = enrolled(&site, &mut authenticator);
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    let verified = site.finish_authentication(&begun.state, &answer, USER, &passkey.credential).unwrap();
    let again = site.finish_authentication(&begun.state, &answer, USER, &verified.credential);
    assert_eq!(again.unwrap_err(), WebauthnError::CounterWentBack);
}

#[test]
fn answer_does_not_fit_the_next_request() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    let first = site.begin_authentication().unwrap();
    let answer = authenticator.get(&first.options, ORIGIN).unwrap();
    let next = site.begin_authentication().unwrap();
    let refused = site.finish_authentication(&next.state, &answer, USER, &passkey.credential);
    assert_eq!(refused.unwrap_err(), WebauthnError::ChallengeMismatch);
}

#[test]
fn backup_state_may_change_but_eligibility_may_not() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    authenticator.backup_state = false;
    let passkey = enrolled(&site, &mut authenticator);
    assert!(passkey.backup_eligible && !passkey.backup_state);

    authenticator.backup_state = true;
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    let verified = site.finish_authentication(&begun.state, &answer, USER, &passkey.credential).unwrap();
    assert!(verified.changed && verified.backup_state);

    (authenticator.backup_eligible, authenticator.backup_state) = (false, false);
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    let refused = site.finish_authentication(&begun.state, &answer, USER, &verified.credential);
    assert_eq!(refused.unwrap_err(), WebauthnError::BackupEligibilityChanged);
}

#[test]
fn missing_and_impossible_flags_are_refused() {
    for (fault, error) in [
        (Fault::NotPresent, WebauthnError::NotPresent),
        (Fault::NotVerified, WebauthnError::NotVerified),
        (Fault::BackedUpButNotEligible, WebauthnError::BackupStateInvalid),
        (Fault::AttestedInAssertion, WebauthnError::Malformed("authenticator data")),
    ] {
        assert_eq!(sign_in_with(fault), error);
    }
}

#[test]
fn claim_is_refused_before_anybody_is_looked_up() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    enrolled(&site, &mut authenticator);
    let begun = site.begin_authentication().unwrap();
    for (fault, error) in [
        (Fault::NotPresent, WebauthnError::NotPresent),
        (Fault::NotVerified, WebauthnError::NotVerified),
        (Fault::ClientDataType("webauthn.create"), WebauthnError::WrongCeremony),
        (Fault::Origin("https://evil.example".to_owned()), WebauthnError::WrongOrigin),
        (Fault::NoUserHandle, WebauthnError::UserHandleMissing),
    ] {
        let answer = authenticator.with_fault(fault, |a| a.get(&begun.options, ORIGIN).unwrap());
        assert_eq!(site.claimed(&answer), Err(error));
    }
}

#[test]
fn answer_to_another_request_or_site_is_refused() {
    for (fault, error) in [
        (Fault::Challenge, WebauthnError::ChallengeMismatch),
        (Fault::ClientDataType("webauthn.create"), WebauthnError::WrongCeremony),
        (Fault::ClientDataType("payment.get"), WebauthnError::WrongCeremony),
        (Fault::Origin("https://evil.example".to_owned()), WebauthnError::WrongOrigin),
        (Fault::Origin(format!("{ORIGIN}/")), WebauthnError::WrongOrigin),
        (Fault::RpId("example.com"), WebauthnError::WrongRelyingParty),
        (Fault::CrossOrigin, WebauthnError::CrossOrigin),
        (Fault::TopOrigin, WebauthnError::CrossOrigin),
        (Fault::OriginTwice, WebauthnError::Malformed("response.clientDataJSON")),
    ] {
        assert_eq!(sign_in_with(fault.clone()), error, "{fault:?}");
    }
}

#[test]
fn bad_signature_is_refused() {
    assert_eq!(sign_in_with(Fault::Signature), WebauthnError::BadSignature);
    for signature in ["", "AA", "MAYCAQECAQE"] {
        let error = sign_in_changed(|a| a["response"]["signature"] = json!(signature));
        assert_eq!(error, WebauthnError::BadSignature, "{signature}");
    }
}

#[test]
fn key_of_another_credential_is_refused() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    let mut other = SoftAuthenticator::new(2);
    let stranger = enrolled(&site, &mut other);
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    let refused = site.finish_authentication(&begun.state, &answer, USER, &stranger.credential);
    assert_eq!(refused.unwrap_err(), WebauthnError::UnknownCredential);

    // Somebody else's key under the id of the stored credential.
    let mut forged = other.get(&begun.options, ORIGIN).unwrap();
    let id = json!(URL_SAFE_NO_PAD.encode(&passkey.credential_id));
    (forged["id"], forged["rawId"]) = (id.clone(), id);
    let refused = site.finish_authentication(&begun.state, &forged, USER, &passkey.credential);
    assert_eq!(refused.unwrap_err(), WebauthnError::BadSignature);
}

#[test]
fn user_handle_must_be_the_owners() {
    assert_eq!(sign_in_with(Fault::UserHandle(OTHER_USER.as_bytes().to_vec())), WebauthnError::UserHandleMismatch);
    assert_eq!(sign_in_with(Fault::NoUserHandle), WebauthnError::UserHandleMissing);
    let absent = sign_in_changed(|answer| {
        answer["response"].as_object_mut().unwrap().remove("userHandle");
    });
    assert_eq!(absent, WebauthnError::UserHandleMissing);
    for handle in [vec![], vec![1; 15], vec![1; 17], vec![1; 64]] {
        let error = sign_in_with(Fault::UserHandle(handle));
        assert_eq!(error, WebauthnError::Malformed("response.userHandle"));
    }
}

#[test]
fn credential_that_is_named_in_two_ways_is_refused() {
    assert_eq!(sign_in_with(Fault::IdUnlikeRawId), WebauthnError::CredentialIdMismatch);
    assert_eq!(sign_in_with(Fault::IdUnlikeAuthenticatorData), WebauthnError::UnknownCredential);
    assert_eq!(sign_in_with(Fault::CredentialType("public_key")), WebauthnError::WrongCredentialType);
    let long = json!(URL_SAFE_NO_PAD.encode([7; 1024]));
    let error = sign_in_changed(|a| (a["id"], a["rawId"]) = (long.clone(), long));
    assert_eq!(error, WebauthnError::CredentialIdTooLong);
}

#[test]
fn leftover_bytes_are_refused() {
    assert_eq!(sign_in_with(Fault::AfterAuthenticatorData(vec![0xa0])), WebauthnError::TrailingBytes("authenticator data"));
}

#[test]
fn missing_and_mistyped_members_are_named() {
    for (pointer, member) in [
        ("/type", "type"),
        ("/id", "id"),
        ("/rawId", "rawId"),
        ("/response/clientDataJSON", "response.clientDataJSON"),
        ("/response/authenticatorData", "response.authenticatorData"),
        ("/response/signature", "response.signature"),
    ] {
        for wrong in [Value::Null, json!(1), json!(["a"]), json!({ "a": 1 })] {
            let error = sign_in_changed(|a| *a.pointer_mut(pointer).unwrap() = wrong.clone());
            assert_eq!(error, WebauthnError::Malformed(member), "{pointer}: {wrong}");
        }
    }
}

#[test]
fn oversized_and_deep_answers_are_refused() {
    let error = sign_in_changed(|a| a["response"]["signature"] = json!("A".repeat(100_000)));
    assert_eq!(error, WebauthnError::TooLarge);
    let deep = (0..100).fold(json!(1), |inner, _| json!({ "a": inner }));
    let error = sign_in_changed(|a| a["clientExtensionResults"] = deep);
    assert_eq!(error, WebauthnError::Malformed("nesting"));
}

#[test]
fn every_signed_bit_counts() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    for member in ["authenticatorData", "clientDataJSON", "signature"] {
        let whole = answer["response"][member].as_str().unwrap();
        let whole = URL_SAFE_NO_PAD.decode(whole).unwrap();
        // Every bit of every byte would take a while; a different bit of each will do.
        for (index, bit) in (0..whole.len()).zip((0..8).cycle()) {
            let (mut flipped, mut changed) = (whole.clone(), answer.clone());
            flipped[index] ^= 1 << bit;
            changed["response"][member] = json!(URL_SAFE_NO_PAD.encode(flipped));
            let outcome = site.finish_authentication(&begun.state, &changed, USER, &passkey.credential);
            assert!(outcome.is_err(), "{member}, byte {index}, bit {bit}");
        }
    }
}

#[test]
fn stored_text_that_is_not_what_was_stored_is_a_fault_of_the_server() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    for state in ["", "{}", begin(&site).state.as_str()] {
        let refused = site.finish_authentication(state, &answer, USER, &passkey.credential);
        assert_eq!(refused.unwrap_err(), WebauthnError::Stored("authentication state"));
    }
    let refused = site.finish_authentication(&begun.state, &answer, USER, "{}");
    assert_eq!(refused.unwrap_err(), WebauthnError::Stored("credential"));
}
