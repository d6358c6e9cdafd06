// On the hosted page: what a page of the funnel's, which shows it in a frame, is told. Nobody else is: each message is checked by
// its origin here, and by the element's class there.
const origins = document.querySelector("meta[name=latchkey-origins]").content.split(" ");
const EVENTS = ["ready", "step", "submit", "registered", "accepted", "rejected", "error"];

const COMMANDS = ["reset", "goTo", "prefill"];

function begin(say) {
  const main = document.querySelector("main");
  new ResizeObserver(() => say({ latchkey: "height", height: Math.ceil(main.getBoundingClientRect().height) })).observe(main);
  for (const name of EVENTS) addEventListener(`latchkey:${name}`, ({ detail }) => say({ latchkey: "event", name, detail }));
}

if (parent !== self) {
  let begun;
  addEventListener("message", ({ origin, source, data }) => {
    if (source !== parent || !origins.includes(origin)) return;
    if (data?.latchkey === "hello" && !begun) {
      begun = true;
      // In braces: WebKit gives a message that is the last call of a function the wrong source.
      begin((message) => {
        parent.postMessage(message, origin);
      });
    }
    if (data?.latchkey === "command" && COMMANDS.includes(data.name)) {
      for (const element of document.querySelectorAll("latchkey-signup")) element[data.name]?.(data.value);
    }
  });
}
