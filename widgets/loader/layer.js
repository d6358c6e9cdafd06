// For tag managers: an element with the attribute `data-layer` also puts its events into the page's `dataLayer`.

const EVENTS = ["ready", "step", "submit", "registered", "accepted", "rejected", "error"];

/**
 * @param {HTMLElement} element
 * @param {() => ?{view: object}} form what it shows now
 */
export function layer(element, form) {
  const put = ({ type, detail }) => {
    if (!element.hasAttribute("data-layer")) return;
    // Texts, numbers and truths alone: a list of fields, or an address to go on to, is nothing to count.
    const plain = Object.fromEntries(Object.entries(detail).filter(([, value]) => typeof value !== "object"));
    const { id, variant } = form()?.view ?? { id: element.getAttribute("funnel") };
    (globalThis.dataLayer ??= []).push({ event: type, funnel: id, ...(variant && { variant }), ...plain });
  };
  for (const name of EVENTS) element.addEventListener(`latchkey:${name}`, put);
}
