//! The command line.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use testkit::{Place, SoftAuthenticator, on_both};

use crate::desk::embedded;
use crate::program::{Program, database, keyroll, run, said};

on_both!(
    an_invitation_is_a_link_alone_on_standard_output,
    an_invitation_works_beside_the_running_server,
    a_token_is_made_on_the_machine_itself,
    migrating_twice_changes_nothing
);

#[test]
fn help_names_the_commands_and_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["help"]);
    let (out, _) = said(&output);
    assert!(output.status.success());
    for word in [
        "serve",
        "admin",
        "token",
        "application",
        "migrate",
        "openapi",
        "check",
        "--listen",
        "KEYROLL_PUBLIC_URL",
        "--database-url",
        "keyroll.toml",
    ] {
        assert!(out.contains(word), "{word} is missing:\n{out}");
    }
    let output = keyroll(folder.path()).arg("help").env("KEYROLL_DATABASE_URL", "postgres://k:opensesame@db/k").output().unwrap();
    assert!(!said(&output).0.contains("opensesame"));
    for wrong in [&[][..], &["server"], &["admin"], &["admin", "invite"], &["serve", "--port", "1"]] {
        let output = run(folder.path(), wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(said(&output).1.contains("Usage:"), "{wrong:?}");
    }
}

async fn an_invitation_is_a_link_alone_on_standard_output(place: Place) {
    let folder = tempfile::tempdir().unwrap();
    let settings = database(&place);
    let settings: Vec<_> = settings.iter().map(String::as_str).collect();
    let output = run(folder.path(), &[&["admin", "invite", "Ana"], &*settings, &["--public-url", "https://id.example.com"]].concat());
    let (out, err) = said(&output);
    assert!(output.status.success(), "{err}");
    let token = out.strip_prefix("https://id.example.com/enroll/").unwrap().strip_suffix('\n').unwrap();
    assert!(token.len() == 43 && !token.contains(['\n', ' ', '/']), "{out}");
    assert!(err.contains("Ana") && !err.contains(token), "{err}");

    for (username, words) in [("a<b", "cannot be a username"), ("", "cannot be a username")] {
        let output = run(folder.path(), &[&["admin", "invite", username], &*settings].concat());
        let (out, err) = said(&output);
        assert_eq!((output.status.code(), &*out), (Some(1), ""));
        assert!(err.starts_with("error: ") && err.contains(words), "{err}");
    }
}

async fn an_invitation_works_beside_the_running_server(place: Place) {
    let program = Program::start(&place).await;
    let mut authenticator = SoftAuthenticator::new(1);
    let session = program.administrator(&mut authenticator).await;
    let mut stream = program.ask("GET", "/live").session(&session).open().await;
    assert_eq!(stream.next_event().await.unwrap().kind, "reread");
    let folder = tempfile::tempdir().unwrap();
    let origin = program.origin();
    let settings = database(&place);
    let arguments = ["admin", "invite", "bo", "--public-url", &origin, &settings[0], &settings[1]];
    let output = run(folder.path(), &arguments);
    let (out, err) = said(&output);
    assert!(output.status.success(), "{err}");
    // The open page hears of it.
    assert_eq!(stream.next_event().await.unwrap().kind, "reread");
    let link = crate::desk::token(out.trim());
    let body = program.begin(&link, &mut SoftAuthenticator::new(2)).await;
    assert_eq!(program.finish(&body).await.json()["signed_in"], true);
}

async fn a_token_is_made_on_the_machine_itself(place: Place) {
    let folder = tempfile::tempdir().unwrap();
    let settings = database(&place);
    let typed = |arguments: &[&str]| run(folder.path(), &[arguments, &[&settings[0], &settings[1]]].concat());
    let made = typed(&["token", "create", "Personnel system", "--scopes", "identities:read  groups:read", "--expires", "30d"]);
    let (out, err) = said(&made);
    assert!(made.status.success(), "{err}");
    let made: Value = serde_json::from_str(&out).unwrap();
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["expires_at", "realm_id", "tenant_id", "token"]);
    assert!(made["token"].as_str().unwrap().starts_with("keyroll_") && made["tenant_id"].as_str().unwrap().starts_with("0001"), "{out}");
    let days = "SELECT (max(expires_at) - max(created_at)) / 86400000000 FROM api_tokens WHERE name = 'Personnel system' AND everywhere";
    assert_eq!(place.number(days).await, 30);

    let realm = made["realm_id"].as_str().unwrap();
    let narrow =
        ["token", "create", "Desk", "--scopes", "groups:read", "--realm", realm, "--address", "203.0.113.0/24", "--address", "::1"];
    assert!(typed(&narrow).status.success());
    let narrow = "SELECT count(*) FROM api_tokens WHERE addresses = '203.0.113.0/24 ::1/128' AND NOT everywhere";
    assert_eq!(place.number(narrow).await, 1);

    for (wrong, words) in [
        (&["Desk", "--scopes", "identities:readd"][..], "identities:readd"),
        (&["Desk", "--scopes", " "], "at least one scope"),
        (&["Desk", "--scopes", "groups:read", "--expires", "30"], "write one such as 90d"),
        (&["Desk", "--scopes", "groups:read", "--expires", "0d"], "number of days"),
        (&["", "--scopes", "groups:read"], "name is missing"),
        (&["Desk", "--scopes", "groups:read", "--address", "here"], "here"),
        (&["Desk", "--scopes", "groups:read", "--realm", "0123456789abcdef"], "there is no realm"),
    ] {
        let output = typed(&[&["token", "create"], wrong].concat());
        let (out, err) = said(&output);
        assert_eq!((output.status.code(), &*out), (Some(1), ""), "{wrong:?}");
        assert!(err.starts_with("error: ") && err.contains(words), "{wrong:?}: {err}");
    }

    let client = said(&typed(&["application", "secret", "--scopes", "identities:read"])).0;
    let client: Value = serde_json::from_str(&client).unwrap();
    assert_eq!(client["application_id"], client["client_id"]);
    assert_eq!(client["client_secret"].as_str().unwrap().len(), 43);
}

