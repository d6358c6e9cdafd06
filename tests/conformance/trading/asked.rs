//! Every operation that no funnel uses: what is sent, and what is read.

use harness::World;
use serde_json::{Value, json};

use super::{answered, ask, crm, john, setup, sign_up, to, unanswered, wire, world};

/// Affairs of the affiliate whose credentials the connection has.
async fn with_records() -> World {
    let world = world().await;
    crm(&world)
        .seed(json!({
            "customers": [
                { "id": "c-1", "email": "one@gmail.com", "firstname": "One", "name": "One Doe", "source": "FB", "createdAt": "2023-09-13T08:00:00Z",
                  "updatedAt": "2023-09-14T08:00:00Z", "externalId": "ours-1", "depositTotal": 250.5, "hasFTD": true },
                { "id": "c-2", "email": "two@gmail.com", "firstname": "Two", "name": "Two Doe", "source": "TT", "createdAt": "2023-10-13T08:00:00Z",
                  "updatedAt": "2023-10-14T08:00:00Z" },
            ],
            "transactions": [{ "id": "t-1", "type": "COMMISSION_PAYOUT", "amount": "12.50", "createdAt": "2023-10-01T00:00:00Z" }],
            "commissions": [
                { "commissionAmount": "100.10", "referralId": "c-1", "actionTimestamp": "2023-09-20T00:00:00Z", "payoutAt": "2023-10-01T00:00:00Z" },
                { "commissionAmount": 50, "referralId": "c-2", "actionTimestamp": "2023-10-20T00:00:00Z" },
            ],
            "payouts": [{ "requestedAt": "2023-09-30T00:00:00Z", "approvedAt": "2023-10-01T00:00:00Z", "transactionId": "t-1" }],
            "banners": [{ "id": "b", "name": "Trade", "startDate": "2020-01-01T00:00:00Z", "endDate": "2099-01-01T00:00:00Z", "token": "banner-1" }],
            "affiliates": [{ "id": "below", "apiKey": "made-up-below", "username": "below", "password": "p", "parent": "broker" }],
        }))
        .await;
    world
}

/// The last request that was no session's.
async fn last(world: &World) -> Value {
    let requests = crm(world).requests().await;
    wire(requests.iter().rfind(|request| request["path"] != "/sessions").expect("a request"))
}

/// Asks, and holds the request against what is expected of it.
async fn asked(world: &World, operation: &str, arguments: &[&str], call: &str, credential: &str) -> Value {
    let answer = answered(world, operation, arguments).await;
    let (path, query) = call.split_once('?').map_or((call, None), |(path, query)| (path, Some(query)));
    let mut expected = json!({ "call": path, "credential": credential });
    if let Some(query) = query {
        expected["query"] = query.into();
    }
    let mut sent = last(world).await;
    sent.as_object_mut().unwrap().remove("body");
    assert_eq!(sent, expected, "{operation}");
    answer
}

const KEY: &str = "key sandbox-trading-key";

