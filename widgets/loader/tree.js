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

/** Puts all countries into a list, by their names in the form's language and in its order; the field's default is chosen. */
export function nameCountries(select, { countries, view: { locale, steps } }) {
  const chosen = steps.flatMap(({ fields }) => fields).find(({ name }) => name === select.name)?.default;
  const names = new Intl.DisplayNames([locale, "en"], { type: "region" });
  const { compare } = new Intl.Collator(locale);
  const named = countries.match(/../g).map((code) => [names.of(code), code]);
  named.sort(([a], [b]) => compare(a, b));
  select.append(...named.map(([name, code]) => new Option(name, code, code === chosen, code === chosen)));
}
