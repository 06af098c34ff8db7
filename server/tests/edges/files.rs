//! Static files.

use crate::desk::{BUILD, Desk, embedded};

#[tokio::test(flavor = "multi_thread")]
async fn files_are_served_compressed_where_the_browser_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let wasm = format!("/pkg/{BUILD}/console_bg.wasm");
    let plain = desk.get(&wasm).send().await;
    assert_eq!((&*plain.text(), plain.header("content-type"), plain.header("content-encoding")), ("wasm", Some("application/wasm"), None));
    let small = desk.get(&wasm).with("accept-encoding", "gzip, deflate, br, zstd").send().await;
    assert_eq!(
        (&*small.text(), small.header("content-type"), small.header("content-encoding")),
        ("wasm, compressed", Some("application/wasm"), Some("br"))
    );
    for answer in [&plain, &small] {
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
    let refused = desk.get(&wasm).with("accept-encoding", "br;q=0").send().await;
    assert_eq!((&*refused.text(), refused.header("content-encoding")), ("wasm", None));
    let icons = desk.get("/icons.svg").with("accept-encoding", "br").send().await;
    assert_eq!((&*icons.text(), icons.header("cache-control")), ("icons, compressed", Some("public, max-age=300")));
    // No compressed one lies beside it.
    let font = desk.get("/fonts/inter-latin.woff2").with("accept-encoding", "br").send().await;
    assert_eq!((&*font.text(), font.header("content-type"), font.header("content-encoding")), ("font", Some("font/woff2"), None));

    let head = desk.ask("HEAD", &wasm).send().await;
    assert_eq!((head.status, head.header("content-length"), &*head.body), (200, Some("4"), &b""[..]));
    let since = plain.header("last-modified").unwrap();
    let unchanged = desk.get(&wasm).with("if-modified-since", since).send().await;
    assert_eq!((unchanged.status, &*unchanged.body), (304, &b""[..]));
    let part = desk.get(&wasm).with("range", "bytes=1-2").send().await;
    assert_eq!((part.status, &*part.text()), (206, "as"));
    let posted = desk.ask("POST", &wasm).with("origin", &desk.origin()).send().await;
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET,HEAD")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_outside_of_the_site_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(&embedded(folder.path())).await;
    let session = desk.administrator("ana").await;
    let secret = desk.site.path().parent().unwrap().join("keyroll-secret.txt");
    let name = secret.file_name().unwrap().to_str().unwrap();
    let paths = [
        format!("/pkg/../../{name}"),
        format!("/pkg/%2e%2e/%2e%2e/{name}"),
        format!("/pkg/..%2f..%2f{name}"),
        format!("/pkg/..%5c..%5c{name}"),
        format!("/fonts/../../{name}"),
        "/pkg/../build-id".to_owned(),
        "/pkg/../.stamp".to_owned(),
        "/pkg//etc/passwd".to_owned(),
        "/pkg/%2fetc%2fpasswd".to_owned(),
        "/pkg/%00".to_owned(),
        "/pkg/%ff".to_owned(),
        "/pkg/".to_owned(),
        format!("/pkg/{BUILD}"),
        format!("/pkg/{BUILD}/"),
        format!("/pkg/{BUILD}/console.js/x"),
        "/build-id".to_owned(),
        "/.stamp".to_owned(),
        "//etc/passwd".to_owned(),
        "/../../etc/passwd".to_owned(),
    ];
    std::fs::write(&secret, "secret").unwrap();
    for path in paths {
        let answer = desk.get(&path).session(&session).send().await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().contains("secret") && !answer.text().contains("stamped") && !answer.text().contains("root:"), "{path}");
    }
    std::fs::remove_file(&secret).unwrap();
}
