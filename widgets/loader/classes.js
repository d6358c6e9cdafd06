// What the classes of all elements share.

const sheets = new Map();
/** A sheet of styles, the same one for the same text. */
export function sheet(css) {
  let sheet = sheets.get(css);
  if (!sheet) {
    sheets.set(css, (sheet = new CSSStyleSheet()));
    sheet.replaceSync(css);
  }
  return sheet;
}

/** A property for each attribute: frameworks and typed code set those. */
export function reflect(prototype, names) {
  for (const name of names) {
    Object.defineProperty(prototype, name, {
      get() {
        return this.getAttribute(name);
      },
      set(value) {
        value == null ? this.removeAttribute(name) : this.setAttribute(name, value);
      },
    });
  }
}

/** Loaded once per page; a failure is forgotten, so that it can be tried again. */
export async function moduleOf(source) {
  try {
    return await (source.module ??= source.load());
  } catch (error) {
    source.module = undefined;
    throw error;
  }
}
