// Runs in a page before anything of the page's own does, and notes when what happens in the dashboard.
(() => {
  const watch = (globalThis.watch = { last: performance.now(), longestTask: 0, frames: null });
  const happened = () => (watch.last = performance.now());

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      watch.last = Math.max(watch.last, startTime + duration);
      watch.longestTask = Math.max(watch.longestTask, duration);
    }
  }).observe({ type: "longtask" });
  // From the first task that a frame waits for to its paint, where that is more than 50 ms.
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watch.frames?.slow.push(duration);
  }).observe({ type: "long-animation-frame" });

  let underWay = 0;
  const ask = globalThis.fetch;
  globalThis.fetch = async (...question) => {
    underWay += 1;
    try {
      return await ask(...question);
    } finally {
      underWay -= 1;
      happened();
    }
  };

  const root = () => document.querySelector("latchkey-dashboard")?.shadowRoot;
  const all = (selector) => [...(root()?.querySelectorAll(selector) ?? [])];
  const isSeen = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 0;
  const isBusy = () => underWay > 0 || all("[part~=skeleton], [aria-busy=true]").some(isSeen);

  const until = (met, what) =>
    new Promise((resolve, reject) => {
      const begun = performance.now();
      const look = () => {
        const found = met();
        if (found) resolve(found);
        else if (performance.now() - begun > 60_000) reject(new Error(`not within 60 s: ${what}`));
        else setTimeout(look, 4);
      };
      look();
    });

  until(root, "the element").then((root) => {
    const parts = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(happened).observe(root, parts);
  });

  /** When a figure held a value. */
  watch.firstFigure = () => until(() => all("[part~=figure]").some((figure) => isSeen(figure) && /\d/.test(figure.textContent)) && performance.now(), "a figure");

  /** When the last thing changed before the page was quiet for a while, with nothing left to come. */
  watch.settled = async (quiet) => {
    await until(() => !isBusy() && performance.now() > watch.last + quiet, "a page at rest");
    return watch.last;
  };

  /** Begins to look at frames. */
  watch.look = () => {
    const frames = (watch.frames = { slow: [], gaps: [], begun: performance.now() });
    watch.longestTask = 0;
    let before;
    const frame = (now) => {
      if (watch.frames !== frames) return;
      if (before !== undefined) frames.gaps.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };

  /** What there was to be seen since. */
  watch.seen = async () => {
    // The observers are told when there is time.
    await new Promise((done) => setTimeout(done, 300));
    const { slow, gaps, begun } = watch.frames;
    watch.frames = null;
    const longest = (times) => times.reduce((longest, time) => Math.max(longest, time), 0);
    return {
      seconds: (performance.now() - begun) / 1000,
      frames: gaps.length,
      slowFrames: slow.length,
      longestFrameMs: longest(slow),
      longestGapMs: longest(gaps),
      longestTaskMs: watch.longestTask,
    };
  };

  const region = () => all("[part~=region]").find((region) => isSeen(region) && region.querySelector("[aria-rowcount]"));
  const rows = () => [...region().querySelectorAll("tbody tr[aria-rowindex]")];
  const lastRow = () => Math.max(...rows().map((row) => Number(row.getAttribute("aria-rowindex"))));
  const total = () => Number(region().querySelector("[aria-rowcount]").getAttribute("aria-rowcount"));
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const atRest = () => until(() => !isBusy() && performance.now() > watch.last + 300, "a table at rest");

  /** Where the rows are, once there are some: for the wheel. */
  watch.table = async () => {
    await until(() => region() && rows().length > 0, "rows in a [part~=region]");
    await atRest();
    region().scrollIntoView({ block: "center" });
    const { left, top, width, height } = region().getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2, rows: total() - 1 };
  };

  /** Scrolls to the end until all is loaded. How many rows that were. */
  watch.toTheEnd = async () => {
    let [last, since] = [0, performance.now()];
    while (lastRow() < total()) {
      region().scrollTop = region().scrollHeight;
      await pause(16);
      if (lastRow() > last) [last, since] = [lastRow(), performance.now()];
      if (performance.now() - since > 30_000) throw new Error(`it ends at row ${last} of ${total()}`);
    }
    return total() - 1;
  };

  watch.toTheTop = async () => {
    region().scrollTop = 0;
    await atRest();
  };

  /** Sorts by a column, by its place. */
  watch.sort = async (column) => {
    region().querySelectorAll("thead th button")[column].click();
    await pause(50);
    await atRest();
  };

  /** Puts the cursor where one searches. */
  watch.search = () => {
    const input = all("input[type=search]").find(isSeen);
    if (!input) throw new Error("there is no input to search by");
    input.focus();
  };

  /** Waits until it is found. How many rows there are then. */
  watch.found = async () => {
    const before = total();
    await until(() => region() && total() !== before && !isBusy(), "fewer rows");
    await atRest();
    return total() - 1;
  };
})();
