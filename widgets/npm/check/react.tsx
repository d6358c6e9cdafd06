// As plain.ts, in JSX.

import type {} from "@latchkey/widgets/react";
import { useRef } from "react";
import type { LatchkeySignupElement } from "@latchkey/widgets";

export function Right() {
  const signup = useRef<LatchkeySignupElement>(null);
  return (
    <latchkey-signup
      ref={signup}
      className="form"
      funnel="eu-landing"
      locale="de"
      theme="dark"
      data-layer=""
      prefill-email="jane@mail.example"
      onClick={() => signup.current?.reset()}
      onlatchkey:step={(event) => event.detail.index.toFixed()}
      onlatchkey:registered={(event) => event.preventDefault()}
    />
  );
}

export function Wrong() {
  return [
    // @ts-expect-error no such theme
    <latchkey-signup key="1" theme="sepia" />,
    // @ts-expect-error a funnel goes by its id
    <latchkey-signup key="2" funnel={7} />,
    // @ts-expect-error it carries no `email`
    <latchkey-signup key="3" onlatchkey:registered={(event) => event.detail.email} />,
    // @ts-expect-error no such element
    <latchkey-sign-up key="4" />,
  ];
}
