//! Putting people into a group, from where the people are shown.

use domain::record::Group;
use domain::{GroupId, IdentityId};
use leptos::prelude::*;

use super::people;
use super::server::{add_members, groups};
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, Choice, Dialog, Select, Tone, use_toasts};

/// Asks which group, and adds them to it. It is open while `joining` names somebody.
#[component]
pub fn JoinDialog(
    joining: RwSignal<Vec<IdentityId>>,
    /// Groups that are not offered: the person is in them already.
    #[prop(optional, into)]
    without: Signal<Vec<GroupId>>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let adding = Act::new();
    let reading = Act::new();
    let known = RwSignal::new(None::<Vec<Group>>);
    let wanted = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    Effect::new(move || {
        let anybody = joining.with(|joining| !joining.is_empty());
        if anybody && !open.get_untracked() {
            adding.clear();
            wanted.set(String::new());
            reading.run(groups, move |found| known.set(Some(found)));
        }
        open.set(anybody);
    });
    // Escape and the dialog's own button close it as well.
    Effect::new(move || {
        if !open.get() && joining.with_untracked(|joining| !joining.is_empty()) {
            joining.set(Vec::new());
        }
    });
    let offered = Memo::new(move |_| {
        let without = without.get();
        let known = known.get().unwrap_or_default();
        known.into_iter().filter(|group| !without.contains(&group.id)).collect::<Vec<_>>()
    });
    let options = Signal::derive(move || {
        let choice = |group: &Group| Choice::new(group.id.to_string(), group.display_name.clone());
        std::iter::once(Choice::new("", "Choose a group"))
            .chain(offered.with(|offered| offered.iter().map(choice).collect::<Vec<_>>()))
            .collect()
    });
    let group = Memo::new(move |_| {
        wanted.with(|wanted| offered.with(|offered| offered.iter().find(|group| group.id.to_string() == *wanted).cloned()))
    });
    let toasts = use_toasts();
    let add = move |()| {
        let Some(Group { id, display_name, .. }) = group.get_untracked() else { return };
        let who = joining.get_untracked();
        adding.run(
            move || add_members(id, who.clone()),
            move |added| {
                joining.set(Vec::new());
                let words = if added == 0 { "Already in".to_owned() } else { [&people(added), " added to"].concat() };
                toasts.show([&words, " ", &display_name].concat());
                on_done.run(());
            },
        );
    };
    let count = Memo::new(move |before: Option<&u64>| match joining.with(|joining| joining.len() as u64) {
        // While it closes, its title stays.
        0 => before.copied().unwrap_or(0),
        count => count,
    });
    view! {
        <Dialog
            id="join-dialog"
            open
            title=Signal::derive(move || format!("Add {} to a group", people(count.get())))
            may_close=Signal::derive(move || !adding.busy().get())
            on_submit=add
            footer=move || {
                view! {
                    <Button disabled=adding.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button
                        kind=ButtonKind::Primary
                        r#type="submit"
                        busy=adding.busy()
                        disabled=Signal::derive(move || group.with(Option::is_none))
                    >
                        "Add to group"
                    </Button>
                }
            }
        >
            <Select label="Group" name="group" options value=wanted on_change=move |text: String| wanted.set(text) />
            {move || reading.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
            {move || adding.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        </Dialog>
    }
}
