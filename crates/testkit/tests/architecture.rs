//! The rules of docs/architecture.md: who may import whom, what the browser must not load, how long a file may be.

#![expect(clippy::unwrap_used, reason = "clippy knows test functions, but not the helpers that they share")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each of our packages, and which others it may need to run.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("scim", &["domain"]),
    ("storage", &["domain"]),
    ("service", &["domain", "scim", "storage"]),
    ("app", &["domain", "service"]),
    ("frontend", &["app"]),
    ("server", &["app", "domain", "scim", "service", "storage"]),
    ("bench", &["domain", "service", "storage", "testkit"]),
    ("testkit", &["domain"]),
];

/// What only tests may need besides.
const TESTS_ONLY: &str = "testkit";

/// Crates of the server, which the browser must not load; their companions (`sqlx-core`, `axum-core`…) are meant too.
const SERVER_CRATES: &[&str] = &["axum", "hyper", "openssl", "service", "sqlx", "storage", "tokio"];

/// The folders and files of the HTTP edges, each of which calls the service and no other edge.
const EDGES: &[&str] = &["api", "scim", "live"];

const LONGEST_FILE: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// What cargo prints.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into())).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Our packages as cargo describes them.
fn packages() -> Vec<Value> {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    assert!(packages.len() > 5, "the whole workspace is looked at");
    packages
}

/// A package's dependencies on others of ours.
fn ours(package: &Value) -> impl Iterator<Item = &Value> {
    package["dependencies"].as_array().unwrap().iter().filter(|dependency| !dependency["path"].is_null())
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// The dependency on `name` of the package called `of`.
fn dependency<'a>(packages: &'a [Value], of: &str, name: &str) -> &'a Value {
    let package = packages.iter().find(|package| package["name"] == of).unwrap();
    ours(package).find(|dependency| dependency["name"] == name).unwrap()
}

#[test]
fn each_package_imports_only_what_it_may() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(known, _)| *known == name) else { panic!("{name} has no rule yet") };
        for dependency in ours(&package) {
            let imported = dependency["name"].as_str().unwrap();
            let for_tests = dependency["kind"] == "dev" && imported == TESTS_ONLY;
            assert!(for_tests || allowed.contains(&imported), "{name} must not import {imported}");
        }
    }
}

#[test]
fn the_interface_knows_the_service_only_on_the_server() {
    let packages = packages();
    assert_eq!(dependency(&packages, "app", "service")["optional"], true);
    let app = packages.iter().find(|package| package["name"] == "app").unwrap();
    for (feature, enables) in app["features"].as_object().unwrap() {
        let enables_service = texts(enables).iter().any(|enabled| enabled.trim_start_matches("dep:").trim_end_matches('?') == "service");
        assert_eq!(enables_service, feature == "ssr", "feature {feature}");
    }
    assert_eq!(texts(&dependency(&packages, "frontend", "app")["features"]), ["hydrate"]);
    assert_eq!(texts(&dependency(&packages, "server", "app")["features"]), ["ssr"]);
}

#[test]
fn the_browser_loads_no_server_crate() {
    let tree =
        cargo(&["tree", "-p", "frontend", "--target", "wasm32-unknown-unknown", "-e", "normal", "--prefix", "none", "--format", "{p}"]);
    let crates: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains(&"leptos"), "the tree is the frontend's");
    for found in crates {
        let name = found.split('-').next().unwrap();
        assert!(!SERVER_CRATES.contains(&name), "{found} is in the browser's tree");
    }
}

/// Every Rust file of ours.
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        let foreign = name.starts_with('.') || name == "target" || name == "node_modules";
        if path.is_dir() && !foreign {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn an_edge_calls_the_service_and_no_other_edge() {
    let mut files = Vec::new();
    rust_files(&root().join("server/src"), &mut files);
    for file in files {
        let inside = file.strip_prefix(root().join("server/src")).unwrap();
        let first = Path::new(inside.components().next().unwrap().as_os_str()).file_stem().unwrap().to_string_lossy().into_owned();
        if !EDGES.contains(&first.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for other in EDGES.iter().filter(|other| **other != first) {
            assert!(!text.contains(&format!("crate::{other}")), "{} calls the edge {other}", inside.display());
        }
        assert!(!text.contains("storage::"), "{} goes past the service", inside.display());
    }
}

#[test]
fn no_rust_file_is_too_long() {
    let mut files = Vec::new();
    rust_files(&root(), &mut files);
    assert!(files.iter().any(|file| file.ends_with(file!())), "the walk comes past this file");
    for file in files {
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines; {LONGEST_FILE} are the most", file.display());
    }
}
