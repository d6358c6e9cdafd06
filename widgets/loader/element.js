// The element class. WebAssembly cannot extend HTMLElement, so this much is JavaScript; what is shown is Leptos.

/** Shared by all loaders on a page, whichever came first. */
const shared = (globalThis[Symbol.for("latchkey")] ??= { sources: [] });

// In English: the funnel's texts are among what could not be loaded.
const FAILED = "The form could not be loaded. Reload the page to try again.";
const RETRY = "Try again";

/**
 * Defines `<latchkey-signup>`, once per page, however many loaders call this.
 * @param {{
 *   base: string,                 where the proxy is; ends in "/"
 *   css: string,                  the styles of the shadow root
 *   load: () => Promise<object>,  the WebAssembly module, ready to use; exports mountSignup
 *   views: Object<string, object> what is known already: a funnel's id and its view
 * }} options
 */
export function define(options) {
  const same = shared.sources.find((source) => source.base === options.base);
  if (same) Object.assign(same.views, options.views);
  else shared.sources.push(options);
  if (!customElements.get("latchkey-signup")) customElements.define("latchkey-signup", Signup);
}

function sourceOf(funnel) {
  return shared.sources.find((source) => source.views[funnel]) ?? shared.sources[0];
}

function sheetOf(source) {
  if (!source.sheet) {
    source.sheet = new CSSStyleSheet();
    source.sheet.replaceSync(source.css);
  }
  return source.sheet;
}

/** Loaded once per page; a failure is forgotten, so that it can be tried again. */
async function moduleOf(source) {
  try {
    return await (source.module ??= source.load());
  } catch (error) {
    source.module = undefined;
    throw error;
  }
}

class Signup extends HTMLElement {
  static observedAttributes = ["funnel", "locale"];
  #container;
  #handle;

  connectedCallback() {
    // Moved within the page: the form stays as it is.
    if (!this.#container) this.#mount();
  }

  disconnectedCallback() {
    // A move is a removal and an insertion in one go; only what stays away is taken down.
    queueMicrotask(() => this.isConnected || this.#unmount());
  }

  attributeChangedCallback(_name, before, after) {
    if (this.#container && before !== after) {
      this.#unmount();
      this.#mount();
    }
  }

  async #mount() {
    const funnel = this.getAttribute("funnel");
    const source = sourceOf(funnel);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheetOf(source)];
    const container = (this.#container = document.createElement("div"));
    container.part = "root";
    root.append(container);
    try {
      const { mountSignup } = await moduleOf(source);
      // Taken down, or mounted anew, while something was on its way: here, and again below.
      if (this.#container !== container) return;
      const handle = await mountSignup(this, container, source.base, source.views[funnel]);
      if (this.#container === container) this.#handle = handle;
      else handle.free();
    } catch (error) {
      if (this.#container === container) this.#fail(container, error);
    }
  }

  /** @param error the HTTP status of the refusal, 0 where the proxy did not answer; or why there is no module */
  #fail(container, error) {
    console.error("latchkey: the form could not be loaded:", error);
    const message = document.createElement("p");
    message.part = "error";
    message.role = "alert";
    message.textContent = FAILED;
    const retry = document.createElement("button");
    retry.part = "button";
    retry.textContent = RETRY;
    retry.onclick = () => {
      this.#unmount();
      this.#mount();
    };
    const content = document.createElement("div");
    content.append(message, retry);
    container.replaceChildren(content);
    const detail = { kind: "load", status: Number(error) || 0 };
    this.dispatchEvent(new CustomEvent("latchkey:error", { bubbles: true, composed: true, detail }));
  }

  #unmount() {
    this.#handle?.free();
    this.#container?.remove();
    this.#handle = this.#container = undefined;
  }
}
