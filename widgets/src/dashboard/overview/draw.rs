//! The lines and bars of a chart, stretched to the place that there is: a point is ten wide, the whole a thousand high. What is written
//! beside it is no part of it, so that it is not stretched.

use leptos::prelude::document;
use web_sys::Element;

use super::plot::Plot;
use crate::{browser::dom::set, partner::view::fill};

const SVG: &str = "http://www.w3.org/2000/svg";
const WIDTH: i32 = 10;
const HEIGHT: f64 = 1_000.0;

fn shape(tag: &str, attributes: &[(&str, &str)]) -> Element {
    // Fails for names only that cannot be a tag's.
    let element = document().create_element_ns(Some(SVG), tag).unwrap_or_else(|_| unreachable!("{}", tag));
    for (name, value) in attributes {
        set(&element, name, Some(value));
    }
    element
}

fn height(plot: &Plot, value: f64) -> i32 {
    ((1.0 - plot.scale.share(value)) * HEIGHT).round() as i32
}

fn middle(at: usize) -> i32 {
    at as i32 * WIDTH + WIDTH / 2
}

fn joined(numbers: &[i32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn points(plot: &Plot, values: &[f64]) -> Vec<i32> {
    values.iter().enumerate().flat_map(|(at, value)| [middle(at), height(plot, *value)]).collect()
}

pub(super) fn drawing(plot: &Plot, is_bars: bool) -> Element {
    let width = plot.starts.len().max(1) as i32 * WIDTH;
    let view = joined(&[0, 0, width, HEIGHT as i32]);
    let svg = shape("svg", &[("viewBox", &view), ("preserveAspectRatio", "none"), ("part", "drawing"), ("aria-hidden", "true")]);
    for value in plot.scale.lines() {
        let at = height(plot, value).to_string();
        let part = if value == 0.0 { "line nought" } else { "line" };
        fill(&svg, &[shape("line", &[("part", part), ("x1", "0"), ("x2", &width.to_string()), ("y1", &at), ("y2", &at)])]);
    }
    let ground = height(plot, 0.0);
    if is_bars {
        for (at, value) in plot.now.iter().enumerate() {
            let top = height(plot, *value);
            let bar = shape("rect", &[("part", "bar"), ("width", "6")]);
            for (name, number) in [("x", middle(at) - 3), ("y", top.min(ground)), ("height", (top - ground).abs())] {
                set(&bar, name, Some(&number.to_string()));
            }
            fill(&svg, &[bar]);
        }
    } else {
        let now = points(plot, &plot.now);
        let last = middle(plot.now.len().saturating_sub(1));
        let area = [vec![middle(0), ground], now.clone(), vec![last, ground]].concat();
        fill(
            &svg,
            &[
                shape("polygon", &[("part", "area"), ("points", &joined(&area))]),
                shape("polyline", &[("part", "now"), ("points", &joined(&now))]),
            ],
        );
    }
    fill(&svg, &[shape("polyline", &[("part", "earlier"), ("points", &joined(&points(plot, &plot.before)))])]);
    svg
}
