//! What is personal, as it is shown to whoever may not see it: enough to tell one from another, too little to write to.

const HIDDEN: &str = "***";

/// `jane.doe@gmail.com` is `j***@g***.com`.
pub(super) fn email(email: &str) -> String {
    let Some((local, domain)) = email.rsplit_once('@') else { return HIDDEN.to_owned() };
    let ending = domain.rsplit_once('.').map_or(String::new(), |(_, ending)| format!(".{ending}"));
    format!("{}{HIDDEN}@{}{HIDDEN}{ending}", first(local), first(domain))
}

/// `+44 20 7946 0958` is `***58`.
pub(super) fn phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    // Of a short one, two digits would be much.
    let last: String = if digits.len() >= 6 { digits[digits.len() - 2..].iter().collect() } else { String::new() };
    format!("{HIDDEN}{last}")
}

/// `Jane Doe` is `J*** D***`.
pub(super) fn name(name: &str) -> String {
    name.split_whitespace().map(|part| format!("{}{HIDDEN}", first(part))).collect::<Vec<_>>().join(" ")
}

fn first(text: &str) -> String {
    text.chars().next().map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_left() {
        assert_eq!(email("jane.doe@gmail.com"), "j***@g***.com");
        assert_eq!(email("a@mail.broker.co.uk"), "a***@m***.uk");
        assert_eq!(email("\"a@b\"@c.example"), "\"***@c***.example");
        assert_eq!(email("no address"), "***");
        assert_eq!(phone("+44 20 7946 0958"), "***58");
        assert_eq!(phone("112"), "***");
        assert_eq!(name("Jane van Doe"), "J*** v*** D***");
        assert_eq!((email(""), phone(""), name("")), ("***".to_owned(), "***".to_owned(), String::new()));
    }
}
