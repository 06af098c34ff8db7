//! Inviting many: those who are chosen, or a whole group, part by part, with what became of everybody.

use domain::mail::{Invited, Invitees};
use domain::{GroupId, IdentityId};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::binding_jobs::server::invite_many;
use crate::error::AppError;
use crate::ui::{Banner, Button, ButtonKind, Dialog, Glyph, Tone, grouped};

/// Who is to be invited.
#[derive(Clone, Debug, PartialEq)]
pub enum Inviting {
    These(Vec<IdentityId>),
    Group(GroupId),
}

/// People who are invited by one request.
const PART: usize = 100;

/// Asks, invites part by part, and says what became of everybody. Set `inviting` to open it.
#[component]
pub fn InviteDialog(
    inviting: RwSignal<Option<Inviting>>,
    /// How many are meant.
    #[prop(into)]
    count: Signal<u64>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let (busy, so_far) = (RwSignal::new(false), RwSignal::new(None::<Invited>));
    let error = RwSignal::new(None::<AppError>);
    Effect::new(move || {
        if inviting.with(Option::is_some) && !open.get_untracked() {
            so_far.set(None);
            error.set(None);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && inviting.with_untracked(Option::is_some) {
            inviting.set(None);
        }
    });
    let done = move || so_far.with(Option::is_some) && error.with(Option::is_none) && !busy.get();
    let invite = move |()| {
        let Some(whom) = inviting.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        if done() {
            open.set(false);
            return;
        }
        busy.set(true);
        error.set(None);
        so_far.set(None);
        spawn_local(async move {
            let ended = invite_all(whom, so_far).await;
            busy.try_set(false);
            if let Err(failed) = ended {
                error.try_set(Some(failed));
            }
        });
    };
    let footer = move || {
        move || {
            if done() {
                Either::Left(view! { <Button kind=ButtonKind::Primary on_click=move |_| open.set(false)>"Done"</Button> })
            } else {
                Either::Right(view! {
                    <Button disabled=busy on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary r#type="submit" icon=Glyph::Send busy>"Send invitations"</Button>
                })
            }
        }
    };
    view! {
        <Dialog
            id="invite-dialog"
            open
            title=Signal::derive(move || format!("Invite {}", people(count.get())))
            may_close=Signal::derive(move || !busy.get())
            on_submit=invite
            footer
        >
            <div class="prose">
                <p>"Everybody who has no passkey yet gets a mail with a link of their own. Whoever has a passkey, or a mail that is still open, is left out."</p>
            </div>
            {move || so_far.get().map(|invited| view! { <Counts invited /> })}
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger title=error.words /> })}
        </Dialog>
    }
}

/// Part by part, each counted as it comes.
async fn invite_all(whom: Inviting, so_far: RwSignal<Option<Invited>>) -> Result<(), AppError> {
    let count = |part: Invited| {
        so_far.try_update(|so_far| *so_far = Some(so_far.unwrap_or_default().and(part)));
    };
    match whom {
        Inviting::These(ids) => {
            for part in ids.chunks(PART) {
                count(invite_many(Invitees::These(part.to_vec())).await?);
            }
        }
        Inviting::Group(group) => {
            let mut after = None;
            loop {
                let part = invite_many(Invitees::Group { group, after }).await?;
                count(part);
                match part.next {
                    Some(last) => after = Some(last),
                    None => break,
                }
            }
        }
    }
    Ok(())
}

/// What became of everybody so far.
#[component]
fn Counts(invited: Invited) -> impl IntoView {
    let lines: Vec<String> = told(&invited);
    view! {
        <ul class="counts" role="status">
            {lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
        </ul>
    }
}

fn told(invited: &Invited) -> Vec<String> {
    let all = [
        (invited.invited, "invited"),
        (invited.enrolled, "have a passkey"),
        (invited.pending, "have a mail that is still open"),
        (invited.without_address, "have no e-mail address"),
        (invited.suspended, "are suspended"),
        (invited.refused, "may do more than you, or are gone"),
    ];
    // How many were invited is said in any case.
    let said = all.into_iter().enumerate().filter(|(nth, (count, _))| *nth == 0 || *count > 0);
    said.map(|(_, (count, words))| format!("{} {words}", grouped(count))).collect()
}

fn people(count: u64) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{} people", grouped(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happened_is_told() {
        let none = Invited::default();
        assert_eq!(told(&none), ["0 invited"]);
        let some = Invited { invited: 1_200, without_address: 3, ..none };
        assert_eq!(told(&some), ["1,200 invited", "3 have no e-mail address"]);
    }
}
