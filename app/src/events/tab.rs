//! The activity tabs of an identity and of a group.

use domain::listing::ActivityPage;
use domain::record::Event;
use domain::{EventId, IdentityId};
use leptos::either::Either;
use leptos::prelude::*;

use super::lines::Lines;
use super::server::{activity_of, activity_of_group};
use super::words;
use crate::error::AppError;
use crate::groups::CurrentGroup;
use crate::identities::Current;
use crate::remote::{Loaded, Paged, Pages};
use crate::ui::{EmptyState, Glyph};

pub(super) fn pages(page: ActivityPage) -> Pages<Event, EventId> {
    Pages { items: page.events, next: page.next }
}

/// What happened to the person's entry, the newest first.
#[component]
pub fn ActivityTab() -> impl IntoView {
    let id = Current::of_page().id;
    let list = activity(Some(id), move |before, live| async move { activity_of(id, before, live).await.map(pages) });
    view! { <Activity list /> }
}

/// What happened to the group, the newest first.
#[component]
pub fn GroupActivityTab() -> impl IntoView {
    let id = CurrentGroup::of_page().0;
    let list = activity(None, move |before, live| async move { activity_of_group(id, before, live).await.map(pages) });
    view! { <Activity list /> }
}

fn activity<F>(scope: Option<IdentityId>, fetch: impl Fn(Option<EventId>, bool) -> F + Send + Sync + 'static) -> Paged<Event, EventId>
where
    F: Future<Output = Result<Pages<Event, EventId>, AppError>> + Send + 'static,
{
    Paged::new(scope, |event: &Event| event.id, fetch)
}

#[component]
fn Activity(list: Paged<Event, EventId>) -> impl IntoView {
    view! {
        <Loaded resource=list.resource missing=|| () let(pages)>
            {
                let items = Memo::new(move |_| pages.with(|pages| pages.items.clone()));
                let none = Memo::new(move |_| items.with(Vec::is_empty));
                view! {
                    {move || {
                        if none.get() {
                            Either::Left(view! { <EmptyState icon=Glyph::Events title="Nothing has happened yet" /> })
                        } else {
                            Either::Right(view! { <Lines label="Activity" items words=words::item /> })
                        }
                    }}
                    {list.older(pages)}
                }
            }
        </Loaded>
    }
}
