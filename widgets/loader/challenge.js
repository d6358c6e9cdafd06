// On the page of a challenge, which a widget shows in a frame: works, or shows a captcha, and tells the page that frames this one.
// Nobody else is told: that page's origin, behind the `#` of our address, has to be one of the funnel's; and the widget looks at where
// a message is from.
//
// Messages: `{latchkey: "proof", proof}`, the text that goes with the signup; empty where it cannot be had, null where it is over;
// and `{latchkey: "height", height}`, of the captcha as it is shown now.
const origins = document.querySelector("meta[name=latchkey-origins]").content.split(" ");
const page = location.hash.slice(1);
// In braces: WebKit gives a message that is the last call of a function the wrong source.
const say = (message) => {
  if (parent !== self && origins.includes(page)) parent.postMessage(message, page);
};
const prove = (proof) => say({ latchkey: "proof", proof });

const main = document.querySelector("main");
const { work, captcha, key, script } = main.dataset;

/** In a worker: this frame may share its thread with the page. */
function compute() {
  const worker = new Worker(new URL("work.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => prove(data);
  worker.onerror = () => prove("");
  worker.postMessage(work);
}

/** All three have the same calls. */
function show() {
  const api = { recaptcha: "grecaptcha", hcaptcha: "hcaptcha", turnstile: "turnstile" }[captcha];
  globalThis.latchkeyReady = () =>
    globalThis[api].render(main, {
      sitekey: key,
      theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
      callback: prove,
      "expired-callback": () => prove(null),
      "error-callback": () => prove(""),
    });
  const element = document.createElement("script");
  const source = new URL(script);
  source.searchParams.set("render", "explicit");
  source.searchParams.set("onload", "latchkeyReady");
  element.src = source;
  // A browser, or a country, that keeps it away is no proof of a bot.
  element.onerror = () => prove("");
  document.head.append(element);
  // What it asks the visitor opens in a frame over the page, and needs room.
  const watch = { childList: true, subtree: true, attributes: true, attributeFilter: ["style"] };
  new MutationObserver(measure).observe(document.body, watch);
  new ResizeObserver(measure).observe(main);
}

function measure() {
  let height = main.getBoundingClientRect().height;
  for (const frame of document.querySelectorAll("iframe")) {
    const { top, height: own } = frame.getBoundingClientRect();
    // They keep hidden ones far above the page.
    if (own > 0 && top > -5000 && (frame.checkVisibility?.({ visibilityProperty: true }) ?? true)) height = Math.max(height, Math.max(top, 0) + own);
  }
  say({ latchkey: "height", height: Math.ceil(height) });
}

if (captcha) show();
else compute();
