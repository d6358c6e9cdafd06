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