#[tokio::test]
async fn an_affiliates_customers() {
    let world = with_records().await;
    let page = asked(
        &world,
        "AffiliateGetCustomers",
        &["limit=1", "offset=0", "orderBy=createdAt|DESC"],
        "GET /affiliates/customers?limit=1&offset=0&orderBy=createdAt%7CDESC",
        KEY,
    )
    .await;
    assert_eq!(
        (&page["pages"], &page["customers"][0]["id"], page["customers"].as_array().map(Vec::len)),
        (&json!(2), &json!("c-2"), Some(1))
    );
    let found = asked(
        &world,
        "AffiliateGetCustomers",
        &[
            "limit=10", "offset=0", "orderBy=name|ASC", "search=Doe", "externalId=ours-1", "updatedSince=2023-09-13", "updatedTo=2023-09-30",
            "sources=[\"FB\",\"TT\"]",
        ],
        "GET /affiliates/customers?limit=10&offset=0&orderBy=name%7CASC&search=Doe&externalId=ours-1&updatedSince=2023-09-13&updatedTo=2023-09-30&sources=FB&sources=TT",
        KEY,
    )
    .await;
    let customer = &found["customers"][0];
    assert_eq!(
        (&customer["id"], &customer["depositTotal"], &customer["hasFTD"], &customer["createdAt"], &customer["source"]),
        (&json!("c-1"), &json!("250.5"), &json!(true), &json!("2023-09-13T08:00:00Z"), &json!("FB")),
        "{customer}"
    );
    let one = asked(&world, "Show", &["id=c-1"], "GET /affiliates/customers/c-1", KEY).await;
    assert_eq!(one, *customer);
    assert!(unanswered(&world, "Show", &["id=c-3"]).await.contains("refuses: Customer not found"));
    let changed =
        asked(&world, "AffiliateUpdateCustomer", &["id=c-1", "source=TT", "notes=called", "--yes"], "PATCH /affiliates/customers/c-1", KEY)
            .await;
    assert_eq!((&changed["source"], &changed["notes"]), (&json!("TT"), &json!("called")));
    assert_eq!(last(&world).await["body"], json!({ "source": "TT", "notes": "called" }));
    assert_eq!(asked(&world, "CountForExport", &[], "GET /affiliates/customers/count", KEY).await, json!({ "count": 2 }));
    let csv = asked(&world, "ExportCSV", &[], "GET /affiliates/customers/export", KEY).await;
    assert!(csv.as_str().is_some_and(|csv| csv.lines().count() == 3 && csv.contains("one@gmail.com")), "{csv}");
    let sources = asked(&world, "GetSourcesFromReferredCustomers", &[], "GET /affiliates/sources", "bearer").await;
    assert_eq!(sources, json!(["TT"]));
}

#[tokio::test]
async fn all_of_a_list_is_all_of_its_pages() {
    let world = world().await;
    let customers: Vec<_> =
        (0..450).map(|number| json!({ "id": format!("c-{number}"), "email": format!("c{number}@gmail.com") })).collect();
    let commissions: Vec<_> = (0..250).map(|_| json!({ "commissionAmount": 1 })).collect();
    crm(&world).seed(json!({ "customers": customers, "commissions": commissions })).await;
    let all = answered(&world, "AffiliateGetCustomers", &["all=true"]).await;
    assert_eq!(all["customers"].as_array().map(Vec::len), Some(450));
    let queries: Vec<_> =
        to(&world, "/affiliates/customers").await.iter().map(|request| request["query"].as_str().unwrap().to_owned()).collect();
    assert_eq!(queries, [0, 200, 400].map(|offset| format!("limit=200&offset={offset}&orderBy=createdAt%7CASC")));
    let all = answered(&world, "GetCommissionLedgerRecords", &["all=true"]).await;
    assert_eq!(all["commissionLedger"].as_array().map(Vec::len), Some(250));
    assert_eq!(answered(&world, "GetPayoutRequests", &["all=true"]).await, json!({ "payoutRequests": [] }));
}

#[tokio::test]
async fn an_affiliates_figures() {
    let world = with_records().await;
    let wallet = asked(&world, "GetAffiliateWalletAndTransactions", &[], "GET /affiliates/wallet", KEY).await;
    assert_eq!((&wallet["wallet"]["balance"], &wallet["wallet"]["currency"]), (&json!("12.50"), &json!("USD")));
    assert_eq!((&wallet["transactions"][0]["id"], &wallet["transactions"][0]["type"]), (&json!("t-1"), &json!("COMMISSION_PAYOUT")));
    let dashboard = asked(&world, "GetAffiliateDashboardData", &[], "GET /dashboard/affiliate", "bearer").await;
    assert_eq!((&dashboard["signupsThisMonth"], &dashboard["unpaidBalance"]), (&json!(0), &json!("50")), "{dashboard}");
    assert_eq!(asked(&world, "GetAffiliateEarnings", &[], "GET /affiliates/earnings", "bearer").await, json!({ "earnings": "150.1" }));
    assert_eq!(asked(&world, "GetTotalBalance", &[], "GET /affiliates/balance", "bearer").await, json!({ "balance": "12.5" }));
    let downline = asked(&world, "GetDownlineStatistics", &[], "GET /analytics/downline", "bearer").await;
    assert_eq!((&downline["stats"][0]["id"], &downline["stats"][0]["level"]), (&json!("below"), &json!(1)));
    let ledger = asked(
        &world,
        "GetCommissionLedgerRecords",
        &["limit=5", "offset=0", "order=DESC", "statuses=[\"PENDING\",\"PAIDOUT\"]"],
        "GET /commissions/ledger?limit=5&offset=0&order=DESC&statuses=PENDING&statuses=PAIDOUT",
        "bearer",
    )
    .await;
    let record = &ledger["commissionLedger"][1];
    assert_eq!(
        (&record["commissionAmount"], &record["referral"]["name"], &record["commissionType"], &record["payoutAt"]),
        (&json!("100.1"), &json!("One Doe"), &json!("CPA"), &json!("2023-10-01T00:00:00Z")),
        "{record}"
    );
    asked(&world, "GetCommissionLedgerRecords", &[], "GET /commissions/ledger", "bearer").await;
}

