//! That a field's keys go with its kind.

use latchkey_contract::{FieldKind, countries, rules};

use super::{
    super::{
        tables::{Bound, Choice, Field},
        view,
    },
    Reader,
};
use crate::crm::FormField;

impl Reader<'_> {
    pub(super) fn of_kind(&mut self, at: &str, field: &Field, kind: FieldKind, known: Option<&FormField>) {
        let key = |name: &str| format!("{at}.{name}");
        let name = field.name.as_deref().unwrap_or_default();
        if let Some(fixed) = Field::fixed_kind(known).filter(|fixed| *fixed != kind && field.matches.is_none()) {
            self.problems.add(key("kind"), format!("\"{name}\" is of kind {}", word(fixed)));
        }
        if kind == FieldKind::Code && known.and_then(|known| known.channel).is_none() {
            self.problems.add(key("kind"), "the CRM takes no code here");
        }
        if field.read_only && field.default.is_none() {
            self.problems.add(key("read_only"), "a field that nobody can fill in needs a default");
        }
        self.options(at, field, kind, known);
        self.bounds(at, field, kind);
        self.password(at, field, kind, known);
        self.hidden(at, field, kind, known);
        if field.min_length.is_some_and(|least| least > field.max_length.unwrap_or(view::longest(kind))) {
            self.problems.add(key("min_length"), "is more than the longest value may have");
        }
        // What follows is for some kinds only.
        let of_some: [(&str, bool, &[FieldKind]); 4] = [
            ("min_length", field.min_length.is_some(), &[FieldKind::Text, FieldKind::Area, FieldKind::Password, FieldKind::Code]),
            ("min_age", field.min_age.is_some(), &[FieldKind::Date]),
            ("search", field.search.is_some(), &[FieldKind::Select, FieldKind::Country]),
            ("needs", !field.needs.is_empty(), &[FieldKind::Password]),
        ];
        for (name, is_given, kinds) in of_some {
            if is_given && !kinds.contains(&kind) {
                self.problems.add(
                    key(name),
                    format!("is for a field of kind {}", kinds.iter().map(|kind| word(*kind)).collect::<Vec<_>>().join(" or ")),
                );
            }
        }
    }

    fn options(&mut self, at: &str, field: &Field, kind: FieldKind, known: Option<&FormField>) {
        let key = format!("{at}.options");
        let from_list = field.list.is_some() || known.is_some_and(|known| known.list.is_some());
        let needs = match kind {
            FieldKind::Select => !from_list,
            FieldKind::Radio | FieldKind::Several => true,
            _ => false,
        };
        if needs && field.options.is_empty() {
            self.problems.add(key.clone(), format!("is missing: a field of kind \"{}\" has options", word(kind)));
        }
        if !Field::has_options(kind) && !field.options.is_empty() {
            self.problems.add(key.clone(), format!("a field of kind \"{}\" has no options", word(kind)));
        }
        for (index, choice) in field.options.iter().enumerate() {
            let at = format!("{key}[{index}]");
            if let Choice::Labelled(labelled) = choice {
                self.localised(&format!("{at}.label"), Some(&labelled.label));
            }
            let value = choice.value();
            if value.is_empty() || value.chars().any(rules::is_forbidden) {
                self.problems.add(at.clone(), "is empty, or has a control character");
            }
            if field.options[..index].iter().any(|before| before.value() == value) {
                self.problems.add(at.clone(), format!("\"{value}\" stands twice"));
            }
            if kind == FieldKind::Several && value.contains(',') {
                self.problems.add(at.clone(), "holds a comma, which stands between the values of several");
            }
            if kind == FieldKind::Country && !countries::is_code(value) {
                self.problems.add(at, format!("\"{value}\" is no ISO 3166-1 alpha-2 code, such as \"DE\""));
            }
        }
    }

    fn bounds(&mut self, at: &str, field: &Field, kind: FieldKind) {
        let (min, max) = (field.min.as_ref().map(Bound::text), field.max.as_ref().map(Bound::text));
        for (name, bound) in [("min", &min), ("max", &max)] {
            let Some(bound) = bound else { continue };
            let reason = match kind {
                FieldKind::Number if rules::compare_numbers(bound, "0").is_none() => format!("\"{bound}\" is no number such as 12.5"),
                FieldKind::Date if rules::Date::parse(bound).is_none() => format!("\"{bound}\" is no date such as \"2030-12-31\""),
                FieldKind::Number | FieldKind::Date => continue,
                _ => "is for a field of kind number or date".to_owned(),
            };
            self.problems.add(format!("{at}.{name}"), reason);
        }
        let (Some(min), Some(max)) = (&min, &max) else { return };
        let is_less = match kind {
            FieldKind::Number => rules::compare_numbers(max, min).is_some_and(std::cmp::Ordering::is_lt),
            _ => rules::Date::parse(max) < rules::Date::parse(min),
        };
        if is_less {
            self.problems.add(format!("{at}.max"), format!("\"{max}\" is less than min"));
        }
    }

    /// What is typed into an element on somebody's page is that page's to read.
    fn password(&mut self, at: &str, field: &Field, kind: FieldKind, known: Option<&FormField>) {
        if kind != FieldKind::Password {
            return;
        }
        let key = |name: &str| format!("{at}.{name}");
        if !self.framed {
            self.problems.add(
                key("kind"),
                "a password is never typed into somebody's page, whose scripts can read it: the funnel needs isolation = \"frame\"; \
                 or leave the field out, and the client gets a password that nobody knows",
            );
        }
        if field.matches.is_none() && known.is_none_or(|known| known.kind != FieldKind::Password) {
            self.problems.add(key("kind"), "the CRM takes no password here");
        }
        if field.default.is_some() || field.from_url.is_some() {
            self.problems
                .add(key(if field.default.is_some() { "default" } else { "from_url" }), "a password is typed, and comes from nowhere else");
        }
    }

    /// Nobody can mend what nobody sees.
    fn hidden(&mut self, at: &str, field: &Field, kind: FieldKind, known: Option<&FormField>) {
        if kind != FieldKind::Hidden {
            return;
        }
        if field.required && field.default.is_none() {
            self.problems.add(format!("{at}.required"), "a hidden field that has to hold something needs a default");
        }
        let is_country = known.is_some_and(|known| known.kind == FieldKind::Country);
        if let Some(default) = field.default.as_ref().filter(|default| is_country && !countries::is_code(default)) {
            self.problems.add(format!("{at}.default"), format!("\"{default}\" is no ISO 3166-1 alpha-2 code, such as \"DE\""));
        }
    }
}

fn word(kind: FieldKind) -> String {
    format!("{kind:?}").to_lowercase()
}
