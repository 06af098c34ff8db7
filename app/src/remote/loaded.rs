//! Showing what a resource read.

use leptos::either::Either;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Remote, remembered};
use crate::error::AppError;
use crate::ui::{Banner, Button, Tone};

/// The last good answer, and what went wrong since.
#[derive(Clone, Debug, PartialEq)]
struct Kept<T> {
    value: Option<T>,
    error: Option<AppError>,
}

impl<T: Clone> Kept<T> {
    /// An answer that failed does not take away what is shown.
    fn after(before: Option<&Self>, answer: Option<Result<T, AppError>>) -> Self {
        let kept = || before.and_then(|before| before.value.clone());
        match answer {
            Some(Ok(value)) => Self { value: Some(value), error: None },
            Some(Err(error)) => Self { value: kept(), error: Some(error) },
            None => Self { value: kept(), error: None },
        }
    }
}

/// Shows what a resource read, and goes on showing it while it is read again or cannot be.
///
/// The view is made once and follows its signal. No resource may be created in it: the server walks through it more
/// than once, and would count resources that the browser does not.
#[component]
pub fn Loaded<T, C, V>(
    resource: Remote<T>,
    /// Keeps the place until the first answer.
    #[prop(optional, into)]
    fallback: ViewFnOnce,
    /// Instead of everything, where the thing itself does not exist.
    #[prop(optional, into)]
    missing: Option<ViewFn>,
    children: C,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    C: Fn(Signal<T>) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=fallback>
            {
                let kept = remembered(move |before: Option<&Kept<T>>| Kept::after(before, resource.get()));
                let error = remembered(move |_| kept.with(|kept| kept.error.clone()));
                let there = remembered(move |_| kept.with(|kept| kept.value.is_some()));
                let can_miss = missing.is_some();
                let gone = remembered(move |_| can_miss && error.with(|error| error.as_ref().is_some_and(|error| error.is("not_found"))));
                let value = move || remembered(move |_| kept.with(|kept| kept.value.clone()).expect("it is shown only once it is there"));
                move || {
                    if gone.get() {
                        Either::Left(missing.as_ref().map(ViewFn::run))
                    } else {
                        Either::Right(view! {
                            {move || error.get().map(|error| view! { <ErrorBanner error on_retry=move |()| resource.refetch() /> })}
                            {there.get().then(|| children(value()).into_any())}
                        })
                    }
                }
            }
        </Transition>
    }
}

/// What went wrong, and the way to try again.
#[component]
pub fn ErrorBanner(error: AppError, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    // The log knows more of what was the server's fault; the id is how to find it there.
    let request = (error.is("internal") && !error.request_id.is_empty()).then_some(error.request_id);
    view! {
        <Banner
            tone=Tone::Danger
            title=error.words
            action=move || view! { <Button on_click=move |_| on_retry.run(())>"Try again"</Button> }
        >
            {request.map(|id| view! { <p class="muted">"Request " <code>{id}</code></p> })}
        </Banner>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_stays_until_something_newer_is() {
        let error = AppError::new("offline", "Not now.");
        let first = Kept::after(None, Some(Ok(1)));
        let failed = Kept::after(Some(&first), Some(Err(error.clone())));
        assert_eq!(failed, Kept { value: Some(1), error: Some(error) });
        assert_eq!(Kept::after(Some(&failed), None), Kept { value: Some(1), error: None });
        assert_eq!(Kept::after(Some(&failed), Some(Ok(2))), Kept { value: Some(2), error: None });
        assert_eq!(Kept::<u8>::after(None, None), Kept { value: None, error: None });
    }
}
