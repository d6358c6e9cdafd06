// The element class. WebAssembly cannot extend HTMLElement, so this much is JavaScript: it paints the form that the proxy has
// rendered, and lets the components take it over once they are there. Until then, and without them, it is a form as any other.
import { moduleOf, reflect, sheet } from "./classes.js";
import { layer } from "./layer.js";
import { load } from "./load.js";
import { build, nameCountries } from "./tree.js";

/** Shared by all loaders on a page, whichever came first: the proxies that they came from. */
const shared = (globalThis[Symbol.for("latchkey")] ??= { sources: [] });

// In English: the funnel's texts are among what could not be loaded.
const FAILED = "The form could not be loaded. Reload the page to try again.";
const RETRY = "Try again";

/** How long a form that was sent waits for components that are on their way, in ms; then it is posted without them. */
const NEARLY_THERE = 4000;

/**
 * Defines `<latchkey-signup>`, once per page, however many loaders call this.
 * @param {{
 *   base: string,                 where the proxy is; ends in "/"
 *   css: string,                  the styles of the shadow root
 *   form: ?{view, tree, theme},   a funnel's view, its rendered form, and the styles of its theme
 *   load: () => Promise<object>,  the WebAssembly module, ready to use; exports readFunnel, mountSignup, controlsCss
 * }} options
 */
export function define({ form, ...options }) {
  let source = shared.sources.find((source) => source.base === options.base);
  if (!source) shared.sources.push((source = { ...options, forms: [] }));
  if (form) source.forms.unshift(form);
  if (!customElements.get("latchkey-signup")) customElements.define("latchkey-signup", Signup);
}

const sourceOf = (funnel) => shared.sources.find(({ forms }) => forms.some(({ view }) => view.id === funnel)) ?? shared.sources[0];

/** The form of a funnel that is known already: in the language and of the variant that are asked for, if they are. */
function known(source, funnel, locale, variant) {
  const same = ({ view, asked }) =>
    view.id === funnel &&
    // One that was fetched for an element that asks for a language is not for those that ask for none.
    (locale ? view.locale.toLowerCase() === locale.toLowerCase() || asked === locale : !asked) &&
    (!variant || !view.variant || view.variant === variant);
  return source.forms.find(same);
}

/** The same, asked of the proxy. Rejects with its status, 0 where there was no answer. */
async function formOf(source, funnel, locale, variant) {
  const query = new URLSearchParams();
  const wanted = locale || document.documentElement.lang;
  if (wanted) query.set("locale", wanted);
  if (variant) query.set("variant", variant);
  const address = `${source.base}embed/${encodeURIComponent(funnel)}.js?${query}`;
  const before = source.forms[0];
  try {
    await load(address);
  } catch (error) {
    console.error(error);
    throw await fetch(address).then(({ status }) => status, () => 0);
  }
  const [come] = source.forms;
  // A language or a variant that the funnel does not have is answered with another.
  if (come !== before && come.view.id === funnel) come.asked = locale;
  return known(source, funnel, locale, variant) ?? source.forms.find(({ view }) => view.id === funnel);
}

/** Which variant this browser was shown before: in the page's own storage, which may be forbidden. */
const drawn = {
  key: (funnel) => `latchkey:variant:${funnel}`,
  get(funnel) {
    try {
      return localStorage.getItem(this.key(funnel));
    } catch {
      return null;
    }
  },
  keep({ id, variant }) {
    try {
      if (variant) localStorage.setItem(this.key(id), variant);
    } catch {
      // Then it is drawn anew next time.
    }
  },
};

const pause = (time) => new Promise((done) => setTimeout(done, time));

class Signup extends HTMLElement {
  static observedAttributes = ["funnel", "locale"];
  static {
    reflect(this.prototype, ["funnel", "locale", "theme"]);
  }
  #source;
  #form;
  #container;
  #handle;
  #taking;
  #visit;
  #watching;
  #shown;

