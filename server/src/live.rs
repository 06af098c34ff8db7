//! The event stream of an open page: what changed in its realm, for as long as its session holds.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::{IdentityId, RealmId};
use futures::{Stream, stream};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use serde_json::json;
use service::{Actor, Change, Context, Heard, News};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, interval_at};

use crate::Edge;
use crate::http::refusal::Refusal;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Ends every event stream when the server is to stop.
#[derive(Clone)]
pub(crate) struct Stopping(pub(crate) watch::Receiver<bool>);

/// `GET /live?since=…`
pub(crate) async fn live(
    State(edge): State<Arc<Edge>>,
    Extension(Stopping(stopping)): Extension<Stopping>,
    Extension(context): Extension<Context>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let (heard, news) = edge.keyroll.changes();
    // Asked after the listening began: what ended the session before is seen now, what ends it later is heard.
    let (identity, realm) = match (context.still_holds().await, context.actor(), context.realm()) {
        (Ok(true), Actor::Person { identity, .. }, Some(realm)) => (*identity, realm),
        (Err(error), ..) => return Refusal::from(error).into_response(),
        _ => return Refusal::from(service::Error::SignedOut).into_response(),
    };
    let missed = since(&uri, &headers) != Some(heard.to_string().as_str());
    let greeting = missed.then(|| reread(heard));
    let beat = beat(edge.limits.beat);
    let page = Page { context, identity, realm, news, beat, stopping, greeting, signed_out: false };
    let mut response = Sse::new(events(page)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy that gathers what comes would hold news back.
    response.headers_mut().insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

fn beat(period: Duration) -> Interval {
    interval_at(Instant::now() + period, period)
}

/// How far the page had heard: what the browser says when it comes back, or what the page was rendered with.
fn since<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let query = uri.query().unwrap_or_default();
    let rendered = query.split('&').find_map(|pair| pair.strip_prefix("since="));
    headers.get(LAST_EVENT_ID).map_or(rendered, |id| id.to_str().ok())
}

/// One open stream.
struct Page {
    context: Context,
    identity: IdentityId,
    realm: RealmId,
    news: Receiver<News>,
    beat: Interval,
    stopping: watch::Receiver<bool>,
    /// The first event, where the page has missed something.
    greeting: Option<Event>,
    signed_out: bool,
}

/// What wakes a stream.
enum Wake {
    News(Result<News, RecvError>),
    Beat,
    Stop,
}

fn events(page: Page) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(page, |mut page| async move {
        let event = page.next().await?;
        Some((Ok(event), page))
    })
}

impl Page {
    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if self.signed_out {
            return None;
        }
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        loop {
            match self.wake().await {
                Wake::Stop | Wake::News(Err(RecvError::Closed)) => return None,
                Wake::Beat => return self.while_it_holds(Event::default().comment("")).await,
                Wake::News(Err(RecvError::Lagged(_))) => {
                    let (heard, news) = self.context.keyroll().changes();
                    self.news = news;
                    return self.while_it_holds(reread(heard)).await;
                }
                Wake::News(Ok(News { heard, change: Change::Somewhere })) => return self.while_it_holds(reread(heard)).await,
                Wake::News(Ok(News { heard, change: Change::Here { realm, kind, identity } })) if realm == self.realm => {
                    let event = Event::default().event("change").id(heard.to_string());
                    let event = event.data(json!({ "kind": kind.as_str(), "identity": identity }).to_string());
                    // What happens to somebody else ends no session of this person; what is nobody's, a policy, may.
                    let may_end = identity.is_none_or(|identity| identity == self.identity);
                    return if may_end { self.while_it_holds(event).await } else { Some(event) };
                }
                Wake::News(Ok(_)) => {}
            }
        }
    }

    async fn wake(&mut self) -> Wake {
        tokio::select! {
            biased;
            _ = self.stopping.wait_for(|stopping| *stopping) => Wake::Stop,
            news = self.news.recv() => Wake::News(news),
            _ = self.beat.tick() => Wake::Beat,
        }
    }

    /// The event, or the farewell where the session is over. Where it cannot be asked, the stream ends: the page comes
    /// back and asks again.
    async fn while_it_holds(&mut self, event: Event) -> Option<Event> {
        // In a box, so that a stream that waits does not carry the room for asking the database.
        match Box::pin(self.context.still_holds()).await {
            Ok(true) => Some(event),
            Ok(false) => {
                self.signed_out = true;
                Some(Event::default().event("signed-out").data("{}"))
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "an event stream ended");
                None
            }
        }
    }
}

