//! A chart of one figure: lines or bars, by day, week or month, the period before dashed; read under the pointer, by the arrow keys, and as
//! a table.

use std::cell::RefCell;

use latchkey_contract::partner::{Grain, Metric, Series, Unit};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use super::{amounts, draw::drawing, name, plot::Plot, read};
use crate::{
    dashboard::{asked::Asked, board::Board, frame::framed, period::Days},
    partner::{
        controls::select,
        format::Style,
        view::{fill, follow, has, hears, holds, is_shown, node, says, words},
    },
};

/// More days than that are shown by week at first, more than those by month.
const DAYS: i32 = 92;
const WEEKS: i32 = 400;
/// More points than that are not asked for.
const MOST_DAYS: i32 = 1_000;
/// So many days are written under the chart, or one fewer.
const LABELS: usize = 6;

/// Copied around in here.
#[derive(Clone, Copy)]
struct Chart {
    board: Board,
    plot: Memo<Option<Plot>>,
    series: RwSignal<Option<Option<Series>>>,
    by: RwSignal<String>,
    shape: RwSignal<String>,
    currency: RwSignal<String>,
    /// The point that is read.
    at: RwSignal<Option<usize>>,
}

pub(super) fn chart(board: Board, metric: RwSignal<Option<Metric>>) -> Element {
    let asked = Asked::new();
    let (by, currency) = (RwSignal::new(String::from("day")), RwSignal::new(String::new()));
    // Another period is shown by what suits it.
    follow(Box::new(move || {
        if let Some(days) = board.days.get() {
            let suits = if days.count() > WEEKS {
                "month"
            } else if days.count() > DAYS {
                "week"
            } else {
                "day"
            };
            by.set(suits.to_owned());
        }
    }));
    follow(Box::new(move || {
        board.beat.track();
        if let (Some(metric), Some(days)) = (metric.get(), board.days.get()) {
            let path = ["/series?metric=", metric.as_str(), "&by=", &by.get(), "&", &days.query()].concat();
            asked.ask(board, path, read::series);
        }
    }));
    let plot = Memo::new(move |_| asked.value.with(|series| Some(Plot::of(series.as_ref()?.as_ref()?, &currency.get()))));
    let shape = RwSignal::new(String::from("line"));
    let chart = Chart { board, plot, series: asked.value, by, shape, currency, at: RwSignal::new(None) };
    // Another chart is read from nowhere yet.
    follow(Box::new(move || {
        plot.track();
        chart.at.set(None);
    }));
    let title = node("h3", &[], &[]);
    says(&title, move || chart.title());
    // Until there is a chart, it is of nothing.
    is_shown(&title, move || !chart.title().is_empty());
    let head = node("div", &[("part", "chart-head")], &[title, choices(chart)]);
    let content = node("div", &[("part", "chart-content")], &[legend(chart), figure(chart), table(chart)]);
    node("div", &[("part", "chart")], &[head, framed(board, asked.course, "of-chart", &content)])
}

impl Chart {
    fn title(self) -> String {
        let name = self.series.with(|series| series.as_ref().and_then(Option::as_ref).map(|series| name(self.board, series.metric)));
        let currency = self.plot.with(|plot| plot.as_ref().map(|plot| plot.line.currency.clone())).filter(|currency| !currency.is_empty());
        name.into_iter().chain(currency).collect::<Vec<_>>().join(", ")
    }

    /// The day, week or month of a point.
    fn when(self, plot: &Plot, at: usize, is_short: bool) -> String {
        let by = self.series.with(|series| series.as_ref().and_then(Option::as_ref).map(|series| series.by));
        let style = match (by, is_short) {
            (Some(Grain::Month), _) => Style::ShortMonth,
            (_, true) => Style::ShortDay,
            (_, false) => Style::Day,
        };
        let day = self.board.say.calendar_day(style, plot.starts.get(at).map(String::as_str).unwrap_or_default());
        if by == Some(Grain::Week) && !is_short { self.board.say.filled("chart.week", &[("day", &day)]) } else { day }
    }

    fn amount(self, plot: &Plot, amount: &str) -> String {
        amounts::written(self.board.say, plot.unit, amount, &plot.line.currency)
    }