#[tokio::test]
async fn an_affiliates_payouts() {
    let world = with_records().await;
    let payouts = asked(
        &world,
        "GetPayoutRequests",
        &["limit=5", "offset=0", "order=ASC", "statuses=[\"APPROVED\"]"],
        "GET /commissions/payout-requests?limit=5&offset=0&order=ASC&statuses=APPROVED",
        "bearer",
    )
    .await;
    let payout = &payouts["payoutRequests"][0];
    assert_eq!(
        (&payouts["count"], &payout["payoutWallet"]["currency"], &payout["transaction"]["amount"]),
        (&json!(1), &json!("USD"), &json!("12.5"))
    );
    let id = payout["id"].as_str().unwrap();
    let one = asked(&world, "GetPayoutRequest", &[&format!("id={id}")], &format!("GET /commissions/payout-requests/{id}"), "bearer").await;
    assert_eq!(one, *payout);
    let pending = |answer: bool| json!({ "hasPendingPayoutRequest": answer });
    let path = "GET /commissions/payout-requests/has-pending";
    assert_eq!(asked(&world, "CheckPendingPayoutRequest", &[], path, "bearer").await, pending(false));
    let wallets = asked(&world, "GetWallets", &[], "GET /wallets", "bearer").await;
    assert_eq!((&wallets["wallets"][0]["id"], &wallets["pages"]), (&json!("1"), &json!(1)));
    let done = asked(&world, "CreatePayoutRequest", &["payoutWalletId=1", "--yes"], "POST /commissions/payout-requests", "bearer").await;
    assert_eq!((done, &last(&world).await["body"]), (json!({ "success": true }), &json!({ "payoutWalletId": 1 })));
    assert_eq!(asked(&world, "CheckPendingPayoutRequest", &[], path, "bearer").await, pending(true));
    let again = unanswered(&world, "CreatePayoutRequest", &["payoutWalletId=1", "--yes"]).await;
    assert!(again.contains("refuses: A payout request is already pending"), "{again}");
}

