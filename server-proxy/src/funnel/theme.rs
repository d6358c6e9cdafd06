//! How a funnel's form looks: a preset, and what the funnel says otherwise. It travels behind the form's own styles, as custom
//! properties that the page's `--lk-…` stand above.

mod contrast;
mod value;

use std::{collections::BTreeMap, fmt::Write, sync::LazyLock};

use figment::{
    Figment,
    providers::{Format, Toml},
};
use serde::Deserialize;
use serde_json::Value;

use crate::config::Problems;
use value::Kind;

/// Every property, as `[theme]` names it; on a page it is `--lk-` and dashes.
const PROPERTIES: [(&str, Kind); 29] = [
    ("accent", Kind::Colour),
    ("on_accent", Kind::Colour),
    ("text", Kind::Colour),
    ("label", Kind::Colour),
    ("muted", Kind::Colour),
    ("surface", Kind::Colour),
    ("frame", Kind::Colour),
    ("field", Kind::Colour),
    ("border", Kind::Colour),
    ("focus", Kind::Colour),
    ("danger", Kind::Colour),
    ("success", Kind::Colour),
    ("font", Kind::Font),
    ("font_size", Kind::Length),
    ("line", Kind::Number),
    ("title_font", Kind::Font),
    ("title_size", Kind::Length),
    ("title_weight", Kind::Number),
    ("padding", Kind::Length),
    ("gap", Kind::Length),
    ("border_width", Kind::Length),
    ("radius", Kind::Length),
    ("field_height", Kind::Length),
    ("field_radius", Kind::Length),
    ("button_radius", Kind::Length),
    ("shadow", Kind::Shadow),
    ("field_shadow", Kind::Shadow),
    ("button_shadow", Kind::Shadow),
    ("list_shadow", Kind::Shadow),
];

/// What a property follows where neither the preset nor the funnel gives it.
const FOLLOWS: [(&str, &str); 5] =
    [("label", "text"), ("focus", "accent"), ("title_font", "font"), ("field_radius", "radius"), ("button_radius", "radius")];

static PRESETS: LazyLock<BTreeMap<&'static str, Preset>> = LazyLock::new(|| {
    [("plain", include_str!("theme/plain.toml")), ("soft", include_str!("theme/soft.toml")), ("bold", include_str!("theme/bold.toml"))]
        .into_iter()
        // Compiled in, and read by a test.
        .map(|(name, file)| (name, Figment::from(Toml::string(file)).extract().expect("a preset")))
        .collect()
});

const DEFAULT_PRESET: &str = "plain";

#[derive(Deserialize)]
struct Preset {
    dark: Values,
    #[serde(flatten)]
    light: Values,
}

type Values = BTreeMap<String, String>;

/// `[theme]`, before it is checked.
#[derive(Deserialize, Default)]
pub(super) struct Table {
    preset: Option<String>,
    #[serde(default)]
    scheme: Scheme,
    /// What is otherwise in the dark.
    #[serde(default)]
    dark: BTreeMap<String, Value>,
    #[serde(flatten)]
    own: BTreeMap<String, Value>,
}

/// Which of its two faces a form shows where its element does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scheme {
    /// As the visitor's system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

/// A theme as it is shown.
#[derive(Debug)]
pub(crate) struct Theme {
    scheme: Scheme,
    light: Values,
    /// What differs in the dark.
    dark: Values,
}

/// Checks a funnel's theme and lays it over its preset.
pub(super) fn read(table: &Table, problems: &mut Problems) -> Theme {
    let name = table.preset.as_deref().unwrap_or(DEFAULT_PRESET);
    let preset = PRESETS.get(name).unwrap_or_else(|| {
        let names: Vec<_> = PRESETS.keys().copied().collect();
        problems.add("theme.preset", format!("there is no \"{name}\"; there is {}", names.join(", ")));
        &PRESETS[DEFAULT_PRESET]
    });
    let (mut light, mut dark) = (preset.light.clone(), preset.dark.clone());
    light.extend(values("theme", &table.own, problems));
    dark.extend(values("theme.dark", &table.dark, problems));
    let theme = Theme { scheme: table.scheme, light, dark };
    // Ours are good; what the funnel makes of them is its own to judge.
    if !table.own.is_empty() || !table.dark.is_empty() {
        for told in contrast::too_low(&theme) {
            problems.warn("theme", told);
        }
    }
    theme
}

fn values(at: &str, own: &BTreeMap<String, Value>, problems: &mut Problems) -> Values {
    let mut values = Values::new();
    for (name, value) in own {
        let key = format!("{at}.{name}");
        let Some((_, kind)) = PROPERTIES.iter().find(|(known, _)| known == name) else {
            let names: Vec<_> = PROPERTIES.iter().map(|(name, _)| *name).collect();
            problems.add(key, format!("is no property of the look; there is {}", names.join(", ")));
            continue;
        };
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        match kind.check(&text) {
            Ok(()) => {
                values.insert(name.clone(), text);
            }
            Err(reason) => problems.add(key, reason),
        }
    }
    values
}

impl Theme {
    /// A property's value, in the dark or in the light.
    fn value(&self, name: &str, is_dark: bool) -> Option<&str> {
        let given = self.dark.get(name).filter(|_| is_dark).or_else(|| self.light.get(name).filter(|_| !is_dark || !is_colour(name)));
        let followed = || FOLLOWS.iter().find(|(follower, _)| *follower == name).and_then(|(_, leader)| self.value(leader, is_dark));
        given.map(String::as_str).or_else(followed)
    }

    /// The custom properties that the form's styles use, each with the page's own above it.
    fn properties(&self, is_dark: bool) -> String {
        let mut css = String::new();
        for (name, _) in PROPERTIES {
            // What is the same in the dark stands in the light's block already.
            if is_dark && !is_colour(name) && !self.dark.contains_key(name) {
                continue;
            }
            let dashed = name.replace('_', "-");
            let given = if is_dark { self.dark.get(name) } else { self.light.get(name) };
            let followed =
                || FOLLOWS.iter().find(|(follower, _)| *follower == name).map(|(_, leader)| format!("var(--{})", leader.replace('_', "-")));
            if let Some(value) = given.cloned().or_else(followed) {
                let _ = write!(css, "--{dashed}:var(--lk-{dashed},{value});");
            }
        }
        css
    }
}

/// A colour in the light is none in the dark; all else holds in both.
fn is_colour(name: &str) -> bool {
    PROPERTIES.iter().any(|(known, kind)| *known == name && *kind == Kind::Colour)
}

/// The rules that stand behind the form's own styles.
pub(crate) fn theme_css(theme: &Theme) -> String {
    let (light, dark) = (theme.properties(false), theme.properties(true));
    let (is_dark, is_auto) = match theme.scheme {
        Scheme::Auto => ("[theme=dark]", ":not([theme=light])"),
        Scheme::Light => ("[theme=dark]", "[theme=auto]"),
        Scheme::Dark => (":not([theme=light],[theme=auto])", "[theme=auto]"),
    };
    let root = "[part=root]";
    format!(
        "{root}{{{light}color-scheme:light}}:host({is_dark}) {root}{{{dark}color-scheme:dark}}\
         @media(prefers-color-scheme:dark){{:host({is_auto}) {root}{{{dark}color-scheme:dark}}}}"
    )
}

/// The default look, for the elements that belong to no funnel.
pub(crate) fn plain() -> String {
    let preset = &PRESETS[DEFAULT_PRESET];
    theme_css(&Theme { scheme: Scheme::Auto, light: preset.light.clone(), dark: preset.dark.clone() })
}

#[cfg(test)]
mod tests;
