//! Where the audio goes: a file, or a pipe.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use tokio::fs::File;
use tokio::io::AsyncSeekExt;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt;
use tokio::io::Stdout;
use tokio::io::stdout;

use crate::cli::trouble::Trouble;

use super::format::Format;
use super::wav;

/// Where the user wants the audio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Pipe,
    File(PathBuf),
}

impl Destination {
    /// `-` is standard output, unless that `is_terminal`: audio would wreck it.
    pub(super) fn new(path: &Path, is_terminal: bool) -> Result<Self, Trouble> {
        if path != Path::new("-") {
            return Ok(Self::File(path.to_owned()));
        }
        if is_terminal {
            return Err(Trouble::usage("audio is not for a terminal; name a file with `-o FILE`, or use a pipe"));
        }
        Ok(Self::Pipe)
    }

    /// The format of somebody who named none.
    pub(super) fn format(&self) -> Result<Format, Trouble> {
        match self {
            Self::Pipe => Ok(Format::Pcm),
            Self::File(path) => Format::of_file(path).ok_or_else(|| {
                Trouble::usage(format!("the name {} says no audio format; name one with `--format`", path.display()))
            }),
        }
    }
}

/// A destination. It is opened once there is audio: a refused call, and a text without anything to speak, leave an old file
/// alone, and no new one that is none of its format.
pub(super) struct Sink {
    destination: Destination,
    /// What is still to be written in front of the first audio.
    header: Vec<u8>,
    open: Option<Open>,
    head: Vec<u8>,
    written: u64,
}

enum Open {
    Pipe(Stdout),
    File(File),
}

impl Sink {
    pub(super) fn new(destination: Destination) -> Self {
        Self { destination, header: Vec::new(), open: None, head: Vec::new(), written: 0 }
    }

    /// What is written in front of the first audio.
    pub(super) fn headed(&mut self, header: Vec<u8>) {
        self.header = header;
    }

    /// Writes audio and lets it go at once: on a pipe somebody listens.
    pub(super) async fn write(&mut self, audio: &[u8]) -> Result<(), Trouble> {
        if audio.is_empty() {
            return Ok(());
        }
        let header = std::mem::take(&mut self.header);
        if !header.is_empty() {
            self.put(&header).await?;
        }
        self.put(audio).await
    }

    async fn put(&mut self, audio: &[u8]) -> Result<(), Trouble> {
        if self.open.is_none() {
            self.open = Some(self.opened().await?);
        }
        let written = match &mut self.open {
            Some(Open::Pipe(pipe)) => pass_on(pipe, audio).await,
            Some(Open::File(file)) => file.write_all(audio).await,
            None => Err(io::ErrorKind::NotConnected.into()),
        };
        written.map_err(|error| self.trouble(&error))?;
        let room = wav::HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&audio[..audio.len().min(room)]);
        self.written += audio.len() as u64;
        Ok(())
    }

    /// What to tell about a file that will never be whole.
    pub(super) fn partial(&self) -> Option<String> {
        let Destination::File(path) = &self.destination else { return None };
        self.open.as_ref()?;
        Some(format!("{} is not whole: it holds the {} bytes that came before", path.display(), self.written))
    }

    /// Writes what is still buffered, and the sizes that the header of a WAV file left open.
    pub(super) async fn finish(mut self) -> Result<(), Trouble> {
        let finished = match self.open.take() {
            Some(Open::Pipe(mut pipe)) => pipe.flush().await,
            Some(Open::File(file)) => close(file, &self.head, self.written).await,
            None => Ok(()),
        };
        finished.map_err(|error| self.trouble(&error))
    }

    async fn opened(&self) -> Result<Open, Trouble> {
        Ok(match &self.destination {
            Destination::Pipe => Open::Pipe(stdout()),
            Destination::File(path) => Open::File(File::create(path).await.map_err(|error| self.trouble(&error))?),
        })
    }

    fn trouble(&self, error: &io::Error) -> Trouble {
        match &self.destination {
            Destination::Pipe if error.kind() == io::ErrorKind::BrokenPipe => {
                Trouble::other("the program that read the audio stopped reading")
            }
            Destination::Pipe => Trouble::other(format!("cannot write to standard output: {error}")),
            Destination::File(path) => Trouble::other(format!("cannot write {}: {error}", path.display())),
        }
    }
}

async fn pass_on(pipe: &mut (impl AsyncWrite + Unpin), audio: &[u8]) -> io::Result<()> {
    pipe.write_all(audio).await?;
    pipe.flush().await
}

async fn close(mut file: File, head: &[u8], written: u64) -> io::Result<()> {
    file.flush().await?;
    // A device or a named pipe takes bytes like a file and cannot go back.
    if file.metadata().await?.is_file() {
        for patch in wav::patches(head, written).into_iter().flatten() {
            file.seek(io::SeekFrom::Start(patch.offset)).await?;
            file.write_all(&patch.bytes).await?;
        }
        file.flush().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;
    use std::path::Path;

    use super::Destination;
    use super::Format;
    use super::Sink;

    #[test]
    fn audio_is_kept_off_a_terminal() {
        assert_eq!(Destination::new(Path::new("-"), true).unwrap_err().code, 64);
        assert_eq!(Destination::new(Path::new("-"), false).unwrap(), Destination::Pipe);
        assert_eq!(Destination::new(Path::new("a.wav"), true).unwrap(), Destination::File("a.wav".into()));
    }

    #[test]
    fn a_pipe_is_raw_and_a_file_says_what_it_is() {
        assert_eq!(Destination::Pipe.format().unwrap(), Format::Pcm);
        assert_eq!(Destination::File("a.ogg".into()).format().unwrap(), Format::Opus);
        assert_eq!(Destination::File("a.txt".into()).format().unwrap_err().code, 64);
    }

    #[tokio::test]
    async fn a_wav_file_knows_its_sizes_at_the_end_even_if_the_header_came_in_pieces() {
        let path = tempfile::tempdir().unwrap().keep().join("a.wav");
        let mut sink = Sink::new(Destination::File(path.clone()));
        let fmt = b"fmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0";
        let header = [b"RIFF\xff\xff\xff\xffWAVE".as_slice(), fmt, b"data\xff\xff\xff\xff"].concat();
        for piece in header.chunks(7).chain([[0; 9600].as_slice(); 2]) {
            sink.write(piece).await.unwrap();
        }
        assert!(sink.partial().unwrap().contains("19244 bytes"));
        sink.finish().await.unwrap();
        let file = fs::read(&path).unwrap();
        assert_eq!(file.len(), 44 + 19_200);
        assert_eq!((&file[4..8], &file[40..44]), (&19_236_u32.to_le_bytes()[..], &19_200_u32.to_le_bytes()[..]));
    }

    #[tokio::test]
    async fn a_call_without_audio_leaves_an_old_file_alone() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "old").unwrap();
        let mut sink = Sink::new(Destination::File(file.path().to_owned()));
        sink.write(b"").await.unwrap();
        assert_eq!(sink.partial(), None);
        sink.finish().await.unwrap();
        assert_eq!(fs::read(file.path()).unwrap(), b"old");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_made_is_named() {
        let trouble = Sink::new(Destination::File("/nowhere/a.wav".into())).write(b"a").await.unwrap_err();
        assert!(trouble.messages[0].starts_with("cannot write /nowhere/a.wav"), "{trouble:?}");
    }
}