#[tokio::test]
async fn what_an_affiliate_advertises_with() {
    let world = with_records().await;
    let pages = asked(&world, "GetAffiliateLandingPages", &[], "GET /landing-pages", "bearer").await;
    assert!(pages["landing_pages"].is_array(), "{pages}");
    let groups = asked(&world, "GetTargetGroups", &[], "GET /target-groups", "bearer").await;
    assert!(groups["targetGroups"].is_array(), "{groups}");
    let banner = asked(&world, "GetActiveBanner", &[], "GET /banners/active", "bearer").await;
    assert_eq!((&banner["banner"]["token"], &banner["banner"]["endDate"]), (&json!("banner-1"), &json!("2099-01-01T00:00:00Z")));
    let file = asked(&world, "GetBannerFile", &["token=banner-1"], "GET /banners/file/banner-1", "bearer").await;
    assert_eq!(file["contentType"], "image/svg+xml");
    assert!(file["base64"].as_str().is_some_and(|base64| base64.starts_with("PHN2Zy")), "{file}");
    crm(&world).seed(json!({ "banners": [] })).await;
    assert_eq!(answered(&world, "GetActiveBanner", &[]).await, json!({ "banner": null }));
    assert_eq!(asked(&world, "CheckGreyLabeling", &[], "GET /affiliates/grey-label", "bearer").await, json!({ "enabled": true }));
    let logos = asked(&world, "GetGreyLabelLogos", &[], "GET /affiliates/grey-label/logos", "bearer").await;
    assert!(logos["logos"]["squareLogo"].as_str().is_some_and(|url| url.ends_with("/square.svg")), "{logos}");
    let referrer =
        asked(&world, "GetReferrerLogos", &["wtreferrer=0BaHeZI1Je"], "GET /referrers/logos?wtreferrer=0BaHeZI1Je", "bearer").await;
    assert_eq!(referrer, logos);
    let done = asked(&world, "UpdateReferenceKey", &["refKey=NEWKEY", "--yes"], "PUT /affiliates/reference-key", "bearer").await;
    assert_eq!((done, &last(&world).await["body"]), (json!({ "success": true }), &json!({ "refKey": "NEWKEY" })));
    let short = unanswered(&world, "UpdateReferenceKey", &["refKey=KEY", "--yes"]).await;
    assert!(short.contains("refKey: has to have 5 to 20 characters"), "{short}");
    assert_eq!(
        asked(&world, "CheckSignupCode", &["code=NEWKEY"], "GET /leads/signup-code?code=NEWKEY", "none").await,
        json!({ "code": "NEWKEY" })
    );
    assert!(unanswered(&world, "CheckSignupCode", &["code=OLDKEY"]).await.contains("refuses"));
    let unmeant = ask(&world, "GenerateAffiliateKey", &[]).await;
    assert!(unmeant.code == Some(1) && unmeant.stderr.contains("--yes"), "{}", unmeant.stderr);
    assert!(to(&world, "/affiliate-keys").await.is_empty(), "never unasked");
    let key = asked(&world, "GenerateAffiliateKey", &["--yes"], "POST /affiliate-keys", "bearer").await;
    assert!(key["key"].as_str().is_some_and(|key| !key.is_empty()), "{key}");
}

#[tokio::test]
async fn what_anybody_may_know() {
    let world = world().await;
    let countries = asked(&world, "GetCountries", &[], "GET /countries", "none").await;
    assert!(countries["countries"].as_array().is_some_and(|all| all.contains(&json!({ "id": "HR", "name": "Croatia", "enabled": true }))));
    let site_key = asked(&world, "GetCaptchaSiteKey", &[], "GET /settings/captcha-site-key", "none").await;
    assert_eq!(site_key, json!({ "value": "sandbox-captcha-site-key" }));
    let form = asked(&world, "GetFormConfigurations", &["step=SignupDemoForm"], "GET /forms/SignupDemoForm", "none").await;
    let first = json!({ "field": "firstname", "step": "SignupDemoForm", "required": true, "editable": true });
    assert_eq!(form["customerFieldConfigurations"][0], first);
    assert!(unanswered(&world, "GetFormConfigurations", &["step=Form"]).await.contains("step: is none of SignupDemoForm"));
    let steps = asked(&world, "GetOnboardingStepConfigurations", &[], "GET /onboarding-steps", "none").await;
    assert_eq!(steps["configurations"][0], json!({ "step": "SignupRealForm", "stage": "SignUp" }));
    let stages = asked(&world, "GetOnboardingStages", &[], "GET /onboarding-steps/stages", "none").await;
    assert_eq!(stages, json!({ "stages": ["SignUp", "BeforeSignIn", "BeforeDeposit", "BeforeWithdrawal"] }));
}

