//! The sign-in page.

use domain::branding::Appearance;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::ceremony::{SignIn, Trouble};
use super::safe_next;
use super::server::appearance;
use crate::ui::{Banner, Brand, Button, ButtonKind, Field, Glyph, SignInCard, Tone};
use crate::{browser, webauthn};

/// What keeps this browser from using passkeys at all.
fn obstacle() -> Option<Trouble> {
    if webauthn::is_supported() {
        return None;
    }
    // Browsers hide passkeys on addresses that they do not trust.
    let (title, text) = if browser::is_secure_context() {
        ("This browser cannot use passkeys.", "A current version of Chrome, Edge, Firefox or Safari can.")
    } else {
        ("This address is not secure.", "Browsers allow passkeys only on addresses that begin with https. Ask your administrator for it.")
    };
    Some(Trouble { tone: Tone::Warning, title: title.to_owned(), text: text.to_owned() })
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let next = query.with_untracked(|query| safe_next(query.get("next").as_deref()).to_owned());
    let sign_in = SignIn::new(next);
    let usable = RwSignal::new(false);
    Effect::new(move || {
        let obstacle = obstacle();
        usable.set(obstacle.is_none());
        if obstacle.is_none() {
            spawn_local(sign_in.suggest());
        } else {
            sign_in.trouble.set(obstacle);
        }
    });
    let trouble = move || {
        sign_in.trouble.get().map(|Trouble { tone, title, text }| {
            view! {
                <Banner tone=tone title=title>
                    {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
                </Banner>
            }
        })
    };
    let appearance = Resource::new_blocking(|| (), |()| appearance());
    let brand = move || {
        Suspend::new(async move {
            let unknown = |_| Appearance { organization: "Keyroll".to_owned(), ..Appearance::default() };
            view! { <Brand appearance=appearance.await.unwrap_or_else(unknown) /> }
        })
    };
    view! {
        <Title text="Sign in" />
        <SignInCard
            brand=move || view! { <Suspense>{brand}</Suspense> }
            heading="Sign in"
            text="With your passkey: your fingerprint, face or screen lock."
            small=|| {
                view! {
                    <p>"No passkey, or lost it? Ask an administrator for a link to create one."</p>
                    <noscript>
                        <p>"Signing in needs JavaScript, which is switched off in this browser."</p>
                    </noscript>
                }
            }
        >
            <form
                class="stack-tight"
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    sign_in.press();
                }
            >
                <Field
                    label="Username"
                    name="username"
                    optional=true
                    autocomplete="username webauthn"
                    hint="Leave it empty to choose from your passkeys."
                    value=sign_in.username
                    on_input=move |typed| sign_in.username.set(typed)
                />
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Passkey
                    r#type="submit"
                    large=true
                    busy=sign_in.busy
                    disabled=Signal::derive(move || !usable.get())
                >
                    "Sign in with a passkey"
                </Button>
            </form>
            // Below the button, which so keeps its place; there before its words, so that they are read out.
            <div aria-live="polite">{trouble}</div>
        </SignInCard>
    }
}
