//! Messages over a pipe: four octets of length, most significant first, then as many octets.
//!
//! In: a reader or a writer. Out: whole messages. Invariant: a length is believed only up to a bound, so that a broken peer cannot
//! make this side reserve what it likes. Tested below.

use std::io::{self, Read, Write};

/// The longest message, in octets: a large document and some room.
pub(super) const LONGEST: usize = 256 << 20;

/// Writes one message and flushes.
///
/// # Errors
/// Those of the writer; `InvalidInput` for a message longer than [`LONGEST`].
pub(super) fn write(to: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len()).ok().filter(|_| message.len() <= LONGEST);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(message)?;
    to.flush()
}

/// Reads one message; `None` when the other side has closed before one began.
///
/// # Errors
/// Those of the reader; `UnexpectedEof` within a message; `InvalidData` for a length beyond [`LONGEST`].
pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read(&mut length)? {
        0 => return Ok(None),
        some => from.read_exact(&mut length[some..])?,
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // At once: grown as it comes it would take twice its room, beside the half that is left behind, and a child is bounded.
    let mut message = Vec::new();
    message.try_reserve_exact(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
    from.take(length as u64).read_to_end(&mut message)?;
    if message.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_as_they_went_in_and_broken_ones_are_errors() {
        let mut pipe = Vec::new();
        for message in [&b""[..], b"a", &[0xff; 70_000]] {
            write(&mut pipe, message).expect("a vector takes everything");
        }
        let mut from = &pipe[..];
        let mut lengths = Vec::new();
        while let Some(message) = read(&mut from).expect("whole messages") {
            lengths.push(message.len());
        }
        assert_eq!(lengths, [0, 1, 70_000]);
        for (broken, kind) in [
            (&[0, 0][..], io::ErrorKind::UnexpectedEof),
            (&[0, 0, 0, 9, 1], io::ErrorKind::UnexpectedEof),
            (&[0xff; 9], io::ErrorKind::InvalidData),
        ] {
            assert_eq!(read(&mut &broken[..]).expect_err("it is broken").kind(), kind);
        }
    }
}