#[tokio::test]
async fn what_is_demanded_is_demanded_before_the_call() {
    let world = world().await;
    for (operation, arguments, why) in [
        ("AffiliateGetCustomers", &["offset=0", "orderBy=name|ASC"][..], "missing field `limit`"),
        ("AffiliateGetCustomers", &["limit=1", "orderBy=name|ASC"], "missing field `offset`"),
        ("AffiliateGetCustomers", &["limit=1", "offset=0"], "missing field `orderBy`"),
        ("AffiliateGetCustomers", &["all=true", "limit=1"], "all takes neither limit nor offset"),
        ("AffiliateGetCustomers", &["all=true", "updatedSince=yesterday"], "updatedSince: "),
        ("AffiliateGetCustomers", &["all=true", "surprise=1"], "surprise"),
        ("Show", &[], "missing field `id`"),
        ("Show", &["id=.."], "cannot stand in an address"),
        ("AffiliateUpdateCustomer", &["id=1", "--yes"], "source or notes is missing"),
        ("CountForExport", &["surprise=1"], "surprise"),
        ("GetCommissionLedgerRecords", &["statuses=[\"LOST\"]"], "statuses[0]: unknown variant"),
        ("GetPayoutRequest", &["id=x"], "id: invalid type"),
        ("CreatePayoutRequest", &["--yes"], "missing field `payoutWalletId`"),
        ("GetBannerFile", &[], "missing field `token`"),
        ("CheckSignupCode", &[], "missing field `code`"),
        ("GetPendingOnboardingSteps", &["stage=SignUp"], "missing field `session`"),
        ("VerifyMobileConfirmationCode", &["session=env:TRADING_KEY", "--yes"], "missing field `confirmationToken`"),
    ] {
        let said = unanswered(&world, operation, arguments).await;
        assert!(said.contains(why), "{operation}: {said}");
    }
    assert!(crm(&world).requests().await.is_empty(), "none of it was sent");
}

#[tokio::test]
async fn an_affiliate_is_answered_with_its_own_credential_or_not_at_all() {
    let secrets = tempfile::tempdir().unwrap();
    let secret = |name: &str, value: &str| {
        let path = secrets.path().join(name);
        std::fs::write(&path, value).unwrap();
        format!("\"file:{}\"", path.display())
    };
    let (key, password, user) =
        (secret("key", "made-up-acme-key"), secret("password", "made-up-password"), secret("user", "acme@example.com"));
    let affiliates = format!(
        "[[affiliates]]\nid = \"acme\"\nconnection = \"trading\"\ncrm_id = \"ACME00001\"\ncredential = {{ api_key = {key}, login = {{ username = {user}, password = {password} }} }}\n\
         [[affiliates]]\nid = \"keyed\"\nconnection = \"trading\"\ncrm_id = \"KEYED0001\"\ncredential = {{ api_key = {key} }}\n\
         [[affiliates]]\nid = \"bare\"\nconnection = \"trading\"\ncrm_id = \"BARE00001\""
    );
    let world = World::start(setup().more(&affiliates)).await;
    crm(&world)
        .seed(json!({ "affiliates": [{ "id": "acme", "apiKey": "made-up-acme-key", "username": "acme@example.com", "password": "made-up-password", "refKey": "ACME00001" }] }))
        .await;
    sign_up(&world, john(1), json!({})).await.json_of(201);
    assert_eq!(answered(&world, "CountForExport", &[]).await, json!({ "count": 1 }));
    assert_eq!(
        asked(&world, "CountForExport", &["--affiliate", "acme"], "GET /affiliates/customers/count", "key made-up-acme-key").await,
        json!({ "count": 0 })
    );
    asked(&world, "GetTotalBalance", &["--affiliate", "acme"], "GET /affiliates/balance", "bearer").await;
    assert_eq!(wire(&to(&world, "/sessions").await[0])["body"]["username"], "acme@example.com");
    let before = crm(&world).requests().await.len();
    for (affiliate, operation, needs) in [
        ("keyed", "GetTotalBalance", "GetTotalBalance takes bearer or login, and the affiliate keyed has none"),
        ("bare", "GetTotalBalance", "GetTotalBalance takes bearer or login, and the affiliate bare has none"),
        ("bare", "CountForExport", "CountForExport takes api_key, bearer or login, and the affiliate bare has none"),
    ] {
        let said = unanswered(&world, operation, &["--affiliate", affiliate]).await;
        assert!(said.contains(needs), "{said}");
    }
    let customers = unanswered(&world, "CheckEmailConfirmed", &["--affiliate", "acme", "session=env:TRADING_KEY"]).await;
    assert!(customers.contains("no affiliate is named"), "{customers}");
    assert_eq!(crm(&world).requests().await.len(), before, "none of it was sent");
    asked(&world, "GetActiveBanner", &["--affiliate", "bare"], "GET /banners/active", "bearer").await;
}
