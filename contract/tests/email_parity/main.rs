//! The contract's rule for e-mail addresses, held against `validator`'s, which the proxy asks on top of it: what the browser
//! accepts the server accepts. Every difference has a name and a reason (see `difference`).

mod addresses;
mod difference;
mod real_world;

use std::cell::Cell;

use difference::Difference;
use latchkey_contract::rules::is_email;
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use validator::ValidateEmail;

const CASES: u32 = 20_000;

/// Holds the two against each other; the difference, where there is one.
fn compare(address: &str) -> Result<Option<Difference>, String> {
    match (is_email(address), address.validate_email()) {
        (true, true) | (false, false) => Ok(None),
        (true, false) => Difference::of_the_server(address).map(Some).ok_or_else(|| format!("the server refuses {address:?}")),
        (false, true) => Difference::of_the_browser(address).map(Some).ok_or_else(|| format!("the browser refuses {address:?}")),
    }
}

#[test]
fn what_the_browser_accepts_the_server_accepts() {
    let (both, neither, browser, server) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let result = runner.run(&addresses::any(), |address| {
        compare(&address).map_err(TestCaseError::fail)?;
        match (is_email(&address), address.validate_email()) {
            (true, true) => count(&both),
            (false, false) => count(&neither),
            (true, false) => count(&server),
            (false, true) => count(&browser),
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("a difference without a name: {error}");
    }
    let counts = [both, neither, browser, server].map(|cell| cell.get());
    assert_eq!(counts.iter().sum::<u32>(), CASES);
    assert!(counts.iter().all(|count| *count > CASES / 200), "the generators reach every outcome: {counts:?}");
}

#[test]
fn in_ascii_the_server_refuses_nothing_that_the_browser_accepts() {
    let accepted = Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let result = runner.run(&addresses::ascii(), |address| {
        if is_email(&address) {
            accepted.set(accepted.get() + 1);
            prop_assert!(address.validate_email(), "{address:?}");
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(accepted.get() > CASES / 20, "{accepted:?} of {CASES} were accepted");
}

#[test]
fn every_named_difference_exists() {
    for (difference, example) in difference::examples() {
        assert_eq!(compare(&example), Ok(Some(difference)), "{example:?}");
    }
}

#[test]
fn addresses_of_the_real_world() {
    for address in real_world::GOOD {
        assert!(is_email(address) && address.validate_email(), "{address:?} is an address that people have");
    }
    for address in real_world::BAD {
        assert!(!is_email(address) && !address.validate_email(), "{address:?} is none");
    }
    for (address, difference) in real_world::DIFFERENT {
        assert_eq!(compare(address), Ok(Some(*difference)), "{address:?}");
    }
}
