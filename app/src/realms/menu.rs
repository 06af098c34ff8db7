//! The menu that says which realm one acts in, and leads into another.

use domain::ceremony::Me;
use domain::permission::Permission;
use leptos::prelude::*;

use super::LIST;
use super::entering::{Entering, NotEntered};
use crate::console::may;
use crate::ui::{Glyph, Icon, Menu, MenuItem, MenuRule};

/// In the console's top bar, for whoever may enter other realms.
#[component]
pub fn RealmMenu(me: Me) -> impl IntoView {
    if !may(Permission::RealmsEnter) {
        return ().into_any();
    }
    let entering = Entering::new();
    let (here, away) = (me.realm.id, !me.realm.own);
    let name = StoredValue::new(me.realm.display_name);
    let items = me.realms.into_iter().map(|(id, name)| {
        let label = name.clone();
        view! {
            <MenuItem checked=Signal::stored(id == here) on_select=move |()| if id != here { entering.go(id, name.clone()) }>
                {label}
            </MenuItem>
        }
    });
    let items = items.collect_view();
    view! {
        <Menu
            id="realm-menu"
            label="realm menu"
            active=Signal::stored(away)
            trigger=move || {
                view! {
                    <span class="realm" data-away=away.then_some("")>
                        <Icon name=Glyph::Realm />
                        <span class="realm__name">{name.get_value()}</span>
                        <Icon name=Glyph::ChevronDown />
                    </span>
                }
            }
        >
            {items}
            <MenuRule />
            <MenuItem href=LIST.to_owned() icon=Glyph::Settings>"All realms"</MenuItem>
        </Menu>
        <NotEntered id="realm-menu-failed" entering />
    }
    .into_any()
}
