//! What a funnel may write as a value of CSS. It is written into every visitor's styles, so it holds one value and nothing else: no
//! address, no end of the rule that it stands in.

/// What kind of value a property takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::funnel) enum Kind {
    Colour,
    Length,
    Number,
    Font,
    Shadow,
}

const LONGEST: usize = 200;
const UNITS: [&str; 9] = ["px", "rem", "em", "ch", "cqi", "vw", "vh", "pt", "%"];
const OF_COLOURS: [&str; 9] = ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch"];
const OF_LENGTHS: [&str; 4] = ["calc", "clamp", "max", "min"];

impl Kind {
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        let (is_good, what) = match self {
            Kind::Colour => (is_colour(text), "a colour, such as \"#2450c8\" or \"rgb(36 80 200)\""),
            Kind::Length => (is_length(text), "a length, such as \"16px\" or \"1.25em\""),
            Kind::Number => (is_number(text), "a number, such as 1.5"),
            Kind::Font => (is_font(text), "a list of fonts, such as \"Georgia, serif\""),
            Kind::Shadow => (is_shadow(text), "\"none\", or shadows, such as \"0 2px 8px #0003\""),
        };
        let is_good = is_good && text.len() <= LONGEST;
        if is_good { Ok(()) } else { Err(format!("\"{}\" is not {what}", text.chars().take(LONGEST).collect::<String>())) }
    }
}

fn is_colour(text: &str) -> bool {
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word || is_hex(text) || is_call(text, &OF_COLOURS)
}

fn is_hex(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_length(text: &str) -> bool {
    is_measure(text) || is_call(text, &OF_LENGTHS)
}

/// `0`, or a number with its unit.
fn is_measure(text: &str) -> bool {
    text == "0" || UNITS.iter().any(|unit| text.strip_suffix(unit).is_some_and(is_number))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) && text.parse::<f64>().is_ok()
}

/// One of those functions, of numbers, their units and words: no quote, no other function, and closed at the very end.
fn is_call(text: &str, functions: &[&str]) -> bool {
    let Some((name, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else { return false };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | '%' | '/' | '+' | '-' | '*');
    functions.contains(&name) && !inner.is_empty() && !inner.contains("/*") && inner.chars().all(is_plain)
}

/// Names of letters, digits and dashes, with quotes or without, and commas between.
fn is_font(text: &str) -> bool {
    text.split(',').map(str::trim).all(|family| {
        let bare = ['"', '\''].into_iter().find_map(|quote| family.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(family);
        !bare.is_empty() && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
    })
}

/// Each of measures and one colour.
fn is_shadow(text: &str) -> bool {
    text == "none" || shadows(text).all(|shadow| words(&shadow).all(|word| word == "inset" || is_measure(&word) || is_colour(&word)))
}

/// Apart at the commas that stand in no parentheses.
fn shadows(text: &str) -> impl Iterator<Item = String> {
    apart(text, ',').into_iter()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    apart(text.trim(), ' ').into_iter()
}

fn apart(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0_u32);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(last) if c != separator || depth > 0 => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn values_of_each_kind() {
        let good = [
            (Kind::Colour, vec!["#fff", "#2450c8", "#2450c880", "rebeccapurple", "rgb(36 80 200 / 50%)", "oklch(0.5 0.1 120)"]),
            (Kind::Length, vec!["0", "8px", "1.25em", "clamp(16px, 5cqi, 32px)", "calc(1em + 2px)"]),
            (Kind::Number, vec!["1", "1.5", "700"]),
            (Kind::Font, vec!["Georgia, serif", "\"Open Sans\", 'Noto Sans', sans-serif", "ヒラギノ角ゴ, sans-serif"]),
            (Kind::Shadow, vec!["none", "0 2px 8px #0003", "inset 0 1px 0 white, 0 16px 40px -12px rgb(16 40 34 / 20%)"]),
        ];
        for (kind, texts) in good {
            for text in texts {
                assert_eq!(kind.check(text), Ok(()), "{kind:?}: {text}");
            }
        }
    }

    #[test]
    fn nothing_else_gets_into_the_styles() {
        let bad = [
            "",
            "url(https://elsewhere.example/x.png)",
            "red;background:url(x)",
            "red}*{display:none",
            "rgb(0 0 0)}*{color:red",
            "rgb(0,0,0);color:rgb(1,1,1)",
            "rgb(url(x))",
            "rgb(0 0 0 /* )",
            "var(--lk-text)",
            "expression(alert)",
            "0 0 url(x)",
            "\"Open Sans",
            "a\\62",
            "@import",
            "<style>",
            "16 px;",
            "red\nblue",
            "!important",
        ];
        for text in bad {
            for kind in [Kind::Colour, Kind::Length, Kind::Number, Kind::Font, Kind::Shadow] {
                assert!(kind.check(text).is_err(), "{kind:?}: {text}");
            }
        }
        assert!(Kind::Font.check(&"a".repeat(201)).is_err());
        assert!(Kind::Length.check("12").is_err(), "a length has a unit");
        assert!(Kind::Colour.check("#12345").is_err());
    }
}
