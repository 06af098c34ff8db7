//! Open pages hear of changes: one event stream for the whole console, and a number for each page that grows.
//!
//! What changed is not told, only where: a page reads again what it shows, by the way it read it first.

mod gathered;
mod pause;
#[cfg(feature = "hydrate")]
mod stream;

use domain::IdentityId;
use leptos::prelude::*;

use gathered::Gathered;

#[derive(Clone, Copy)]
struct Watcher {
    id: u32,
    scope: Option<IdentityId>,
    heard: RwSignal<u64>,
}

/// The pages that listen, and how the stream stands; provided by [`provide_live`].
#[derive(Clone, Copy)]
struct Live {
    watchers: StoredValue<Vec<Watcher>>,
    next: StoredValue<u32>,
    connected: RwSignal<bool>,
}

impl Live {
    fn new() -> Self {
        // Connected until the opposite is known: a page must not begin with a warning.
        Self { watchers: StoredValue::new(Vec::new()), next: StoredValue::new(0), connected: RwSignal::new(true) }
    }

    fn watch(self, scope: Option<IdentityId>) -> Signal<u64> {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let heard = RwSignal::new(0);
        self.watchers.update_value(|watchers| watchers.push(Watcher { id, scope, heard }));
        on_cleanup(move || {
            let _ = self.watchers.try_update_value(|watchers| watchers.retain(|watcher| watcher.id != id));
        });
        heard.into()
    }

    /// Lets every page whose scope was touched know.
    #[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "nothing is heard on the server"))]
    fn tell(self, news: &Gathered) {
        let watchers = self.watchers.try_get_value().unwrap_or_default();
        for watcher in watchers.into_iter().filter(|watcher| news.touches(watcher.scope)) {
            let _ = watcher.heard.try_update(|heard| *heard += 1);
        }
    }
}

/// Opens the stream, once the page is hydrated, until the caller's part of the page goes away; called once, where the
/// console's frame begins.
pub fn provide_live() {
    let live = Live::new();
    provide_context(live);
    #[cfg(feature = "hydrate")]
    Effect::new(move || stream::listen(live));
}

fn use_live() -> Live {
    use_context().unwrap_or_else(Live::new)
}

/// Whether what a page shows is being deleted, or has been.
#[derive(Clone, Copy)]
struct Going(Signal<bool>);

/// Keeps the caller's part of the page from hearing of changes while what it shows is going: the page is left next, and
/// to read again would be to ask for what is not there.
pub fn hear_nothing_while(going: Signal<bool>) {
    provide_context(Going(going));
}

/// A number that grows when something of that identity changed; with `None`, when anything in the realm did.
///
/// A page puts it into its resources' source. As long as it is 0, nothing has been heard yet, and a read is one that
/// the person asked for.
#[must_use]
pub fn use_changes(scope: Option<IdentityId>) -> Signal<u64> {
    let heard = use_live().watch(scope);
    let Some(Going(going)) = use_context() else { return heard };
    Memo::new(move |before: Option<&u64>| match before {
        Some(before) if going.get() => *before,
        _ => heard.get(),
    })
    .into()
}

/// Whether the page hears of changes. It finds its way back by itself.
#[must_use]
pub fn connection() -> Signal<bool> {
    use_live().connected.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_hears_of_its_own_identity_only() {
        let owner = Owner::new();
        owner.set();
        let live = Live::new();
        let (one, two) = (IdentityId::from_i64(1), IdentityId::from_i64(2));
        let (page, list) = (live.watch(Some(one)), live.watch(None));
        let mut news = Gathered::default();
        news.add(Some(two));
        live.tell(&news);
        assert_eq!((page.get_untracked(), list.get_untracked()), (0, 1));
        news.add(Some(one));
        live.tell(&news);
        assert_eq!((page.get_untracked(), list.get_untracked()), (1, 2));
    }

    #[test]
    fn a_page_whose_subject_is_going_hears_of_it_only_when_it_stays_after_all() {
        let owner = Owner::new();
        owner.set();
        let live = Live::new();
        provide_context(live);
        let going = RwSignal::new(false);
        hear_nothing_while(going.into());
        let page = use_changes(None);
        let mut news = Gathered::default();
        news.add_everything();
        live.tell(&news);
        assert_eq!(page.get_untracked(), 1);
        going.set(true);
        live.tell(&news);
        assert_eq!(page.get_untracked(), 1);
        going.set(false);
        assert_eq!(page.get_untracked(), 2);
    }

    #[test]
    fn a_page_that_was_left_is_forgotten() {
        let owner = Owner::new();
        owner.set();
        let live = Live::new();
        let page = Owner::new();
        page.with(|| live.watch(None));
        assert_eq!(live.watchers.with_value(Vec::len), 1);
        page.cleanup();
        assert_eq!(live.watchers.with_value(Vec::len), 0);
    }
}
