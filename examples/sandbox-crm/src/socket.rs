//! Connections that can be cut off: a handler calls [`Connection::abort`], and the client gets a TCP reset instead of an answer.
//!
//! HTTP has no way to say "no answer", so this happens below it: once aborted, the first write of the answer fails and the
//! socket is closed with zero linger, which sends RST. Not one byte of the answer is written.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// A listener whose connections can be aborted.
pub(crate) struct Abortable(pub(crate) TcpListener);

/// One accepted connection, as the server reads and writes it.
pub(crate) struct Socket {
    stream: TcpStream,
    connection: Connection,
}

/// The same connection, as a handler holds it.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    peer: IpAddr,
    aborted: Arc<AtomicBool>,
}

impl Connection {
    fn from(peer: SocketAddr) -> Self {
        // An IPv4 client of a socket that takes both kinds has an IPv6 address.
        Self { peer: peer.ip().to_canonical(), aborted: Arc::default() }
    }

    pub(crate) fn peer(&self) -> IpAddr {
        self.peer
    }

    /// From here on nothing is written any more; the next attempt to write resets the connection.
    pub(crate) fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
    }
}

impl Listener for Abortable {
    type Io = Socket;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Socket, SocketAddr) {
        // axum's own implementation, which already retries what can be retried.
        let (stream, address) = Listener::accept(&mut self.0).await;
        // A dripped body must leave in the pieces it was written in. If this fails, it merely arrives in larger ones.
        let _ = stream.set_nodelay(true);
        (Socket { stream, connection: Connection::from(address) }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Abortable>> for Connection {
    fn connect_info(incoming: IncomingStream<'_, Abortable>) -> Self {
        incoming.io().connection.clone()
    }
}

impl Socket {
    fn writable(&self) -> io::Result<()> {
        if self.connection.aborted.load(Ordering::Acquire) {
            self.stream.set_zero_linger()?;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.writable()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, slices: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.writable()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A clean end (FIN) would tell the client something; an aborted connection must end in a reset.
        self.writable()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
