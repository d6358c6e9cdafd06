// A form as the proxy sends it: an element is ["tag", {attributes}, children…], a text a text.

/** The nodes of a tree. Built one by one: HTML in a text would be refused by a page that enforces Trusted Types. */
export function build(tree) {
  if (typeof tree === "string") return document.createTextNode(tree);
  const [tag, attributes, ...children] = tree;
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name]);
  element.append(...children.map(build));
  return element;
}

/** How many of a list's options are added at a time. */
const SOME = 60;

/**
 * Puts all countries into a list that has none yet, by their names in the form's language and in its order; the field's default is
 * chosen. In pieces, so that whoever asks for them can let the page go on in between.
 */
export function* nameCountries(select, { countries, view: { locale, steps } }) {
  select.removeAttribute("data-countries");
  const chosen = steps.flatMap(({ fields }) => fields).find(({ name }) => name === select.name)?.default;
  yield;
  const names = new Intl.DisplayNames([locale, "en"], { type: "region" });
  yield;
  const named = countries.match(/../g).map((code) => [names.of(code), code]);
  yield;
  const { compare } = new Intl.Collator(locale);
  named.sort(([a], [b]) => compare(a, b));
  for (let at = 0; at < named.length; at += SOME) {
    yield;
    select.append(...named.slice(at, at + SOME).map(([name, code]) => new Option(name, code, code === chosen, code === chosen)));
  }
}
