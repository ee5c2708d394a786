//! One accepted connection: counted while it is open, and able to end in a TCP reset.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
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

    /// Counts one more until the returned value is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> Presence {
        self.open.fetch_add(1, Ordering::Relaxed);
        let number = self.accepted.fetch_add(1, Ordering::Relaxed) + 1;
        Presence { number, census: self.clone() }
    }
}

/// One that is open now.
pub(crate) struct Presence {
    /// Position in the order of arrival, from 1.
    pub(crate) number: usize,
    census: Arc<Census>,
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.census.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a connection does when HTTP has ended on it: an upgrade leaves it here, so that it runs in the connection's
/// own task and ends with it.
#[derive(Clone, Default)]
pub(crate) struct Succession(Arc<Mutex<Option<Afterlife>>>);

type Afterlife = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Succession {
    /// Lets `work` follow the last HTTP answer.
    pub(crate) fn follow(&self, work: impl Future<Output = ()> + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::pin(work));
    }

    /// What is to follow, if anything is.
    pub(crate) fn take(&self) -> Option<Afterlife> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
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
    _presence: Presence,
}

impl Socket {
    /// Counts a connection and sends each write at once, for write boundaries are what is tested.
    pub(crate) fn new(stream: TcpStream, census: &Arc<Census>) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        let presence = census.enter();
        let line = Line { number: presence.number, reset: Arc::default() };
        Ok(Self { stream, line, _presence: presence })
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
