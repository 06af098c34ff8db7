//! The activity tab.

use domain::record::Event;
use domain::{EventId, IdentityId};
use leptos::either::Either;
use leptos::prelude::*;

use super::server::activity_of;
use super::words;
use crate::error::AppError;
use crate::identities::Current;
use crate::remote::{Loaded, Paged, Pages};
use crate::ui::{EmptyState, Glyph, Timeline};

async fn page(id: IdentityId, before: Option<EventId>, live: bool) -> Result<Pages<Event, EventId>, AppError> {
    let page = activity_of(id, before, live).await?;
    Ok(Pages { items: page.events, next: page.next })
}

/// What happened to the person's entry, the newest first.
#[component]
pub fn ActivityTab() -> impl IntoView {
    let id = Current::of_page().id;
    let list = Paged::new(Some(id), |event: &Event| event.id, move |before, live| page(id, before, live));
    view! {
        <Loaded resource=list.resource missing=|| () let(pages)>
            {
                let items = Memo::new(move |_| pages.with(|pages| pages.items.iter().map(words::item).collect::<Vec<_>>()));
                let none = Memo::new(move |_| items.with(Vec::is_empty));
                view! {
                    {move || {
                        if none.get() {
                            Either::Left(view! { <EmptyState icon=Glyph::Events title="Nothing has happened yet" /> })
                        } else {
                            Either::Right(view! { <div class="activity"><Timeline label="Activity" items /></div> })
                        }
                    }}
                    {list.older(pages)}
                }
            }
        </Loaded>
    }
}
