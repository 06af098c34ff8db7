//! The server as a process: starts it, asks it, reads its memory, ends it.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(50);

/// Memory of a process in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    /// All of its pages that are in memory, the program's own file included.
    pub(crate) resident: u64,
    /// Its heap and stacks alone.
    pub(crate) anonymous: u64,
}

/// Reads the memory of a process, named by its id or `self`, from `/proc`.
pub(crate) fn memory(process: &str) -> Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).context("reading /proc")?;
    let bytes = |field: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(field)).with_context(|| format!("/proc has no {field}"))?;
        let kilobytes: u64 = line.trim_start_matches(':').trim().trim_end_matches("kB").trim_end().parse()?;
        Ok::<_, anyhow::Error>(kilobytes * 1024)
    };
    Ok(Memory { resident: bytes("VmRSS")?, anonymous: bytes("RssAnon")? })
}

/// A running server; killed where it is dropped without [`Server::stop`].
pub(crate) struct Server {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts `keyroll serve` on a free port and waits until it is ready. What it prints goes to a file in `folder`.
    pub(crate) fn start(program: &Path, site: &Path, folder: &Path, database_url: Option<&str>) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = folder.join("server.log");
        let output = File::create(&log)?;
        let mut command = Command::new(program);
        command.arg("serve").arg("--data").arg(folder).arg("--site").arg(site);
        command.args(["--listen", &format!("127.0.0.1:{port}"), "--public-url", &format!("http://localhost:{port}")]);
        if let Some(url) = database_url {
            command.args(["--database-url", url]);
        }
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.spawn().with_context(|| format!("starting {}", program.display()))?;
        let mut server = Self { child, port, log };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.printed());
            }
            if self.get("/readyz").is_ok_and(|status| status == 200) {
                return Ok(());
            }
            ensure!(start.elapsed() < PATIENCE, "the server is not ready after {PATIENCE:?}:\n{}", self.printed());
            thread::sleep(POLL);
        }
    }

    fn printed(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The status that the server answers a GET with, after its whole answer has been read.
    pub(crate) fn get(&self, path: &str) -> Result<u16> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).with_context(|| format!("{path}: not an HTTP answer"))
    }

    /// The memory that the server settles on: when four readings a second apart are within 1 % of one another.
    pub(crate) fn settled_memory(&self) -> Result<Memory> {
        let start = Instant::now();
        let process = self.child.id().to_string();
        let mut readings = Vec::new();
        loop {
            let reading = memory(&process)?;
            readings.push(reading.resident);
            let latest = &readings[readings.len().saturating_sub(4)..];
            let (least, most) = (latest.iter().min().copied().unwrap_or(0), latest.iter().max().copied().unwrap_or(0));
            if latest.len() == 4 && most - least <= most / 100 {
                return Ok(reading);
            }
            ensure!(start.elapsed() < PATIENCE, "the server's memory does not settle: {readings:?}");
            thread::sleep(Duration::from_secs(1));
        }
    }

    /// Asks the server to end, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(asked.success(), "SIGTERM could not be sent");
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the server ended with {status}:\n{}", self.printed());
                return Ok(());
            }
            ensure!(start.elapsed() < PATIENCE, "the server does not end after SIGTERM:\n{}", self.printed());
            thread::sleep(POLL);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` there is nothing left to end.
        if matches!(self.child.try_wait(), Ok(None)) {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}
