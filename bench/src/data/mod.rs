//! The people that the measurements run over: made up from a seed, the same ones every time.

mod load;
mod names;
mod random;

use domain::identity::{Profile, ProfileForm, Source};
use domain::{IdentityId, RealmId, Timestamp};
use storage::NewIdentity;

pub(crate) use load::{Loaded, load};
pub(crate) use random::Random;

use names::{Names, Spelled};

/// Reserved for examples: mail to them reaches nobody.
const DOMAINS: &[&str] = &[
    "example.org",
    "example.com",
    "mail.example.org",
    "example.net",
    "staff.example.com",
    "students.example.net",
    "bücher.example",
    "city.example",
];

/// 2024-01-01, in milliseconds.
const FIRST_DAY: u64 = 1_704_067_200_000;
/// The time from one person's creation to the next one's, in milliseconds.
const STEP: u64 = 5_000;
/// How late a person may have been changed last, in milliseconds.
const YEAR: u64 = 365 * 24 * 3_600_000;
/// An id starts with its milliseconds; below them 21 bits of process and counter.
const ID_TIME_SHIFT: u32 = 21;
/// Odd and no multiple of five: multiplying by it reorders the numbers below any power of ten.
const SCATTER: u64 = 7_368_787;

/// A directory of people, each made from the seed and the person's own number.
pub(crate) struct People {
    seed: u64,
    size: u64,
    /// The power of ten that the usernames' numbers stay below.
    numbers: u64,
    names: Vec<Names>,
    shares: u64,
}

impl People {
    pub(crate) fn new(seed: u64, size: u64) -> Self {
        let names = Names::all();
        let shares = names.iter().map(|names| names.share).sum();
        let mut numbers = 1_000;
        while numbers < size {
            numbers *= 10;
        }
        Self { seed, size, numbers, names, shares }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The person of this number, counted from 0 in the order of creation.
    pub(crate) fn person(&self, number: u64, realm: RealmId) -> NewIdentity {
        let random = &mut Random::of(self.seed, number);
        let created = FIRST_DAY + number * STEP + random.below(STEP);
        // Storage takes it for both of its times; spread, so that the order of last changes is not that of the ids.
        let at = created + random.below(YEAR);
        NewIdentity {
            id: IdentityId::from_i64(signed(created << ID_TIME_SHIFT)),
            realm,
            profile: self.profile(number, random),
            source: *random.pick(Source::ALL),
            at: Timestamp::from_micros(signed(at * 1_000)),
        }
    }

    fn profile(&self, number: u64, random: &mut Random) -> Profile {
        let names = self.language(random);
        let (given, mut family) = (random.pick_common(&names.given), random.pick_common(&names.family).clone());
        if random.below(8) == 0 {
            family = names.joined(&family, random.pick(&names.family)).unwrap_or(family);
        }
        let second = if random.below(10) == 0 { format!(" {}", random.pick(&names.given).written) } else { String::new() };
        let display_name = names.whole(&format!("{}{second}", given.written), &family.written);
        let number = number * SCATTER % self.numbers;
        let local = spelled(random, &given.latin, &family.latin, number);
        let username = if random.below(20) == 0 { spelled(random, &bare(given), &bare(&family), number) } else { local.clone() };
        let email = if random.below(30) == 0 { String::new() } else { format!("{local}@{}", random.pick_common(DOMAINS)) };
        let traits = [("given_name", given), ("family_name", &family)].map(|(name, value)| (name.to_owned(), value.written.clone())).into();
        let form = ProfileForm { display_name, username, email, external_id: String::new(), traits };
        form.parse().expect("every combination of the names is a profile")
    }

    fn language(&self, random: &mut Random) -> &Names {
        let mut share = random.below(self.shares);
        for names in &self.names {
            if share < names.share {
                return names;
            }
            share -= names.share;
        }
        unreachable!("the shares add up to all")
    }

    /// The display names of so many people, taken evenly from among all.
    pub(crate) fn sample(&self, count: u64) -> Vec<String> {
        let count = count.min(self.size);
        let nobodys = RealmId::from_i64(1);
        (0..count).map(|n| self.person(n * self.size / count, nobodys).profile.display_name.to_string()).collect()
    }
}

/// A username as organizations make them. The number alone makes it unique.
fn spelled(random: &mut Random, given: &str, family: &str, number: u64) -> String {
    match random.below(3) {
        0 => format!("{given}.{family}{number}"),
        1 => format!("{}{family}{number}", given.chars().next().unwrap_or('x')),
        _ => format!("{family}-{given}{number}"),
    }
}

/// A name in its own script, without what a username does not hold.
fn bare(name: &Spelled) -> String {
    name.written.chars().filter(|c| !matches!(c, ' ' | '\u{200c}' | '\u{200d}')).collect()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const REALM: RealmId = RealmId::from_i64(1);

    #[test]
    fn the_same_seed_makes_the_same_people_and_another_seed_others() {
        let profiles = |seed| (0..50).map(|n| People::new(seed, 1_000).person(n, REALM).profile).collect::<Vec<_>>();
        assert_eq!(profiles(1), profiles(1));
        assert_ne!(profiles(1), profiles(2));
    }

    #[test]
    fn no_two_people_share_a_username_and_ids_grow() {
        let people = People::new(1, 20_000);
        let mut keys = HashSet::new();
        let mut latest = 0;
        for number in 0..people.size() {
            let person = people.person(number, REALM);
            assert!(keys.insert(person.profile.username.key()), "{}", person.profile.username);
            assert!(person.id.get() > latest);
            latest = person.id.get();
        }
    }

    #[test]
    fn names_are_of_many_scripts() {
        let names: String = People::new(1, 2_000).sample(2_000).concat();
        for letter in ["ö", "Ł", "İ", "ж", "ς", "შ", "ա", "م", "ה", "ा", "ব", "ா", "ร", "王", "さ", "カ", "김", "𠮷"]
        {
            assert!(names.contains(letter), "{letter}");
        }
    }
}
