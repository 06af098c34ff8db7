//! The native dialog: modal, in the top layer, closed by Escape unless work would be lost.

use super::button::IconButton;
use super::dom;
use super::icon::Glyph;
use leptos::ev::{Event, KeyboardEvent};
use leptos::{html, prelude::*};

/// How wide a dialog may grow; under 480 px every dialog fills the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogWidth {
    /// 400 px: a question.
    Narrow,
    /// 520 px: a form.
    #[default]
    Medium,
    /// 760 px: a preview or a mapping beside its form.
    Wide,
}

impl DialogWidth {
    const fn name(self) -> &'static str {
        match self {
            Self::Narrow => "narrow",
            Self::Medium => "medium",
            Self::Wide => "wide",
        }
    }
}

/// A modal dialog whose title says the act. Its content exists only while it is open, so it begins afresh each time.
///
/// The whole content is one form: Enter in a field, or a `submit` button in `footer`, calls `on_submit`.
/// Set `open` to show it; it sets `open` back when the person closes it.
#[component]
pub fn Dialog(
    /// Unique on the page; the title's id is made of it.
    #[prop(into)]
    id: String,
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] width: DialogWidth,
    /// `false` while something would be lost: Escape and the cross do nothing then.
    #[prop(default = Signal::stored(true), into)]
    may_close: Signal<bool>,
    /// The buttons, the primary one last.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    #[prop(optional, into)] on_submit: Option<Callback<()>>,
    #[prop(optional, into)] on_close: Option<Callback<()>>,
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    Effect::new(move || {
        let open = open.get();
        let Some(dialog) = element.get() else {
            return;
        };
        if open && !dialog.open() {
            let _ = dialog.show_modal();
            // The content mounts in the same turn; by the next frame its fields are there.
            request_animation_frame(move || {
                dom::focus_first(&dialog, &["[autofocus]", FIELDS, ".dialog__footer .button"]);
            });
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    let closed = move |_| {
        // Told a moment late: it may be open again.
        if element.get_untracked().is_some_and(|dialog| dialog.open()) {
            return;
        }
        if open.get_untracked() {
            open.set(false);
        }
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    let escape = move |event: KeyboardEvent| {
        // Browsers let a second `cancel` through; only the key itself can be held back for good.
        if event.key() == "Escape" && !may_close.get_untracked() {
            event.prevent_default();
        }
    };
    let footer = StoredValue::new(footer);
    let children = StoredValue::new(children);
    view! {
        <dialog
            class="dialog"
            id=id
            data-width=width.name()
            aria-labelledby=labelled_by
            node_ref=element
            on:close=closed
            on:keydown=escape
            on:cancel=move |event: Event| {
                event.prevent_default();
                if may_close.get_untracked() {
                    open.set(false);
                }
            }
        >
            <form
                class="dialog__form"
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    if let Some(on_submit) = on_submit {
                        on_submit.run(());
                    }
                }
            >
                <header class="dialog__header">
                    <h2 class="dialog__title" id=title_id>{move || title.get()}</h2>
                    <IconButton
                        label="Close"
                        icon=Glyph::Close
                        disabled=Signal::derive(move || !may_close.get())
                        on_click=move |_| open.set(false)
                    />
                </header>
                <Show when=move || open.get()>
                    <div class="dialog__body">{children.with_value(|children| children())}</div>
                    {footer.with_value(|footer| {
                        footer.as_ref().map(|footer| view! { <footer class="dialog__footer">{footer.run()}</footer> })
                    })}
                </Show>
            </form>
        </dialog>
    }
    // One type for every dialog: their insides do not add up in the pages that hold them.
    .into_any()
}

const FIELDS: &str = ".dialog__body :is(input:not([type=hidden]), select, textarea):not(:disabled)";
