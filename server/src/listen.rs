//! Connections: bounded in number and in the time they may take to say what they want, and ended gently.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tower::Service;

use crate::{auth::Peer, stall::Unstalled};

/// How many connections may be open at once.
const CONNECTIONS: usize = 4_096;
/// How long a connection may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(15);
/// How long what is sent may wait for the other side to read on.
const STALL: Duration = Duration::from_secs(30);
/// How long requests may go on once the process is asked to end.
const GRACE: Duration = Duration::from_secs(6);

/// Takes an address.
///
/// # Errors
/// In words for an operator, naming the setting.
pub async fn bind(key: &str, address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{key}: something else listens on {address} already; choose another port or stop it")
        }
        io::ErrorKind::PermissionDenied => format!(
            "{key}: {address} needs rights that this process does not have; choose a port from 1024 on"
        ),
        io::ErrorKind::AddrNotAvailable => format!("{key}: {address} is not an address of this machine"),
        _ => format!("{key}: cannot listen on {address}: {error}"),
    })
}

/// Serves until `stop`, then lets what runs come to its end.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Out of file descriptors, say: the others go on, and this one is tried again.
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let connection = graceful.watch(connection(stream, peer, router.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still running and were cut off");
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
) -> impl GracefulConnection<Error = hyper::Error> {
    // A page that is sent in several writes would wait for the other side's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let handler = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        let mut router = router.clone();
        async move { router.call(request).await }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Unstalled::new(stream, STALL)), handler)
}
