// A host that renders on a server: importing and calling do nothing there.

import assert from "node:assert";
import { defineSignup } from "@latchkey/widgets";

assert.equal(await defineSignup({ base: "https://join.example", funnel: "eu-landing" }), undefined);
