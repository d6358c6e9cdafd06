// As plain.ts, for what Vue's compiler sees of a template.

import type {} from "@latchkey/widgets/vue";
import type { GlobalComponents } from "vue";

type Signup = InstanceType<GlobalComponents["latchkey-signup"]>;
type Props = Signup["$props"];

export const right: Props = {
  class: "form",
  key: 1,
  funnel: "eu-landing",
  theme: "light",
  "prefill-email": "jane@mail.example",
  "onLatchkey:registered": (event) => event.preventDefault(),
};
// @ts-expect-error no such theme
export const theme: Props = { theme: "sepia" };
// @ts-expect-error it carries no `email`
export const listener: Props = { "onLatchkey:registered": (event) => event.detail.email };

export function listen(signup: Signup) {
  signup.$emit("latchkey:ready", new CustomEvent("latchkey:ready", { detail: { funnel: "eu-landing" } }));
  // @ts-expect-error no such event
  signup.$emit("latchkey:read", new CustomEvent("latchkey:ready", { detail: { funnel: "eu-landing" } }));
  signup.reset();
}
