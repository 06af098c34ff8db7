//! A server within the test's process, with people who hold software passkeys.

use std::net::SocketAddr;
use std::path::Path;

use domain::identity::ProfileForm;
use domain::record::Identity;
use domain::{RealmId, Timestamp};
use serde_json::{Value, json};
use server::{Edge, Limits, Site};
use service::{Clock, Context, Database, Keyroll, Randomness, RequestInfo, Settings, Store};
use tempfile::TempDir;
use testkit::{Place, SoftAuthenticator};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use crate::wire::{Answer, Ask};

pub(crate) const BUILD: &str = "0123456789abcdef";

pub(crate) struct Desk {
    pub(crate) keyroll: Keyroll,
    pub(crate) clock: Clock,
    pub(crate) realm: RealmId,
    pub(crate) address: SocketAddr,
    pub(crate) site: TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

/// A built site with a file of each kind.
pub(crate) fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("build-id", &format!("{BUILD}\n"));
    write(".stamp", "stamped");
    write("icons.svg", "<svg/>");
    write("icons.svg.br", "icons, compressed");
    write("fonts/inter-latin.woff2", "font");
    for (name, text) in [("console.js", "script"), ("console_bg.wasm", "wasm"), ("app.css", "style")] {
        write(&format!("pkg/{BUILD}/{name}"), text);
        write(&format!("pkg/{BUILD}/{name}.br"), &format!("{text}, compressed"));
    }
    folder
}

pub(crate) fn database(place: &Place) -> Database {
    match place {
        Place::Sqlite(file) => Database::Sqlite(file.clone()),
        Place::Postgres(address) => Database::Postgres(address.clone()),
    }
}

impl Desk {
    pub(crate) async fn new(place: &Place) -> Self {
        Self::with(place, None, Limits::default()).await
    }

    /// Served under another address than its own, or with other limits.
    pub(crate) async fn with(place: &Place, public_url: Option<&str>, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let own = format!("http://localhost:{}", address.port());
        let store = Store::connect(&database(place)).await.unwrap();
        store.migrate().await.unwrap();
        let settings = Settings::new(Url::parse(public_url.unwrap_or(&own)).unwrap());
        let clock = Clock::set_to(Timestamp::from_micros(1_800_000_000_000_000));
        let keyroll = Keyroll::new(store, settings, clock.clone(), Randomness::seeded(1)).unwrap();
        let realm = keyroll.prepare().await.unwrap();

        let site = site();
        let (stop, stopped) = oneshot::channel();
        let edge = Edge { keyroll: keyroll.clone(), site: Site::open(site.path()).unwrap(), trust_proxy: false, limits };
        let served = tokio::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            server::serve(listener, edge, stop).await.unwrap();
        });
        Self { keyroll, clock, realm, address, site, stop: Some(stop), served }
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) async fn stop(&mut self) {
        self.ask_to_stop();
        self.served().await;
    }

    /// Waits until the server has stopped.
    pub(crate) async fn served(&mut self) {
        (&mut self.served).await.unwrap();
    }

    pub(crate) fn ask_to_stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    pub(crate) fn origin(&self) -> String {
        self.keyroll.public_url().origin().ascii_serialization()
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask {
        let host = self.origin().split_once("://").unwrap().1.to_owned();
        Ask::new(self.address, method, path).with("host", &host)
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        self.ask("GET", path)
    }

    /// A server function's request, as our own pages send it. `function` is what follows `/api/`.
    pub(crate) fn post(&self, function: &str, body: &Value) -> Ask {
        let ask = self.ask("POST", &format!("/api/{function}")).with("origin", &self.origin()).with("sec-fetch-site", "same-origin");
        ask.with("content-type", "application/json").body(body.to_string())
    }

    pub(crate) async fn call(&self, session: &str, function: &str, body: &Value) -> Answer {
        self.post(function, body).session(session).send().await
    }

    /// Whoever sits at the machine.
    pub(crate) fn operator(&self) -> Context {
        self.keyroll.operator(self.realm)
    }

    pub(crate) async fn add(&self, username: &str) -> Identity {
        self.add_to(self.realm, username).await
    }

    pub(crate) async fn add_to(&self, realm: RealmId, username: &str) -> Identity {
        let form = ProfileForm { username: username.into(), display_name: username.into(), ..ProfileForm::default() };
        self.keyroll.operator(realm).create_identity(&form, &[]).await.unwrap()
    }

    /// The secret of a fresh link.
    pub(crate) async fn link(&self, identity: &Identity) -> String {
        token(&self.operator().create_link(identity.id).await.unwrap().link)
    }

    /// Goes the whole way with a link, without HTTP; the session, where the person is let in.
    pub(crate) async fn enroll(&self, token: &str, authenticator: &mut SoftAuthenticator) -> Option<String> {
        let browser = self.keyroll.anonymous(RequestInfo::default());
        let ceremony = browser.begin_enrollment(token).await.unwrap();
        let answer = authenticator.create(&serde_json::from_str(&ceremony.options).unwrap(), &self.origin()).unwrap();
        let finished = browser.finish_enrollment(token, &ceremony.id, &answer.to_string()).await.unwrap();
        finished.session.map(|session| session.reveal().to_owned())
    }

    /// An administrator's session.
    pub(crate) async fn administrator(&self, username: &str) -> String {
        let link = self.operator().invite_administrator(username).await.unwrap();
        let seed = username.bytes().fold(7, |seed: u64, byte| seed * 31 + u64::from(byte));
        self.enroll(&token(&link.link), &mut SoftAuthenticator::new(seed)).await.unwrap()
    }

    pub(crate) async fn is_signed_in(&self, session: &str) -> bool {
        self.call(session, "sign-in/me", &json!({})).await.status == 200
    }
}

pub(crate) fn token(link: &str) -> String {
    link.rsplit('/').next().unwrap().to_owned()
}

/// A database that one test uses on its own, where it does not matter which kind it is.
pub(crate) fn embedded(folder: &Path) -> Place {
    Place::Sqlite(folder.join("keyroll.db"))
}
