// A host that renders on a server: importing and calling do nothing there. And, where a browser is made believe, that what failed is asked
// for at another address.

import assert from "node:assert";
import { defineSignup } from "@latchkey/widgets";

assert.equal(await defineSignup({ base: "https://join.example", funnel: "eu-landing" }), undefined);

globalThis.customElements = { get() {} };
const failed = () => defineSignup({ base: "file:///nowhere" }).then(assert.fail, ({ url }) => url);
assert.equal(await failed(), "file:///nowhere/embed/latchkey.js");
assert.equal(await failed(), "file:///nowhere/embed/latchkey.js?again=1");
