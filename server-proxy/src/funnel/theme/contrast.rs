//! Whether what is written can be read: the contrast that WCAG 2.2 asks for (1.4.3, 1.4.11).

use super::Theme;

/// In front, behind, and the least ratio between them.
const PAIRS: [(&str, &str, f64); 16] = [
    ("text", "surface", 4.5),
    ("text", "field", 4.5),
    ("label", "surface", 4.5),
    ("muted", "surface", 4.5),
    // Placeholders.
    ("muted", "field", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "field", 4.5),
    ("on_accent", "accent", 4.5),
    ("danger", "surface", 4.5),
    ("danger", "field", 4.5),
    // The marks in front of messages.
    ("surface", "danger", 4.5),
    ("surface", "success", 3.0),
    ("border", "surface", 3.0),
    ("border", "field", 3.0),
    ("focus", "surface", 3.0),
    ("focus", "field", 3.0),
];

/// The same on a ground that is tinted, as the styles do it: in front, the tint and its share, the ground.
const TINTED: [(&str, (&str, f64), &str, f64); 4] = [
    // A message that is about the whole form.
    ("danger", ("danger", 0.09), "surface", 4.5),
    // What is chosen of several things.
    ("text", ("accent", 0.12), "field", 4.5),
    ("accent", ("accent", 0.12), "field", 4.5),
    ("muted", ("accent", 0.12), "field", 4.5),
];

/// What is too faint, in words. Colours that are not written in digits are nobody's to judge.
pub(super) fn too_low(theme: &Theme) -> Vec<String> {
    let mut told = Vec::new();
    let pairs = PAIRS.map(|(front, back, least)| (front, (back, 0.0), back, least));
    for is_dark in [false, true] {
        for (front, (tint, share), back, least) in pairs.into_iter().chain(TINTED) {
            let colour = |name| theme.value(name, is_dark).and_then(parse);
            let (Some(front_colour), Some(tint), Some(back_colour)) = (colour(front), colour(tint), colour(back)) else { continue };
            let ratio = ratio(front_colour, mixed(tint, share, back_colour));
            if ratio < least {
                let face = if is_dark { " in the dark" } else { "" };
                // Down, so that what falls short never reads as if it did not.
                let ratio = (ratio * 10.0).floor() / 10.0;
                told.push(format!("{front} on {back}{face} has a contrast of {ratio}:1; people need {least}:1 (WCAG 2.2 AA)"));
            }
        }
    }
    told
}

/// `#rgb`, `#rrggbb`.
fn parse(text: &str) -> Option<[f64; 3]> {
    let digits: Vec<u32> = text.strip_prefix('#')?.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let channels: Vec<f64> = match digits.len() {
        3 => digits.iter().map(|digit| f64::from(digit * 17)).collect(),
        6 => digits.chunks(2).map(|pair| f64::from(pair[0] * 16 + pair[1])).collect(),
        _ => return None,
    };
    channels.try_into().ok()
}

/// As `color-mix(in srgb, …)` has it.
fn mixed(tint: [f64; 3], share: f64, ground: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|channel| tint[channel] * share + ground[channel] * (1.0 - share))
}

fn ratio(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let channel = channel / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_as_others_compute_them() {
        let of = |a, b| (ratio(parse(a).unwrap(), parse(b).unwrap()) * 100.0).round() / 100.0;
        assert_eq!(of("#000", "#fff"), 21.0);
        assert_eq!(of("#777777", "#ffffff"), 4.48);
        assert_eq!(of("#abc", "#aabbcc"), 1.0);
        assert!(parse("red").is_none() && parse("#12345678").is_none());
    }
}
