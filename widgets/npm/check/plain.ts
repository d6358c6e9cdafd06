// What a host may write, and what its compiler has to refuse: a `@ts-expect-error` above a line that is right is an error itself.

import { defineSignup, type LatchkeyEventDetails } from "@latchkey/widgets";

await defineSignup({ base: "https://join.example" });
await defineSignup({ base: new URL("https://join.example"), funnel: "eu-landing", locale: "de", variant: "short" });
// @ts-expect-error nobody knows where the proxy is
await defineSignup({ funnel: "eu-landing" });
// @ts-expect-error misspelt
await defineSignup({ base: "https://join.example", funel: "eu-landing" });

const signup = document.createElement("latchkey-signup");
signup.funnel = "eu-landing";
signup.theme = "auto";
// @ts-expect-error no such theme
signup.theme = "sepia";
signup.reset();
await signup.goTo("contact");
// @ts-expect-error a step goes by its id
signup.goTo(2);
signup.prefill({ email: "jane@mail.example" });
// @ts-expect-error inputs hold texts
signup.prefill({ age: 40 });

signup.addEventListener("latchkey:step", function (event) {
  const { step, index, count }: { step: string; index: number; count: number } = event.detail;
  this.dataset.progress = `${step}: ${index} of ${count}`;
  // @ts-expect-error a step carries nobody's data
  event.detail.email;
});
signup.addEventListener("latchkey:registered", (event) => {
  event.preventDefault();
  const { next } = event.detail;
  // @ts-expect-error there may be nowhere to go
  next.kind;
  if (next?.kind === "redirect") location.assign(next.url);
  // @ts-expect-error only a message has a text
  if (next?.kind === "redirect") next.text;
});
signup.addEventListener("latchkey:error", ({ detail }) => detail.kind === "busy" && detail.retrying);
// @ts-expect-error no such kind
signup.addEventListener("latchkey:error", ({ detail }) => detail.kind === "slow");
signup.addEventListener("click", (event) => event.clientX);

const dashboard = document.createElement("latchkey-dashboard");
dashboard.fetchToken = () => fetch("/latchkey-token", { method: "POST" }).then((answer) => answer.json());
document.createElement("latchkey-buckets").fetchToken = async () => "a bare token";
// @ts-expect-error it has to be asked for
dashboard.fetchToken = "a token";
dashboard.addEventListener("latchkey:ready", ({ detail }) => detail.affiliate.length);
dashboard.addEventListener("latchkey:error", ({ detail }) => detail.kind === "token");
// @ts-expect-error it has no steps
dashboard.goTo("contact");

// They bubble.
document.addEventListener("latchkey:rejected", (event) => event.detail.fields.concat(event.detail.codes));
document.body.addEventListener("latchkey:ready", (event) => event.detail.funnel.length);
document.querySelector("latchkey-signup")?.removeEventListener("latchkey:accepted", (event) => event.detail.id);

const accepted: LatchkeyEventDetails["latchkey:accepted"] = { id: null };
export { accepted };
