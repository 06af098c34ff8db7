//! The form of a new token, and the one time that its secret is seen.

use domain::token::{NewToken, SCOPES, Scope, TokenForm};
use leptos::prelude::*;

use super::server::create_token;
use crate::remote::Act;
use crate::ui::{Banner, Button, ButtonKind, Checkbox, CodeBox, Dialog, Field, TextArea, Tone};

/// Makes a token, then shows it.
#[component]
pub(super) fn TokenDialog(
    open: RwSignal<bool>,
    /// Whether it may work in every realm.
    may_everywhere: Memo<bool>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let act = Act::new();
    let (typed, tried) = (RwSignal::new(TokenForm::default()), RwSignal::new(false));
    let made = RwSignal::new(None::<NewToken>);
    Effect::new(move || {
        if open.get() {
            act.clear();
            tried.set(false);
            made.set(None);
            typed.set(TokenForm::default());
        }
    });
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let own = typed.with(|typed| typed.parse().err().unwrap_or_default());
            let own = own.into_iter().find(|error| error.field == name).map(|error| error.message);
            tried.get().then_some(own).flatten().or_else(|| act.field(name).get())
        })
    };
    let edit = move |change: Box<dyn FnOnce(&mut TokenForm)>| {
        act.clear();
        typed.update(change);
    };
    let save = move |()| {
        tried.set(true);
        let form = typed.get_untracked();
        if made.with_untracked(Option::is_some) || form.parse().is_err() {
            return;
        }
        act.run(
            move || create_token(form.clone()),
            move |token| {
                made.set(Some(token));
                on_done.run(());
            },
        );
    };
    let footer = move || {
        move || match made.get() {
            Some(_) => view! { <Button kind=ButtonKind::Primary on_click=move |_| open.set(false)>"Done"</Button> }.into_any(),
            None => view! {
                <Button disabled=act.busy() on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary r#type="submit" busy=act.busy()>"Create token"</Button>
            }
            .into_any(),
        }
    };
    let fields = move || {
        view! {
            <Field
                label="Name"
                name="name"
                id="token-name"
                required=true
                hint="What it is for: the program that gets it."
                value=Signal::derive(move || typed.with(|typed| typed.name.clone()))
                error=error("name")
                on_input=move |text| edit(Box::new(move |typed| typed.name = text))
            />
            <Scopes
                chosen=Signal::derive(move || typed.with(|typed| typed.scopes.clone()))
                within_realm=Signal::derive(move || typed.with(|typed| !typed.everywhere))
                error=error("scopes")
                on_change=move |scopes| edit(Box::new(move |typed| typed.scopes = scopes))
            />
            <Field
                label="Days until it ends"
                name="days"
                id="token-days"
                required=true
                value=Signal::derive(move || typed.with(|typed| typed.days.clone()))
                error=error("days")
                on_input=move |text| edit(Box::new(move |typed| typed.days = text))
            />
            {may_everywhere.get_untracked().then(|| view! {
                <Checkbox
                    label="Works in every realm"
                    name="everywhere"
                    id="token-everywhere"
                    checked=Signal::derive(move || typed.with(|typed| typed.everywhere))
                    hint="Otherwise in this one only."
                    on_change=move |checked| edit(Box::new(move |typed| typed.everywhere = checked))
                />
            })}
            <TextArea
                label="Addresses that it is taken from"
                name="addresses"
                id="token-addresses"
                rows=2
                optional=true
                code=true
                hint="Addresses and ranges such as 203.0.113.0/24. Without any it is taken from everywhere."
                value=Signal::derive(move || typed.with(|typed| typed.addresses.clone()))
                error=error("addresses")
                on_input=move |text| edit(Box::new(move |typed| typed.addresses = text))
            />
            {move || act.words().get().map(|words| view! { <Banner tone=Tone::Danger title=words /> })}
        }
    };
    let shown = Memo::new(move |_| made.with(Option::is_some));
    view! {
        <Dialog
            id="token"
            open
            title=Signal::derive(move || if shown.get() { "Your new token".to_owned() } else { "Create a token".to_owned() })
            may_close=Signal::derive(move || !act.busy().get() && !shown.get())
            on_submit=save
            footer
        >
            {move || match made.get() {
                None => fields().into_any(),
                Some(made) => view! { <ShownOnce secret=made.secret words="Send it with each request as “Authorization: Bearer …”." /> }.into_any(),
            }}
        </Dialog>
    }
}

/// A secret, the only time that it is seen.
#[component]
pub(super) fn ShownOnce(secret: String, words: &'static str) -> impl IntoView {
    view! {
        <div class="prose">
            <p>"Shown once: copy it now and keep it where your program keeps its secrets. Whoever has it may do what it may do."</p>
            <p>{words}</p>
        </div>
        <CodeBox text=secret label="Copy secret" />
    }
}

/// Check boxes with words, one a scope.
#[component]
pub(super) fn Scopes(
    chosen: Signal<Vec<String>>,
    /// Those that reach beyond a realm are left out.
    #[prop(optional, into)]
    within_realm: Signal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(into)] on_change: Callback<Vec<String>>,
) -> impl IntoView {
    let one = move |scope: &'static Scope| {
        let name = scope.name();
        let checked = Signal::derive(move || chosen.with(|chosen| chosen.iter().any(|known| known == name)));
        let toggle = move |checked: bool| {
            let mut scopes = chosen.get_untracked();
            scopes.retain(|known| known != name);
            if checked {
                scopes.push(name.to_owned());
            }
            on_change.run(scopes);
        };
        let id = format!("scope-{}", name.replace(':', "-"));
        let beyond = scope.permission.is_of_tenant();
        let disabled = Signal::derive(move || beyond && within_realm.get());
        view! { <Checkbox label=format!("May {}", scope.words) name=name id checked hint=name disabled on_change=toggle /> }
    };
    let groups = SCOPES
        .chunk_by(|before, next| before.about == next.about)
        .filter_map(|group| group.first().map(|first| (first.about, group)))
        .map(|(about, group)| {
            view! {
                <div class="scopes__group" role="group" aria-label=about>
                    <p class="scopes__about" aria-hidden="true">{about}</p>
                    {group.iter().map(one).collect_view()}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="scopes" aria-describedby="scopes-note">
            <legend class="field__label">"What it may do"</legend>
            <div class="scopes__groups">{groups}</div>
            <p class="field__note" id="scopes-note" data-error=move || error.with(Option::is_some).then_some("")>{move || error.get()}</p>
        </fieldset>
    }
}
