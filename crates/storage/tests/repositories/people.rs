//! People of many scripts, composed by chance; and a directory of them, modelled in memory beside the database.

use std::collections::BTreeMap;

use domain::binding_job::BindingJob;
use domain::fold;
use domain::identity::{EnrollmentStatus, Profile, Source, Status};
use domain::{GroupId, IdentityId, RealmId};
use storage::{Filter, NewIdentity, SortKey, Store, Tx};
use testkit::Place;

use crate::db::Db;
use crate::made;
use crate::seed::Seed;

pub(crate) const GIVEN: &[&str] = &[
    "Zoë",
    "Ana-Maria",
    "Łukasz",
    "Øystein",
    "Đặng",
    "İpek",
    "Straße",
    "Ольга",
    "Ёлка",
    "Νίκος",
    "ΣΟΦΙΑ",
    "محمد",
    "علی‌رضا",
    "שרה",
    "हिन्दी",
    "प्रिया",
    "王",
    "小龍",
    "さくら",
    "ガブリエル",
    "민수",
    "สมชาย",
    "Ａｎａ",
    "O'Neil",
    "ﬁn",
    "𠮷",
    "J",
    "Bo",
];
pub(crate) const FAMILY: &[&str] = &[
    "Ångström",
    "d’Ávila",
    "Müller-Lüdenscheidt",
    "Œuvre",
    "Ælfric",
    "Nguyễn Thị",
    "Işık",
    "Иванов",
    "Їжак",
    "Παπαδόπουλος",
    "الفارسي",
    "לוי",
    "शर्मा",
    "李",
    "山田",
    "김",
    "ใจดี",
    "Smith",
    "St. John",
    "al-Haq",
    "野家",
    "Ó Briain",
    "X",
    "Lee",
];

/// Makes people, the same ones for the same seed.
pub(crate) struct People {
    pub seed: Seed,
}

impl People {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed: Seed::new(seed) }
    }

    pub(crate) fn name(&mut self) -> String {
        let (given, family) = (*self.seed.pick(GIVEN), *self.seed.pick(FAMILY));
        if self.seed.once_in(6) { format!("{family}, {given}") } else { format!("{given} {family}") }
    }

    /// A name, a username that nobody else has, and mostly an e-mail address.
    pub(crate) fn profile(&mut self, db: &Db) -> Profile {
        let name = self.name();
        let username = format!("{}.{}", self.seed.pick(GIVEN).replace('\u{200c}', ""), db.id());
        let domain = *self.seed.pick(&["example.org", "mail.example.org", "例子.example"]);
        let email = if self.seed.once_in(4) {
            String::new()
        } else {
            format!("{}+{}@{domain}", self.seed.pick(&["zoe", "o'neil", "a.b", "用户"]), self.seed.below(100))
        };
        made::profile(&name, &username, &email)
    }
}

/// What the model knows of a person.
#[derive(Clone)]
pub(crate) struct Person {
    pub id: IdentityId,
    pub profile: Profile,
    pub status: Status,
    pub enrollment: EnrollmentStatus,
    pub source: Source,
    /// By name.
    pub groups: BTreeMap<String, GroupId>,
    pub updated_at: i64,
}

impl Person {
    pub(crate) fn is_in(&self, filter: &Filter) -> bool {
        filter.status.is_none_or(|status| status == self.status)
            && filter.enrollment.is_none_or(|enrollment| enrollment == self.enrollment)
            && filter.source.is_none_or(|source| source == self.source)
            && filter.group.is_none_or(|group| self.groups.values().any(|own| *own == group))
            && filter.search.as_ref().is_none_or(|search| search.matches(&self.profile.search_text()))
    }

    /// What a list sorts by: a text or a number, then the id.
    pub(crate) fn sort_key(&self, key: SortKey) -> (String, i64, IdentityId) {
        match key {
            SortKey::Name => (fold::search_form(self.profile.display_name.as_str()), 0, self.id),
            SortKey::Username => (self.profile.username.key(), 0, self.id),
            SortKey::Created => (String::new(), 0, self.id),
            SortKey::Updated => (String::new(), self.updated_at, self.id),
        }
    }
}

