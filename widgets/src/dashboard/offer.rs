//! What there is to show, as `GET /capabilities` has it. A name that this version does not know is left out.

use latchkey_contract::partner::{Capabilities, Column, Kind, Metric, Scope, Table, TableView};

use crate::browser::json::Json;

pub(super) fn read(answer: &Json) -> Capabilities {
    let metrics = |name: &str| answer.words(name).iter().filter_map(|name| Metric::parse(name)).collect();
    Capabilities {
        affiliate: answer.text("affiliate").unwrap_or_default(),
        scopes: answer.words("scopes").iter().filter_map(|name| Scope::parse(name)).collect(),
        metrics: metrics("metrics"),
        series: metrics("series"),
        tables: answer.list("tables", table).into_iter().flatten().collect(),
        sources: answer.truth("sources"),
        downline: answer.truth("downline"),
        servers: answer.truth("servers"),
        wallet: answer.truth("wallet"),
        request_payout: answer.truth("requestPayout"),
        links: answer.truth("links"),
        creatives: answer.truth("creatives"),
        // The look-up's own.
        buckets: Vec::new(),
    }
}

fn table(answer: &Json) -> Option<TableView> {
    let name = answer.text("table")?;
    let table = Table::ALL.into_iter().find(|table| table.as_str() == name)?;
    Some(TableView { table, columns: answer.list("columns", column).into_iter().flatten().collect() })
}

fn column(answer: &Json) -> Option<Column> {
    let kind = match answer.text("kind")?.as_str() {
        "text" => Kind::Text,
        "state" => Kind::State,
        "country" => Kind::Country,
        "moment" => Kind::Moment,
        "money" => Kind::Money,
        "number" => Kind::Number,
        "flag" => Kind::Flag,
        "personal" => Kind::Personal,
        _ => return None,
    };
    Some(Column { name: answer.text("name")?, kind, sort: answer.truth("sort"), filter: answer.truth("filter") })
}
