//! The passkeys tab.

use domain::PasskeyId;
use domain::record::Passkey;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::card::PasskeyCard;
use super::dialogs::{RenameDialog, RevokeDialog};
use super::server::passkeys_of;
use crate::binding_jobs::AddPasskeyButton;
use crate::browser;
use crate::identities::Current;
use crate::remote::{Loaded, live_resource};
use crate::ui::{Each, EmptyState, Glyph};

/// The person's passkeys: those that work, and below them those that were revoked.
#[component]
pub fn PasskeysTab() -> impl IntoView {
    let id = Current::of_page().id;
    let passkeys = live_resource(Some(id), || (), move |(), live| passkeys_of(id, live));
    let (renaming, revoking) = (RwSignal::new(None), RwSignal::new(None));
    let marked = use_marked();
    view! {
        <Loaded resource=passkeys missing=|| () let(all)>
            {
                let active = Memo::new(move |_| all.with(|all| part(all, false)));
                let revoked = Memo::new(move |_| all.with(|all| part(all, true)));
                let none = Memo::new(move |_| active.with(Vec::is_empty));
                let any_revoked = Memo::new(move |_| revoked.with(|revoked| !revoked.is_empty()));
                follow(marked, all);
                view! {
                    <section class="records" aria-label="Passkeys">
                        <Each items=active key=|passkey: &Passkey| passkey.id let(passkey)>
                            <PasskeyCard passkey marked renaming revoking />
                        </Each>
                    </section>
                    {move || {
                        none.get()
                            .then(|| {
                                view! {
                                    <EmptyState
                                        icon=Glyph::Passkey
                                        title="No passkey"
                                        text="Hand out a link, and the person adds one on a device of their own."
                                        action=|| view! { <AddPasskeyButton /> }
                                    />
                                }
                            })
                    }}
                    {move || {
                        if any_revoked.get() {
                            Either::Left(view! {
                                <section class="records records--past" aria-labelledby="revoked-passkeys">
                                    <h2 class="records__title" id="revoked-passkeys">"Revoked"</h2>
                                    <Each items=revoked key=|passkey: &Passkey| passkey.id let(passkey)>
                                        <PasskeyCard passkey marked renaming revoking />
                                    </Each>
                                </section>
                            })
                        } else {
                            Either::Right(())
                        }
                    }}
                }
            }
        </Loaded>
        <RenameDialog passkey=renaming list=passkeys />
        <RevokeDialog passkey=revoking list=passkeys />
    }
}

fn part(all: &[Passkey], revoked: bool) -> Vec<Passkey> {
    all.iter().filter(|passkey| passkey.revoked.is_some() == revoked).cloned().collect()
}

/// The passkey that the address leads to. The server never sees that part of an address.
fn use_marked() -> Memo<Option<PasskeyId>> {
    let hash = use_location().hash;
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    Memo::new(move |_| if hydrated.get() { hash.with(|hash| id_in(hash)) } else { None })
}

fn id_in(hash: &str) -> Option<PasskeyId> {
    hash.trim_start_matches('#').strip_prefix("passkey-")?.parse().ok()
}

/// Goes to the marked passkey once it is there; once for each address, not whenever the list is read again.
fn follow(marked: Memo<Option<PasskeyId>>, all: Signal<Vec<Passkey>>) {
    let there = Memo::new(move |_| marked.get().filter(|id| all.with(|all| all.iter().any(|passkey| passkey.id == *id))));
    Effect::new(move || {
        if let Some(id) = there.get() {
            browser::focus_soon(format!("#passkey-{id}"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_passkey_or_none() {
        assert_eq!(id_in("#passkey-00000000000000ab"), Some(PasskeyId::from_i64(0xab)));
        assert_eq!(id_in("passkey-00000000000000ab"), Some(PasskeyId::from_i64(0xab)));
        for hash in ["", "#", "#main", "#passkey-", "#passkey-x", "#passkey-00000000000000AB"] {
            assert_eq!(id_in(hash), None, "{hash}");
        }
    }
}
