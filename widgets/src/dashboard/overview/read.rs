//! Overview and series as the proxy answers them. A metric that this version does not know is left out.

use latchkey_contract::partner::{Figure, Grain, Line, Metric, Overview, Period, Quantity, Series};

use crate::{browser::json::Json, dashboard::asked};

fn metric(answer: &Json) -> Option<Metric> {
    Metric::parse(&answer.text("metric")?)
}

fn period(answer: &Json) -> Period {
    Period { from: answer.text("from").unwrap_or_default(), to: answer.text("to").unwrap_or_default() }
}

fn quantity(answer: &Json) -> Quantity {
    Quantity { currency: answer.text("currency").unwrap_or_default(), amount: answer.text("amount").unwrap_or_default() }
}

fn figure(answer: &Json) -> Option<Figure> {
    let metric = metric(answer)?;
    let before = answer.has("before").then(|| answer.list("before", quantity));
    Some(Figure { metric, unit: metric.unit(), now: answer.list("now", quantity), before })
}

pub(super) fn overview(answer: &Json) -> Overview {
    Overview {
        period: period(&answer.member("period")),
        before: period(&answer.member("before")),
        tz: answer.text("tz").unwrap_or_default(),
        figures: answer.list("figures", figure).into_iter().flatten().collect(),
        age: asked::age(answer),
    }
}

/// `None` where it is of nothing that this version knows.
pub(super) fn series(answer: &Json) -> Option<Series> {
    let metric = metric(answer)?;
    let by = match answer.text("by")?.as_str() {
        "week" => Grain::Week,
        "month" => Grain::Month,
        _ => Grain::Day,
    };
    let line =
        |line: &Json| Line { currency: line.text("currency").unwrap_or_default(), now: line.words("now"), before: line.words("before") };
    Some(Series {
        metric,
        unit: metric.unit(),
        by,
        period: period(&answer.member("period")),
        before: period(&answer.member("before")),
        tz: answer.text("tz").unwrap_or_default(),
        starts: answer.words("starts"),
        lines: answer.list("lines", line),
        age: asked::age(answer),
    })
}
