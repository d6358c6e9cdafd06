// On the hosted page: what a page of the funnel's, which shows it in a frame, is told. Nobody else is: each message is checked by
// its origin here, and by the element's class there.
const origins = document.querySelector("meta[name=latchkey-origins]").content.split(" ");
const EVENTS = ["ready", "step", "submit", "registered", "accepted", "rejected", "error"];

function begin(say, prefill) {
  const main = document.querySelector("main");
  new ResizeObserver(() => say({ latchkey: "height", height: Math.ceil(main.getBoundingClientRect().height) })).observe(main);
  for (const name of EVENTS) addEventListener(`latchkey:${name}`, ({ detail }) => say({ latchkey: "event", name, detail }));
  for (const element of document.querySelectorAll("latchkey-signup")) element.prefill?.(prefill);
}

if (parent !== self) {
  const listen = ({ origin, source, data }) => {
    if (source !== parent || !origins.includes(origin) || data?.latchkey !== "hello") return;
    removeEventListener("message", listen);
    // In braces: WebKit gives a message that is the last call of a function the wrong source.
    const say = (message) => {
      parent.postMessage(message, origin);
    };
    begin(say, data.prefill ?? {});
  };
  addEventListener("message", listen);
}
