//! A world with a landing page, and a browser that looks at it.

use harness::{Setup, World};

use crate::{
    browser::{Browser, Window},
    form::Form,
};

pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) browser: Browser,
}

impl Stage {
    pub(crate) async fn set(setup: Setup, window: Window) -> Stage {
        let world = World::start(setup.with_landing_page()).await;
        Stage { world, browser: Browser::start(window).await }
    }

    /// The landing page's address, with a query.
    pub(crate) fn landing(&self, query: &str) -> String {
        let landing = self.world.landing.as_ref().expect("the stage has a landing page");
        format!("{}/{query}", landing.origin)
    }

    pub(crate) async fn form(&self) -> Form<'_> {
        Form::open(&self.browser, &self.landing("")).await
    }

    /// The end of a test in which nothing may have been complained about.
    pub(crate) async fn end(self) {
        let console = self.browser.console().await;
        assert!(console.is_empty(), "the console complains: {console:#?}");
        self.browser.quit().await;
    }
}
