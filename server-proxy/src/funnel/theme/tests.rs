use super::*;

fn theme(toml: &str) -> (Theme, Vec<String>) {
    let table: Table = Figment::from(Toml::string(toml)).extract().unwrap();
    let mut problems = Problems::default();
    let theme = read(&table, &mut problems);
    let told = problems.found().chain(problems.warnings()).map(|problem| format!("{}: {}", problem.key, problem.reason)).collect();
    (theme, told)
}

#[test]
fn every_preset_is_whole_and_can_be_read_by_everybody() {
    assert_eq!(PRESETS.keys().copied().collect::<Vec<_>>(), ["bold", "plain", "soft"]);
    for name in PRESETS.keys() {
        let (theme, problems) = theme(&format!("preset = \"{name}\""));
        assert_eq!(problems, Vec::<String>::new(), "{name}");
        for (property, kind) in PROPERTIES {
            for is_dark in [false, true] {
                let value = theme.value(property, is_dark).unwrap_or_else(|| panic!("{name}: {property}"));
                assert_eq!(kind.check(value), Ok(()), "{name}: {property}");
            }
        }
        let known = |property: &String| PROPERTIES.iter().any(|(known, _)| known == property);
        assert!(theme.light.keys().chain(theme.dark.keys()).all(known), "{name}");
        assert_eq!(contrast::too_low(&theme), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_styles_use_what_a_theme_sets_and_nothing_else() {
    let css = concat!(
        include_str!("../../../../widgets/src/signup/signup.css"),
        include_str!("../../../../widgets/src/signup/controls/controls.css")
    );
    let (theme, _) = theme("");
    let set = theme_css(&theme);
    // The styles' own, each set where it is used.
    let own = ["faint", "tint", "bar", "level", "way"];
    let used: std::collections::BTreeSet<_> = css.split("var(--").skip(1).filter_map(|rest| rest.split([')', ',']).next()).collect();
    for name in &used {
        assert!(own.contains(name) || set.contains(&format!("--{name}:var(--lk-{name},")), "{name} is set nowhere");
    }
    for (name, _) in PROPERTIES {
        assert!(used.contains(name.replace('_', "-").as_str()), "{name} is used nowhere");
    }
}

#[test]
fn a_funnels_look_lies_over_its_preset() {
    let (theme, problems) =
        theme("preset = \"soft\"\naccent = \"#7a1140\"\nradius = 0\nline = 1.6\nlabel = \"#333\"\n[dark]\naccent = \"#ffb3d1\"");
    assert_eq!(problems, Vec::<String>::new());
    let css = theme_css(&theme);
    let (light, dark) = css.split_once(":host").unwrap();
    assert!(light.starts_with("[part=root]{--accent:var(--lk-accent,#7a1140);"), "{light}");
    for part in [
        "--focus:var(--lk-focus,var(--accent));",
        "--radius:var(--lk-radius,0);",
        "--line:var(--lk-line,1.6);",
        "--label:var(--lk-label,#333);",
    ] {
        assert!(light.contains(part), "{part} in {light}");
    }
    assert!(dark.contains("--accent:var(--lk-accent,#ffb3d1);"), "{dark}");
    assert!(dark.contains("--label:var(--lk-label,var(--text));"), "a colour of the light is none of the dark: {dark}");
    assert!(!dark.contains("--radius:"), "what is the same stands once: {dark}");
}

#[test]
fn an_element_chooses_its_face_and_the_funnel_does_where_it_says_nothing() {
    let selectors = |scheme: &str| {
        let css = theme_css(&theme(&format!("scheme = \"{scheme}\"")).0);
        css.split(":host(").skip(1).filter_map(|rest| rest.split(") [part").next()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(selectors("auto"), ["[theme=dark]", ":not([theme=light])"]);
    assert_eq!(selectors("light"), ["[theme=dark]", "[theme=auto]"]);
    assert_eq!(selectors("dark"), [":not([theme=light],[theme=auto])", "[theme=auto]"]);
}

#[test]
fn what_is_wrong_is_said() {
    let told = |toml: &str| theme(toml).1.join("\n");
    assert!(told("preset = \"loud\"").contains("theme.preset: there is no \"loud\"; there is bold, plain, soft"));
    assert!(told("acent = \"#fff\"").contains("theme.acent: is no property of the look"));
    assert!(told("accent = \"red;}\"").contains("theme.accent: \"red;}\" is not a colour"));
    assert!(told("[dark]\nradius = \"url(x)\"").contains("theme.dark.radius"));
    assert!(told("accent = \"#ffcc00\"").contains("accent on surface has a contrast of 1.5:1; people need 4.5:1"));
}

#[test]
fn the_schema_of_a_funnels_file_names_every_property() {
    let schema: Value = serde_json::from_str(crate::funnel::SCHEMA).expect("JSON");
    let named = |pointer: &str| -> Vec<String> {
        let properties = schema.pointer(pointer).and_then(Value::as_object).unwrap_or_else(|| panic!("{pointer}"));
        let mut named: Vec<_> = properties.keys().cloned().collect();
        named.sort();
        named
    };
    let mut own: Vec<_> = PROPERTIES.iter().map(|(name, _)| (*name).to_owned()).collect();
    own.sort();
    assert_eq!(named("/$defs/theme/properties/dark/properties"), own);
    own.extend(["preset", "scheme", "dark"].map(str::to_owned));
    own.sort();
    assert_eq!(named("/$defs/theme/properties"), own);
}
