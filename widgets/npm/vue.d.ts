// `<latchkey-signup>` in templates, for Vue 3: `import type {} from "@latchkey/widgets/vue"` in one file of the host, and
// `compilerOptions.isCustomElement: (tag) => tag.startsWith("latchkey-")` in its build.

import type { EmitFn, HTMLAttributes, PublicProps } from "vue";
import type { LatchkeyEventMap, LatchkeyPrefillAttributes, LatchkeySignupAttributes, LatchkeySignupElement } from "./latchkey.js";

type Emits = { [Name in keyof LatchkeyEventMap]: (event: LatchkeyEventMap[Name]) => void };

/** In Vue's own words (its guide, "Vue and Web Components"): what a template sees of a custom element. */
interface SignupInTemplates {
  new (): LatchkeySignupElement & {
    /** @deprecated Only for templates: an element has none. */
    $props: HTMLAttributes & LatchkeySignupAttributes & LatchkeyPrefillAttributes & PublicProps & Listeners;
    /** @deprecated Only for templates: an element has none. */
    $emit: EmitFn<Emits>;
  };
}

type Listeners = { [Name in keyof LatchkeyEventMap as `on${Capitalize<Name>}`]?: (event: LatchkeyEventMap[Name]) => void };

declare module "vue" {
  interface GlobalComponents {
    "latchkey-signup": SignupInTemplates;
  }
}
