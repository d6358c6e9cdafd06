//! Keys that nobody has used before.

use leptos::prelude::window;

/// A random UUID (version 4). Not by `crypto.randomUUID`: landing pages on plain http do not have it.
pub(crate) fn uuid() -> String {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        // Fails for more than 65,536 bytes only.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 0x0f] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
        }
    }
    text
}
