//! Capabilities, pages of tables, and one record of them.

use latchkey_contract::partner::{BucketView, Capabilities, Detail, Kind, Page, Scope, Table, TableView};

use super::{Partners, Refusal, columns, tokens::Asker};
use crate::store::{Order, Wanted};

/// A person's transactions that are shown with them.
const WITH_A_PERSON: u32 = 50;

impl Partners {
    /// What this asker can be shown; asks nobody.
    pub(crate) fn capabilities(&self, asker: &Asker) -> Capabilities {
        let affiliate = asker.affiliate();
        let offers = self.crm(asker).ok().map(|(_, offers)| offers);
        let can = |scope: Scope, offered: fn(&crate::crm::Offers) -> bool| asker.has(scope) && offers.is_some_and(offered);
        let metrics = offers.filter(|_| asker.has(Scope::Figures)).map(|offers| offers.metrics.to_vec()).unwrap_or_default();
        let tables = offers.into_iter().flat_map(|offers| {
            let allowed = Table::ALL.into_iter().filter(|table| asker.has(table.scope()));
            let view = |table| {
                let columns = columns::of(table, offers)?.into_iter().map(columns::Spec::column).collect();
                Some(TableView { table, columns })
            };
            allowed.filter_map(view).collect::<Vec<_>>()
        });
        let buckets = affiliate.buckets.iter().map(|bucket| BucketView { id: bucket.id.clone(), sources: bucket.sources.clone() });
        Capabilities {
            affiliate: affiliate.id.clone(),
            scopes: asker.scopes().iter().copied().collect(),
            series: metrics.iter().copied().filter(|metric| metric.is_of_period()).collect(),
            metrics,
            tables: tables.collect(),
            sources: can(Scope::Leads, |offers| offers.sources),
            downline: can(Scope::Leads, |offers| offers.downline),
            servers: can(Scope::Money, |offers| offers.servers),
            wallet: can(Scope::Money, |offers| offers.wallet),
            request_payout: can(Scope::Payouts, |offers| offers.request_payout),
            links: can(Scope::Links, |offers| offers.links),
            creatives: can(Scope::Links, |offers| offers.creatives),
            buckets: if can(Scope::Buckets, |offers| offers.buckets) { buckets.collect() } else { Vec::new() },
        }
    }

    /// A page of a table.
    pub(crate) async fn page(
        self: &std::sync::Arc<Self>,
        asker: &Asker,
        table: Table,
        query: &[(String, String)],
    ) -> Result<Page, Refusal> {
        self.demand(asker, table.scope())?;
        let (_, offers) = self.crm(asker)?;
        let asked = self.read_query(asker, table, offers, query, self.store.now())?;
        let age = self.freshen(asker).await?;
        let found = self.store.rows(&asked.wanted, asked.after.as_deref(), asked.limit).await?;
        let is_first = asked.after.is_none();
        let total = match (is_first, &found.next) {
            (false, _) => None,
            (true, None) => Some(found.rows.len() as u64),
            (true, Some(_)) => Some(self.store.count_rows(&asked.wanted).await?),
        };
        let choices = match is_first && asked.choices {
            true => {
                let is_listed = |spec: &&&columns::Spec| matches!(spec.kind, Kind::State | Kind::Country) || spec.name == "source";
                let columns: Vec<_> = asked.specs.iter().filter(is_listed).filter_map(|spec| Some((spec.name, spec.filter?))).collect();
                Some(self.store.choices(&asked.wanted.affiliate, asked.wanted.kind, &columns).await?)
            }
            false => None,
        };
        let rows = found.rows.iter().map(|row| columns::record(&asked.specs, row, asker.is_personal())).collect();
        let next = found.next.and_then(|after| self.cursor(&asked, after));
        Ok(Page { rows, next, total, choices, age })
    }

    /// One person, and what they have paid in and out as far as that may be seen.
    pub(crate) async fn lead(self: &std::sync::Arc<Self>, asker: &Asker, id: &str) -> Result<Detail, Refusal> {
        self.demand(asker, Scope::Leads)?;
        let (_, offers) = self.crm(asker)?;
        let specs = columns::of(Table::Leads, offers).ok_or(Refusal::NotOffered)?;
        let age = self.freshen(asker).await?;
        let affiliate = asker.shown().mirror_key();
        let wanted = |kind, column: &'static str, order: Order| Wanted {
            affiliate: affiliate.clone(),
            kind,
            customers: false,
            range: None,
            one_of: vec![(column, vec![id.to_owned()])],
            flags: Vec::new(),
            search: None,
            order,
        };
        let by_id = Order { columns: &["id"], descending: false };
        let found = self.store.rows(&wanted(crate::crm::RecordKind::Person, "id", by_id), None, 1).await?;
        let row = found.rows.first().ok_or(Refusal::UnknownRecord)?;
        let of_people = columns::of(Table::Transactions, offers).filter(|specs| specs.iter().any(|spec| spec.name == "person"));
        let transactions = match of_people.filter(|_| asker.has(Scope::Money)) {
            Some(specs) => {
                let newest = Order { columns: &["at"], descending: true };
                let found = self.store.rows(&wanted(crate::crm::RecordKind::Transaction, "person", newest), None, WITH_A_PERSON).await?;
                found.rows.iter().map(|row| columns::record(&specs, row, asker.is_personal())).collect()
            }
            None => Vec::new(),
        };
        Ok(Detail { record: columns::record(&specs, row, asker.is_personal()), transactions, age })
    }
}
