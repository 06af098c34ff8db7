//! Going from one realm into another. Everything on the page is of the one before, so the console is loaded afresh; what
//! keeps somebody from going is said in a dialog: whoever believes they are elsewhere changes the wrong realm.

use domain::RealmId;
use leptos::prelude::*;

use super::server::enter_realm;
use crate::browser;
use crate::remote::Act;
use crate::ui::ConfirmDialog;

/// Where the console begins.
const BEGIN: &str = "/identities";

#[derive(Clone, Copy)]
pub struct Entering {
    act: Act,
    to: RwSignal<Option<(RealmId, String)>>,
    failed: RwSignal<bool>,
}

impl Entering {
    pub(super) fn new() -> Self {
        let entering = Self { act: Act::new(), to: RwSignal::new(None), failed: RwSignal::new(false) };
        Effect::new(move || {
            if entering.act.words().with(Option::is_some) {
                entering.failed.set(true);
            }
        });
        entering
    }

    pub(super) fn go(self, realm: RealmId, name: String) {
        self.to.set(Some((realm, name)));
        self.again();
    }

    fn again(self) {
        if let Some((realm, _)) = self.to.get_untracked() {
            self.act.run(move || enter_realm(realm), |()| browser::go(BEGIN));
        }
    }

    pub(super) fn busy(self) -> Signal<bool> {
        self.act.busy()
    }
}

#[component]
pub(super) fn NotEntered(#[prop(into)] id: String, entering: Entering) -> impl IntoView {
    let name = move || entering.to.with(|to| to.as_ref().map(|(_, name)| name.clone()).unwrap_or_default());
    view! {
        <ConfirmDialog
            id
            open=entering.failed
            title=Signal::derive(move || format!("You are not in {}", name()))
            verb="Try again"
            busy=entering.busy()
            error=entering.act.words()
            on_confirm=move |()| entering.again()
        >
            <p>"Entering it did not work, so everything you see is still of the realm that you are in."</p>
        </ConfirmDialog>
    }
}
