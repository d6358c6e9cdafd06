//! Collects every mistake of the configuration, so that a reader mends them all at once instead of one a start.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A mistake: where it stands and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The file, or the environment variable, that holds the key.
    pub(crate) source: String,
    /// Dotted, as `connections.eu.base_url`; empty where the whole file is meant.
    pub(crate) key: String,
    pub(crate) reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            write!(f, "{}: {}", self.source, self.reason)
        } else {
            write!(f, "{}: {}: {}", self.source, self.key, self.reason)
        }
    }
}

/// All mistakes of one source, and what is odd but no mistake.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    source: String,
    found: BTreeSet<Problem>,
    warnings: Vec<Problem>,
}

impl Problems {
    pub(crate) fn of(source: impl Into<String>) -> Problems {
        Problems { source: source.into(), ..Problems::default() }
    }

    pub(crate) fn add(&mut self, key: impl Into<String>, reason: impl fmt::Display) {
        let problem = self.problem(key, reason);
        self.found.insert(problem);
    }

    pub(crate) fn warn(&mut self, key: impl Into<String>, reason: impl fmt::Display) {
        let problem = self.problem(key, reason);
        self.warnings.push(problem);
    }

    fn problem(&self, key: impl Into<String>, reason: impl fmt::Display) -> Problem {
        Problem { source: self.source.clone(), key: key.into(), reason: reason.to_string() }
    }

    /// Unwraps what must be there; says so once where it is not.
    pub(crate) fn required<T>(&mut self, key: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.is_known(key) {
            self.add(key, "is missing");
        }
        value
    }

    /// Parses a value if it is there; a failure is a mistake at that key.
    pub(crate) fn parse<T, E: fmt::Display>(
        &mut self,
        key: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(text?) {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(key, error);
                None
            }
        }
    }

    /// A number within its bounds, or its default.
    pub(crate) fn bounded(&mut self, key: &str, value: Option<u64>, default: u64, bounds: RangeInclusive<u64>) -> u64 {
        match value {
            Some(value) if !bounds.contains(&value) => {
                self.add(key, format!("{value} is not between {} and {}", bounds.start(), bounds.end()));
                default
            }
            value => value.unwrap_or(default),
        }
    }

    /// The same, in seconds.
    pub(crate) fn seconds(&mut self, key: &str, value: Option<u64>, default: u64, bounds: RangeInclusive<u64>) -> Duration {
        Duration::from_secs(self.bounded(key, value, default, bounds))
    }

    /// Whether a mistake stands at that key or inside it: then its absence is no news.
    fn is_known(&self, key: &str) -> bool {
        self.found.iter().any(|problem| problem.key.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn absorb(&mut self, other: Problems) {
        self.found.extend(other.found);
        self.warnings.extend(other.warnings);
    }

    /// The same source, with nothing found yet.
    pub(crate) fn aside(&self) -> Problems {
        Problems::of(self.source.clone())
    }

    /// Takes what is not known already, under that key.
    pub(crate) fn absorb_new(&mut self, other: Problems, at: &str) {
        let under = |problem: Problem| Problem { key: format!("{at}.{}", problem.key), ..problem };
        let new: Vec<_> = other.found.into_iter().filter(|problem| !self.found.contains(problem)).collect();
        self.found.extend(new.into_iter().map(under));
        let new: Vec<_> = other.warnings.into_iter().filter(|problem| !self.warnings.contains(problem)).collect();
        self.warnings.extend(new.into_iter().map(under));
    }

    pub(crate) fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    pub(crate) fn found(&self) -> impl Iterator<Item = &Problem> {
        self.found.iter()
    }

    /// Names the source anew for each mistake, where a key may come from elsewhere than the file.
    pub(crate) fn attribute(&mut self, source_of: impl Fn(&str) -> Option<String>) {
        self.found = std::mem::take(&mut self.found)
            .into_iter()
            .map(|problem| match source_of(&problem.key) {
                Some(source) => Problem { source, ..problem },
                None => problem,
            })
            .collect();
    }

    /// Reads a table into `T`. Every key that is unknown or of the wrong type is reported under `at` and left out, and the
    /// rest is read; `T` therefore has no mandatory members ([`Problems::required`] asks for those).
    pub(crate) fn read<T: DeserializeOwned>(&mut self, at: &str, mut value: Value) -> Option<T> {
        loop {
            let error = match serde_path_to_error::deserialize::<_, T>(&value) {
                Ok(read) => return Some(read),
                Err(error) => error,
            };
            let path: Vec<_> = error.path().iter().cloned().collect();
            let dotted = error.path().to_string();
            let key = match (at, dotted.as_str()) {
                ("", key) => key.to_owned(),
                (at, ".") => at.to_owned(),
                (at, key) => format!("{at}.{key}"),
            };
            self.add(key, error.inner());
            remove(&mut value, &path)?;
        }
    }
}

/// Takes the value at that path out of its table or list; `None` if there is no such place.
fn remove(value: &mut Value, path: &[serde_path_to_error::Segment]) -> Option<Value> {
    use serde_path_to_error::Segment;
    let (last, parents) = path.split_last()?;
    let mut parent = value;
    for segment in parents {
        parent = match segment {
            Segment::Map { key } => parent.get_mut(key)?,
            Segment::Seq { index } => parent.get_mut(index)?,
            Segment::Enum { .. } | Segment::Unknown => return None,
        };
    }
    match last {
        Segment::Map { key } => parent.as_object_mut()?.remove(key),
        Segment::Seq { index } => {
            let list = parent.as_array_mut()?;
            (*index < list.len()).then(|| list.remove(*index))
        }
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        port: Option<u16>,
        #[serde(default)]
        names: Vec<String>,
    }

    #[test]
    fn every_mistake_is_named_and_the_rest_is_read() {
        let mut problems = Problems::of("a.toml");
        let table: Table = problems.read("server", json!({"port": "x", "prot": 1, "names": ["a", 2, "b"]})).expect("the rest is read");
        assert_eq!(table.port, None);
        assert_eq!(table.names, ["a", "b"]);
        assert!(problems.required("server.port", table.port).is_none());
        let keys: Vec<_> = problems.found().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, ["server.names[1]", "server.port", "server.prot"], "an ill-typed key is not called missing as well");
    }
}
