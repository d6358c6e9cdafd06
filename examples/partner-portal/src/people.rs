//! Who may log in, and who is logged in. A portal of your own has users and sessions already; these are made up.

use std::{
    collections::HashMap,
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

/// How long one stays logged in.
const SESSION: Duration = Duration::from_secs(8 * 60 * 60);
/// The most sessions at once.
const SESSIONS: usize = 10_000;

/// A user's name, and the affiliate that it is.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) affiliate: String,
}

impl FromStr for User {
    type Err = String;

    fn from_str(text: &str) -> Result<User, String> {
        let fits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        match text.split_once('=') {
            Some((name, affiliate)) if fits(name) && fits(affiliate) => Ok(User { name: name.to_owned(), affiliate: affiliate.to_owned() }),
            _ => Err(format!("{text:?} is no user such as maria=a-17: letters, digits, hyphens, dots")),
        }
    }
}

pub(crate) struct People {
    users: Vec<User>,
    password: String,
    sessions: Mutex<HashMap<String, (User, Instant)>>,
}

impl People {
    pub(crate) fn new(users: Vec<User>, password: String) -> People {
        People { users, password, sessions: Mutex::default() }
    }

    /// A new session's key.
    pub(crate) fn log_in(&self, name: &str, password: &str) -> Option<String> {
        // Both are always compared, and a wrong one takes as long as a right one. A real portal keeps a hash (argon2id).
        let is_right = is_same(password, &self.password);
        let user = self.users.iter().find(|user| user.name == name).filter(|_| is_right)?;
        let mut sessions = self.sessions();
        sessions.retain(|_, (_, since)| since.elapsed() < SESSION);
        if sessions.len() >= SESSIONS {
            return None;
        }
        let key = Uuid::new_v4().simple().to_string();
        sessions.insert(key.clone(), (user.clone(), Instant::now()));
        Some(key)
    }

    pub(crate) fn who(&self, session: &str) -> Option<User> {
        self.sessions().get(session).filter(|(_, since)| since.elapsed() < SESSION).map(|(user, _)| user.clone())
    }

    pub(crate) fn log_out(&self, session: &str) {
        self.sessions().remove(session);
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<String, (User, Instant)>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In a time that does not tell where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differs = one.bytes().zip(other.bytes()).fold(one.len() ^ other.len(), |differs, (one, other)| differs | usize::from(one ^ other));
    differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_password_opens_a_session_of_its_own() {
        let people = People::new(vec!["maria=a-17".parse().expect("a user")], "made-up".to_owned());
        for (name, password) in [("maria", "made-u"), ("maria", "made-up!"), ("maria", ""), ("joe", "made-up")] {
            assert!(people.log_in(name, password).is_none(), "{name} {password}");
        }
        let session = people.log_in("maria", "made-up").expect("a session");
        assert_eq!(people.who(&session).map(|user| user.affiliate).as_deref(), Some("a-17"));
        assert_ne!(people.log_in("maria", "made-up").as_ref(), Some(&session));
        people.log_out(&session);
        assert!(people.who(&session).is_none() && people.who("").is_none());
    }

    #[test]
    fn users_are_taken_and_nothing_else() {
        for text in ["", "maria", "=a", "maria=", "maria=<b>", "a b=c"] {
            assert!(text.parse::<User>().is_err(), "{text}");
        }
    }
}
