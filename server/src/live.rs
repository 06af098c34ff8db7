//! The event stream of an open page: what changed in the realm that it shows, for as long as its session holds and acts
//! there.

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
use service::{Actor, Change, Context, Heard, News, Standing};
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

/// `GET /live?since=…&realm=…`
pub(crate) async fn live(
    State(edge): State<Arc<Edge>>,
    Extension(Stopping(stopping)): Extension<Stopping>,
    Extension(context): Extension<Context>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let (heard, news) = edge.keyroll.changes();
    // Asked after the listening began: what ended the session before is seen now, what ends it later is heard.
    let standing = match context.standing().await {
        Ok(standing) => standing,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let (Actor::Person { identity, .. }, Some(realm), Some(own)) = (context.actor(), context.realm(), context.own_realm()) else {
        return Refusal::from(service::Error::SignedOut).into_response();
    };
    if standing == Standing::Over {
        return Refusal::from(service::Error::SignedOut).into_response();
    }
    let elsewhere = asked(&uri, "realm=").is_some_and(|shown| shown != realm.to_string());
    let missed = since(&uri, &headers) != Some(heard.to_string().as_str());
    let ended = elsewhere || standing == Standing::Moved;
    let greeting = if ended { Some(moved()) } else { missed.then(|| reread(heard)) };
    let beat = beat(edge.limits.beat);
    let page = Page { identity: *identity, realm, own, context, news, beat, stopping, greeting, ended };
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
    headers.get(LAST_EVENT_ID).map_or_else(|| asked(uri, "since="), |id| id.to_str().ok())
}

/// What the query holds behind these letters.
fn asked<'a>(uri: &'a Uri, letters: &str) -> Option<&'a str> {
    uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix(letters))
}

/// One open stream.
struct Page {
    context: Context,
    identity: IdentityId,
    /// The one that it shows.
    realm: RealmId,
    /// The person's, where what could end their session happens.
    own: RealmId,
    news: Receiver<News>,
    beat: Interval,
    stopping: watch::Receiver<bool>,
    /// The first event, where the page has missed something.
    greeting: Option<Event>,
    /// Nothing comes after the greeting, or after what was told last.
    ended: bool,
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
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        if self.ended {
            return None;
        }
        loop {
            match self.wake().await {
                Wake::Stop | Wake::News(Err(RecvError::Closed)) => return None,
                Wake::Beat => return self.while_it_holds(Some(Event::default().comment(""))).await,
                Wake::News(Err(RecvError::Lagged(_))) => {
                    let (heard, news) = self.context.keyroll().changes();
                    self.news = news;
                    return self.while_it_holds(Some(reread(heard))).await;
                }
                Wake::News(Ok(News { heard, change: Change::Somewhere })) => return self.while_it_holds(Some(reread(heard))).await,
                Wake::News(Ok(News { heard, change: Change::Here { realm, kind, identity } })) => {
                    let event = (realm == self.realm).then(|| {
                        let event = Event::default().event("change").id(heard.to_string());
                        event.data(json!({ "kind": kind.as_str(), "identity": identity }).to_string())
                    });
                    // What happens to somebody else ends no session of this person; what is nobody's, a policy, may.
                    let may_end = realm == self.own && identity.is_none_or(|identity| identity == self.identity);
                    let event = if may_end { self.while_it_holds(event).await } else { event };
                    if event.is_some() || self.ended {
                        return event;
                    }
                }
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

    /// The event, or the farewell where the session is over or acts elsewhere. Where it cannot be asked, the stream ends:
    /// the page comes back and asks again.
    async fn while_it_holds(&mut self, event: Option<Event>) -> Option<Event> {
        // In a box, so that a stream that waits does not carry the room for asking the database.
        let farewell = match Box::pin(self.context.standing()).await {
            Ok(Standing::Holds) => return event,
            Ok(Standing::Over) => Some(Event::default().event("signed-out").data("{}")),
            Ok(Standing::Moved) => Some(moved()),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "an event stream ended");
                None
            }
        };
        self.ended = true;
        farewell
    }
}

/// What is shown is of another realm than the one that acts are done in.
fn moved() -> Event {
    Event::default().event("moved").data("{}")
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
        let mut page = Page { context: context.clone(), identity, realm, own: realm, news, beat, stopping, greeting: None, ended: false };
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
