//! Where `redirectUrl` and `depositUrl` lead.

use std::time::Duration;

use super::{Crm, john};
use crate::client::send;

fn path(crm: &Crm, url: &serde_json::Value) -> String {
    url.as_str().unwrap().strip_prefix(&format!("http://{}", crm.server.address)).unwrap().to_owned()
}

#[test]
fn each_link_logs_in_once_and_leads_to_its_page() {
    let crm = Crm::start();
    let created = crm.create(&john());
    for (member, page, title) in
        [("redirectUrl", "/trading/member", "Welcome, John"), ("depositUrl", "/trading/member/deposit", "Make a deposit, John")]
    {
        let path = path(&crm, &created[member]);
        assert_eq!(send(crm.server.address, "HEAD", &path, &[], b"").unwrap().status, 200);
        let answer = crm.server.get(&path);
        assert_eq!((answer.status, answer.header("location")), (303, Some(page)));
        let (cookie, attributes) = answer.header("set-cookie").unwrap().split_once("; ").unwrap();
        assert_eq!(attributes, "HttpOnly; SameSite=Lax; Path=/trading");
        let text = send(crm.server.address, "GET", page, &[("cookie", cookie)], b"").unwrap();
        assert!(text.text().contains("<strong id=\"who\">johndoe@gmail.com</strong>") && text.text().contains(title));
        assert_eq!(crm.server.get(&path).status, 410);
    }
    assert_eq!(crm.control("users")[0]["loggedIn"], true);
    // None of it is a request to the API.
    assert_eq!(crm.control("requests").len(), 2);
}

#[test]
fn a_link_expires_and_nobody_gets_in_without_one() {
    let crm = Crm::start_with(&["--link-ttl-seconds", "1"]);
    let path = path(&crm, &crm.create(&john())["redirectUrl"]);
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(crm.server.get(&path).status, 410);
    assert_eq!(crm.server.get("/trading/autologin/00000000-0000-4000-8000-000000000000").status, 404);
    assert_eq!(crm.server.get("/trading/member").status, 401);
}

#[test]
fn without_autologin_there_are_no_links() {
    let crm = Crm::start_with(&["--without-autologin"]);
    let created = crm.create(&john());
    assert!(created["id"].is_string() && created["refreshToken"].is_string(), "{created}");
    assert!(created.get("redirectUrl").is_none() && created.get("depositUrl").is_none(), "{created}");
}