#[test]
fn the_description_of_the_api_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let printed = said(&run(folder.path(), &["openapi"])).0;
    assert_eq!(printed, include_str!("../../../docs/openapi.json"));
}

async fn migrating_twice_changes_nothing(place: Place) {
    let folder = tempfile::tempdir().unwrap();
    let settings = database(&place);
    let migrate = || said(&run(folder.path(), &["migrate", &settings[0], &settings[1]])).0;
    let first = migrate();
    assert!(first.starts_with("The database is up to date: ") && first.contains("applied"), "{first}");
    assert_eq!(migrate(), "The database is up to date already.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_link_is_printed_until_an_administrator_is_enrolled() {
    let folder = tempfile::tempdir().unwrap();
    let place = embedded(folder.path());
    let program = Program::start(&place).await;
    let printed = program.printed();
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines.len(), 2, "{printed}");
    assert!(lines[0].contains(&program.origin()) && lines[1].starts_with(&format!("{}/enroll/", program.origin())), "{printed}");
    let first = program.first_link().unwrap();
    program.kill();

    let program = Program::start(&place).await;
    assert_ne!(program.first_link().unwrap(), first);
    // The link of the start before still works.
    let body = program.begin(&first, &mut SoftAuthenticator::new(1)).await;
    assert_eq!(program.finish(&body).await.status, 200);
    program.kill();
    assert_eq!(Program::start(&place).await.printed(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(&embedded(folder.path())).await;
    let link = program.first_link().unwrap();
    program.ask("GET", &format!("/enroll/{link}")).send().await;
    program.ask("GET", &format!("/enroll/{link}/")).send().await;
    program.ask("GET", &format!("/identities?q={link}")).send().await;
    program.ask("GET", &format!("/sign-in?next=%2Fenroll%2F{link}")).send().await;
    let session = program.administrator(&mut SoftAuthenticator::new(1)).await;
    program.ask("GET", "/identities").session(&session).send().await;
    let begun = program.post("sign-in/begin", &serde_json::json!({})).send().await.json();
    let log = program.log();
    // The log is there, and at its most talkative.
    assert!(log.contains("/enroll/{*token}") && log.contains("\"level\":\"TRACE\""), "{log:.2000}");
    for secret in [link, session, begun["id"].as_str().unwrap().to_owned()] {
        assert!(!log.contains(&secret), "a secret stands in the log");
    }
}

#[test]
fn what_is_kept_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert!(run(folder.path(), &["migrate", "--data", "new/data"]).status.success());
    assert_eq!(mode(&folder.path().join("new/data")), 0o700);
    assert_eq!(mode(&folder.path().join("new/data/keyroll.db")), 0o600);
    // A folder of somebody else's making keeps what it has.
    let there = folder.path().join("there");
    std::fs::create_dir(&there).unwrap();
    std::fs::set_permissions(&there, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(there.join("keyroll.db"), "").unwrap();
    assert!(run(folder.path(), &["migrate", "--data", "there"]).status.success());
    assert_eq!((mode(&there), mode(&there.join("keyroll.db"))), (0o755, 0o600));
}

#[test]
fn a_start_that_cannot_succeed_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let site = crate::desk::site();
    let site = site.path().to_str().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let start = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["serve"], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        said(&output)
    };
    for (arguments, words) in [
        (&["--site", site, "--listen", &*taken][..], "cannot be listened on"),
        (&["--site", "nowhere", "--listen", "127.0.0.1:0"], "--site"),
        (&["--site", site, "--listen", "127.0.0.1:0", "--data", "/dev/null"], "data folder /dev/null"),
        (&["--site", site, "--listen", "127.0.0.1:0", "--public-url", "http://id.example.com"], "https"),
        (&["--site", site, "--listen", "127.0.0.1:0", "--public-url", "https://127.0.0.1"], "host name"),
    ] {
        let (out, err) = start(arguments);
        assert!(err.contains(words), "{arguments:?}: {err}");
        assert_eq!(out, "");
    }
}
