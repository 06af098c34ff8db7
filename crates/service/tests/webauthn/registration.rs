use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use service::webauthn::WebauthnError;
use testkit::{BrowserError, Fault, SoftAuthenticator};

use crate::{ORIGIN, USER, begin, enrolled, register_changed, register_with, site};

#[test]
fn options_ask_for_a_discoverable_verified_credential_and_for_nothing_else() {
    let begun = site().begin_registration(USER, "ada", "Ada Lovelace", &[vec![1, 2, 3]]).unwrap();
    let mut options = begun.options;
    let challenge = options["challenge"].take();
    let challenge = URL_SAFE_NO_PAD.decode(challenge.as_str().unwrap()).unwrap();
    assert!(challenge.len() >= 32);
    assert_eq!(
        options,
        json!({
            "rp": { "id": "id.example.com", "name": "Example Organization" },
            "user": {
                "id": "ASNFZ4mrze8BI0VniavN7w",
                "name": "ada",
                "displayName": "Ada Lovelace",
            },
            "challenge": null,
            "pubKeyCredParams": [
                { "type": "public-key", "alg": -7 },
                { "type": "public-key", "alg": -257 },
            ],
            "timeout": 300_000,
            "excludeCredentials": [{ "type": "public-key", "id": "AQID" }],
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": true,
                "userVerification": "required",
            },
            "attestation": "none",
            "extensions": { "credProps": true },
        })
    );
}

#[test]
fn every_ceremony_has_its_own_challenge() {
    let site = site();
    assert_ne!(begin(&site).options["challenge"], begin(&site).options["challenge"]);
}

#[test]
fn person_without_display_name_goes_by_the_username_and_one_without_any_is_refused() {
    let begun = site().begin_registration(USER, "ada", "", &[]).unwrap();
    assert_eq!(begun.options["user"]["displayName"], "ada");
    let nameless = site().begin_registration(USER, "", "", &[]);
    assert_eq!(nameless.unwrap_err(), WebauthnError::NamelessUser);
}

#[test]
fn synced_passkey_is_registered_with_all_that_it_tells() {
    let mut authenticator = SoftAuthenticator::new(1);
    authenticator.aaguid = *b"0123456789abcdef";
    let passkey = enrolled(&site(), &mut authenticator);
    assert_eq!(passkey.credential_id, authenticator.credentials()[0].id);
    assert_eq!(passkey.aaguid, *b"0123456789abcdef");
    assert_eq!(passkey.transports, ["hybrid", "internal"]);
    assert!(passkey.backup_eligible && passkey.backup_state);
    assert_eq!(passkey.counter, 0);
    let jwk: Value = serde_json::from_str(&passkey.jwk_json).unwrap();
    assert_eq!((&jwk["kty"], &jwk["crv"]), (&json!("EC"), &json!("P-256")));
    assert_eq!(passkey.jwk_thumbprint.len(), 43);
}

#[test]
fn device_bound_passkey_is_registered_as_such() {
    let passkey = enrolled(&site(), &mut SoftAuthenticator::security_key(1));
    assert!(!passkey.backup_eligible && !passkey.backup_state);
    assert_eq!(passkey.transports, ["nfc", "usb"]);
}

#[test]
fn passkey_that_is_registered_already_is_not_registered_again() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let first = enrolled(&site, &mut authenticator);
    let begun = site.begin_registration(USER, "ada", "Ada", &[first.credential_id]).unwrap();
    let declined = authenticator.create(&begun.options, ORIGIN);
    assert_eq!(declined.unwrap_err(), BrowserError::InvalidState);

    // The same seed makes the same credential; this browser disregards the list.
    let mut options = begun.options.clone();
    options["excludeCredentials"] = json!([]);
    let answer = SoftAuthenticator::new(1).create(&options, ORIGIN).unwrap();
    let refused = site.finish_registration(&begun.state, &answer);
    assert_eq!(refused.unwrap_err(), WebauthnError::AlreadyRegistered);
}

#[test]
fn missing_flags_are_refused() {
    assert_eq!(register_with(Fault::NotPresent), WebauthnError::NotPresent);
    assert_eq!(register_with(Fault::NotVerified), WebauthnError::NotVerified);
    assert_eq!(register_with(Fault::BackedUpButNotEligible), WebauthnError::BackupStateInvalid);
}

