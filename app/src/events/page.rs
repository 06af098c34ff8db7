//! The realm's audit log.

use domain::EventId;
use domain::listing::EventListRequest;
use domain::record::Event;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_url;

use super::export::{Export, ExportTrouble};
use super::filters::Filters;
use super::lines::Lines;
use super::query::{PATH, parse};
use super::server::list_events;
use super::tab::pages;
use super::words;
use crate::error::AppError;
use crate::remote::{Act, Loaded, Paged, Pages};
use crate::ui::{EmptyState, Glyph, LinkButton, PageHeader};

/// Everything that happened, the newest first, as the address asks for it.
#[component]
pub fn EventsPage() -> impl IntoView {
    let url = use_url();
    let asked = Memo::new(move |_| url.with(|url| parse(url.search())));
    let exporting = Act::new();
    view! {
        <Title text="Events" />
        <PageHeader
            title="Events"
            subtitle=|| view! { <span>"Every change and every sign-in. Nothing in the console can alter or delete one."</span> }
            actions=move || view! { <Export asked act=exporting /> }
        />
        <ExportTrouble act=exporting />
        <Filters asked />
        // Other events are another list: nothing of one may be left in the other.
        {move || view! { <List asked=asked.get() /> }}
    }
}

async fn page(asked: EventListRequest, before: Option<EventId>, live: bool) -> Result<Pages<Event, EventId>, AppError> {
    list_events(asked, before, live).await.map(pages)
}

#[component]
fn List(asked: EventListRequest) -> impl IntoView {
    let list = Paged::new(None, |event: &Event| event.id, move |before, live| page(asked.clone(), before, live));
    view! {
        <Loaded resource=list.resource let(pages)>
            {
                let items = Memo::new(move |_| pages.with(|pages| pages.items.clone()));
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
                            Either::Right(view! { <Lines label="Events" items words=words::whole_item /> })
                        }
                    }}
                    {list.older(pages)}
                }
            }
        </Loaded>
    }
}
