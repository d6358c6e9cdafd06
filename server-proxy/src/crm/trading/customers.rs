//! "Customers - Affiliate APIs": whom an affiliate has referred.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{Question, Trouble, Unanswered, ask::serialised},
    Trading,
    ask::demand,
    lenient::{Amount, Count, Flag, Label, Moment, Named, Text},
    operations::Op,
    paging::{PAGE, Pages},
};

/// The order that records which come while we read do not upset.
pub(super) const OLDEST_FIRST: &str = "createdAt|ASC";

/// The query of "AffiliateGetCustomers". `all` asks page after page; else limit, offset and order are the asker's to say.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Wish {
    #[serde(default)]
    all: bool,
    limit: Option<u32>,
    offset: Option<u32>,
    order_by: Option<String>,
    search: Option<Text>,
    external_id: Option<Text>,
    updated_since: Option<Date>,
    updated_to: Option<Date>,
    #[serde(default)]
    sources: Vec<Text>,
}

#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) pages: Option<Count>,
    pub(super) customers: Vec<Customer>,
}

#[derive(Deserialize)]
struct One {
    customer: Customer,
}

/// The members of "Get a specific customer by ID" (the affiliate's own operations show `{ }`), but for those of the broker's checks on
/// a person.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Customer {
    pub(super) id: Text,
    external_id: Option<Text>,
    account_id: Option<Text>,
    level: Option<Amount>,
    pub(super) name: Option<Text>,
    pub(super) firstname: Option<Text>,
    pub(super) lastname: Option<Text>,
    pub(super) email: Option<Text>,
    pub(super) mobilenumber: Option<Text>,
    pub(super) country: Option<Text>,
    country_name: Option<Text>,
    communication_language: Option<Text>,
    pub(super) source: Option<Text>,
    notes: Option<Text>,
    pub(super) status: Option<Text>,
    kyc_status: Option<Text>,
    risk_status: Option<Text>,
    sales_status_name: Option<Text>,
    affiliate_id: Option<Text>,
    referrer: Option<Label>,
    roles: Option<Vec<Label>>,
    groups: Option<Vec<Label>>,
    available_contact_methods: Option<Vec<Label>>,
    conversion_agent: Option<Named>,
    retention_agent: Option<Named>,
    sales_desk: Option<Named>,
    commission_scheme: Option<Named>,
    is_bookmarked: Option<Flag>,
    #[serde(rename = "hasFTD")]
    pub(super) has_ftd: Option<Flag>,
    total_logins: Option<Count>,
    total_referrals: Option<Count>,
    document_count: Option<Count>,
    positions_count: Option<Count>,
    pub(super) deposit_total: Option<Amount>,
    withdrawal_total: Option<Amount>,
    total_coins_earned: Option<Amount>,
    total_volume_traded: Option<Amount>,
    trade_volume_last_week: Option<Amount>,
    trade_volume_open: Option<Amount>,
    affiliate_balance: Option<Amount>,
    commissions_granted: Option<Amount>,
    commissions_earned: Option<Amount>,
    pub(super) created_at: Option<Moment>,
    updated_at: Option<Moment>,
    confirmed_at: Option<Moment>,
    app_installed_at: Option<Moment>,
    kyc_reviewed_at: Option<Moment>,
    last_login_date: Option<Moment>,
    last_active: Option<Moment>,
    last_trading_activity_date: Option<Moment>,
    last_deposit_date: Option<Moment>,
    last_comment_date: Option<Moment>,
    last_contact_date: Option<Moment>,
    termination_requested_at: Option<Moment>,
}

/// "CountForExport"
#[derive(Deserialize, Serialize)]
pub(super) struct Counted {
    count: Count,
}

/// "Get sources from referred customers": a bare list.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Sources(pub(super) Vec<Text>);

impl Wish {
    /// Those who have changed since that day, or all.
    pub(super) fn since(updated_since: Option<Date>) -> Wish {
        Wish { updated_since, ..Wish::default() }
    }
}

impl Trading {
    /// "AffiliateGetCustomers"
    pub(super) async fn customers(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let wish: Wish = question.arguments.read()?;
        if wish.all {
            if wish.limit.is_some() || wish.offset.is_some() {
                return Err(Unanswered::Argument("all takes neither limit nor offset".to_owned()));
            }
            let order = wish.order_by.as_deref().unwrap_or(OLDEST_FIRST);
            let mut pages = Pages::new(|customer: &Customer| &customer.id.0);
            loop {
                let page = self.page_of_customers(question, &wish, PAGE, pages.offset, order).await?;
                if !pages.take(page.customers, page.pages.map(|pages| pages.0))? {
                    break;
                }
            }
            return serialised(&json!({ "customers": pages.all() }));
        }
        let (limit, offset) = (demand("limit", wish.limit)?, demand("offset", wish.offset)?);
        let order = demand("orderBy", wish.order_by.as_deref())?;
        let page = self.page_of_customers(question, &wish, limit, offset, order).await?;
        serialised(&json!({ "pages": page.pages, "customers": page.customers }))
    }

    pub(super) async fn page_of_customers(
        &self,
        question: &Question<'_>,
        wish: &Wish,
        limit: u32,
        offset: u32,
        order: &str,
    ) -> Result<Page, Unanswered> {
        let call = self.call(Op::AffiliateGetCustomers, &[]).long();
        let call = call.query("limit", limit.to_string()).query("offset", offset.to_string()).query("orderBy", order);
        let call = call.maybe("search", wish.search.as_ref().map(|search| search.0.as_str()));
        let call = call.maybe("externalId", wish.external_id.as_ref().map(|id| id.0.as_str()));
        let call = call.maybe("updatedSince", wish.updated_since.map(|day| day.to_string()));
        let call = call.maybe("updatedTo", wish.updated_to.map(|day| day.to_string()));
        let call = wish.sources.iter().fold(call, |call, source| call.query("sources", source.0.as_str()));
        self.read(Op::AffiliateGetCustomers, question, call).await
    }

    /// "Show"
    pub(super) async fn customer(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            id: Text,
        }
        let wish: Wish = question.arguments.read()?;
        let one: One = self.read(Op::Show, question, self.call(Op::Show, &[("id", &wish.id.0)])).await?;
        serialised(&one.customer)
    }

    /// "AffiliateUpdateCustomer"
    pub(super) async fn update_customer(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            id: Text,
            source: Option<Text>,
            notes: Option<Text>,
        }
        let wish: Wish = question.arguments.read()?;
        let mut body = serde_json::Map::new();
        let given = [("source", wish.source), ("notes", wish.notes)];
        body.extend(given.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.0.into()))));
        if body.is_empty() {
            return Err(Unanswered::Argument("source or notes is missing".to_owned()));
        }
        let op = Op::AffiliateUpdateCustomer;
        let one: One = self.read(op, question, self.call(op, &[("id", &wish.id.0)]).json(&body)).await?;
        serialised(&one.customer)
    }

    /// "ExportCSV": the text as it is.
    pub(super) async fn export(&self, question: &Question<'_>) -> Result<Value, Unanswered> {
        let answer = self.whole(Op::ExportCSV, question, self.call(Op::ExportCSV, &[]).long()).await?;
        match std::str::from_utf8(&answer.body) {
            Ok(text) if !text.trim().is_empty() && !text.trim_start().starts_with(['<', '{']) => Ok(text.into()),
            _ => Err(Unanswered::Unreadable(Trouble::of(answer.status.as_u16(), "what came is no CSV"))),
        }
    }
}
