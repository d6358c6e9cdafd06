//! ISO 3166-1: the officially assigned alpha-2 codes and their names, one country a line in `countries.txt`.

const ALL: &str = include_str!("countries.txt");

/// Code and name.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.lines().filter_map(|line| line.split_once(' '))
}

pub(crate) fn is_code(text: &str) -> bool {
    all().any(|(code, _)| code == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_the_standard_assigns() {
        assert_eq!(all().count(), 249);
        assert!(is_code("CY") && !is_code("UK") && !is_code("cy") && !is_code("") && !is_code("AX Å"));
    }
}
