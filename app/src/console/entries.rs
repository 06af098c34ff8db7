//! What the palette offers.

use domain::IdentityId;
use domain::permission::Permission;
use domain::record::IdentityRow;

use crate::ui::Glyph;

/// Tells what the person's role allows.
pub(super) type Allowed = fn(Permission) -> bool;

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Go(String),
    SwitchTheme,
    SignOut,
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub label: String,
    /// In a quieter voice, at the right: a username.
    pub detail: String,
    pub icon: Glyph,
    pub act: Act,
}

impl Entry {
    fn new(label: &str, icon: Glyph, act: Act) -> Self {
        Self { label: label.to_owned(), detail: String::new(), icon, act }
    }

    pub(super) fn person(row: IdentityRow) -> Self {
        Self { label: row.display_name, detail: row.username, icon: Glyph::User, act: Act::Go(format!("/identities/{}", row.id)) }
    }
}

/// Lines that belong together, under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub title: &'static str,
    pub entries: Vec<Entry>,
}

fn go(address: &str) -> Act {
    Act::Go(address.to_owned())
}

fn pages(may: Allowed) -> Vec<Entry> {
    let all = [
        (Permission::IdentitiesRead, Entry::new("Identities", Glyph::Identities, go("/identities"))),
        (Permission::BindingJobsRead, Entry::new("Binding jobs", Glyph::Invitation, go("/identities/binding-jobs"))),
        (Permission::GroupsRead, Entry::new("Groups", Glyph::Groups, go("/groups"))),
        (Permission::PolicyRead, Entry::new("Policy", Glyph::Policy, go("/policy"))),
        (Permission::PolicyRead, Entry::new("Policy simulator", Glyph::Policy, go("/policy/simulator"))),
        (Permission::PolicyRead, Entry::new("Policy versions", Glyph::Policy, go("/policy/versions"))),
        (Permission::EventsRead, Entry::new("Events", Glyph::Events, go("/events"))),
        (Permission::BrandingRead, Entry::new("Branding", Glyph::Branding, go("/settings/branding"))),
        (Permission::MailRead, Entry::new("Mail", Glyph::Mail, go("/settings/mail"))),
        (Permission::TokensRead, Entry::new("API tokens", Glyph::Token, go("/settings/tokens"))),
        (Permission::AdministratorsRead, Entry::new("Administrators", Glyph::Admin, go("/settings/administrators"))),
        (Permission::RealmsRead, Entry::new("Realms", Glyph::Realm, go("/settings/realms"))),
    ];
    all.into_iter().filter(|(needs, _)| may(*needs)).map(|(_, entry)| entry).collect()
}

fn actions(me: Option<IdentityId>, may: Allowed) -> Vec<Entry> {
    let mine = me.map(|me| Entry::new("My passkeys", Glyph::Passkey, Act::Go(format!("/identities/{me}/passkeys"))));
    let first = may(Permission::IdentitiesCreate).then(|| Entry::new("Add identity", Glyph::Plus, go("/identities/new")));
    let group = may(Permission::GroupsCreate).then(|| Entry::new("Add group", Glyph::Plus, go("/groups/new")));
    let last = [Entry::new("Switch theme", Glyph::System, Act::SwitchTheme), Entry::new("Sign out", Glyph::SignOut, Act::SignOut)];
    first.into_iter().chain(group).chain(mine).chain(last).collect()
}

/// What is offered for what was typed: people as the server found them, pages and actions by any part of their name.
pub(super) fn sections(typed: &str, people: &[Entry], me: Option<IdentityId>, may: Allowed) -> Vec<Section> {
    let sought = typed.trim().to_lowercase();
    let named = |entries: Vec<Entry>| entries.into_iter().filter(|entry| entry.label.to_lowercase().contains(&sought)).collect();
    let all = [
        Section { title: "People", entries: if sought.is_empty() { Vec::new() } else { people.to_vec() } },
        Section { title: "Pages", entries: named(pages(may)) },
        Section { title: "Actions", entries: named(actions(me, may)) },
    ];
    all.into_iter().filter(|section| !section.entries.is_empty()).collect()
}

/// The line to mark after a key, among `count` lines; the ends are joined. `None` for a key that moves nothing.
pub(super) fn step(key: &str, marked: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(if marked >= last { 0 } else { marked + 1 }),
        "ArrowUp" => Some(if marked == 0 { last } else { marked - 1 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(sections: &[Section]) -> Vec<&str> {
        sections.iter().flat_map(|section| section.entries.iter().map(|entry| &*entry.label)).collect()
    }

    fn zoe() -> Entry {
        Entry {
            label: "Zoë Ångström".into(), detail: "zoe".into(), icon: Glyph::User, act: Act::Go("/identities/0000000000000001".into())
        }
    }

    #[test]
    fn nothing_typed_offers_pages_and_actions() {
        let sections = sections("  ", &[zoe()], Some(IdentityId::from_i64(1)), |_| true);
        assert_eq!(sections.iter().map(|section| section.title).collect::<Vec<_>>(), ["Pages", "Actions"]);
        assert!(labels(&sections).contains(&"My passkeys"));
    }

    #[test]
    fn people_come_first_as_they_were_found() {
        let sections = sections("ang", &[zoe()], None, |_| true);
        assert_eq!(labels(&sections), ["Zoë Ångström"]);
    }

    #[test]
    fn pages_and_actions_are_found_by_any_part_in_any_case() {
        assert_eq!(labels(&sections("JOB", &[], None, |_| true)), ["Binding jobs"]);
        assert_eq!(labels(&sections("identit", &[], None, |_| true)), ["Identities", "Add identity"]);
        assert!(sections("zzz", &[], None, |_| true).is_empty());
    }

    #[test]
    fn what_the_role_does_not_reach_is_not_offered() {
        let sections = sections("", &[], None, |permission| permission == Permission::IdentitiesRead);
        assert_eq!(labels(&sections), ["Identities", "Switch theme", "Sign out"]);
    }

    #[test]
    fn arrow_keys_go_round() {
        assert_eq!(step("ArrowDown", 2, 3), Some(0));
        assert_eq!(step("ArrowUp", 0, 3), Some(2));
        assert_eq!(step("ArrowDown", 0, 3), Some(1));
        assert_eq!(step("ArrowDown", 0, 0), None);
        assert_eq!(step("x", 0, 3), None);
    }
}
