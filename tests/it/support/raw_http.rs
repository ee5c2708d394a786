//! A bare HTTP/1.1 client that shows what is on the wire: chunk boundaries, and how the connection ended.

use std::io;
use std::net::SocketAddr;

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// How the body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As the protocol wants it.
    Complete,
    /// The connection was closed before.
    Closed,
    /// The connection was reset before.
    Reset,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and headers, with lower-case names as the server writes them.
    pub(crate) head: String,
    /// The body by HTTP chunks, or as one if it has a length.
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) ending: Ending,
}

impl Answer {
    /// The whole body.
    pub(crate) fn body(&self) -> Vec<u8> {
        self.chunks.concat()
    }

    /// The whole body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body()).into_owned()
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// Opens a connection and sends a POST with a JSON body; the answer is still to be read.
pub(crate) async fn send(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut request = format!("POST {path} HTTP/1.1\r\nhost: stand-in\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
    stream
}

/// Reads an answer to its end, whatever that is.
pub(crate) async fn read(stream: &mut TcpStream) -> Answer {
    let mut wire = Wire { stream, buffer: Vec::new() };
    let head = wire.until(b"\r\n\r\n").await.unwrap();
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut answer = Answer { status, head, chunks: Vec::new(), ending: Ending::Complete };
    let read = match answer.header("content-length").map(|length| length.parse().unwrap()) {
        Some(length) => wire.take(length).await.map(|body| answer.chunks.push(body)),
        None => chunks(&mut wire, &mut answer.chunks).await,
    };
    if let Err(error) = read {
        let reset = error.kind() == io::ErrorKind::ConnectionReset;
        answer.ending = if reset { Ending::Reset } else { Ending::Closed };
    }
    answer
}

async fn chunks(wire: &mut Wire<'_>, chunks: &mut Vec<Vec<u8>>) -> io::Result<()> {
    loop {
        let size = wire.until(b"\r\n").await?;
        let size = usize::from_str_radix(std::str::from_utf8(&size).unwrap().trim(), 16).unwrap();
        let chunk = wire.take(size).await?;
        wire.until(b"\r\n").await?;
        if size == 0 {
            return Ok(());
        }
        chunks.push(chunk);
    }
}

struct Wire<'a> {
    stream: &'a mut TcpStream,
    buffer: Vec<u8>,
}

impl Wire<'_> {
    /// Takes everything up to and with `mark`.
    async fn until(&mut self, mark: &[u8]) -> io::Result<Vec<u8>> {
        loop {
            if let Some(start) = self.buffer.windows(mark.len()).position(|window| window == mark) {
                return self.take(start + mark.len()).await;
            }
            self.fill().await?;
        }
    }

    async fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.fill().await?;
        }
        let rest = self.buffer.split_off(length);
        Ok(std::mem::replace(&mut self.buffer, rest))
    }

    async fn fill(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}
