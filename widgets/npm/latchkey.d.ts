// The types of `<latchkey-signup>`: the element, its events, and how it is defined; and those of a portal's elements,
// `<latchkey-dashboard>` and `<latchkey-buckets>`. What fires when, and what the values mean, is told at length in
// docs/embedding.md of the project.

/** Where the element comes from. */
export interface SignupOptions {
  /** The proxy's address, such as `https://join.example`. */
  base: string | URL;
  /** Loads the form of this funnel with its first step inside; without it, the element asks for the funnel that its attribute names. */
  funnel?: string;
  /** The language of that first step, one of the funnel's; without it the browser's. */
  locale?: string;
  /** The variant of that first step; without it one is drawn, and remembered. */
  variant?: string;
}

/**
 * Loads `<latchkey-signup>` from the proxy and defines it; calling it again does no harm. Rejects where the proxy does not
 * answer. Does nothing on a server: importing and calling it there is fine.
 */
export function defineSignup(options: SignupOptions): Promise<CustomElementConstructor | undefined>;

export type LatchkeyTheme = "light" | "dark" | "auto";

/** Where the visitor goes from here. */
export type LatchkeyNext = { kind: "redirect"; url: string } | { kind: "message"; text: string } | { kind: "login"; url: string };

/** What the events carry. None holds personal data. */
export interface LatchkeyEventDetails {
  /** The form can be typed into. */
  "latchkey:ready": { funnel: string };
  /** A step is shown, the first one included: its id, its number from 1, how many there are. */
  "latchkey:step": { step: string; index: number; count: number };
  /** A form that passed its rules is sent; `preventDefault()` keeps it from being sent. */
  "latchkey:submit": { funnel: string };
  /** The CRM has the visitor; `preventDefault()` keeps the browser on this page. */
  "latchkey:registered": { id: string | null; next: LatchkeyNext | null };
  /** The signup is kept, and delivered later; `null` where the same e-mail is under way. */
  "latchkey:accepted": { id: string | null };
  /** The proxy or the CRM refused it: the names of the inputs, and what is wrong with each. */
  "latchkey:rejected": { fields: string[]; codes: string[] };
  /** There was no answer. `retrying`: it is sent again by itself. */
  "latchkey:error": { kind: "network" | "busy" | "not-allowed" | "load"; status: number; retrying: boolean };
}

export type LatchkeyEventName = keyof LatchkeyEventDetails;

/** The events by their names, for `addEventListener`. */
export type LatchkeyEventMap = { [Name in LatchkeyEventName]: CustomEvent<LatchkeyEventDetails[Name]> };

/** Attributes for what inputs hold at first, as `prefill-email`. */
export type LatchkeyPrefillAttributes = { [name: `prefill-${string}`]: string | undefined };

/** The attributes of `<latchkey-signup>`. */
export interface LatchkeySignupAttributes {
  /** The funnel's id. */
  funnel?: string;
  /** One of the funnel's languages; without it the browser's. */
  locale?: string;
  /** Without it as the visitor's system. */
  theme?: LatchkeyTheme;
  /** Puts the events into the page's `dataLayer` too. */
  "data-layer"?: string | boolean;
}

export interface LatchkeySignupElement extends HTMLElement {
  /** As the attribute of that name; `null` where there is none. */
  funnel: string | null;
  locale: string | null;
  theme: LatchkeyTheme | null;
  /** Empties the form, forgets its draft, and shows the first step. Done when the promise resolves, as with the others. */
  reset(): Promise<void>;
  /** Shows the step of that id; on the way there, what is not filled in rightly stops it. */
  goTo(step: string): Promise<void>;
  /** Fills in, by the fields' names, what the visitor has not touched; never passwords, codes or agreements. */
  prefill(values: Record<string, string>): Promise<void>;
  addEventListener<Name extends keyof LatchkeyEventMap>(
    type: Name,
    listener: (this: LatchkeySignupElement, event: LatchkeyEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: LatchkeySignupElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<Name extends keyof LatchkeyEventMap>(
    type: Name,
    listener: (this: LatchkeySignupElement, event: LatchkeyEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: LatchkeySignupElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** What the elements on a portal's page tell. None holds personal data. */
export interface LatchkeyPartnerEventDetails {
  /** The affiliate can begin: its id. */
  "latchkey:ready": { affiliate: string };
  /** There was no answer to show. `token`: the page has none that is taken. */
  "latchkey:error": { kind: "network" | "busy" | "token" | "not-allowed" | "invalid" | "load"; status: number; retrying: boolean };
}

export type LatchkeyPartnerEventMap = { [Name in keyof LatchkeyPartnerEventDetails]: CustomEvent<LatchkeyPartnerEventDetails[Name]> };

/** The embed token, or what the proxy answered the portal, which is better: then another is asked for before it expires. */
export type LatchkeyToken = string | { token: string; expiresAt: string };

/** `<latchkey-dashboard>` or `<latchkey-buckets>`. */
export interface LatchkeyPartnerElement extends HTMLElement {
  /** Asks the portal's own server for an embed token. Set before the element is on the page or after. */
  fetchToken: (() => Promise<LatchkeyToken>) | undefined;
  /** As the attribute of that name; `null` where there is none. */
  locale: string | null;
  theme: LatchkeyTheme | null;
  addEventListener<Name extends keyof LatchkeyPartnerEventMap>(
    type: Name,
    listener: (this: LatchkeyPartnerElement, event: LatchkeyPartnerEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: LatchkeyPartnerElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "latchkey-signup": LatchkeySignupElement;
    "latchkey-dashboard": LatchkeyPartnerElement;
    "latchkey-buckets": LatchkeyPartnerElement;
  }
  // They bubble: a listener on any element, or on the document, is as well typed.
  interface HTMLElementEventMap extends LatchkeyEventMap {}
  interface DocumentEventMap extends LatchkeyEventMap {}
}
