//! The realm's audit log.

use domain::EventId;
use domain::event::{EventKind, EventOutcome};
use domain::listing::EventListRequest;
use domain::record::Event;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

use super::server::list_events;
use super::words;
use crate::address::pairs;
use crate::error::AppError;
use crate::remote::{Loaded, Paged, Pages};
use crate::ui::{Choice, EmptyState, Glyph, LinkButton, PageHeader, Select, Timeline};

const PATH: &str = "/events";

fn parse(query: &str) -> EventListRequest {
    let mut asked = EventListRequest::default();
    for (name, value) in pairs(query) {
        match name.as_str() {
            "type" => asked.kind = EventKind::read(&value),
            "outcome" => asked.outcome = EventOutcome::read(&value),
            _ => {}
        }
    }
    asked
}

fn href(asked: EventListRequest) -> String {
    let kind = asked.kind.map(|kind| format!("type={kind}"));
    let outcome = asked.outcome.map(|outcome| format!("outcome={outcome}"));
    let query: Vec<_> = kind.into_iter().chain(outcome).collect();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", query.join("&")) }
}

/// Everything that happened, the newest first, as the address asks for it.
#[component]
pub fn EventsPage() -> impl IntoView {
    let url = use_url();
    let asked = Memo::new(move |_| url.with(|url| parse(url.search())));
    view! {
        <Title text="Events" />
        <PageHeader title="Events" subtitle=|| view! { <span>"Every change and every sign-in. Nothing in the console can alter or delete one."</span> } />
        <Narrowing asked />
        // Other events are another list: nothing of one may be left in the other.
        {move || view! { <List asked=asked.get() /> }}
    }
}

#[component]
fn Narrowing(asked: Memo<EventListRequest>) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |asked: EventListRequest| {
        navigate(&href(asked), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let mut kinds: Vec<_> = EventKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label())).collect();
    kinds.sort_by(|one, other| one.label.cmp(&other.label));
    kinds.insert(0, Choice::new("", "Any type"));
    let outcomes = [("", "Any outcome"), ("success", "Done"), ("denied", "Denied")].map(|(value, label)| Choice::new(value, label));
    view! {
        <div class="narrowing">
            <Select
                label="Type"
                name="type"
                options=Signal::stored(kinds)
                value=Signal::derive(move || asked.with(|asked| asked.kind.map_or("", EventKind::as_str).to_owned()))
                on_change=move |text: String| go.run(EventListRequest { kind: EventKind::read(&text), ..asked.get_untracked() })
            />
            <Select
                label="Outcome"
                name="outcome"
                options=Signal::stored(outcomes.to_vec())
                value=Signal::derive(move || asked.with(|asked| asked.outcome.map_or("", EventOutcome::as_str).to_owned()))
                on_change=move |text: String| go.run(EventListRequest { outcome: EventOutcome::read(&text), ..asked.get_untracked() })
            />
        </div>
    }
}

async fn page(asked: EventListRequest, before: Option<EventId>, live: bool) -> Result<Pages<Event, EventId>, AppError> {
    let page = list_events(asked, before, live).await?;
    Ok(Pages { items: page.events, next: page.next })
}

#[component]
fn List(asked: EventListRequest) -> impl IntoView {
    let list = Paged::new(None, |event: &Event| event.id, move |before, live| page(asked, before, live));
    view! {
        <Loaded resource=list.resource let(pages)>
            {
                let items = Memo::new(move |_| pages.with(|pages| pages.items.iter().map(words::whole_item).collect::<Vec<_>>()));
                let none = Memo::new(move |_| items.with(Vec::is_empty));
                view! {
                    {move || {
                        if none.get() {
                            Either::Left(view! {
                                <EmptyState
                                    icon=Glyph::Events
                                    title="Nothing of this kind has happened"
                                    action=|| view! { <LinkButton href=PATH>"Show everything"</LinkButton> }
                                />
                            })
                        } else {
                            Either::Right(view! { <div class="activity"><Timeline label="Events" items /></div> })
                        }
                    }}
                    {list.older(pages)}
                }
            }
        </Loaded>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_what_is_asked() {
        let asked = EventListRequest { kind: Some(EventKind::SignInDenied), outcome: Some(EventOutcome::Denied) };
        assert_eq!(href(asked), "/events?type=sign_in.denied&outcome=denied");
        assert_eq!(parse("type=sign_in.denied&outcome=denied"), asked);
        assert_eq!(parse("type=nothing&outcome=x&y"), EventListRequest::default());
        assert_eq!(href(EventListRequest::default()), "/events");
    }
}
