//! Lists that are read from their newest end, further back on demand, and that stay whole while they are read again.

use std::future::Future;
use std::sync::Arc;

use domain::IdentityId;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Remote, live_resource};
use crate::error::AppError;
use crate::ui::Button;

/// The newest items, one page or several, and where older ones begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pages<T, K> {
    pub items: Vec<T>,
    pub next: Option<K>,
}

/// How far back to read.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reach<K> {
    /// The oldest item on screen: what is shown must not fall off when newer ones arrive.
    oldest: Option<K>,
    /// One page beyond it.
    further: bool,
}

impl<K: Copy + Ord> Reach<K> {
    /// The key before which to read on, when a page ended at `next`.
    fn onward(&mut self, next: Option<K>) -> Option<K> {
        let next = next?;
        let short = self.oldest.is_some_and(|oldest| next > oldest);
        (short || std::mem::take(&mut self.further)).then_some(next)
    }
}

/// Reads page after page until the reach is met.
async fn read<T, K, F>(mut reach: Reach<K>, page: impl Fn(Option<K>) -> F) -> Result<Pages<T, K>, AppError>
where
    K: Copy + Ord,
    F: Future<Output = Result<Pages<T, K>, AppError>>,
{
    let mut whole = page(None).await?;
    while let Some(before) = reach.onward(whole.next) {
        let older = page(Some(before)).await?;
        whole.items.extend(older.items);
        whole.next = older.next;
    }
    Ok(whole)
}

/// A live list with its way to older items.
pub struct Paged<T, K>
where
    T: Send + Sync + 'static,
    K: Send + Sync + 'static,
{
    pub resource: Remote<Pages<T, K>>,
    asked: RwSignal<u32>,
}

impl<T, K> Paged<T, K>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    K: Copy + Ord + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// `fetch` reads the page before a key, or the newest; it learns whether the page asks by itself.
    pub fn new<F>(scope: Option<IdentityId>, key: fn(&T) -> K, fetch: impl Fn(Option<K>, bool) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Pages<T, K>, AppError>> + Send + 'static,
    {
        let asked = RwSignal::new(0_u32);
        // How often older items were asked for and came, and the oldest of them.
        let met = StoredValue::new((0_u32, None::<K>));
        let fetch = Arc::new(fetch);
        let resource = live_resource(
            scope,
            move || asked.get(),
            move |asked, live| {
                let fetch = Arc::clone(&fetch);
                async move {
                    let (came, oldest) = met.try_get_value().unwrap_or((0, None));
                    let whole = read(Reach { oldest, further: asked > came }, |before| fetch(before, live)).await?;
                    if asked > 0 {
                        met.try_set_value((asked, whole.items.last().map(key)));
                    }
                    Ok(whole)
                }
            },
        );
        Self { resource, asked }
    }

    /// The button that shows older items; nothing where there are none.
    pub fn older(&self, pages: Signal<Pages<T, K>>) -> impl IntoView + use<T, K>
    where
        T: PartialEq,
        K: PartialEq,
    {
        let (asked, resource) = (self.asked, self.resource);
        let more = Memo::new(move |_| pages.with(|pages| pages.next.is_some()));
        view! { <Older more settled=move || resource.track() on_ask=move |()| asked.update(|asked| *asked += 1) /> }
    }
}

impl<T, K> Clone for Paged<T, K>
where
    T: Send + Sync + 'static,
    K: Send + Sync + 'static,
{
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, K> Copy for Paged<T, K>
where
    T: Send + Sync + 'static,
    K: Send + Sync + 'static,
{
}

/// "Show older", busy until the list has settled.
#[component]
pub fn Older(
    #[prop(into)] more: Signal<bool>,
    /// Tracks what changes when the list has been read.
    settled: impl Fn() + 'static,
    #[prop(into)] on_ask: Callback<()>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    Effect::new(move || {
        settled();
        busy.set(false);
    });
    let ask = move |_| {
        busy.set(true);
        on_ask.run(());
    };
    move || more.get().then(|| view! { <div class="older"><Button busy on_click=ask>"Show older"</Button></div> })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// A list of 1 to `newest`, three a page, and the pages that were asked for.
    fn shown(newest: u32, reach: Reach<u32>) -> (Pages<u32, u32>, Vec<Option<u32>>) {
        let asked = RefCell::new(Vec::new());
        let reading = read(reach, |before| {
            asked.borrow_mut().push(before);
            let top = before.map_or(newest, |before| before - 1);
            let items: Vec<u32> = (top.saturating_sub(2).max(1)..=top).rev().collect();
            let next = items.last().copied().filter(|last| *last > 1);
            async move { Ok(Pages { items, next }) }
        });
        let Poll::Ready(whole) = pin!(reading).poll(&mut Context::from_waker(Waker::noop())) else { panic!("nothing is waited for") };
        let asked = asked.borrow().clone();
        (whole.expect("no page fails"), asked)
    }

    #[test]
    fn the_newest_page_comes_alone() {
        let (whole, asked) = shown(9, Reach { oldest: None, further: false });
        assert_eq!(whole, Pages { items: vec![9, 8, 7], next: Some(7) });
        assert_eq!(asked, [None]);
    }

    #[test]
    fn asking_for_older_ones_adds_one_page() {
        let (whole, asked) = shown(9, Reach { oldest: None, further: true });
        assert_eq!(whole, Pages { items: vec![9, 8, 7, 6, 5, 4], next: Some(4) });
        assert_eq!(asked, [None, Some(7)]);
    }

    #[test]
    fn what_is_on_screen_stays_when_newer_ones_arrive() {
        let (whole, _) = shown(11, Reach { oldest: Some(4), further: false });
        assert!(whole.items.contains(&4), "{whole:?}");
        let (further, _) = shown(11, Reach { oldest: Some(4), further: true });
        assert_eq!(further.items, (1..=11).rev().collect::<Vec<u32>>());
    }

    #[test]
    fn no_item_comes_twice_and_none_is_left_out() {
        for newest in 1..20 {
            for oldest in 1..=newest {
                let (whole, _) = shown(newest, Reach { oldest: Some(oldest), further: false });
                let end = newest - u32::try_from(whole.items.len()).expect("a short list") + 1;
                assert_eq!(whole.items, (end..=newest).rev().collect::<Vec<u32>>());
                assert!(end <= oldest);
            }
        }
    }

    #[test]
    fn the_end_of_the_list_is_the_end() {
        let (whole, asked) = shown(2, Reach { oldest: Some(1), further: true });
        assert_eq!(whole, Pages { items: vec![2, 1], next: None });
        assert_eq!(asked, [None]);
    }
}
