// What a host with a bundler imports. The element itself comes from the proxy, so that it always fits the proxy that answers it.

/** How often a loader could not be had: browsers remember that of its address for as long as the page is there. */
let failures = 0;

export async function defineSignup({ base, funnel = "latchkey", locale, variant }) {
  // On a server: there is nothing to define, and the page's own call follows in the browser.
  if (typeof customElements === "undefined") return undefined;
  const root = String(base);
  const loader = new URL(`embed/${encodeURIComponent(funnel)}.js`, root.endsWith("/") ? root : `${root}/`);
  for (const [name, value] of Object.entries({ locale, variant })) {
    if (value) loader.searchParams.set(name, value);
  }
  if (failures) loader.searchParams.set("again", failures);
  try {
    await import(/* webpackIgnore: true */ /* @vite-ignore */ loader.href);
  } catch (error) {
    failures++;
    throw error;
  }
  return customElements.get("latchkey-signup");
}
