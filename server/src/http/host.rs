//! The name that a request was sent to: only the public one is answered, so that no other site's name can be pointed
//! here to read what we say to browsers inside the network (DNS rebinding).

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::uri::Authority;
use http::{StatusCode, header};
use url::Url;

use crate::Edge;
use crate::http::refusal::Refusal;

pub(crate) async fn check(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let public_url = edge.keyroll.public_url();
    let is_probe = matches!(request.uri().path(), "/healthz" | "/readyz");
    match asked_for(&request) {
        Some(host) if is_ours(&host, public_url) || (is_probe && is_no_name(&host)) => next.run(request).await,
        Some(_) => {
            let origin = public_url.origin().ascii_serialization();
            Refusal::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", format!("Keyroll answers at {origin} only. Open it there."))
                .into_response()
        }
        None => {
            let words = "The request does not say plainly which host it is for.";
            Refusal::new(StatusCode::BAD_REQUEST, "bad_request", words).into_response()
        }
    }
}

/// The host that the request names; where it names it twice, both times the same one (RFC 9112, §3.2).
fn asked_for(request: &Request) -> Option<Authority> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host: Authority = hosts.next()?.to_str().ok()?.parse().ok()?;
    let agreed = request.uri().authority().is_none_or(|authority| *authority == host);
    (hosts.next().is_none() && agreed && !host.as_str().contains('@')).then_some(host)
}

fn is_ours(host: &Authority, public_url: &Url) -> bool {
    let default = if public_url.scheme() == "https" { 443 } else { 80 };
    let port = host.port_u16().unwrap_or(default);
    public_url.host_str().is_some_and(|ours| ours.eq_ignore_ascii_case(host.host())) && public_url.port_or_known_default() == Some(port)
}

/// Probes come by address; an address cannot be rebound.
fn is_no_name(host: &Authority) -> bool {
    let bare = host.host().trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().is_ok() || bare == "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn request(uri: &str, hosts: &[&str]) -> Request {
        let request = http::Request::builder().uri(uri);
        hosts.iter().fold(request, |request, host| request.header(header::HOST, *host)).body(Body::empty()).unwrap()
    }

    #[test]
    fn the_public_host_is_ours_with_its_port_and_no_other_is() {
        let ours = |host: &str, url: &str| is_ours(&host.parse().unwrap(), &Url::parse(url).unwrap());
        assert!(ours("localhost:3000", "http://localhost:3000"));
        assert!(ours("ID.example.com", "https://id.example.com"));
        assert!(ours("id.example.com:443", "https://id.example.com"));
        assert!(ours("[::1]:3000", "http://[::1]:3000"));
        for host in ["localhost", "localhost:3001", "127.0.0.1:3000", "localhost.evil.example:3000", "localhost.:3000"] {
            assert!(!ours(host, "http://localhost:3000"), "{host}");
        }
        assert!(!ours("id.example.com:80", "https://id.example.com"));
    }

    #[test]
    fn a_request_names_one_host() {
        assert!(asked_for(&request("/", &["localhost:3000"])).is_some());
        assert!(asked_for(&request("http://localhost:3000/", &["localhost:3000"])).is_some());
        assert!(asked_for(&request("http://evil.example/", &["localhost:3000"])).is_none());
        assert!(asked_for(&request("/", &["localhost:3000", "localhost:3000"])).is_none());
        assert!(asked_for(&request("/", &[])).is_none());
        assert!(asked_for(&request("/", &["a@localhost:3000"])).is_none());
        assert!(asked_for(&request("/", &["local host"])).is_none());
    }

    #[test]
    fn probes_come_by_address() {
        let by_address = |host: &str| is_no_name(&host.parse().unwrap());
        assert!(by_address("127.0.0.1:3000") && by_address("10.1.2.3") && by_address("[::1]:3000") && by_address("localhost:1"));
        assert!(!by_address("evil.example") && !by_address("127.0.0.1.evil.example"));
    }
}