#[test]
fn answer_to_another_request_is_refused() {
    assert_eq!(register_with(Fault::Challenge), WebauthnError::ChallengeMismatch);
    assert_eq!(register_with(Fault::ClientDataType("webauthn.get")), WebauthnError::WrongCeremony);
    assert_eq!(register_with(Fault::RpId("example.com")), WebauthnError::WrongRelyingParty);
    assert_eq!(register_with(Fault::CrossOrigin), WebauthnError::CrossOrigin);
    assert_eq!(register_with(Fault::TopOrigin), WebauthnError::CrossOrigin);
}

#[test]
fn any_origin_but_the_own_one_is_refused() {
    for origin in [
        "https://id.example.com.",
        "https://id.example.com:8443",
        "https://id.example.com/",
        "https://id.example.com/path",
        "https://user@id.example.com",
        "https://ID.example.com",
        "http://id.example.com",
        "https://www.id.example.com",
        "https://example.com",
        "android:apk-key-hash:aGFzaA",
        "null",
        "",
    ] {
        let error = register_with(Fault::Origin(origin.to_owned()));
        assert_eq!(error, WebauthnError::WrongOrigin, "{origin}");
    }
}

#[test]
fn client_data_that_two_readers_could_read_differently_is_refused() {
    assert_eq!(register_with(Fault::OriginTwice), WebauthnError::Malformed("response.clientDataJSON"));
}

#[test]
fn credential_that_is_named_in_two_ways_is_refused() {
    assert_eq!(register_with(Fault::IdUnlikeRawId), WebauthnError::CredentialIdMismatch);
    assert_eq!(register_with(Fault::IdUnlikeAuthenticatorData), WebauthnError::CredentialIdMismatch);
    let padded = register_changed(|answer| {
        answer["id"] = json!(format!("{}=", answer["id"].as_str().unwrap()));
    });
    assert_eq!(padded, WebauthnError::CredentialIdMismatch);
    assert_eq!(register_with(Fault::CredentialType("password")), WebauthnError::WrongCredentialType);
}

#[test]
fn credential_id_has_at_most_1023_bytes() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    authenticator.faults = vec![Fault::CredentialIdLength(1023)];
    assert_eq!(enrolled(&site, &mut authenticator).credential_id.len(), 1023);
    for length in [1024, 8_000] {
        let error = register_with(Fault::CredentialIdLength(length));
        assert_eq!(error, WebauthnError::CredentialIdTooLong);
    }
}

#[test]
fn leftover_bytes_are_refused() {
    assert_eq!(register_with(Fault::AfterAuthenticatorData(vec![0])), WebauthnError::TrailingBytes("authenticator data"));
    assert_eq!(register_with(Fault::AfterAttestationObject(vec![0xf6])), WebauthnError::TrailingBytes("response.attestationObject"));
}

#[test]
fn attestation_that_says_too_much_or_what_is_unknown_is_refused() {
    assert_eq!(register_with(Fault::StatementWithNone), WebauthnError::StatementWithoutFormat);
    assert_eq!(register_with(Fault::AuthenticatorDataTwice), WebauthnError::Malformed("response.attestationObject"));
    for format in ["packed", "android-safetynet", "unheard-of", ""] {
        let error = register_with(Fault::Format(format));
        assert_eq!(error, WebauthnError::AttestationInvalid, "{format}");
    }
}

#[test]
fn key_of_a_kind_that_was_not_offered_is_refused() {
    // ES384 the library would take, EdDSA it cannot, ES256K and 0 it does not know.
    for algorithm in [-35, -8, -47, 0, i64::MIN] {
        let error = register_with(Fault::Algorithm(algorithm));
        assert_eq!(error, WebauthnError::AlgorithmNotOffered, "{algorithm}");
    }
    // Offered, but not what this key is.
    assert_eq!(register_with(Fault::Algorithm(-257)), WebauthnError::Malformed("credential public key"));
    assert_eq!(register_with(Fault::OffCurve), WebauthnError::Malformed("credential public key"));
}

#[test]
fn credential_that_could_not_sign_in_is_refused() {
    assert_eq!(register_with(Fault::NotDiscoverable), WebauthnError::NotDiscoverable);
}

#[test]
fn browser_that_does_not_say_whether_it_is_discoverable_is_believed() {
    for results in [json!({}), json!({ "credProps": {} }), json!(null)] {
        let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
        let begun = begin(&site);
        let mut answer = authenticator.create(&begun.options, ORIGIN).unwrap();
        answer["clientExtensionResults"] = results;
        site.finish_registration(&begun.state, &answer).unwrap();
    }
}

