// A form as the proxy sends it: an element is ["tag", {attributes}, children…], a text a text, null a mark of the components.

/** The nodes of a tree. Built one by one: HTML in a text would be refused by a page that enforces Trusted Types. */
export function build(tree) {
  if (tree === null) return document.createComment("");
  if (typeof tree === "string") return document.createTextNode(tree);
  const [tag, attributes, ...children] = tree;
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) element.setAttribute(name, attributes[name]);
  element.append(...children.map(build));
  return element;
}

/**
 * Whether a node is as the tree says, so that the components can take it over. The texts that are empty, which HTML cannot hold,
 * are put in. What differs was changed by somebody else: an extension, a translator.
 */
export function fits(node, tree) {
  if (tree === null) return node.nodeType === 8;
  if (typeof tree === "string") return node.nodeType === 3;
  if (node.localName !== tree[0]) return false;
  let child = node.firstChild;
  for (const part of tree.slice(2)) {
    if (part === "" && child?.nodeType !== 3) {
      node.insertBefore(document.createTextNode(""), child);
    } else if (child && fits(child, part)) {
      child = child.nextSibling;
    } else {
      return false;
    }
  }
  return !child;
}
