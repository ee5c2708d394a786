//! One accepted connection: counted while it is open, and able to end in a TCP reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;

/// How many connections there are and were.
#[derive(Default)]
pub(crate) struct Census {
    open: AtomicUsize,
    accepted: AtomicUsize,
}

impl Census {
    /// Connections that are open now.
    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Connections accepted since the start.
    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }
}

/// A handle by which a request knows and ends its connection.
#[derive(Clone)]
pub(crate) struct Line {
    /// Number of the connection, from 1.
    pub(crate) number: usize,
    reset: Arc<AtomicBool>,
}

impl Line {
    /// Decides how the connection ends when it is dropped next: by a reset or by an ordinary close.
    pub(crate) fn cut(&self, reset: bool) {
        self.reset.store(reset, Ordering::Relaxed);
    }
}

/// The socket under the HTTP server.
pub(crate) struct Socket {
    stream: TcpStream,
    line: Line,
    census: Arc<Census>,
}

impl Socket {
    /// Counts a connection and sends each write at once, for write boundaries are what is tested.
    pub(crate) fn new(stream: TcpStream, census: Arc<Census>) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        census.open.fetch_add(1, Ordering::Relaxed);
        let number = census.accepted.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(Self { stream, line: Line { number, reset: Arc::default() }, census })
    }

    /// The handle for this connection's requests.
    pub(crate) fn line(&self) -> Line {
        self.line.clone()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.line.reset.load(Ordering::Relaxed) {
            // With no time to linger the kernel answers with a reset; if it refuses, an ordinary close remains.
            let _ = self.stream.set_zero_linger();
        }
        self.census.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
