//! `keyroll check`.

use std::path::Path;
use std::time::Duration;

use testkit::{Begin, MailServer, Place, SoftAuthenticator, on_both};

use crate::program::{Program, database, run, said};

on_both!(a_database_behind_the_program_is_a_problem_until_it_is_migrated, the_audit_log_is_proved_and_an_edit_found);

/// The lines of the report and the exit code.
fn check(folder: &Path, arguments: &[&str]) -> (Vec<String>, i32) {
    let output = run(folder, &[&["check"], arguments].concat());
    (said(&output).0.lines().map(str::to_owned).collect(), output.status.code().unwrap())
}

fn line<'a>(lines: &'a [String], what: &str) -> &'a str {
    lines.iter().find(|line| line.contains(what)).unwrap_or_else(|| panic!("nothing of {what}: {lines:?}"))
}

#[test]
fn a_new_installation_is_in_order_and_stays_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let site = crate::desk::site();
    let (lines, code) = check(folder.path(), &["--site", site.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{lines:?}");
    assert!(lines.iter().all(|line| line.starts_with("ok ")), "{lines:?}");
    assert!(line(&lines, "database:").contains("not there yet"));
    assert!(line(&lines, "site:").contains(crate::desk::BUILD));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn each_problem_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let site = crate::desk::site();
    let site = site.path().to_str().unwrap();
    for (arguments, what, words) in [
        (&["--site", "nowhere"][..], "site:", "scripts/build"),
        (&["--site", site, "--public-url", "http://id.example.com"], "public URL:", "https://id.example.com"),
        (&["--site", site, "--public-url", "https://192.0.2.1"], "public URL:", "host name"),
        (&["--site", site, "--database-url", "postgres://keyroll@127.0.0.1:1/keyroll"], "database:", "cannot be reached"),
    ] {
        let (lines, code) = check(folder.path(), arguments);
        assert_eq!(code, 1, "{lines:?}");
        let found = line(&lines, what);
        assert!(found.starts_with("problem ") && found.contains(words), "{found}");
        assert_eq!(lines.iter().filter(|line| line.starts_with("problem ")).count(), 1, "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_whose_certificate_the_system_trusts_is_spoken_to_in_secret() {
    let folder = tempfile::tempdir().unwrap();
    let site = crate::desk::site();
    for begin in [Begin::StartTls, Begin::Implicit] {
        let (server, certificate) = MailServer::with_certificate(begin).await;
        let trusted = folder.path().join("trusted.pem");
        std::fs::write(&trusted, certificate).unwrap();
        let url = if begin == Begin::Implicit { server.secure_url() } else { server.url("?tls=required") };
        let asked = async |trust: &Path| {
            let mut command = crate::program::keyroll(folder.path());
            command.args(["check", "--site", site.path().to_str().unwrap(), "--mail-from", "keyroll@example.com", "--smtp-url", &url]);
            command.env("SSL_CERT_FILE", trust);
            let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
            let (lines, _) = said(&output);
            lines.lines().find(|line| line.contains(" mail:")).unwrap_or_else(|| panic!("{lines}")).to_owned()
        };
        let found = asked(&trusted).await;
        assert!(found.starts_with("ok ") && found.contains("answers"), "{found}");
        assert_eq!(server.protected(), 1, "{begin:?}");
        std::fs::write(&trusted, MailServer::with_certificate(begin).await.1).unwrap();
        let found = asked(&trusted).await;
        assert!(found.starts_with("problem "), "{found}");
        assert_eq!(server.protected(), 1, "{begin:?}");
    }
}

async fn a_database_behind_the_program_is_a_problem_until_it_is_migrated(place: Place) {
    let folder = tempfile::tempdir().unwrap();
    let site = crate::desk::site();
    let settings = database(&place);
    let arguments = ["--site", site.path().to_str().unwrap(), &settings[0], &settings[1]];
    if let Place::Sqlite(file) = &place {
        // An empty file is a database without tables.
        std::fs::write(file, "").unwrap();
    }
    let (lines, code) = check(folder.path(), &arguments);
    assert_eq!(code, 1, "{lines:?}");
    assert!(line(&lines, "migrations:").contains("keyroll migrate"), "{lines:?}");
    if matches!(place, Place::Sqlite(_)) {
        assert!(line(&lines, "permissions:").starts_with("problem "), "{lines:?}");
    }
    assert!(run(folder.path(), &["migrate", &settings[0], &settings[1]]).status.success());
    let (lines, code) = check(folder.path(), &arguments);
    assert_eq!(code, 0, "{lines:?}");
    assert!(line(&lines, "migrations:").contains("none pending"));
}

async fn the_audit_log_is_proved_and_an_edit_found(place: Place) {
    let program = Program::start(&place).await;
    program.administrator(&mut SoftAuthenticator::new(1)).await;
    let folder = tempfile::tempdir().unwrap();
    let site = crate::desk::site();
    let settings = database(&place);
    let arguments = ["--events", "--site", site.path().to_str().unwrap(), &settings[0], &settings[1]];
    // The server seals within a second; its last event here is the administrator's sign-in.
    let signed_in = "SELECT count(*) FROM event_seals s JOIN events e ON e.id = s.event_id WHERE e.kind = 'sign_in.allowed'";
    let sealed = async {
        while place.number(signed_in).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), sealed).await.expect("the server seals");
    let (lines, code) = check(folder.path(), &arguments);
    assert_eq!(code, 0, "{lines:?}");
    let found = line(&lines, "events:");
    assert!(found.starts_with("ok ") && found.contains("each as it was written; the newest is line "), "{found}");
    program.kill();

    let guard = match place {
        Place::Sqlite(_) => "DROP TRIGGER events_are_not_altered",
        Place::Postgres(_) => "ALTER TABLE events DISABLE TRIGGER USER",
    };
    place.execute(&format!("{guard}; UPDATE events SET address = '192.0.2.1' WHERE kind = 'sign_in.allowed'")).await;
    let (lines, code) = check(folder.path(), &arguments);
    assert_eq!(code, 1, "{lines:?}");
    let found = line(&lines, "events:");
    assert!(found.starts_with("problem ") && found.contains("Signed in") && found.ends_with("was edited after it was written"), "{found}");
    let (lines, code) = check(folder.path(), &arguments[1..]);
    assert_eq!((code, lines.iter().any(|line| line.contains("events:"))), (0, false));
}
