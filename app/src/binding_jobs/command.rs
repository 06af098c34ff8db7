//! A link by the management API: the command for it, as it is typed.

use domain::permission::Permission;
use domain::shell::Commands;
use leptos::either::Either;
use leptos::prelude::*;

use crate::console::may;
use crate::ui::CodeBox;

#[component]
pub(super) fn CommandAsked(name: Memo<String>) -> impl IntoView {
    let token = if may(Permission::TokensRead) {
        Either::Left(view! { <a class="link" href="/settings/tokens">"API token"</a> })
    } else {
        Either::Right("API token")
    };
    view! {
        <p>"A program asks Keyroll for the link, and brings it to " <strong>{move || name.get()}</strong> " in a way of its own."</p>
        <p>
            "It needs an " {token} " that may create binding jobs, in the environment variable " <code>"KEYROLL_TOKEN"</code>
            ". The token is no part of the command."
        </p>
    }
}

/// The command for each shell.
#[component]
pub(super) fn CommandBoxes(commands: Commands, name: Memo<String>) -> impl IntoView {
    view! {
        <div class="prose">
            <p>{move || format!("Its answer holds the link, once. Anyone who has it can add a passkey for {}.", name.get())}</p>
        </div>
        <section class="command" aria-label="macOS and Linux">
            <h3 class="command__shell">"macOS and Linux"</h3>
            <CodeBox text=commands.posix label="Copy the command for macOS and Linux" block=true />
        </section>
        <section class="command" aria-label="PowerShell">
            <h3 class="command__shell">"PowerShell"</h3>
            <CodeBox text=commands.powershell label="Copy the command for PowerShell" block=true />
        </section>
    }
}
