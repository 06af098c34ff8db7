//! Asking before something that cannot be taken back.

use super::button::{Button, ButtonKind};
use super::chip::Tone;
use super::dialog::{Dialog, DialogWidth};
use super::field::Field;
use super::notice::Banner;
use leptos::prelude::*;

/// A dialog that says what would happen (its children) and asks for the verb.
///
/// With `typed`, the verb waits until that text has been typed: for what touches many at once.
#[component]
pub fn ConfirmDialog(
    #[prop(into)] id: String,
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// The button's word: "Delete identity", never "OK".
    #[prop(into)]
    verb: Signal<String>,
    #[prop(optional)] danger: bool,
    /// What has to be typed before the verb can be pressed.
    #[prop(optional, into)]
    typed: Signal<Option<String>>,
    #[prop(optional, into)] busy: Signal<bool>,
    /// Why it did not work; shown in place, the dialog stays.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    #[prop(into)] on_confirm: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let ready = Signal::derive(move || typed.with(|typed| typed.as_ref().is_none_or(|typed| text.with(|text| text.trim() == typed))));
    let name = format!("{id}-typed");
    let children = StoredValue::new(children);
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    let field = move || {
        let name = name.clone();
        typed.get().map(|expected| {
            view! {
                <Field
                    label=format!("Type {expected} to go on")
                    name=name
                    value=text
                    on_input=move |typed| text.set(typed)
                />
            }
        })
    };
    view! {
        <Dialog
            id=id
            open=open
            title=title
            width=DialogWidth::Narrow
            may_close=Signal::derive(move || !busy.get())
            on_submit=move |()| {
                if ready.get_untracked() && !busy.get_untracked() {
                    on_confirm.run(());
                }
            }
            on_close=move |()| text.set(String::new())
            footer=move || {
                view! {
                    <Button disabled=busy on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button kind=kind r#type="submit" busy=busy disabled=Signal::derive(move || !ready.get())>
                        {move || verb.get()}
                    </Button>
                }
            }
        >
            <div class="prose">{children.with_value(|children| children())}</div>
            {field.clone()}
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger title=error /> })}
        </Dialog>
    }
}
