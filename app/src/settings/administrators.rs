//! The administrators page.

use domain::administrator::{Administrator, Administrators};
use leptos::prelude::*;
use leptos_meta::Title;

use super::administrator::AdministratorCard;
use super::roles::RoleBindings;
use super::server::administrators;
use crate::remote::{Act, Loaded, live_resource};
use crate::ui::{Banner, Each, PageHeader, Tone};

/// Who can enter the console, and by what; their sessions and passkeys; the roles.
#[component]
pub fn AdministratorsPage() -> impl IntoView {
    let page = live_resource(None, || (), |(), live| administrators(live));
    let act = Act::new();
    view! {
        <Title text="Administrators" />
        <PageHeader
            title="Administrators"
            subtitle=|| view! { <span>"Whoever the policy lets into the console, and a group gives a role."</span> }
        />
        <Loaded resource=page let(shown)>
            {
                let people = Memo::new(move |_| shown.with(|page: &Administrators| page.people.clone()));
                let bindings = Memo::new(move |_| shown.with(|page| page.bindings.clone()));
                let home = Memo::new(move |_| shown.with(|page| page.home));
                let warning = Memo::new(move |_| shown.with(|page| if page.home { warning(page) } else { None }));
                let more = Memo::new(move |_| shown.with(|page| page.more));
                view! {
                    {move || {
                        warning
                            .get()
                            .map(|(title, text)| view! { <Banner tone=Tone::Warning title><p>{text}</p></Banner> })
                    }}
                    {move || {
                        (!home.get())
                            .then(|| {
                                view! {
                                    <Banner title="You administer this realm from another one.">
                                        <p>"Roles that are bound here let people of this realm in, and reach no further than it."</p>
                                    </Banner>
                                }
                            })
                    }}
                    {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
                    <section class="records" aria-label="People">
                        <Each items=people key=|person: &Administrator| person.id let(person)>
                            <AdministratorCard person act on_done=move |()| page.refetch() />
                        </Each>
                    </section>
                    {move || more.get().then(|| view! { <p class="muted">"More people have a role than are shown here."</p> })}
                    <RoleBindings bindings on_done=move |()| page.refetch() />
                }
            }
        </Loaded>
    }
}

/// What would be hard to mend if a device were lost.
fn warning(page: &Administrators) -> Option<(&'static str, String)> {
    let able = page.able();
    match able.as_slice() {
        [] => Some((
            "Nobody can sign in as a full administrator.",
            "Whoever sits at the machine can invite one: keyroll admin invite USERNAME".to_owned(),
        )),
        [only] if only.passkeys.len() == 1 => Some((
            "There is one full administrator, with one passkey.",
            format!("If {} loses it, nobody can get in. Add a second passkey, and a second administrator.", only.display_name),
        )),
        [only] => Some((
            "There is one full administrator.",
            format!("If {} is away, nobody can let people in. Add a second one.", only.display_name),
        )),
        several => {
            let single: Vec<_> =
                several.iter().filter(|person| person.passkeys.len() == 1).map(|person| person.display_name.as_str()).collect();
            (!single.is_empty())
                .then(|| ("Some full administrators have a single passkey.", format!("Add a second one for {}.", single.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::administrator::Entry;
    use domain::identity::Status;
    use domain::record::Passkey;
    use domain::role::Role;
    use domain::{IdentityId, PasskeyId, Timestamp};

    fn person(id: i64, passkeys: i64, role: Role) -> Administrator {
        let at = Timestamp::from_micros(0);
        let passkey = |number| Passkey {
            id: PasskeyId::from_i64(number),
            identity: IdentityId::from_i64(id),
            name: "Phone".into(),
            synced: true,
            revoked: None,
            created_at: at,
            last_used_at: None,
        };
        Administrator {
            id: IdentityId::from_i64(id),
            display_name: format!("Person {id}"),
            username: format!("p{id}"),
            status: Status::Active,
            roles: vec![role],
            groups: vec!["Administrators".into()],
            entry: if passkeys > 0 { Entry::ByRule(0) } else { Entry::NoPasskey },
            passkeys: (1..=passkeys).map(passkey).collect(),
            sessions: Vec::new(),
        }
    }

    fn title(people: Vec<Administrator>) -> Option<&'static str> {
        warning(&Administrators { people, more: false, bindings: Vec::new(), home: true }).map(|(title, _)| title)
    }

    #[test]
    fn what_hangs_on_one_device_is_said() {
        let full = |id, passkeys| person(id, passkeys, Role::Full);
        assert_eq!(title(vec![]), Some("Nobody can sign in as a full administrator."));
        assert_eq!(
            title(vec![full(1, 1), full(2, 0), person(3, 2, Role::Auditor)]),
            Some("There is one full administrator, with one passkey.")
        );
        assert_eq!(title(vec![full(1, 2)]), Some("There is one full administrator."));
        assert_eq!(title(vec![full(1, 2), full(2, 1)]), Some("Some full administrators have a single passkey."));
        assert_eq!(title(vec![full(1, 2), full(2, 2)]), None);
    }
}
