//! Who asks: the session cookie, looked up once a request.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::context::session_cookie_name;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, header};
use service::RequestInfo;

use crate::Edge;
use crate::http::refusal::Refusal;
use crate::http::request::RequestId;

/// The peer at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Longer ones tell nothing more.
const MOST_OF_A_USER_AGENT: usize = 512;

/// Puts a [`service::Context`] beside the request: of the person whose session holds, else of nobody.
pub(crate) async fn recognize(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let session = session_token(request.headers(), session_cookie_name(edge.keyroll.is_secure()));
    match edge.keyroll.context_for(session, info(&request, edge.trust_proxy)).await {
        Ok(context) => {
            request.extensions_mut().insert(context);
            next.run(request).await
        }
        Err(error) => Refusal::from(error).into_response(),
    }
}

/// The session's secret. A cookie of our name that somebody else has put beside ours makes both worthless: which is
/// ours cannot be told.
fn session_token<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut ours = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    let token = ours.next()?;
    ours.next().is_none().then_some(token)
}

/// Who asks from where, and with what.
pub(crate) fn info(request: &Request, trust_proxy: bool) -> RequestInfo {
    let (headers, extensions) = (request.headers(), request.extensions());
    let peer = extensions.get::<Peer>().map(|peer| peer.0);
    // What the proxy wrote is taken as it is: where it is no address, nobody's is taken for it.
    let address = forwarded_for(headers).filter(|_| trust_proxy).map_or(peer, address);
    let user_agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    RequestInfo {
        id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        address: address.map(|address| address.to_canonical().to_string()).unwrap_or_default(),
        user_agent: user_agent.chars().take(MOST_OF_A_USER_AGENT).collect(),
    }
}

/// What the proxy added: the last one. Those before it are what the client claims, down to bytes that are no text.
fn forwarded_for(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get_all(X_FORWARDED_FOR).iter().next_back()?;
    value.as_bytes().rsplit(|byte| *byte == b',').next()
}

/// An address, in brackets or with a port where the proxy writes it so.
fn address(written: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(written).ok()?.trim();
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bracketed.unwrap_or(text).parse();
    address.or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip())).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(name: HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_session_is_the_one_cookie_of_its_name() {
        let token = |cookies: &[&str]| session_token(&headers(header::COOKIE, cookies), "session").map(str::to_owned);
        assert_eq!(token(&["session=abc"]).as_deref(), Some("abc"));
        assert_eq!(token(&["theme=dark; session=abc"]).as_deref(), Some("abc"));
        assert_eq!(token(&["theme=dark", "session=abc;"]).as_deref(), Some("abc"));
        assert_eq!(token(&["session="]).as_deref(), Some(""));
        for none in [&["theme=dark"][..], &["Session=abc"], &["xsession=abc"], &["session"], &[]] {
            assert_eq!(token(none), None, "{none:?}");
        }
        assert_eq!(token(&["session=abc; session=def"]), None);
        assert_eq!(token(&["session=abc", "session=abc"]), None);
    }

    #[test]
    fn the_proxy_wrote_the_last_address() {
        let address = |values: &[&str]| {
            let headers = headers(X_FORWARDED_FOR, values);
            address(forwarded_for(&headers).unwrap()).map(|address| address.to_string())
        };
        assert_eq!(address(&["203.0.113.7"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(address(&["1.1.1.1, 203.0.113.7"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(address(&["1.1.1.1", "203.0.113.7:4711"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(address(&["[2001:db8::7]"]).as_deref(), Some("2001:db8::7"));
        assert_eq!(address(&["[2001:db8::7]:4711"]).as_deref(), Some("2001:db8::7"));
        assert_eq!(address(&["2001:db8::7"]).as_deref(), Some("2001:db8::7"));
        assert_eq!(address(&["unknown"]), None);
        assert_eq!(address(&["203.0.113.7, "]), None);
        assert_eq!(forwarded_for(&HeaderMap::new()), None);
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_proxy_that_is_trusted() {
        let mut request = Request::new(axum::body::Body::empty());
        request.extensions_mut().insert(Peer("127.0.0.1".parse().unwrap()));
        request.headers_mut().insert(X_FORWARDED_FOR, "203.0.113.7".parse().unwrap());
        assert_eq!((info(&request, false).address.as_str(), info(&request, true).address.as_str()), ("127.0.0.1", "203.0.113.7"));
        request.headers_mut().insert(X_FORWARDED_FOR, HeaderValue::from_bytes(b"\xff, 203.0.113.7").unwrap());
        assert_eq!(info(&request, true).address, "203.0.113.7");
        // Not the proxy's own: a token may be narrowed to that.
        for nonsense in [&b"nonsense"[..], b"203.0.113.7, \xff", b""] {
            request.headers_mut().insert(X_FORWARDED_FOR, HeaderValue::from_bytes(nonsense).unwrap());
            assert_eq!(info(&request, true).address, "", "{nonsense:?}");
        }
        request.headers_mut().remove(X_FORWARDED_FOR);
        assert_eq!(info(&request, true).address, "127.0.0.1");
    }
}