/// A realm of people, beside one of strangers who must not show.
pub(crate) struct Directory {
    pub db: Db,
    pub store: Store,
    pub realm: RealmId,
    pub groups: Vec<(String, GroupId)>,
    pub people: Vec<Person>,
    pub chance: People,
}

impl Directory {
    pub(crate) async fn start(place: Place, size: usize, seed: u64) -> Self {
        let (db, store) = Db::open(place).await;
        let mut tx = store.write().await.unwrap();
        let realm = made::realm(&db, &mut tx).await;
        let mut groups = Vec::new();
        for name in ["Staff", "administrators", "Ärzte"] {
            groups.push((name.to_owned(), made::group(&db, &mut tx, realm, name).await));
        }
        let strangers = made::realm(&db, &mut tx).await;
        let mut chance = People::new(seed);
        let profiles: Vec<_> = (0..60).map(|_| chance.profile(&db)).collect();
        let strangers: Vec<_> = profiles.into_iter().map(|profile| made::new_identity(&db, strangers, profile)).collect();
        tx.insert_identities(&strangers).await.unwrap();
        let mut directory = Self { db, store: store.clone(), realm, groups, people: Vec::new(), chance };
        for _ in 0..size {
            directory.add(&mut tx).await;
        }
        tx.commit().await.unwrap();
        directory
    }

    /// Adds somebody, with everything that can be filtered by chance; names and times repeat often.
    pub(crate) async fn add(&mut self, tx: &mut Tx) -> IdentityId {
        let profile = self.chance.profile(&self.db);
        let seed = &mut self.chance.seed;
        let (source, updated_at) = (*seed.pick(Source::ALL), *seed.pick(&[10, 20, 30]));
        let status = if seed.once_in(4) { Status::Suspended } else { Status::Active };
        let enrollment = *seed.pick(EnrollmentStatus::ALL);
        let groups: BTreeMap<_, _> = self.groups.iter().filter(|_| seed.once_in(3)).cloned().collect();

        let new = NewIdentity { source, at: made::at(updated_at), ..made::new_identity(&self.db, self.realm, profile) };
        tx.insert_identity(&new).await.unwrap();
        if status == Status::Suspended {
            tx.set_status(self.realm, new.id, status, new.at).await.unwrap();
        }
        self.enroll(tx, new.id, enrollment).await;
        for group in groups.values() {
            tx.add_member(self.realm, *group, new.id, made::at(0)).await.unwrap();
        }
        self.people.push(Person { id: new.id, profile: new.profile, status, enrollment, source, groups, updated_at });
        new.id
    }

    async fn enroll(&self, tx: &mut Tx, person: IdentityId, enrollment: EnrollmentStatus) {
        match enrollment {
            EnrollmentStatus::Enrolled => drop(made::passkey(&self.db, tx, self.realm, person).await),
            EnrollmentStatus::Pending => drop(made::job(&self.db, tx, self.realm, person).await),
            EnrollmentStatus::InviteFailed => {
                let job = made::job(&self.db, tx, self.realm, person).await;
                made::advance(&self.db, tx, self.realm, job, &BindingJob::FailedToSend).await;
            }
            EnrollmentStatus::Unenrolled => {}
        }
        tx.refresh_enrollment(person).await.unwrap();
    }

    pub(crate) async fn remove(&mut self, tx: &mut Tx, person: IdentityId) {
        assert!(tx.delete_identity(self.realm, person).await.unwrap());
        self.people.retain(|other| other.id != person);
    }

    /// Whom a list should show, in its order.
    pub(crate) fn expected(&self, filter: &Filter, key: SortKey, descending: bool) -> Vec<Person> {
        let mut people: Vec<_> = self.people.iter().filter(|person| person.is_in(filter)).cloned().collect();
        people.sort_by_key(|person| person.sort_key(key));
        if descending {
            people.reverse();
        }
        people
    }
}
