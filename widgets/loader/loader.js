// The entry of what a page's <script> loads. The proxy puts one line before it:
//   const LATCHKEY = { glue, wasm, css, form };
// glue and wasm are addresses relative to the proxy; form is { view, tree, theme } of a funnel, or null in the general loader.
import { define } from "./element.js";
import { load } from "./load.js";

// Served at /embed/<funnel>.js, so the proxy's root is one folder up.
const base = new URL("..", import.meta.url).href;
const { glue, wasm, css, form } = LATCHKEY;

define({
  base,
  css,
  form,
  async load() {
    const module = await load(base + glue);
    await module.default({ module_or_path: base + wasm });
    return module;
  },
});
