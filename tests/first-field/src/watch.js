// Runs in a page before anything of the page's own does, and notes when what happens.
(() => {
  const TYPABLE = "input:not([type=hidden], [type=checkbox], [type=radio], [type=button], [type=submit])";
  const watch = (globalThis.watch = { tasks: [], takenOver: null, last: performance.now() });

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) watch.tasks.push({ start: startTime, duration });
  }).observe({ type: "longtask" });
  new PerformanceObserver(() => (watch.last = performance.now())).observe({ type: "resource" });
  // Ours is painted first. The components say which step they show once they are there.
  addEventListener("latchkey:step", () => (watch.takenOver ??= performance.now()), true);

  // A click into its middle hits the field, and nothing that lies over it.
  const isTypable = (root, field) => {
    const { left, top, width, height } = field.getBoundingClientRect();
    return width > 0 && !field.disabled && !field.readOnly && root.elementFromPoint(left + width / 2, top + height / 2) === field;
  };
  const hasField = (root) =>
    [...root.querySelectorAll(TYPABLE)].some((field) => isTypable(root, field)) ||
    [...root.querySelectorAll("*")].some(({ shadowRoot }) => shadowRoot && hasField(shadowRoot));

  const until = (met) =>
    new Promise((resolve) => {
      const look = () => (met() ? resolve(performance.now()) : setTimeout(look, 4));
      look();
    });

  watch.firstField = until(() => hasField(document));

  /** Resolves when the page has been quiet for a while, and where components take it over, not before. */
  watch.settled = (takesOver, quiet) => {
    const busyUntil = () => Math.max(watch.last, ...watch.tasks.map(({ start, duration }) => start + duration));
    return until(() => (!takesOver || watch.takenOver) && performance.now() > busyUntil() + quiet);
  };
})();
