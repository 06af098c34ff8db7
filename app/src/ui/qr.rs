//! QR codes, for the phone on the other side of the desk.

use leptos::prelude::*;

/// A QR code from its SVG, which must come from our own generator: it is set as markup.
///
/// The ground stays white in the dark theme, because many cameras cannot read an inverted code.
#[component]
pub fn QrCode(
    #[prop(into)] svg: String,
    /// What scanning it does.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <div class="qr" role="img" aria-label=label inner_html=svg></div> }
}
