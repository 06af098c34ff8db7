//! Carrying the log away.

use domain::listing::EventListRequest;
use leptos::prelude::*;

use super::query;
use super::server::may_export;
use crate::browser;
use crate::remote::Act;
use crate::ui::{Banner, Menu, MenuItem, Tone};

const FORMATS: [(&str, &str); 2] = [("/events/export.csv", "CSV"), ("/events/export.jsonl", "JSON Lines")];

/// Downloads what the page asks for, all of it. The passkey is asked for first, if its last touch is long ago: a
/// download cannot ask.
#[component]
pub(super) fn Export(asked: Memo<EventListRequest>, act: Act) -> impl IntoView {
    let items = FORMATS.map(|(path, label)| {
        let download = move |()| act.run(may_export, move |()| browser::go(&asked.with_untracked(|asked| query::address(path, asked))));
        view! { <MenuItem on_select=download>{label}</MenuItem> }
    });
    view! { <Menu id="export" label="Export">{items.into_iter().collect_view()}</Menu> }
}

/// Why it could not be carried away.
#[component]
pub(super) fn ExportTrouble(act: Act) -> impl IntoView {
    move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title="Nothing was exported"><p>{words}</p></Banner> })
}
