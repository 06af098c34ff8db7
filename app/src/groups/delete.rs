//! Deleting a group: what goes with it is said, and only then done.

use domain::record::Group;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::server::delete_group;
use super::{LIST, people};
use crate::remote::Act;
use crate::ui::{ConfirmDialog, use_toasts};

/// Asks before the group goes.
#[component]
pub(super) fn DeleteDialog(group: RwSignal<Option<Group>>, act: Act) -> impl IntoView {
    let open = RwSignal::new(false);
    let (toasts, navigate) = (use_toasts(), use_navigate());
    Effect::new(move |before: Option<bool>| {
        let asked = group.with(Option::is_some);
        if asked && before != Some(true) {
            act.clear();
            open.set(true);
        }
        asked
    });
    Effect::new(move |before: Option<bool>| {
        let open = open.get();
        if before == Some(true) && !open {
            group.set(None);
        }
        open
    });
    let members = move || group.with(|group| group.as_ref().map_or(0, |group| group.members));
    let title = move || group.with(|group| group.as_ref().map(|group| format!("Delete {}", group.display_name)).unwrap_or_default());
    let verb = move || if members() == 0 { "Delete group" } else { "Delete group and memberships" };
    // More than a few are not deleted by a slip of the hand.
    let typed = move || (members() > 10).then(|| members().to_string());
    let confirm = move |()| {
        let Some(gone) = group.get_untracked() else { return };
        let navigate = navigate.clone();
        act.run(
            move || delete_group(gone.id, gone.members > 0),
            move |()| {
                toasts.show("Group deleted");
                navigate(LIST, NavigateOptions::default());
            },
        );
    };
    view! {
        <ConfirmDialog
            id="delete-group"
            open
            title=Signal::derive(title)
            verb=Signal::derive(move || verb().to_owned())
            typed=Signal::derive(typed)
            danger=true
            busy=act.busy()
            error=act.words()
            on_confirm=confirm
        >
            <p>
                {move || match members() {
                    0 => "It has no members.".to_owned(),
                    count => format!("{} would no longer be in it, and lose what it lets them into. They themselves stay.", people(count)),
                }}
            </p>
            <p>"This cannot be taken back. What happened stays in the audit log."</p>
        </ConfirmDialog>
    }
}
