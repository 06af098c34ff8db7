//! Numbers that look random and come out the same for the same seed (`SplitMix64`).

pub(crate) struct Random(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The generator of one item of a series, so that any item can be made without those before it.
    pub(crate) fn of(seed: u64, item: u64) -> Self {
        let mut series = Self(seed);
        Self(series.next() ^ item.wrapping_mul(GOLDEN))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end` - 1, each as likely.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The high half of the product: the numbers are used evenly without a division.
        u64::try_from((u128::from(self.next()) * u128::from(end)) >> 64).unwrap_or(0)
    }

    /// One of the items, each as likely.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len() as u64)]
    }

    /// One of the items, the first ones more often: as some names are common and many are rare.
    pub(crate) fn pick_common<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let end = items.len() as u64;
        let common = self.below(end).min(self.below(end));
        &items[usize::try_from(common).unwrap_or(0)]
    }

    /// Puts the items into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.index(end as u64 + 1));
        }
    }

    fn index(&mut self, end: u64) -> usize {
        usize::try_from(self.below(end)).unwrap_or(0)
    }
}
