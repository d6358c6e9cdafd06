// `<latchkey-signup>` in JSX, for React 19 and later: `import type {} from "@latchkey/widgets/react"` in one file of the host.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { LatchkeyEventMap, LatchkeyPrefillAttributes, LatchkeySignupAttributes, LatchkeySignupElement } from "./latchkey.js";

/** React's listeners to events of custom elements are `on` and the event's name. */
type Listeners = { [Name in keyof LatchkeyEventMap as `on${Name}`]?: (event: LatchkeyEventMap[Name]) => void };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "latchkey-signup": DetailedHTMLProps<HTMLAttributes<LatchkeySignupElement>, LatchkeySignupElement> &
        LatchkeySignupAttributes &
        LatchkeyPrefillAttributes &
        Listeners;
    }
  }
}
