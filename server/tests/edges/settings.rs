//! Settings: where they come from, which is the strongest, and what is said of wrong ones.

use std::path::Path;
use std::process::Command;

use crate::program::{keyroll, said};

/// What `keyroll check` says of the public address.
fn public_url(command: &mut Command) -> String {
    let (out, _) = said(&command.arg("check").output().unwrap());
    let line = out.lines().find(|line| line.contains("public URL:")).unwrap_or_default();
    line.split("public URL: ").nth(1).unwrap_or_default().split(';').next().unwrap_or_default().to_owned()
}

fn file(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn the_flag_outranks_the_variable_and_the_variable_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(public_url(&mut keyroll(folder)), "http://localhost:3000");
    assert_eq!(public_url(keyroll(folder).args(["--listen", "127.0.0.1:8080"])), "http://localhost:8080");
    file(folder, "keyroll.toml", "public-url = \"https://file.example\"\n");
    assert_eq!(public_url(&mut keyroll(folder)), "https://file.example");
    assert_eq!(public_url(keyroll(folder).env("KEYROLL_PUBLIC_URL", "")), "https://file.example");
    assert_eq!(public_url(keyroll(folder).env("KEYROLL_PUBLIC_URL", "https://variable.example")), "https://variable.example");
    let all = ["--public-url", "https://flag.example"];
    assert_eq!(public_url(keyroll(folder).env("KEYROLL_PUBLIC_URL", "https://variable.example").args(all)), "https://flag.example");
    file(folder, "other.toml", "public-url = \"https://other.example\"\n");
    assert_eq!(public_url(keyroll(folder).args(["--config", "other.toml"])), "https://other.example");
    assert_eq!(public_url(keyroll(folder).env("KEYROLL_CONFIG", "other.toml")), "https://other.example");
}

#[test]
fn a_wrong_setting_is_named_with_where_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let said = |command: &mut Command| {
        let output = command.arg("check").output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let (out, err) = said(&output);
        assert_eq!(out, "");
        err
    };
    let error = said(keyroll(folder).args(["--listen", "3000"]));
    assert_eq!(
        error,
        "error: --listen: \"3000\" is not an address to listen on; write the machine's address and a port, such as 127.0.0.1:3000\n"
    );
    let error = said(keyroll(folder).env("KEYROLL_LOG_FORMAT", "xml"));
    assert_eq!(error, "error: KEYROLL_LOG_FORMAT: \"xml\" is not a format of the log; there are text and json\n");
    assert!(said(keyroll(folder).args(["--config", "missing.toml"])).contains("missing.toml cannot be read"));

    file(folder, "keyroll.toml", "data = \"data\"\npublic-url = \"id.example.com\"\n");
    let error = said(&mut keyroll(folder));
    assert!(error.starts_with("error: keyroll.toml, line 2, public-url: \"id.example.com\" is not an address"), "{error}");
    file(folder, "keyroll.toml", "\nlitsen = \"127.0.0.1:1\"\n");
    let error = said(&mut keyroll(folder));
    assert!(error.starts_with("error: keyroll.toml, line 2: there is no setting \"litsen\". There are listen, "), "{error}");
    file(folder, "keyroll.toml", "trust-proxy = \"maybe\"\n");
    assert!(said(&mut keyroll(folder)).contains("keyroll.toml, line 1, trust-proxy: \"maybe\" is neither true nor false"));
}

#[test]
fn a_secret_is_not_repeated_even_where_it_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = "mysql://keyroll:opensesame@db.example/keyroll";
    let unreachable = "postgres://keyroll:opensesame@127.0.0.1:1/keyroll?connect_timeout=1";
    file(folder.path(), "keyroll.toml", &format!("database-url = \"{wrong}\"\n"));
    for mut command in [
        keyroll(folder.path()),
        with(folder.path(), "KEYROLL_DATABASE_URL", wrong),
        with(folder.path(), "KEYROLL_DATABASE_URL", unreachable),
    ] {
        let (out, err) = said(&command.arg("check").output().unwrap());
        assert!((out.clone() + &err).contains("PostgreSQL") && !out.contains("opensesame") && !err.contains("opensesame"), "{out}{err}");
    }
}

fn with(folder: &Path, variable: &str, value: &str) -> Command {
    let mut command = keyroll(folder);
    command.env(variable, value);
    command
}
