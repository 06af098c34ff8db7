//! What the branding page asks of the browser: a chosen file's content, and pages drawn within the page.

pub(super) use world::*;

#[cfg(feature = "hydrate")]
mod world {
    use std::sync::atomic::{AtomicU32, Ordering};

    use leptos::ev::Event;
    use leptos::prelude::document;
    use wasm_bindgen::prelude::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Element, FileReader, HtmlElement, HtmlFormElement, HtmlIFrameElement, HtmlInputElement};

    /// How many frames were drawn.
    static DRAWN: AtomicU32 = AtomicU32::new(0);

    /// Reads the file that was chosen, unless it is too large, and gives its content in base64. The choice is forgotten, so that the same file can be
    /// chosen again.
    pub(in super::super) fn read_chosen(event: &Event, largest: f64, refuse: impl FnOnce(), read: impl FnOnce(String) + 'static) {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some((input, file)) = input.and_then(|input| Some((input.clone(), input.files()?.get(0)?))) else { return };
        if file.size() > largest {
            input.set_value("");
            return refuse();
        }
        let Ok(reader) = FileReader::new() else { return };
        let of = reader.clone();
        let done = Closure::once_into_js(move |_: JsValue| {
            // "data:image/png;base64,…"; a file that could not be read has none, and is refused like an empty one.
            let url = of.result().ok().and_then(|result| result.as_string()).unwrap_or_default();
            read(url.split_once(',').map(|(_, content)| content.to_owned()).unwrap_or_default());
        });
        reader.set_onloadend(Some(done.unchecked_ref()));
        let _ = reader.read_as_data_url(&file);
        input.set_value("");
    }

    /// Asks the address for a page and shows it in the place, without its scripts. Each answer gets a frame of its own: going on
    /// within one would become a step of the browser's way back.
    pub(in super::super) fn draw(place: &HtmlElement, address: &str, branding: &str, title: &str) {
        let _ = try_draw(place, address, branding, title);
    }

    fn try_draw(place: &HtmlElement, address: &str, branding: &str, title: &str) -> Result<(), JsValue> {
        let before: Vec<Element> = (0..place.children().length()).filter_map(|at| place.children().item(at)).collect();
        // A name of its own: a frame keeps the one that it began with, whatever becomes of its attribute.
        let name = format!("preview-{}", DRAWN.fetch_add(1, Ordering::Relaxed));
        let frame = document().create_element("iframe")?;
        for (attribute, value) in [("name", name.as_str()), ("title", title), ("sandbox", "allow-same-origin"), ("class", "preview__frame")]
        {
            frame.set_attribute(attribute, value)?;
        }
        place.append_child(&frame)?;
        let of: HtmlIFrameElement = frame.clone().unchecked_into();
        let loaded = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            // The empty page that every frame begins with is loaded, too.
            if of.content_document().is_none_or(|page| page.url().is_ok_and(|url| url != "about:blank")) {
                before.iter().for_each(Element::remove);
            }
        });
        frame.unchecked_ref::<HtmlElement>().set_onload(Some(loaded.into_js_value().unchecked_ref()));

        let form: HtmlFormElement = document().create_element("form")?.unchecked_into();
        for (attribute, value) in [("method", "post"), ("action", address), ("target", &name), ("hidden", "")] {
            form.set_attribute(attribute, value)?;
        }
        let input: HtmlInputElement = document().create_element("input")?.unchecked_into();
        input.set_attribute("type", "hidden")?;
        input.set_name("branding");
        input.set_value(branding);
        form.append_child(&input)?;
        place.append_child(&form)?;
        form.submit()?;
        form.remove();
        Ok(())
    }
}

#[cfg(not(feature = "hydrate"))]
mod world {
    use leptos::ev::Event;
    use leptos::web_sys::HtmlElement;

    pub(in super::super) fn read_chosen(_: &Event, _: f64, _: impl FnOnce(), _: impl FnOnce(String) + 'static) {}

    pub(in super::super) fn draw(_: &HtmlElement, _: &str, _: &str, _: &str) {}
}
