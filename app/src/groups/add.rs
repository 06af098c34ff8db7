//! Adding people to a group: searched, chosen, and added; or everyone who was found.

use std::collections::BTreeSet;

use domain::group::MOST_MEMBERS;
use domain::listing::{Count, IdentityPage, ListRequest, Position};
use domain::{GroupId, IdentityId};
use leptos::prelude::*;

use super::people;
use super::server::add_members;
use crate::error::AppError;
use crate::identities::server::list_identities;
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, Checkbox, Dialog, SearchField, Tone, use_toasts};

/// As many people as the dialog offers to choose from.
const OFFERED: usize = 20;

fn sought(search: &str) -> ListRequest {
    ListRequest { search: search.to_owned(), ..ListRequest::default() }
}

/// Adds everyone who is found, a thousand at a time; how many were not members yet.
async fn add_everyone(group: GroupId, search: String, done: RwSignal<u64>) -> Result<u64, AppError> {
    let (mut request, mut added, mut waiting) = (sought(&search), 0, Vec::new());
    loop {
        let page = list_identities(request.clone(), false).await?;
        waiting.extend(page.rows.iter().map(|row| row.id));
        let last = page.next.is_none();
        let full = waiting.len() + page.rows.len() > MOST_MEMBERS || last;
        if full && !waiting.is_empty() {
            added += add_members(group, std::mem::take(&mut waiting)).await?;
            done.set(added);
        }
        match page.next {
            Some(next) => request.position = Some(Position::After(next)),
            None => return Ok(added),
        }
    }
}

/// Searches for people and makes those who are chosen members.
#[component]
pub(super) fn AddPeopleDialog(group: GroupId, open: RwSignal<bool>) -> impl IntoView {
    let adding = Act::new();
    // Why the search did not work.
    let trouble = RwSignal::new(None::<String>);
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(None::<IdentityPage>);
    let chosen = RwSignal::new(BTreeSet::<IdentityId>::new());
    let done = RwSignal::new(0);
    let asked = StoredValue::new(0_u32);
    let find = move |text: String| {
        typed.set(text.clone());
        asked.update_value(|asked| *asked += 1);
        let mine = asked.get_value();
        leptos::task::spawn_local(async move {
            let answer = list_identities(sought(&text), false).await;
            // Only the newest question's answer is shown.
            if asked.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(page) => {
                    trouble.set(None);
                    found.set(Some(page));
                }
                Err(error) => trouble.set(Some(error.words)),
            }
        });
    };
    Effect::new(move || {
        if open.get() {
            adding.clear();
            chosen.set(BTreeSet::new());
            done.set(0);
            find(String::new());
        }
    });
    let toasts = use_toasts();
    let finished = move |added: u64| {
        open.set(false);
        toasts.show(format!("{} added", people(added)));
    };
    let add = move |()| {
        let people: Vec<_> = chosen.with_untracked(|chosen| chosen.iter().copied().collect());
        if !people.is_empty() {
            adding.run(move || add_members(group, people.clone()), finished);
        }
    };
    let everyone = move |_| {
        let search = typed.get_untracked();
        adding.run(move || add_everyone(group, search.clone(), done), finished);
    };
    let all = move || {
        found.with(|found| {
            found.as_ref().map_or(0, |page| match page.count {
                Count::Exactly(count) | Count::MoreThan(count) => count,
            })
        })
    };
    let exact = move || found.with(|found| found.as_ref().is_none_or(|page| matches!(page.count, Count::Exactly(_))));
    let whole = move || {
        (all() > 1).then(|| {
            let count = if exact() { format!("all {}", people(all())) } else { format!("everyone, more than {}", people(all())) };
            view! { <Button kind=ButtonKind::Quiet busy=adding.busy() on_click=everyone>{format!("Add {count}")}</Button> }
        })
    };
    let boxes = move || {
        let rows =
            found.with(|found| found.as_ref().map(|page| page.rows.iter().take(OFFERED).cloned().collect::<Vec<_>>()).unwrap_or_default());
        let boxes = rows.into_iter().map(|row| {
            let id = row.id;
            let toggle = move |on| {
                chosen.update(|chosen| {
                    if on {
                        chosen.insert(id)
                    } else {
                        chosen.remove(&id)
                    };
                });
            };
            view! {
                <Checkbox
                    label=format!("{} ({})", row.display_name, row.username)
                    name=format!("person-{id}")
                    checked=Signal::derive(move || chosen.with(|chosen| chosen.contains(&id)))
                    on_change=toggle
                />
            }
        });
        boxes.collect_view()
    };
    let some = move || chosen.with(|chosen| chosen.len() as u64);
    view! {
        <Dialog
            id="add-people-dialog"
            open
            title="Add people to the group"
            may_close=Signal::derive(move || !adding.busy().get())
            on_submit=add
            footer=move || {
                view! {
                    {whole}
                    <Button disabled=adding.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button
                        kind=ButtonKind::Primary
                        r#type="submit"
                        busy=adding.busy()
                        disabled=Signal::derive(move || some() == 0)
                    >
                        {move || if some() == 0 { "Add".to_owned() } else { format!("Add {}", people(some())) }}
                    </Button>
                }
            }
        >
            <SearchField label="Search people" placeholder="Name, username or e-mail" value=typed on_input=find />
            <fieldset class="form__section">
                <legend class="form__legend">"People found"</legend>
                <div class="form__choices">{boxes}</div>
            </fieldset>
            {move || {
                (adding.busy().get() && done.get() > 0).then(|| view! { <p role="status">{format!("{} added so far", people(done.get()))}</p> })
            }}
            {move || trouble.get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            {move || adding.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}
