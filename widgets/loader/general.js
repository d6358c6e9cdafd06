// The entry of `/embed/latchkey.js`: every element. The proxy puts one line before it, see loader.js; what the elements of a portal's
// page need stands there as `partner`: { css, elements: { buckets: { glue, wasm } } }.
import { define } from "./element.js";
import { definePartner } from "./partner.js";

const base = new URL("..", import.meta.url).href;
const { glue, wasm, css, form, partner } = LATCHKEY;

const load = (glue, wasm) => async () => {
  const module = await import(base + glue);
  await module.default({ module_or_path: base + wasm });
  return module;
};

define({ base, css, form, load: load(glue, wasm) });
for (const [name, { glue, wasm }] of Object.entries(partner.elements)) {
  definePartner(name, { base, css: partner.css, load: load(glue, wasm) });
}
