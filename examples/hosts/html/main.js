// The form in a page without any framework: put in and taken out as the route changes, and listened to from far up.

const main = document.querySelector("main");
const locale = document.querySelector("#locale");

function show() {
  if (location.hash === "#/about") {
    main.innerHTML = "<h1>About</h1>";
  } else {
    const signup = document.createElement("latchkey-signup");
    signup.setAttribute("funnel", "demo");
    signup.setAttribute("locale", locale.value);
    main.replaceChildren(signup);
  }
}

for (const name of ["ready", "submit", "registered", "rejected", "error"]) {
  document.addEventListener(`latchkey:${name}`, () => {
    const heard = document.createElement("li");
    heard.textContent = name;
    document.querySelector("#heard").append(heard);
  });
}
document.addEventListener("latchkey:registered", (event) => {
  // The browser stays, and the page says where to go on.
  event.preventDefault();
  const go = Object.assign(document.createElement("a"), { id: "go", href: event.detail.next.url, textContent: "To your account" });
  main.prepend(go);
});
locale.addEventListener("change", () => document.querySelector("latchkey-signup")?.setAttribute("locale", locale.value));
addEventListener("hashchange", show);
show();
