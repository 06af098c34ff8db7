//! HTTP/1.1 (RFC 9112) as far as tests speak it. A client that says exactly what it is told to, wrong things included.

use std::fmt::Write as _;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A request in the making.
#[derive(Clone)]
pub(crate) struct Ask {
    address: SocketAddr,
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    pub(crate) fn new(address: SocketAddr, method: &str, path: &str) -> Self {
        Self { address, line: format!("{method} {path} HTTP/1.1"), headers: Vec::new(), body: Vec::new() }
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a header out again.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn session(self, token: &str) -> Self {
        self.with("cookie", &format!("session={token}"))
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// A body that says itself where it ends, ready to be sent (RFC 9112, §7.1).
    pub(crate) fn chunked(self, chunks: String) -> Self {
        self.with("transfer-encoding", "chunked").body(chunks)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = self.line.clone() + "\r\n";
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        let is_chunked = self.headers.iter().any(|(name, _)| name == "transfer-encoding");
        if !is_chunked && (!self.body.is_empty() || self.line.starts_with("POST")) {
            write!(head, "content-length: {}\r\n", self.body.len()).unwrap();
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }

    /// Sends it on a connection of its own and reads the whole answer.
    pub(crate) async fn send(self) -> Answer {
        let bytes = self.with_close().bytes();
        raw(self.address, &bytes).await
    }

    /// Sends it to a server that may die of it: `None` where no whole answer comes back.
    pub(crate) async fn try_send(self) -> Option<Answer> {
        let bytes = self.with_close().bytes();
        let mut stream = TcpStream::connect(self.address).await.ok()?;
        stream.write_all(&bytes).await.ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok()?;
        (!answer.is_empty()).then(|| Answer::parse(&answer))
    }

    fn with_close(&self) -> Self {
        self.clone().with("connection", "close")
    }

    /// Sends it and reads the head of the answer; the body comes as it comes.
    pub(crate) async fn open(self) -> Stream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(&self.bytes()).await.unwrap();
        Stream::new(stream).await
    }
}

/// Sends bytes as they are.
pub(crate) async fn raw(address: SocketAddr, bytes: &[u8]) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    // Both at once: a server may answer before it has read everything.
    let write = async {
        let _ = writing.write_all(bytes).await;
    };
    let mut answer = Vec::new();
    let read = reading.read_to_end(&mut answer);
    let (_, read) = tokio::join!(write, read);
    assert!(read.is_ok() || !answer.is_empty(), "the connection was cut without an answer");
    Answer::parse(&answer)
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no head: {bytes:?}"));
        let mut answer = Self::head(std::str::from_utf8(&bytes[..end]).unwrap());
        let body = &bytes[end + 4..];
        answer.body = if answer.header("transfer-encoding") == Some("chunked") { dechunked(body) } else { body.to_vec() };
        answer
    }

    fn head(head: &str) -> Self {
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Self { status, headers: headers.collect(), body: Vec::new() }
    }

    /// The header that is there once, or not at all.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} is there twice");
        value
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// The code of a refusal, which has its whole shape.
    pub(crate) fn code(&self) -> String {
        let error = self.json();
        assert!(error["words"].as_str().is_some_and(|words| !words.is_empty()), "{error}");
        assert!(error["fields"].is_array() && error["request_id"].is_string(), "{error}");
        assert_eq!(self.header("content-type"), Some("application/json"), "{error}");
        error["code"].as_str().unwrap().to_owned()
    }

    /// The session that the answer signs in with.
    pub(crate) fn session(&self) -> Option<String> {
        let value = self.header("set-cookie")?.split(';').next()?.split_once('=')?.1;
        Some(value.to_owned())
    }
}

fn dechunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").expect("a chunk begins with its size");
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 2 + size + 2..];
    }
}

/// An answer whose body is still coming, as server-sent events.
pub(crate) struct Stream {
    pub(crate) answer: Answer,
    connection: BufReader<TcpStream>,
}

/// One event: its kind, id and data, each empty where it is missing. A comment is an event of kind `:`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Heard {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) data: String,
}

impl Stream {
    async fn new(stream: TcpStream) -> Self {
        let mut connection = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(connection.read_line(&mut head).await.unwrap(), 0, "the connection ended within the head");
        }
        Self { answer: Answer::head(head.trim_end()), connection }
    }

    /// The next event; `None` where the stream has ended properly.
    pub(crate) async fn next(&mut self) -> Option<Heard> {
        let size = self.line().await;
        let size = usize::from_str_radix(&size, 16).unwrap_or_else(|_| panic!("not the size of a chunk: {size:?}"));
        let mut chunk = vec![0; size + 2];
        self.connection.read_exact(&mut chunk).await.unwrap();
        if size == 0 {
            return None;
        }
        let mut heard = Heard::default();
        for line in std::str::from_utf8(&chunk[..size]).unwrap().lines() {
            match line.split_once(": ").or_else(|| line.split_once(':')) {
                Some(("", _)) => ":".clone_into(&mut heard.kind),
                Some(("event", value)) => value.clone_into(&mut heard.kind),
                Some(("id", value)) => value.clone_into(&mut heard.id),
                Some(("data", value)) => value.clone_into(&mut heard.data),
                _ => assert_eq!(line, ""),
            }
        }
        Some(heard)
    }

    /// The next event that is no comment.
    pub(crate) async fn next_event(&mut self) -> Option<Heard> {
        loop {
            match self.next().await {
                Some(heard) if heard.kind == ":" => {}
                heard => return heard,
            }
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.connection.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
    }
}
