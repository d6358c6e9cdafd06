//! `[tracking] map`: texts such as `{utm_source}/{gclid}`, filled with what is known of where the visitor came from.

use std::collections::BTreeMap;

use latchkey_contract::tracking;

/// A text with the names of tracking values in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Value(String),
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("\"{text}\" opens a brace that it does not close"))?;
            let known = tracking::canonical(name).filter(|canonical| canonical == name);
            let name = known.ok_or_else(|| {
                format!("\"{{{name}}}\" is no tracking value (affiliateID, subID, campaignId, sourceId, utm_…, gclid, fbclid …)")
            })?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Value(name));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Template(parts))
    }

    /// The names that it uses.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Value(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// `None` where none of the values is known: a text of separators says nothing.
    pub(crate) fn fill(&self, values: &BTreeMap<String, String>) -> Option<String> {
        let known = self.names().next().is_none() || self.names().any(|name| values.contains_key(name));
        known.then(|| {
            let part = |part: &Part| match part {
                Part::Text(text) => text.clone(),
                Part::Value(name) => values.get(name).cloned().unwrap_or_default(),
            };
            self.0.iter().map(part).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_with_what_is_known() {
        let template = Template::parse("{utm_source}/{gclid}").expect("a template");
        let values = BTreeMap::from([("utm_source".to_owned(), "news".to_owned())]);
        assert_eq!(template.fill(&values).as_deref(), Some("news/"));
        assert_eq!(template.fill(&BTreeMap::new()), None);
        assert!(Template::parse("{utm_source").is_err());
        assert!(Template::parse("{desk}").is_err());
    }
}