  constructor() {
    super();
    layer(this, () => this.#form);
  }

  /** Empties the form and goes back to its first step. */
  reset() {
    return this.#command("reset");
  }

  /** Shows the step of that id; on the way there, what is not filled in rightly stops it. */
  goTo(step) {
    return this.#command("goTo", step);
  }

  /** Fills in, by the fields' names, what the visitor has not touched; never passwords, codes or agreements. */
  prefill(values) {
    return this.#command("prefill", values);
  }

  /** The components do it, as soon as they are there. */
  async #command(name, value) {
    await this.#shown;
    if (this.#container && !this.#handle) await this.#take();
    this.#handle?.command(name, value);
  }

  connectedCallback() {
    // Moved within the page: the form stays as it is.
    if (!this.#container) this.#shown = this.#show();
  }

  disconnectedCallback() {
    // A move is a removal and an insertion in one go; only what stays away is taken down.
    queueMicrotask(() => this.isConnected || this.#remove());
  }

  attributeChangedCallback(_name, before, after) {
    if (this.#container && before !== after) {
      this.#remove();
      this.#shown = this.#show();
    }
  }

  async #show() {
    const funnel = this.getAttribute("funnel");
    const source = (this.#source = sourceOf(funnel));
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    // The page may hold the form already, in a declarative shadow root.
    let container = root.querySelector("[part=root]");
    const found = !!container;
    if (!found) {
      container = document.createElement("div");
      container.part = "root";
      root.append(container);
    }
    this.#container = container;
    root.adoptedStyleSheets = [sheet(source.css)];
    const locale = this.getAttribute("locale");
    const variant = drawn.get(funnel);
    let form = known(source, funnel, locale, variant);
    try {
      // Taken down, or shown anew, while it was on its way: here, and again below.
      if (!form && (form = await formOf(source, funnel, locale, variant)) && this.#container !== container) return;
    } catch (error) {
      if (this.#container === container) this.#fail(error);
      return;
    }
    this.#form = form;
    drawn.keep(form.view);
    if (form.view.framed && new URL(source.base).origin !== location.origin) return this.#frame();
    if (form.theme) root.adoptedStyleSheets.push(sheet(form.theme));
    if (!found) container.append(build(form.tree));
    this.#prefill();
    container.addEventListener("submit", (event) => this.#submit(event));
    this.#tell("ready", { funnel });
    this.#watch();
  }

  /** The hosted page, where what is typed is not this page's to read. Both sides check who a message is from. */
  #frame() {
    const { view } = this.#form;
    const { base } = this.#source;
    const { origin } = new URL(base);
    const query = new URLSearchParams(location.search);
    query.set("locale", view.locale);
    if (view.variant) query.set("variant", view.variant);
    const frame = document.createElement("iframe");
    frame.part = "frame";
    frame.title = view.steps[0].title ?? view.id;
    frame.src = `${base}f/${encodeURIComponent(view.id)}?${query}`;
    const listen = ({ origin: from, source, data }) => {
      if (from !== origin || source !== frame.contentWindow) return;
      if (data?.latchkey === "height") frame.height = data.height;
      if (data?.latchkey === "event") this.#tell(data.name, data.detail);
    };
    addEventListener("message", listen);
    this.#watching = () => removeEventListener("message", listen);
    // In braces: WebKit gives a message that is the last call of a function the wrong source.
    const say = (message) => {
      frame.contentWindow?.postMessage(message, origin);
    };
    // Each page that the frame shows is greeted.
    const loaded = new Promise((done) => {
      frame.onload = () => {
        say({ latchkey: "hello" });
        done();
      };
    });
    this.#handle = { command: (name, value) => loaded.then(() => say({ latchkey: "command", name, value })), free() {} };
    const prefill = {};
    for (const { name, value } of this.attributes) if (name.startsWith("prefill-")) prefill[name.slice(8)] = value;
    this.prefill(prefill);
    this.#container.replaceChildren(frame);
  }

  /** What the element's attributes and the page's address say that the inputs hold; of one input, where it is named. */
  #prefill(only) {
    const address = new URLSearchParams(location.search);
    for (const field of this.#form.view.steps.flatMap(({ fields }) => fields)) {
      const value = this.getAttribute(`prefill-${field.name}`) ?? (field.fromUrl ? address.get(field.fromUrl) : null);
      if (value === null || field.readOnly || /^(password|code)$/.test(field.kind) || (only && only !== field.name)) continue;
      for (const input of this.#container.querySelectorAll(`[name="${CSS.escape(field.name)}"]`)) {
        if (/^(checkbox|radio)$/.test(input.type)) input.checked = value.split(",").includes(input.value === "on" ? "true" : input.value);
        else input.value = value;
      }
    }
  }

  /** The components come when the form is nearly in view and the page has nothing else to do, or when it is touched. */
  #watch() {
    const take = () => this.#take(true);
    const touches = ["focusin", "pointerdown", "input"];
    const idle = () => (globalThis.requestIdleCallback ?? setTimeout)(() => this.#take(), { timeout: 2000 });
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && idle(), { rootMargin: "200px" });
    touches.forEach((name) => this.#container.addEventListener(name, take));
    observer.observe(this.#container);
    this.#watching = () => {
      observer.disconnect();
      touches.forEach((name) => this.#container.removeEventListener(name, take));
    };
    if (this.#container.contains(this.shadowRoot.activeElement)) take();
  }

  /** Once; again after a failure. */
  #take(touched) {
    return (this.#taking ??= this.#takeOver(touched));
  }

  async #takeOver(touched) {
    const container = this.#container;
    // Whoever types meanwhile is heard between one piece of work and the next.
    const turn = async () => {
      await pause(0);
      return this.#container === container;
    };
    const loading = moduleOf(this.#source);
    // It is told of below.
    loading.catch(() => {});
    // A list of all countries is slow to lay out: the first field does not wait for it, and who opens it comes by here.
    for (const select of container.querySelectorAll("[data-countries]")) {
      for (const _ of nameCountries(select, this.#form)) if (!touched && !(await turn())) return;
      this.#prefill(select.name);
    }
    try {
      const { readFunnel, mountSignup, controlsCss } = await loading;
      if (!(await turn())) return;
      const funnel = readFunnel(this.#form.view);
      if (!(await turn())) return;
      const handle = mountSignup(this, container, this.#source.base, funnel);
      if (!(await turn())) return handle.free();
      this.shadowRoot.adoptedStyleSheets.push(sheet(controlsCss()));
      this.#watching();
      this.#handle = handle;
      handle.command("start");
      container.dataset.live = "";
    } catch (error) {
      if (this.#container !== container) return;
      // The form works without them: it is posted as it stands.
      console.error("latchkey: the form works without its WebAssembly, which could not be loaded:", error);
      this.#taking = undefined;
      this.#visit ??= this.#ask();
      this.#tell("error", { kind: "load", status: 0, retrying: false });
    }
  }

  /** Sent before the components are there: they are waited for a little, else it is posted. */
  async #submit(event) {
    if (this.#handle) return;
    event.preventDefault();
    const [container, form] = [this.#container, event.target];
    await Promise.race([this.#take(), pause(NEARLY_THERE)]);
    if (this.#container !== container) return;
    if (this.#handle) return form.requestSubmit();
    const { view } = this.#form;
    const { token, at } = await (this.#visit ??= this.#ask());
    // A token that is new looks like a program's.
    await pause(at + (view.leastFillMs ?? 0) - Date.now());
    const { locale, version, variant } = view;
    form.elements.latchkey.value = JSON.stringify({ token, locale, version, variant, query: location.search });
    HTMLFormElement.prototype.submit.call(form);
  }

  /** The visit that a posted form goes with; without a token where the proxy does not answer, which asks the visitor once more then. */
  async #ask() {
    const at = Date.now();
    const address = `${this.#source.base}api/v1/funnels/${encodeURIComponent(this.#form.view.id)}/visits`;
    try {
      const answer = await fetch(address, { method: "POST", credentials: "omit" });
      return { token: (await answer.json()).formToken, at };
    } catch {
      return { at };
    }
  }

  /** @param error the HTTP status of the refusal, 0 where the proxy did not answer */
  #fail(error) {
    console.error("latchkey: the form could not be loaded:", error);
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
    content.append(message, retry);
    this.#container.replaceChildren(content);
    this.#tell("error", { kind: "load", status: Number(error) || 0, retrying: false });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`latchkey:${name}`, { bubbles: true, composed: true, detail }));
  }

  #remove() {
    this.#watching?.();
    this.#handle?.free();
    this.#container?.remove();
    this.#handle = this.#container = this.#taking = this.#visit = this.#watching = undefined;
  }
}
