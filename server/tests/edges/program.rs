//! The real program: started, asked, and killed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Place, SoftAuthenticator};
use tokio::time::{sleep, timeout};

use crate::desk::{site, token};
use crate::wire::{Answer, Ask};

const PATIENCE: Duration = Duration::from_mins(1);

/// The program with nothing of this machine's settings, in a folder of its own.
pub(crate) fn keyroll(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyroll"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    keyroll(folder).args(arguments).output().unwrap()
}

/// What it wrote on standard output and standard error.
pub(crate) fn said(output: &Output) -> (String, String) {
    (String::from_utf8(output.stdout.clone()).unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

/// The settings for a database.
pub(crate) fn database(place: &Place) -> [String; 2] {
    match place {
        Place::Sqlite(file) => ["--data".to_owned(), file.parent().unwrap().to_str().unwrap().to_owned()],
        Place::Postgres(address) => ["--database-url".to_owned(), address.clone()],
    }
}

/// `keyroll serve`, running. Killed where it is dropped.
pub(crate) struct Program {
    child: Child,
    folder: tempfile::TempDir,
    _site: tempfile::TempDir,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts it on a free port and waits until it is ready.
    pub(crate) async fn start(place: &Place) -> Self {
        Self::start_with(place, &[]).await
    }

    /// The same with more settings.
    pub(crate) async fn start_with(place: &Place, settings: &[&str]) -> Self {
        let (folder, site) = (tempfile::tempdir().unwrap(), site());
        let (out, err) = (File::create(folder.path().join("out")).unwrap(), File::create(folder.path().join("err")).unwrap());
        let mut command = keyroll(folder.path());
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--log-filter", "trace", "--site"]).arg(site.path());
        let child = command.args(database(place)).args(settings).stdout(out).stderr(err).spawn().unwrap();
        let mut program = Self { child, folder, _site: site, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        timeout(PATIENCE, program.ready()).await.unwrap_or_else(|_| panic!("not ready: {}", program.log()));
        program
    }

    async fn ready(&mut self) {
        loop {
            assert_eq!(self.child.try_wait().unwrap(), None, "it ended: {}", self.log());
            if let Some(port) = self.port() {
                self.address.set_port(port);
                if self.ask("GET", "/readyz").send().await.status == 200 {
                    return;
                }
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// The port, from the line in the log that names the public address.
    fn port(&self) -> Option<u16> {
        let log = self.log();
        let line = log.lines().find(|line| line.contains("\"message\":\"started\""))?;
        let line: Value = serde_json::from_str(line).ok()?;
        line["public_url"].as_str()?.rsplit(':').next()?.parse().ok()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("err")).unwrap()
    }

    pub(crate) fn printed(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("out")).unwrap()
    }

    /// The secret of the first administrator's link, where one was printed.
    pub(crate) fn first_link(&self) -> Option<String> {
        self.printed().lines().find(|line| line.starts_with("http")).map(token)
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::new(self.address, method, path).with("host", &format!("localhost:{}", self.address.port()))
    }

    pub(crate) fn post(&self, function: &str, body: &Value) -> Ask {
        let ask = self.ask("POST", &format!("/api/{function}")).with("origin", &self.origin());
        ask.with("content-type", "application/json").body(body.to_string())
    }

    pub(crate) async fn call(&self, session: &str, function: &str, body: &Value) -> Value {
        let answer = self.post(function, body).session(session).send().await;
        assert_eq!(answer.status, 200, "{function}: {}", answer.text());
        answer.json()
    }

    /// Begins an enrollment: the request that would finish it.
    pub(crate) async fn begin(&self, link: &str, authenticator: &mut SoftAuthenticator) -> Value {
        let begun = self.post("enrollment/begin", &json!({ "token": link })).send().await.json();
        let options = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
        let answer = authenticator.create(&options, &self.origin()).unwrap();
        json!({ "token": link, "ceremony": begun["id"], "response": answer.to_string() })
    }

    pub(crate) async fn finish(&self, body: &Value) -> Answer {
        self.post("enrollment/finish", body).send().await
    }

    /// Enrolls the first administrator, whose session it is.
    pub(crate) async fn administrator(&self, authenticator: &mut SoftAuthenticator) -> String {
        let body = self.begin(&self.first_link().unwrap(), authenticator).await;
        self.finish(&body).await.session().unwrap()
    }

    /// Signs in with a passkey.
    pub(crate) async fn sign_in(&self, authenticator: &mut SoftAuthenticator) -> Answer {
        let begun = self.post("sign-in/begin", &json!({})).send().await.json();
        let options = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
        let answer = authenticator.get(&options, &self.origin()).unwrap();
        let body = json!({ "ceremony": begun["id"], "username": "", "response": answer.to_string() });
        self.post("sign-in/finish", &body).send().await
    }

    /// `kill -9`: nothing is finished, nothing is said.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, with this signal.
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, ended).await.expect("it ends")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