fn reread(heard: Heard) -> Event {
    Event::default().event("reread").id(heard.to_string()).data("{}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::ProfileForm;
    use service::{Clock, Database, Keyroll, Randomness, RequestInfo, Settings, Store};
    use testkit::SoftAuthenticator;

    const ORIGIN: &str = "http://localhost:3000";

    #[test]
    fn what_the_browser_remembers_outranks_what_the_page_was_rendered_with() {
        let mut headers = HeaderMap::new();
        let uri = |text: &str| text.parse::<Uri>().unwrap();
        assert_eq!(since(&uri("/live"), &headers), None);
        assert_eq!(since(&uri("/live?since="), &headers), Some(""));
        assert_eq!(since(&uri("/live?x=1&since=00000001000000aa"), &headers), Some("00000001000000aa"));
        headers.insert(LAST_EVENT_ID, HeaderValue::from_static("00000001000000ab"));
        assert_eq!(since(&uri("/live?since=00000001000000aa"), &headers), Some("00000001000000ab"));
    }

    /// A signed-in administrator.
    async fn administrator(folder: &std::path::Path) -> Context {
        let store = Store::connect(&Database::Sqlite(folder.join("keyroll.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let settings = Settings::new(ORIGIN.parse().unwrap());
        let keyroll = Keyroll::new(store, settings, Clock::System, Randomness::seeded(1)).unwrap();
        let realm = keyroll.prepare().await.unwrap();
        let link = keyroll.first_administrator_link(realm).await.unwrap().unwrap().link;
        let token = link.rsplit('/').next().unwrap();
        let browser = keyroll.anonymous(RequestInfo::default());
        let begun = browser.begin_enrollment(token).await.unwrap();
        let answer = SoftAuthenticator::new(1).create(&serde_json::from_str(&begun.options).unwrap(), ORIGIN).unwrap();
        let session = browser.finish_enrollment(token, &begun.id, &answer.to_string()).await.unwrap().session.unwrap();
        keyroll.context_for(Some(session.reveal()), RequestInfo::default()).await.unwrap()
    }

    #[tokio::test]
    async fn a_reader_that_lags_behind_reads_again_and_goes_on_from_there() {
        let folder = tempfile::tempdir().unwrap();
        let context = administrator(folder.path()).await;
        let keyroll = context.keyroll().clone();
        let Actor::Person { identity, .. } = *context.actor() else { panic!("nobody is signed in") };
        let (realm, (_, news)) = (context.realm().unwrap(), keyroll.changes());
        let (_stop, stopping) = watch::channel(false);
        let beat = beat(Duration::from_hours(1));
        let mut page = Page { context: context.clone(), identity, realm, news, beat, stopping, greeting: None, signed_out: false };
        let add = async |number: usize| {
            let form = ProfileForm { username: format!("p{number}"), display_name: "P".into(), ..ProfileForm::default() };
            context.create_identity(&form, &[]).await.unwrap();
        };
        for number in 0..1_100 {
            add(number).await;
        }
        let text = |event: Option<Event>| format!("{:?}", event.unwrap());
        let reread = text(page.next().await);
        assert!(reread.contains("event: reread") && reread.contains(&keyroll.heard().to_string()), "{reread}");
        add(2_000).await;
        let change = text(page.next().await);
        assert!(change.contains("identity.created") && change.contains(&keyroll.heard().to_string()), "{change}");
    }
}
