//! A mail server (RFC 5321) on loopback that behaves as well or as badly as a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A point of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Greeting,
    Hello,
    Auth,
    From,
    To,
    Data,
    /// The text has arrived whole.
    Text,
}

/// How the server behaves at a phase; everywhere else it is a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Good,
    Answers(Phase, &'static str),
    Hangs(Phase),
    Drops(Phase),
}

/// A mail that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub text: String,
}

#[derive(Default)]
struct State {
    manner: Option<Manner>,
    received: Vec<Received>,
    logins: Vec<String>,
    /// Connections that came to be protected.
    protected: u32,
}

/// How TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    StartTls,
    Implicit,
}

/// The running server; it ends when it is dropped.
pub struct MailServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl MailServer {
    /// A good server without TLS.
    pub async fn start() -> Self {
        Self::serve(None).await
    }

    /// One that offers STARTTLS (RFC 3207) with a certificate that nobody vouches for.
    pub async fn with_bad_certificate() -> Self {
        Self::with_certificate(Begin::StartTls).await.0
    }

    /// One with TLS for `localhost`, and the certificate as PEM: whoever trusts it may trust the server.
    pub async fn with_certificate(begin: Begin) -> (Self, String) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate can be made");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config =
            ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).expect("the key is its own");
        (Self::serve(Some((begin, TlsAcceptor::from(Arc::new(config))))).await, cert.pem())
    }

    async fn serve(tls: Option<(Begin, TlsAcceptor)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(Mutex::new(State::default()));
        let held = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A conversation that breaks is the client's affair.
                tokio::spawn(converse(stream, tls.clone(), Arc::clone(&held)));
            }
        });
        Self { address, state, task }
    }

    /// `smtps://`
    #[must_use]
    pub fn secure_url(&self) -> String {
        format!("smtps://localhost:{}", self.address.port())
    }

    /// How many connections came to be protected.
    #[must_use]
    pub fn protected(&self) -> u32 {
        held(&self.state).protected
    }

    /// `smtp://` with what the test wants behind it.
    #[must_use]
    pub fn url(&self, rest: &str) -> String {
        format!("smtp://localhost:{}{rest}", self.address.port())
    }

    pub fn behave(&self, manner: Manner) {
        held(&self.state).manner = Some(manner);
    }

    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        held(&self.state).received.clone()
    }

    /// What clients authenticated with, base64 as it was sent (RFC 4616).
    #[must_use]
    pub fn logins(&self) -> Vec<String> {
        held(&self.state).logins.clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn held(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn converse(stream: TcpStream, tls: Option<(Begin, TlsAcceptor)>, state: Arc<Mutex<State>>) -> Option<()> {
    let Some((begin, tls)) = tls else {
        return session(BufReader::new(stream), &state, true, false).await.map(|_| ());
    };
    let stream = match begin {
        Begin::StartTls => session(BufReader::new(stream), &state, true, true).await?.into_inner(),
        Begin::Implicit => stream,
    };
    let stream = tls.accept(stream).await.ok()?;
    held(&state).protected += 1;
    session(BufReader::new(stream), &state, begin == Begin::Implicit, false).await.map(|_| ())
}

/// Talks until the client leaves, or asks for TLS.
async fn session<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    state: &Mutex<State>,
    greets: bool,
    offers_tls: bool,
) -> Option<BufReader<S>> {
    if greets {
        answer(&mut stream, state, Phase::Greeting, "220 test ESMTP").await?;
    }
    let (mut from, mut to) = (String::new(), String::new());
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let command = line.trim_end().to_owned();
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                let offer =
                    if offers_tls { "250-test\r\n250-STARTTLS\r\n250 8BITMIME" } else { "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME" };
                answer(&mut stream, state, Phase::Hello, offer).await?;
            }
            "STARTTLS" => {
                write(&mut stream, "220 go on").await?;
                return Some(stream);
            }
            "AUTH" => {
                held(state).logins.push(command.rsplit(' ').next().unwrap_or_default().to_owned());
                answer(&mut stream, state, Phase::Auth, "235 ok").await?;
            }
            "MAIL" => {
                from = address_in(&command);
                answer(&mut stream, state, Phase::From, "250 ok").await?;
            }
            "RCPT" => {
                to = address_in(&command);
                answer(&mut stream, state, Phase::To, "250 ok").await?;
            }
            "DATA" => {
                if answer(&mut stream, state, Phase::Data, "354 go on").await? {
                    let text = text(&mut stream).await?;
                    let taken = Received { from: from.clone(), to: to.clone(), text };
                    finish(&mut stream, state, taken).await?;
                }
            }
            "QUIT" => {
                write(&mut stream, "221 bye").await?;
                return None;
            }
            _ => write(&mut stream, "250 ok").await?,
        }
    }
}

/// Answers as the manner says; whether it was the good answer, or nothing where the connection is dropped.
async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    state: &Mutex<State>,
    phase: Phase,
    good: &str,
) -> Option<bool> {
    let manner = held(state).manner.unwrap_or(Manner::Good);
    match manner {
        Manner::Answers(at, words) if at == phase => write(stream, words).await.map(|()| false),
        Manner::Drops(at) if at == phase => None,
        Manner::Hangs(at) if at == phase => std::future::pending().await,
        _ => write(stream, good).await.map(|()| true),
    }
}

/// Takes the text, or not. A mail whose answer is never heard was taken all the same.
async fn finish<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, state: &Mutex<State>, mail: Received) -> Option<()> {
    let refused = matches!(held(state).manner, Some(Manner::Answers(Phase::Text, _)));
    if !refused {
        held(state).received.push(mail);
    }
    answer(stream, state, Phase::Text, "250 taken").await.map(|_| ())
}

async fn text<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n.\r\n") {
        text.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&text).into_owned())
}

async fn write<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, words: &str) -> Option<()> {
    stream.get_mut().write_all(format!("{words}\r\n").as_bytes()).await.ok()?;
    stream.get_mut().flush().await.ok()
}

fn address_in(command: &str) -> String {
    command.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or_else(String::new, |(address, _)| address.to_owned())
}
