// The class of the elements on a portal's page. It paints a skeleton at once and loads the components; those ask for a token by
// `fetchToken`, a property that the page sets before or after.
import { moduleOf, reflect, sheet } from "./classes.js";

// In English: our words are among what could not be loaded.
const FAILED = "This could not be loaded.";
const RETRY = "Try again";

/** How long a page may take to set `fetchToken` before the console is told, in ms. */
const FORGOTTEN = 10_000;

/**
 * Defines `<latchkey-…>`, once per page.
 * @param {string} name
 * @param {{
 *   base: string,                 where the proxy is; ends in "/"
 *   css: string,                  the styles of the skeleton, and the theme
 *   load: () => Promise<object>,  the WebAssembly module, ready to use; exports mount…, partnerCss
 * }} source
 */
export function definePartner(name, source) {
  const tag = `latchkey-${name}`;
  if (customElements.get(tag)) return;
  const mount = `mount${name[0].toUpperCase()}${name.slice(1)}`;
  customElements.define(tag, partner({ ...source, mount }));
}

/** A class for each: which element it is, it knows. */
const partner = (source) => class extends HTMLElement {
  static observedAttributes = ["locale"];
  static {
    reflect(this.prototype, ["locale", "theme"]);
  }
  #container;
  #handle;
  #fetchToken;
  #set;
  #isSet = new Promise((done) => (this.#set = done));

  get fetchToken() {
    return this.#fetchToken;
  }

  /** Answers the embed token, or what the proxy answered the portal: `{token, expiresAt}`. */
  set fetchToken(ask) {
    this.#fetchToken = ask;
    if (typeof ask === "function") this.#set();
  }

  connectedCallback() {
    // Set before the element was defined, it hides the property of the class.
    if (Object.hasOwn(this, "fetchToken")) {
      const ask = this.fetchToken;
      delete this.fetchToken;
      this.fetchToken = ask;
    }
    // Moved within the page: it stays as it is.
    if (!this.#container) this.#show();
  }

  disconnectedCallback() {
    // A move is a removal and an insertion in one go; only what stays away is taken down.
    queueMicrotask(() => this.isConnected || this.#remove());
  }

  attributeChangedCallback(_name, before, after) {
    if (this.#container && before !== after) {
      this.#remove();
      this.#show();
    }
  }

  async #show() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(source.css)];
    const container = (this.#container = document.createElement("div"));
    container.part = "root";
    const skeleton = document.createElement("div");
    skeleton.part = "skeleton";
    container.append(skeleton);
    root.append(container);
    // Asked for while the components are on their way; the first that want one get this.
    let first = this.#token();
    first.catch(() => {});
    const ask = () => {
      const token = first ?? this.#token();
      first = undefined;
      return token;
    };
    try {
      const wanted = this.getAttribute("locale") || document.documentElement.lang;
      const query = wanted ? `?locale=${encodeURIComponent(wanted)}` : "";
      const [module, words] = await Promise.all([
        moduleOf(source),
        fetch(`${source.base}embed/partner.json${query}`, { credentials: "omit" }).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))),
      ]);
      // Taken down, or shown anew, while it was on its way.
      if (this.#container !== container) return;
      root.adoptedStyleSheets = [sheet(source.css), sheet(module.partnerCss())];
      skeleton.remove();
      this.#handle = module[source.mount](this, container, source.base, words, ask);
    } catch (error) {
      if (this.#container === container) this.#fail(error);
    }
  }

  async #token() {
    const forgotten = setTimeout(() => console.warn(`latchkey: <${this.localName}> waits for its property fetchToken to be set`), FORGOTTEN);
    await this.#isSet;
    clearTimeout(forgotten);
    return this.#fetchToken();
  }

  /** @param error the HTTP status of a refusal, or what was thrown */
  #fail(error) {
    console.error(`latchkey: <${this.localName}> could not be loaded:`, error);
    const message = document.createElement("p");
    message.part = "error";
    message.role = "alert";
    message.textContent = FAILED;
    const retry = document.createElement("button");
    retry.part = "button";
    retry.textContent = RETRY;
    retry.onclick = () => {
      this.#remove();
      this.#show();
    };
    const content = document.createElement("div");
    content.part = "trouble";
    content.append(message, retry);
    this.#container.replaceChildren(content);
    const detail = { kind: "load", status: Number(error) || 0, retrying: false };
    this.dispatchEvent(new CustomEvent("latchkey:error", { bubbles: true, composed: true, detail }));
  }

  #remove() {
    this.#handle?.free();
    this.#container?.remove();
    this.#handle = this.#container = undefined;
  }
};
