//! Policy: the rules, their draft and versions, and what they would say of somebody.

pub mod card;
pub mod draft;
pub mod impact;
pub mod page;
pub mod rule_form;
pub mod server;
pub mod simulator;
pub mod versions;
mod words;

pub use page::PolicyPage;
pub use simulator::SimulatorPage;
pub use versions::VersionsPage;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::ui::{PageHeader, TabItem, Tabs};

/// The head that the policy's pages share.
#[component]
fn Head() -> impl IntoView {
    let path = use_location().pathname;
    let items = vec![
        TabItem::new("/policy", "Rules"),
        TabItem::new("/policy/simulator", "Simulator"),
        TabItem::new("/policy/versions", "Versions"),
    ];
    view! {
        <PageHeader title="Policy" subtitle=|| view! { <span>"The first rule that matches decides. Where none does, nobody enters."</span> } />
        <Tabs label="Policy" items current=path />
    }
}
