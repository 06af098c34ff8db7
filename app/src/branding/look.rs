//! The pictures and the colors of the organization.

use domain::branding::{Branding, Color, logo_address, ratio};
use leptos::prelude::*;

use super::dom;
use super::server::take_logo;
use super::typing::Typing;
use crate::identities::form::taken_over;
use crate::remote::Act;
use crate::ui::{Button, ButtonKind, Field};

/// Bytes of a picture's file.
const LARGEST: f64 = 512.0 * 1024.0;

/// How a picture or a color of the branding is read, and how it is changed.
#[derive(Clone, Copy)]
struct Part {
    get: fn(&Branding) -> &String,
    change: fn(&mut Branding) -> &mut String,
}

const LOGO: Part = Part { get: |branding| &branding.logo, change: |branding| &mut branding.logo };
const LOGO_DARK: Part = Part { get: |branding| &branding.logo_dark, change: |branding| &mut branding.logo_dark };
const BUTTON: Part = Part { get: |branding| &branding.button, change: |branding| &mut branding.button };
const BUTTON_TEXT: Part = Part { get: |branding| &branding.button_text, change: |branding| &mut branding.button_text };

#[component]
pub fn Look(typing: Typing, locked: Signal<bool>) -> impl IntoView {
    let contrast = move || {
        typing.typed.with(|typed| match typed.colors() {
            Some((button, text)) => format!("The contrast is {} to 1; 4.5 is the least.", ratio(button.contrast(text))),
            None if typed.button.is_empty() && typed.button_text.is_empty() => "Both empty: Keyroll’s own colors.".to_owned(),
            None => String::new(),
        })
    };
    view! {
        <fieldset class="form__section stack-tight">
            <legend class="form__legend">"Look"</legend>
            <PictureField typing locked ground="light" label="Logo" name="logo" part=LOGO />
            <PictureField typing locked ground="dark" label="Logo on dark ground" name="logo_dark" part=LOGO_DARK />
            <ColorField
                typing
                locked
                label="Button color"
                name="button"
                hint=Signal::stored("As # and six digits, such as #1f6feb".to_owned())
                part=BUTTON
            />
            <ColorField
                typing
                locked
                label="Color of the words on it"
                name="button_text"
                hint=Signal::derive(contrast)
                part=BUTTON_TEXT
            />
        </fieldset>
    }
}

/// A color as text, and the browser's own way of choosing one beside it.
#[component]
fn ColorField(
    typing: Typing,
    locked: Signal<bool>,
    label: &'static str,
    name: &'static str,
    hint: Signal<String>,
    part: Part,
) -> impl IntoView {
    let value = typing.value(part.get);
    let well = move || value.with(|text| Color::parse(text)).map_or_else(|| "#000000".to_owned(), |color| color.to_string());
    let set = move |text: String| typing.change(|branding| *(part.change)(branding) = text);
    view! {
        <div class="color-field">
            <Field label name optional=true code=true max_length=7 disabled=locked hint value error=typing.error(name) on_input=set />
            <input
                class="color-field__well"
                type="color"
                aria-label=format!("Choose: {label}")
                disabled=move || locked.get()
                prop:value=well
                on:input:target=move |event| set(event.target().value())
            />
        </div>
    }
}

/// A picture: shown on its ground, chosen from a file, taken out.
#[component]
fn PictureField(
    typing: Typing,
    locked: Signal<bool>,
    ground: &'static str,
    label: &'static str,
    name: &'static str,
    part: Part,
) -> impl IntoView {
    let ready = taken_over();
    let act = Act::new();
    let too_large = RwSignal::new(false);
    let value = typing.value(part.get);
    let id = format!("field-{name}");
    let note = format!("{id}-note");
    let choose = move |event: leptos::ev::Event| {
        too_large.set(false);
        let refuse = move || too_large.set(true);
        dom::read_chosen(&event, LARGEST, refuse, move |read| {
            act.run(move || take_logo(read.clone()), move |logo| typing.change(|branding| *(part.change)(branding) = logo.id));
        });
    };
    let refused = move || {
        let taken = act.error().with(|error| error.as_ref().map(|error| error.field("logo").unwrap_or_else(|| error.words.clone())));
        let large = too_large.get().then(|| "This file is larger than 512 kB. Make the picture smaller.".to_owned());
        large.or(taken).or_else(|| typing.error(name).get())
    };
    let hint = if ground == "dark" { "Where there is none, the other one serves." } else { "PNG or SVG, at most 512 kB." };
    view! {
        <div class="field picture-field">
            <label class="field__label" for=id.clone()>
                {label}
                <span class="field__optional">"optional"</span>
            </label>
            <span class="picture-field__ground" data-ground=ground hidden=move || value.with(String::is_empty)>
                <img alt="" src=move || value.with(|id| (!id.is_empty()).then(|| logo_address(id))) />
            </span>
            <div class="cluster">
                <input
                    class="picture-field__file"
                    type="file"
                    id=id
                    accept="image/png,image/svg+xml,.png,.svg"
                    aria-describedby=note.clone()
                    aria-invalid=move || refused().map(|_| "true")
                    disabled=move || locked.get() || !ready.get() || act.busy().get()
                    on:change=choose
                />
                {move || (!locked.get() && !value.with(String::is_empty)).then(|| view! {
                    <Button kind=ButtonKind::Quiet on_click=move |_| typing.change(|branding| (part.change)(branding).clear())>"Remove"</Button>
                })}
            </div>
            <p class="field__note" id=note aria-live="polite" data-error=move || refused().map(|_| "")>
                {move || refused().unwrap_or_else(|| hint.to_owned())}
            </p>
        </div>
    }
}
