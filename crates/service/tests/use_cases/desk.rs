//! An installation as a test finds it, with people who hold software passkeys.

use domain::ceremony::NewLink;
use domain::identity::ProfileForm;
use domain::record::{Event, Identity};
use domain::{RealmId, Timestamp};
use serde_json::Value;
use service::{Clock, Context, Database, Error, Finished, Keyroll, Randomness, RequestInfo, Result, Settings, SignedIn, Store};
use testkit::{Place, SoftAuthenticator};
use url::Url;

pub(crate) const ORIGIN: &str = "https://id.example.com";
pub(crate) const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";

/// Keyroll, prepared, with nobody enrolled.
pub(crate) struct Desk {
    pub(crate) keyroll: Keyroll,
    pub(crate) clock: Clock,
    pub(crate) realm: RealmId,
}

/// The secret at a link's end.
pub(crate) fn token(link: &NewLink) -> String {
    link.link.rsplit('/').next().unwrap().to_owned()
}

pub(crate) fn form(username: &str, display_name: &str) -> ProfileForm {
    ProfileForm { username: username.into(), display_name: display_name.into(), ..ProfileForm::default() }
}

pub(crate) fn request() -> RequestInfo {
    RequestInfo { id: "req-1".into(), address: "203.0.113.7".into(), user_agent: CHROME.into() }
}

/// Another process on the same database.
pub(crate) async fn process(place: &Place, clock: &Clock, seed: u64) -> Keyroll {
    let database = match place {
        Place::Sqlite(file) => Database::Sqlite(file.clone()),
        Place::Postgres(address) => Database::Postgres(address.clone()),
    };
    let store = Store::connect(&database).await.unwrap();
    store.migrate().await.unwrap();
    let settings = Settings::new(Url::parse(ORIGIN).unwrap());
    Keyroll::new(store, settings, clock.clone(), Randomness::seeded(seed)).unwrap()
}

impl Desk {
    pub(crate) async fn new(place: &Place) -> Self {
        let clock = Clock::set_to(START);
        let keyroll = process(place, &clock, 1).await;
        let realm = keyroll.prepare().await.unwrap();
        Self { keyroll, clock, realm }
    }

    /// Whoever sits at the machine.
    pub(crate) fn operator(&self) -> Context {
        self.keyroll.operator(self.realm)
    }

    /// A browser that has not signed in.
    pub(crate) fn browser(&self) -> Context {
        self.keyroll.anonymous(request())
    }

    pub(crate) async fn add(&self, username: &str) -> Identity {
        self.operator().create_identity(&form(username, username), &[]).await.unwrap()
    }

    /// Goes the whole way with a link.
    pub(crate) async fn enroll(&self, token: &str, authenticator: &mut SoftAuthenticator) -> Finished {
        let (ceremony, answer) = self.answer(token, authenticator).await;
        self.browser().finish_enrollment(token, &ceremony, &answer).await.unwrap()
    }

    /// Up to the browser's answer.
    pub(crate) async fn answer(&self, token: &str, authenticator: &mut SoftAuthenticator) -> (String, String) {
        let browser = self.browser();
        browser.open_link(token).await.unwrap();
        let ceremony = browser.begin_enrollment(token).await.unwrap();
        let options: Value = serde_json::from_str(&ceremony.options).unwrap();
        let answer = authenticator.create(&options, ORIGIN).unwrap();
        (ceremony.id, answer.to_string())
    }

    /// A person with one passkey.
    pub(crate) async fn enrolled(&self, username: &str, seed: u64) -> (Identity, SoftAuthenticator) {
        let identity = self.add(username).await;
        let mut authenticator = SoftAuthenticator::new(seed);
        let link = self.operator().create_link(identity.id).await.unwrap();
        self.enroll(&token(&link), &mut authenticator).await;
        (self.operator().identity(identity.id).await.unwrap(), authenticator)
    }

    /// The first administrator, signed in by their enrollment.
    pub(crate) async fn administrator(&self) -> (Context, SoftAuthenticator, String) {
        let link = self.keyroll.first_administrator_link(self.realm).await.unwrap().unwrap();
        let mut authenticator = SoftAuthenticator::new(99);
        let session = self.enroll(&token(&link), &mut authenticator).await.session.unwrap();
        let session = session.reveal().to_owned();
        (self.person(&session).await, authenticator, session)
    }

    /// The context of a request with this session.
    pub(crate) async fn person(&self, session: &str) -> Context {
        self.keyroll.context_for(Some(session), request()).await.unwrap()
    }

    pub(crate) async fn sign_in(&self, username: &str, authenticator: &mut SoftAuthenticator) -> Result<SignedIn> {
        let ceremony = self.browser().begin_sign_in().await.unwrap();
        let options: Value = serde_json::from_str(&ceremony.options).unwrap();
        let answer = authenticator.get(&options, ORIGIN).unwrap();
        self.browser().finish_sign_in(&ceremony.id, username, &answer.to_string()).await
    }

    /// What happened to an identity, the oldest first: kind and outcome.
    pub(crate) async fn events(&self, identity: &Identity) -> Vec<Event> {
        let mut events = self.operator().activity_of(identity.id, None).await.unwrap().events;
        events.reverse();
        events
    }

    pub(crate) async fn kinds(&self, identity: &Identity) -> Vec<String> {
        self.events(identity).await.iter().map(|event| event.kind.to_string()).collect()
    }
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    outcome.unwrap_err().code()
}

/// The field that was refused.
pub(crate) fn refused_field<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    match outcome.unwrap_err() {
        Error::Invalid(fields) => fields[0].field.clone(),
        other => panic!("not a field error: {other}"),
    }
}
