//! Connections: taken in, served, and seen off when the server is to stop.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::http::session::Peer;
use crate::router::router;
use crate::{Edge, Limits};

/// A request's line and headers: a long search, some cookies, and room to spare.
const MOST_OF_A_HEAD: usize = 32 * 1024;
/// After a connection could not be taken in, for want of file handles for one.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop`, then lets running requests end.
pub async fn serve(listener: TcpListener, edge: Edge, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let limits = edge.limits;
    let (stopping, stopped) = watch::channel(false);
    let router = router(Arc::new(edge), stopped)?;
    let http = http(limits);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // News are small and must not wait for more.
                    let _ = stream.set_nodelay(true);
                    let router = router.clone();
                    let service = service_fn(move |request| answer(router.clone(), peer, request));
                    connections.spawn(graceful.watch(http.serve_connection(TokioIo::new(stream), service)));
                }
                Err(error) => refused(&error).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    // Event streams have no end of their own.
    let _ = stopping.send(true);
    if tokio::time::timeout(limits.farewell, graceful.shutdown()).await.is_err() {
        tracing::warn!(connections = connections.len(), "some requests did not end in time and are cut off");
    }
    connections.shutdown().await;
    Ok(())
}

fn http(limits: Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_header_size(MOST_OF_A_HEAD);
    http
}

async fn answer(router: Router, peer: SocketAddr, request: Request<Incoming>) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer.ip()));
    router.oneshot(request).await
}

/// A client that left before it was taken in is its own affair; anything else passes, given time.
async fn refused(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::error!(%error, "a connection could not be taken in");
        tokio::time::sleep(PAUSE).await;
    }
}