#[test]
fn missing_and_mistyped_members_are_named() {
    for (pointer, member) in [
        ("/type", "type"),
        ("/id", "id"),
        ("/rawId", "rawId"),
        ("/response", "response"),
        ("/response/clientDataJSON", "response.clientDataJSON"),
        ("/response/attestationObject", "response.attestationObject"),
    ] {
        for wrong in [Value::Null, json!(1), json!(["a"]), json!({ "a": 1 })] {
            // An empty object is a response, without its members.
            if pointer == "/response" && wrong.is_object() {
                continue;
            }
            let error = register_changed(|a| *a.pointer_mut(pointer).unwrap() = wrong.clone());
            assert_eq!(error, WebauthnError::Malformed(member), "{pointer}: {wrong}");
        }
    }
    for (member, wrong) in [
        ("response.transports", json!("usb")),
        ("response.transports", json!([1])),
        ("response.transports", json!(["<script>"])),
        ("response.transports", json!(["a".repeat(33)])),
        ("response.transports", json!(vec!["usb"; 17])),
    ] {
        let error = register_changed(|a| a["response"]["transports"] = wrong);
        assert_eq!(error, WebauthnError::Malformed(member));
    }
    for (member, wrong) in [
        ("clientExtensionResults", json!([])),
        ("clientExtensionResults.credProps", json!({ "credProps": 1 })),
        ("clientExtensionResults.credProps", json!({ "credProps": { "rk": "yes" } })),
    ] {
        let error = register_changed(|a| a["clientExtensionResults"] = wrong);
        assert_eq!(error, WebauthnError::Malformed(member));
    }
    for whole in [Value::Null, json!([]), json!("text"), json!(1)] {
        let error = register_changed(|a| *a = whole);
        assert_eq!(error, WebauthnError::Malformed("credential"));
    }
}

#[test]
fn bytes_in_another_encoding_than_base64url_are_refused() {
    for text in ["a+b/", "YWI=", " YWI", "YWJ", "YR", "ä", "\0"] {
        let error = register_changed(|a| a["response"]["attestationObject"] = json!(text));
        assert_eq!(error, WebauthnError::Malformed("response.attestationObject"), "{text}");
    }
}

#[test]
fn oversized_and_deep_answers_are_refused() {
    let large = "a".repeat(64 * 1024);
    let error = register_changed(|a| a["response"]["publicKey"] = json!(large));
    assert_eq!(error, WebauthnError::TooLarge);
    let error = register_changed(|a| a["unknown"] = json!(vec![0; 20_000]));
    assert_eq!(error, WebauthnError::TooLarge);
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let error = register_changed(|a| a["clientExtensionResults"]["x"] = deep);
    assert_eq!(error, WebauthnError::Malformed("nesting"));
}

#[test]
fn members_that_a_later_standard_may_add_do_no_harm() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let begun = begin(&site);
    let mut answer = authenticator.create(&begun.options, ORIGIN).unwrap();
    answer["later"] = json!({ "a": [1, 2] });
    answer["response"]["later"] = json!("b");
    answer["clientExtensionResults"]["prf"] = json!({ "enabled": true });
    answer["response"]["transports"] = json!(["smart-card", "internal", "internal"]);
    let passkey = site.finish_registration(&begun.state, &answer).unwrap();
    assert_eq!(passkey.transports, ["internal", "smart-card"]);
}

#[test]
fn attestation_object_cut_anywhere_is_refused() {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let begun = begin(&site);
    let mut answer = authenticator.create(&begun.options, ORIGIN).unwrap();
    let whole = answer["response"]["attestationObject"].as_str().unwrap().to_owned();
    let whole = URL_SAFE_NO_PAD.decode(whole).unwrap();
    for length in 0..whole.len() {
        answer["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(&whole[..length]));
        assert!(site.finish_registration(&begun.state, &answer).is_err(), "{length}");
    }
}

#[test]
fn state_of_another_kind_or_none_at_all_is_a_fault_of_the_server() {
    let site = site();
    let begun = begin(&site);
    let answer = SoftAuthenticator::new(1).create(&begun.options, ORIGIN).unwrap();
    let sign_in = site.begin_authentication().unwrap();
    for state in ["", "{}", "null", sign_in.state.as_str()] {
        let error = site.finish_registration(state, &answer).unwrap_err();
        assert_eq!(error, WebauthnError::Stored("registration state"));
    }
}
