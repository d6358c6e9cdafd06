//! What a visitor downloads, and how much it may be: budget.toml.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{
    files,
    tools::{npm, prerequisites, rust},
    widgets,
    workspace::Workspace,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    signup: ElementBudget,
    buckets: ElementBudget,
    dashboard: ElementBudget,
    loader: LoaderBudget,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ElementBudget {
    wasm_and_glue: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoaderBudget {
    js: usize,
}

/// One thing that is weighed. Parts of another have no budget of their own.
struct Figure {
    what: String,
    size: usize,
    budget: Option<usize>,
}

/// `sizes`: builds the widgets, shows the table, and fails where something is over.
pub(crate) fn sizes(workspace: &Workspace) -> Result<()> {
    prerequisites::check()?;
    rust::ensure_wasm_target(workspace)?;
    widgets::build(workspace, &npm::ensure(workspace)?)?;
    check(workspace)
}

/// Shows the table for what has been built, and fails where something is over.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let budget = parse(&files::read_text(&workspace.root.join("budget.toml"))?)?;
    let figures = weigh(workspace, &budget)?;
    print!("{}", table(&figures));
    let over: Vec<String> = figures.iter().filter_map(over).collect();
    if !over.is_empty() {
        bail!("{}", over.join("; "));
    }
    Ok(())
}

fn parse(text: &str) -> Result<Budget> {
    toml::from_str(text).context("budget.toml is not as expected")
}

fn weigh(workspace: &Workspace, budget: &Budget) -> Result<Vec<Figure>> {
    let out = workspace.widgets();
    let weigh = |name: &str| anyhow::Ok(files::read(&out.join(name))?.len());
    let mut figures = Vec::new();
    for (element, budget) in [("signup", &budget.signup), ("buckets", &budget.buckets), ("dashboard", &budget.dashboard)] {
        let (wasm, glue) = (weigh(&format!("{element}.wasm.br"))?, weigh(&format!("{element}.js.br"))?);
        figures.push(Figure { what: format!("{element}.wasm"), size: wasm, budget: None });
        figures.push(Figure { what: format!("{element}.js"), size: glue, budget: None });
        figures.push(Figure { what: format!("{element} WebAssembly and glue"), size: wasm + glue, budget: Some(budget.wasm_and_glue) });
    }
    // The proxy sends both in one file.
    for (what, script) in [("loader with styles", "loader.js"), ("general loader with styles", "general.js")] {
        let loader = [files::read(&out.join(script))?, files::read(&out.join("signup.css"))?].concat();
        let size = widgets::brotli(&loader)?.len();
        figures.push(Figure { what: what.to_owned(), size, budget: Some(budget.loader.js) });
    }
    Ok(figures)
}

fn table(figures: &[Figure]) -> String {
    let mut text = format!("{:<28} {:>10} {:>10}\n", "brotli-11, bytes", "figure", "budget");
    for figure in figures {
        let budget = figure.budget.map(|it| it.to_string()).unwrap_or_default();
        let line = format!("{:<28} {:>10} {:>10}", figure.what, figure.size, budget);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn over(figure: &Figure) -> Option<String> {
    let budget = figure.budget.filter(|budget| figure.size > *budget)?;
    let Figure { what, size, .. } = figure;
    Some(format!("{what}: {size} bytes are {} over the budget of {budget} (budget.toml)", size - budget))
}

#[cfg(test)]
mod tests {
    use super::{Figure, over, parse, table};

    #[test]
    fn the_budget_is_read() {
        let budget =
            parse("[signup]\nwasm_and_glue = 61440\n[buckets]\nwasm_and_glue = 9\n[dashboard]\nwasm_and_glue = 9\n[loader]\njs = 3072\n")
                .expect("well formed");
        assert_eq!((budget.signup.wasm_and_glue, budget.loader.js), (61440, 3072));
        assert!(parse("[signup]\nwasm_and_glue = 61440\n").is_err(), "a figure is missing");
        assert!(parse("[signup]\nwasm_and_glu = 1\n[loader]\njs = 1\n").is_err(), "a name is misspelt");
    }

    #[test]
    fn what_is_over_is_named() {
        let figure = |size| Figure { what: "loader with styles".to_owned(), size, budget: Some(3072) };
        assert_eq!(over(&figure(3072)), None);
        assert_eq!(over(&figure(3100)).as_deref(), Some("loader with styles: 3100 bytes are 28 over the budget of 3072 (budget.toml)"));
        assert_eq!(over(&Figure { what: "signup.js".to_owned(), size: 9_999_999, budget: None }), None);
        assert!(table(&[figure(3100)]).contains("loader with styles                 3100       3072\n"));
    }
}
