// The entry of `/embed/latchkey.js`: every element. The proxy puts one line before it, see loader.js; what the elements of a portal's
// page need stands there as `partner`: { css, elements: { buckets: { glue, wasm } } }.
import { define } from "./element.js";
import { load } from "./load.js";
import { definePartner } from "./partner.js";

const base = new URL("..", import.meta.url).href;
const { glue, wasm, css, form, partner } = LATCHKEY;

const ready = (glue, wasm) => async () => {
  // Both at once: the one does not say where the other is.
  const code = fetch(base + wasm, { credentials: "omit" });
  code.catch(() => {});
  const module = await load(base + glue);
  await module.default({ module_or_path: code });
  return module;
};

define({ base, css, form, load: ready(glue, wasm) });
for (const [name, { glue, wasm }] of Object.entries(partner.elements)) {
  definePartner(name, { base, css: partner.css, load: ready(glue, wasm) });
}
