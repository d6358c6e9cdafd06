//! Compression as strong as it gets: it is done once, and read at every visit.

use std::io::Write;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

/// Quality 11, in the window that every browser accepts.
pub(crate) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let options = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..BrotliEncoderParams::default() };
    let mut result = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut result, &options).context("brotli failed")?;
    Ok(result)
}

/// The same input gives the same bytes: no time and no name is written.
pub(super) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).context("gzip failed")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{brotli, gzip};

    #[test]
    fn what_is_compressed_can_be_read() {
        let content = b"mount mount mount mount mount".repeat(50);
        let mut read = Vec::new();
        brotli::Decompressor::new(&brotli(&content).expect("brotli")[..], 4096).read_to_end(&mut read).expect("readable");
        assert_eq!(read, content);
        read.clear();
        flate2::read::GzDecoder::new(&gzip(&content).expect("gzip")[..]).read_to_end(&mut read).expect("readable");
        assert_eq!(read, content);
    }
}
