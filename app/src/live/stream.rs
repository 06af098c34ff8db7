//! The console's event stream: opened, reopened, and heard.

use domain::IdentityId;
use futures::StreamExt;
use futures::channel::mpsc;
use futures::future::select;
use futures::stream::{SelectAll, select_all};
use gloo_net::eventsource::futures::{EventSource, EventSourceSubscription};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use serde::Deserialize;
use std::time::Duration;
use web_sys::MessageEvent;

use super::gathered::Gathered;
use super::{Live, pause};
use crate::browser;

#[derive(Deserialize)]
struct Change {
    identity: Option<IdentityId>,
}

/// Hears of changes until the owner goes away.
pub(super) fn listen(live: Live) {
    let (wake, woken) = mpsc::unbounded();
    for event in ["online", "pageshow", "visibilitychange"] {
        let wake = wake.clone();
        let listener = window_event_listener_untyped(event, move |_| {
            if browser::is_visible() {
                let _ = wake.unbounded_send(());
            }
        });
        on_cleanup(move || listener.remove());
    }
    let desk = Desk { live, news: StoredValue::new(Gathered::default()), planned: StoredValue::new(false), told: StoredValue::new(0.0) };
    spawn_local_scoped_with_cancellation(keep_hearing(desk, woken));
}

/// Opens the stream again whenever it breaks: after a pause that grows, or at once when the page is seen or online again.
///
/// The browser would come back by itself from some breaks and not from others; here all of them go one way.
async fn keep_hearing(desk: Desk, mut woken: mpsc::UnboundedReceiver<()>) {
    let mut since = browser::meta("live-since");
    let mut failed = 0;
    loop {
        match hear(desk, &mut since).await {
            End::SignedOut => return crate::sign_in::leave(),
            // What is shown is of another realm than the one that acts would be done in.
            End::Moved => return browser::go("/identities"),
            End::Broken { was_open: true } => failed = 0,
            End::Broken { was_open: false } => {}
        }
        let _ = desk.live.connected.try_set(false);
        // A stream that is refused does not say why. Where the session is over, this answer does, and leads away.
        let _ = crate::sign_in::server::me().await;
        let pause = TimeoutFuture::new(pause::before_attempt(failed, js_sys::Math::random()));
        select(pause, woken.next()).await;
        failed = failed.saturating_add(1);
    }
}

/// How a connection ended.
enum End {
    SignedOut,
    Moved,
    Broken { was_open: bool },
}

/// Hears one connection to its end.
async fn hear(desk: Desk, since: &mut String) -> End {
    let mut was_open = false;
    let Some((_source, mut events)) = open(since) else {
        return End::Broken { was_open };
    };
    while let Some(Ok((kind, event))) = events.next().await {
        match &*kind {
            "open" => {
                was_open = true;
                let _ = desk.live.connected.try_set(true);
            }
            "error" => break,
            "signed-out" => return End::SignedOut,
            "moved" => return End::Moved,
            _ => {
                let id = event.last_event_id();
                if !id.is_empty() {
                    *since = id;
                }
                desk.take(&kind, &event);
            }
        }
    }
    End::Broken { was_open }
}

/// The connection, which closes when it is dropped, and all that comes from it.
fn open(since: &str) -> Option<(EventSource, SelectAll<EventSourceSubscription>)> {
    let mut source = EventSource::new(&format!("/live?since={since}&realm={}", browser::meta("realm"))).ok()?;
    // `open` and `error` are the browser's own words, the others the server's.
    let events = ["open", "error", "change", "reread", "moved", "signed-out"].into_iter().map(|kind| source.subscribe(kind).ok());
    let events = select_all(events.collect::<Option<Vec<_>>>()?);
    Some((source, events))
}

/// Where changes are gathered for a moment before the pages are told.
#[derive(Clone, Copy)]
struct Desk {
    live: Live,
    news: StoredValue<Gathered>,
    planned: StoredValue<bool>,
    /// When the pages were told last, in milliseconds since the epoch.
    told: StoredValue<f64>,
}

impl Desk {
    fn take(self, kind: &str, event: &MessageEvent) {
        let data = event.data().as_string().unwrap_or_default();
        let change = (kind == "change").then(|| serde_json::from_str::<Change>(&data).ok()).flatten();
        self.news.update_value(|news| match change {
            Some(change) => news.add(change.identity),
            None => news.add_everything(),
        });
        if self.planned.get_value() {
            return;
        }
        self.planned.set_value(true);
        let wait = pause::before_telling(js_sys::Date::now() - self.told.get_value());
        set_timeout(move || self.tell(), Duration::from_millis(wait.into()));
    }

    fn tell(self) {
        // The console may have been left meanwhile.
        if let Some(news) = self.news.try_update_value(std::mem::take) {
            self.planned.set_value(false);
            self.told.set_value(js_sys::Date::now());
            self.live.tell(&news);
        }
    }
}
