//! What is asked of a table: its order, search, filters and days, as its route and an export take them.

use crate::dashboard::period::Days;

/// The values that are asked for, by their columns' names. Of a column's values a row has one.
pub(super) type Filters = Vec<(String, Vec<String>)>;

/// So many values can be filtered by at once, as the proxy has it.
pub(super) const MOST_VALUES: usize = 50;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// A column's name, and whether the greatest come first. Without it the newest do.
    pub(super) sort: Option<(String, bool)>,
    pub(super) search: String,
    pub(super) filters: Filters,
    /// Without them it is all days.
    pub(super) days: Option<Days>,
}

impl Query {
    /// `encode` writes a value as an address has it.
    pub(super) fn text(&self, encode: &dyn Fn(&str) -> String) -> String {
        let mut pairs = Vec::new();
        if let Some(days) = &self.days {
            pairs.extend(
                [("from", days.from.as_str()), ("to", &days.to), ("tz", &days.zone)].map(|(name, value)| pair(name, "", value, encode)),
            );
        }
        for (name, values) in &self.filters {
            pairs.extend(values.iter().map(|value| pair(name, "", value, encode)));
        }
        if !self.search.is_empty() {
            pairs.push(pair("search", "", &self.search, encode));
        }
        if let Some((name, is_descending)) = &self.sort {
            pairs.push(pair("sort", if *is_descending { "-" } else { "" }, name, encode));
        }
        pairs.join("&")
    }
}

fn pair(name: &str, sign: &str, value: &str, encode: &dyn Fn(&str) -> String) -> String {
    [name, "=", sign, &encode(value)].concat()
}

/// Asks for a value of a column, or no longer.
pub(super) fn put(filters: &mut Filters, name: &str, value: &str, is_wanted: bool) {
    let at = filters.iter().position(|(known, _)| known == name);
    match (at, is_wanted) {
        (Some(at), true) if !filters[at].1.iter().any(|known| known == value) => filters[at].1.push(value.to_owned()),
        (Some(at), false) => {
            filters[at].1.retain(|known| known != value);
            if filters[at].1.is_empty() {
                filters.remove(at);
            }
        }
        (None, true) => filters.push((name.to_owned(), vec![value.to_owned()])),
        _ => {}
    }
}

/// Asks for one value of a column at most; for none where it is empty.
pub(super) fn put_only(filters: &mut Filters, name: &str, value: &str) {
    filters.retain(|(known, _)| known != name);
    if !value.is_empty() {
        put(filters, name, value, true);
    }
}

pub(super) fn is_in(filters: &Filters, name: &str, value: &str) -> bool {
    filters.iter().any(|(known, values)| known == name && values.iter().any(|known| known == value))
}

/// The first value that is asked for of a column.
pub(super) fn value_of(filters: &Filters, name: &str) -> String {
    filters.iter().find(|(known, _)| known == name).and_then(|(_, values)| values.first().cloned()).unwrap_or_default()
}

/// How many values there are in all.
pub(super) fn count(filters: &Filters) -> usize {
    filters.iter().map(|(_, values)| values.len()).sum()
}

/// What a click on a column's head makes of the order: first ascending, then descending, and so on. `newest` is the column by which a
/// table is in order without any.
pub(super) fn next_sort(sort: Option<&(String, bool)>, newest: &str, name: &str) -> (String, bool) {
    let is_descending = match sort {
        Some((known, is_descending)) => known != name || *is_descending,
        None => true,
    };
    let is_sorted = sort.map_or(newest, |(known, _)| known) == name;
    (name.to_owned(), is_sorted && !is_descending)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(text: &str) -> String {
        text.replace('%', "%25").replace('&', "%26").replace('/', "%2F").replace(' ', "%20")
    }

    #[test]
    fn nothing_asked_is_nothing_said() {
        assert_eq!(Query::default().text(&encode), "");
    }

    #[test]
    fn values_are_encoded_and_in_order() {
        let mut filters = Filters::new();
        put(&mut filters, "status", "new & hot", true);
        put(&mut filters, "country", "DE", true);
        put(&mut filters, "status", "active", true);
        let query = Query {
            sort: Some(("total".to_owned(), true)),
            search: "a&b=1".to_owned(),
            filters,
            days: Some(Days { from: "2026-01-01".to_owned(), to: "2026-01-31".to_owned(), zone: "Europe/Berlin".to_owned() }),
        };
        let text =
            "from=2026-01-01&to=2026-01-31&tz=Europe%2FBerlin&status=new%20%26%20hot&status=active&country=DE&search=a%26b=1&sort=-total";
        assert_eq!(query.text(&encode), text);
    }

    #[test]
    fn filters_come_and_go() {
        let mut filters = Filters::new();
        put(&mut filters, "status", "new", true);
        put(&mut filters, "status", "new", true);
        put(&mut filters, "status", "active", true);
        assert_eq!(count(&filters), 2);
        assert!(is_in(&filters, "status", "active") && !is_in(&filters, "country", "active"));
        put(&mut filters, "status", "new", false);
        put(&mut filters, "country", "DE", false);
        assert_eq!(value_of(&filters, "status"), "active");
        put(&mut filters, "status", "active", false);
        assert!(filters.is_empty());
        put_only(&mut filters, "fake", "true");
        put_only(&mut filters, "fake", "false");
        assert_eq!(filters, [("fake".to_owned(), vec!["false".to_owned()])]);
        put_only(&mut filters, "fake", "");
        assert!(filters.is_empty());
    }

    #[test]
    fn a_click_turns_the_order_around() {
        let sort = |name: &str, is_descending| Some((name.to_owned(), is_descending));
        let next = |sort: Option<(String, bool)>, name| Some(next_sort(sort.as_ref(), "created", name));
        // The newest come first as it is.
        assert_eq!(next(None, "created"), sort("created", false));
        assert_eq!(next(None, "total"), sort("total", false));
        assert_eq!(next(sort("total", false), "total"), sort("total", true));
        assert_eq!(next(sort("total", true), "total"), sort("total", false));
        assert_eq!(next(sort("total", true), "created"), sort("created", false));
    }
}
