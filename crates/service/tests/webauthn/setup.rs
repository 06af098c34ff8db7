use service::webauthn::{RelyingParty, SetupError, WebauthnError};
use url::Url;

fn at(url: &str) -> Result<RelyingParty, SetupError> {
    RelyingParty::new(&Url::parse(url).unwrap(), "Example")
}

#[test]
fn id_is_the_host_and_origin_is_scheme_host_and_port() {
    for (url, id, origin) in [
        ("https://id.example.com", "id.example.com", "https://id.example.com"),
        ("https://id.example.com:443/", "id.example.com", "https://id.example.com"),
        ("https://id.example.com:8443/keyroll", "id.example.com", "https://id.example.com:8443"),
        ("http://localhost:3000", "localhost", "http://localhost:3000"),
        ("http://id.localhost:3000", "id.localhost", "http://id.localhost:3000"),
        ("https://Bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ] {
        let site = at(url).unwrap();
        assert_eq!((site.rp_id(), site.origin()), (id, origin), "{url}");
    }
}

#[test]
fn addresses_that_passkeys_cannot_work_under_are_refused_with_the_way_out() {
    assert_eq!(at("ftp://example.com").unwrap_err(), SetupError::NotHttp);
    assert_eq!(at("http://id.example.com").unwrap_err(), SetupError::NotSecure("id.example.com".to_owned()));
    for address in ["http://127.0.0.1:3000", "https://[::1]:3000"] {
        let error = at(address).unwrap_err();
        assert!(matches!(error, SetupError::NotAHostName(_)), "{address}");
        assert!(error.to_string().contains("http://localhost:3000"));
    }
}

#[test]
fn words_for_people_name_no_internals() {
    for error in [WebauthnError::Stored("credential"), WebauthnError::UserHandleMismatch, WebauthnError::UnknownCredential] {
        let words = error.to_string();
        for internal in ["credential", "handle", "state", "JSON", "database"] {
            assert!(!words.contains(internal), "{words}");
        }
    }
}

#[test]
fn whose_half_of_a_passkey_was_wrong_is_not_told() {
    let (handle, unknown) = (WebauthnError::UserHandleMismatch, WebauthnError::UnknownCredential);
    assert_eq!(handle.code(), unknown.code());
    assert_eq!(handle.to_string(), unknown.to_string());
}