    /// A point in words.
    fn point(self, plot: &Plot, at: usize) -> String {
        let now = self.amount(plot, plot.amount(at));
        let before = plot.amount_before(at).map(|before| self.board.say.filled("figure.before", &[("value", &self.amount(plot, before))]));
        [Some([&self.when(plot, at, false), ": ", &now].concat()), before].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

fn choices(chart: Chart) -> Element {
    let (say, days) = (chart.board.say, chart.board.days);
    let by = select(&say.text("chart.by"), "by", chart.by, move || {
        let count = days.with(|days| days.as_ref().map_or(0, Days::count));
        let fits = |by: &&str| *by != "day" || count <= MOST_DAYS;
        ["day", "week", "month"].into_iter().filter(fits).map(|by| (by.to_owned(), say.text(&["chart.by.", by].concat()))).collect()
    });
    let shape = select(&say.text("chart.shape"), "shape", chart.shape, move || {
        ["line", "bars"].map(|shape| (shape.to_owned(), say.text(&["chart.", shape].concat()))).to_vec()
    });
    let currencies = move || {
        chart.series.with(|series| {
            let series = series.as_ref().and_then(Option::as_ref).filter(|series| series.unit == Unit::Money);
            series.map(|series| series.lines.iter().map(|line| line.currency.clone()).collect::<Vec<_>>()).unwrap_or_default()
        })
    };
    let currency = select(&say.text("chart.currency"), "currency", chart.currency, move || {
        currencies().into_iter().map(|currency| (currency.clone(), currency)).collect()
    });
    is_shown(&currency, move || currencies().len() > 1);
    // The list shows the one that is drawn.
    follow(Box::new(move || {
        let drawn = chart.plot.with(|plot| plot.as_ref().map(|plot| plot.line.currency.clone()));
        // What has no currency leaves the choice for what has.
        if let Some(drawn) = drawn.filter(|drawn| !drawn.is_empty())
            && chart.currency.get_untracked() != drawn
        {
            chart.currency.set(drawn);
        }
    }));
    node("div", &[("part", "choice-of-chart")], &[by, shape, currency])
}

/// Which line is which, with the days of each.
fn legend(chart: Chart) -> Element {
    let say = chart.board.say;
    let days = move |is_before: bool| {
        chart.series.with(|series| {
            let Some(series) = series.as_ref().and_then(Option::as_ref) else { return String::new() };
            let period = if is_before { &series.before } else { &series.period };
            [&period.from, &period.to].map(|day| say.calendar_day(Style::Day, day)).join(" – ")
        })
    };
    let now = node("li", &[("part", "key of-now")], &[]);
    says(&now, move || days(false));
    let before = node("li", &[("part", "key of-earlier")], &[]);
    says(&before, move || say.filled("figure.before", &[("value", &days(true))]));
    node("ul", &[("part", "legend")], &[now, before])
}

fn figure(chart: Chart) -> Element {
    let say = chart.board.say;
    let attributes = [("part", "plot"), ("dir", "ltr"), ("tabindex", "0"), ("role", "slider"), ("aria-valuemin", "0")];
    let surface = node("div", &attributes, &[]);
    has(&surface, "aria-label", move || Some(say.filled("chart.label", &[("name", &chart.title())])));
    has(&surface, "aria-valuemax", move || chart.plot.with(|plot| Some(plot.as_ref()?.starts.len().saturating_sub(1).to_string())));
    has(&surface, "aria-valuenow", move || Some(chart.at.get().unwrap_or_default().to_string()));
    has(&surface, "aria-valuetext", move || chart.plot.with(|plot| Some(chart.point(plot.as_ref()?, chart.at.get().unwrap_or_default()))));
    let picture = node("div", &[("part", "picture")], &[]);
    // What stands at a share of its width or height stands in here.
    let canvas = node("div", &[("part", "canvas")], &[picture.clone(), tip(chart)]);
    let drawn = RefCell::new(None);
    follow(Box::new(move || {
        let is_bars = chart.shape.with(|shape| shape == "bars");
        chart.plot.with(|plot| {
            let Some(plot) = plot else { return };
            let wanted = Some((plot.clone(), is_bars));
            if *drawn.borrow() != wanted {
                picture.set_text_content(None);
                fill(&picture, &[drawing(plot, is_bars), lines(chart, plot), days(chart, plot)]);
                drawn.replace(wanted);
            }
        });
    }));
    let nothing = words("p", &[("part", "nothing")], &say.text("chart.nothing"));
    is_shown(&nothing, move || chart.plot.with(|plot| plot.as_ref().is_some_and(Plot::is_empty)));
    hears_keys(chart, &surface);
    hears_pointer(chart, &surface, canvas.clone());
    fill(&surface, &[canvas, nothing]);
    surface
}

fn hears_keys(chart: Chart, surface: &Element) {
    hears(surface, "keydown", move |event| {
        let Some(last) = chart.plot.with_untracked(|plot| plot.as_ref().and_then(|plot| plot.starts.len().checked_sub(1))) else { return };
        let at = chart.at.get_untracked();
        let next = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
            "ArrowRight" | "ArrowUp" => at.map_or(0, |at| (at + 1).min(last)),
            "ArrowLeft" | "ArrowDown" => at.map_or(last, |at| at.saturating_sub(1)),
            "PageUp" => at.map_or(0, |at| (at + 7).min(last)),
            "PageDown" => at.map_or(last, |at| at.saturating_sub(7)),
            "Home" => 0,
            "End" => last,
            "Escape" => return chart.at.set(None),
            _ => return,
        };
        event.prevent_default();
        chart.at.set(Some(next));
    });
    hears(surface, "blur", move |_| chart.at.set(None));
}

fn hears_pointer(chart: Chart, surface: &Element, canvas: Element) {
    for name in ["pointermove", "pointerdown"] {
        let place = canvas.clone();
        hears(surface, name, move |event| {
            let (place, pointer) = (place.get_bounding_client_rect(), event.unchecked_into::<MouseEvent>().client_x());
            let count = chart.plot.with_untracked(|plot| plot.as_ref().map_or(0, |plot| plot.starts.len()));
            let at = ((f64::from(pointer) - place.left()) / place.width() * count as f64).max(0.0) as usize;
            let at = (count > 0).then(|| at.min(count - 1));
            if chart.at.get_untracked() != at {
                chart.at.set(at);
            }
        });
    }
    hears(surface, "pointerleave", move |_| chart.at.set(None));
}

/// By its property: an attribute would be refused by a strict policy.
fn place(element: &Element, property: &str, share: f64) {
    let percent = (share * 10_000.0).round() as i32;
    let digits = (percent % 100).to_string();
    let text = [(percent / 100).to_string().as_str(), if digits.len() < 2 { ".0" } else { "." }, &digits, "%"].concat();
    let _ = element.unchecked_ref::<HtmlElement>().style().set_property(property, &text);
}

/// The figure of the point that is read. What it says a screen reader has from the plot itself.
fn tip(chart: Chart) -> Element {
    let mark = node("div", &[("part", "mark"), ("aria-hidden", "true")], &[]);
    is_shown(&mark, move || chart.at.get().is_some());
    let text = node("div", &[("part", "tip")], &[]);
    holds(&text, move || {
        chart.plot.with(|plot| {
            let (Some(plot), Some(at)) = (plot, chart.at.get()) else { return Vec::new() };
            let now = words("strong", &[], &chart.amount(plot, plot.amount(at)));
            let before = plot.amount_before(at).map(|before| {
                words("span", &[("part", "before")], &chart.board.say.filled("figure.before", &[("value", &chart.amount(plot, before))]))
            });
            [words("span", &[("dir", "auto")], &chart.when(plot, at, false)), now].into_iter().chain(before).collect()
        })
    });
    let (moved, label) = (mark.clone(), text.clone());
    follow(Box::new(move || {
        chart.plot.with(|plot| {
            let (Some(plot), Some(at)) = (plot, chart.at.get()) else { return };
            let count = plot.starts.len().max(1);
            place(&moved, "left", (at as f64 + 0.5) / count as f64);
            // On the side on which there is more room.
            let side = if at * 2 < count { "after" } else { "before" };
            crate::browser::dom::set(&label, "data-side", Some(side));
        });
    }));
    fill(&mark, &[text]);
    mark
}

/// What is written beside the lines.
fn lines(chart: Chart, plot: &Plot) -> Element {
    let line = |value: f64| {
        let text = amounts::digits(value);
        let line = words("span", &[], &amounts::short(chart.board.say, plot.unit, &text));
        place(&line, "bottom", plot.scale.share(value));
        line
    };
    let lines: Vec<_> = plot.scale.lines().into_iter().map(line).collect();
    node("div", &[("part", "scale"), ("aria-hidden", "true")], &lines)
}

/// Some of the days, under it.
fn days(chart: Chart, plot: &Plot) -> Element {
    let count = plot.starts.len().max(1);
    let apart = count.div_ceil(LABELS);
    let day = |at: usize| {
        let day = words("span", &[("dir", "auto")], &chart.when(plot, at, true));
        place(&day, "left", (at as f64 + 0.5) / count as f64);
        day
    };
    let days: Vec<_> = (0..plot.starts.len()).step_by(apart).map(day).collect();
    node("div", &[("part", "days"), ("aria-hidden", "true")], &days)
}

/// The same to be read line by line; made when it is opened.
fn table(chart: Chart) -> Element {
    let say = chart.board.say;
    let is_open = RwSignal::new(false);
    let content = node("div", &[("part", "region"), ("role", "region"), ("tabindex", "0"), ("aria-label", &say.text("chart.table"))], &[]);
    holds(&content, move || {
        if !is_open.get() {
            return Vec::new();
        }
        let heads = ["chart.when", "chart.now", "chart.before"].map(|key| words("th", &[("scope", "col")], &say.text(key)));
        let row = |plot: &Plot, at: usize| {
            let before = plot.amount_before(at).map(|before| chart.amount(plot, before)).unwrap_or_default();
            let cells = [
                words("th", &[("scope", "row")], &chart.when(plot, at, false)),
                words("td", &[], &chart.amount(plot, plot.amount(at))),
                words("td", &[], &before),
            ];
            node("tr", &[], &cells)
        };
        let rows: Vec<_> =
            chart.plot.with(|plot| plot.iter().flat_map(|plot| (0..plot.starts.len()).map(move |at| row(plot, at))).collect());
        let parts = [node("thead", &[], &[node("tr", &[], &heads)]), node("tbody", &[], &rows)];
        vec![node("table", &[("part", "table")], &parts)]
    });
    let opened = node("details", &[("part", "as-table")], &[words("summary", &[], &say.text("chart.table")), content]);
    let details = opened.clone();
    hears(&opened, "toggle", move |_| is_open.set(details.has_attribute("open")));
    opened
}
