//! The `WebAuthn` ceremonies against a software authenticator: the ways that work, and every
//! answer that must be refused, each with the error that names it.

#![expect(clippy::unwrap_used, reason = "clippy knows test functions, but not the helpers that they share")]

mod authentication;
mod registration;
mod setup;

use serde_json::Value;
use service::webauthn::{Begun, NewPasskey, RelyingParty, WebauthnError};
use testkit::{Fault, SoftAuthenticator};
use url::Url;
use uuid::Uuid;

const ORIGIN: &str = "https://id.example.com";
const USER: Uuid = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
const OTHER_USER: Uuid = Uuid::from_u128(7);

fn site() -> RelyingParty {
    RelyingParty::new(&Url::parse(ORIGIN).unwrap(), "Example Organization").unwrap()
}

fn begin(site: &RelyingParty) -> Begun {
    site.begin_registration(USER, "ada", "Ada Lovelace", &[]).unwrap()
}

/// A person with one passkey, made the regular way.
fn enrolled(site: &RelyingParty, authenticator: &mut SoftAuthenticator) -> NewPasskey {
    let begun = begin(site);
    let answer = authenticator.create(&begun.options, ORIGIN).unwrap();
    site.finish_registration(&begun.state, &answer).unwrap()
}

/// What the server says to a registration that goes wrong in one way.
fn register_with(fault: Fault) -> WebauthnError {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let begun = begin(&site);
    let answer = authenticator.with_fault(fault, |a| a.create(&begun.options, ORIGIN).unwrap());
    site.finish_registration(&begun.state, &answer).unwrap_err()
}

/// What the server says to a registration's answer that was changed on its way.
fn register_changed(change: impl FnOnce(&mut Value)) -> WebauthnError {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let begun = begin(&site);
    let mut answer = authenticator.create(&begun.options, ORIGIN).unwrap();
    change(&mut answer);
    site.finish_registration(&begun.state, &answer).unwrap_err()
}

/// What the server says to a sign-in that goes wrong in one way.
fn sign_in_with(fault: Fault) -> WebauthnError {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    let begun = site.begin_authentication().unwrap();
    let answer = authenticator.with_fault(fault, |a| a.get(&begun.options, ORIGIN).unwrap());
    site.finish_authentication(&begun.state, &answer, USER, &passkey.credential).unwrap_err()
}

/// What the server says to a sign-in's answer that was changed on its way. Whatever `claimed`
/// refuses, `finish_authentication` refuses in the same words.
fn sign_in_changed(change: impl FnOnce(&mut Value)) -> WebauthnError {
    let (site, mut authenticator) = (site(), SoftAuthenticator::new(1));
    let passkey = enrolled(&site, &mut authenticator);
    let begun = site.begin_authentication().unwrap();
    let mut answer = authenticator.get(&begun.options, ORIGIN).unwrap();
    change(&mut answer);
    let error = site.finish_authentication(&begun.state, &answer, USER, &passkey.credential).unwrap_err();
    if let Err(claim) = site.claimed(&answer) {
        assert_eq!(claim, error);
    }
    error
}
