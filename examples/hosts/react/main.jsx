// The form in React 19, which sets a custom element's properties and listens to its events by itself.

import { defineSignup } from "@latchkey/widgets";
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

function useHash() {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return hash;
}

function SignUp({ locale, hear }) {
  const [next, setNext] = useState(null);
  const registered = (event) => {
    // The browser stays, and the page says where to go on.
    event.preventDefault();
    setNext(event.detail.next);
    hear("registered");
  };
  return (
    <>
      {next && (
        <a id="go" href={next.url}>
          To your account
        </a>
      )}
      <latchkey-signup
        funnel="demo"
        locale={locale}
        onlatchkey:ready={() => hear("ready")}
        onlatchkey:submit={() => hear("submit")}
        onlatchkey:registered={registered}
        onlatchkey:rejected={() => hear("rejected")}
        onlatchkey:error={() => hear("error")}
      />
    </>
  );
}

function App() {
  const hash = useHash();
  const [locale, setLocale] = useState("en");
  const [heard, setHeard] = useState([]);
  return (
    <>
      <nav>
        <a href="#/">Sign up</a> <a href="#/about">About</a>
        <label>
          Language{" "}
          <select id="locale" value={locale} onChange={(event) => setLocale(event.target.value)}>
            <option>en</option>
            <option>de</option>
          </select>
        </label>
      </nav>
      <main>{hash === "#/about" ? <h1>About</h1> : <SignUp locale={locale} hear={(name) => setHeard((heard) => [...heard, name])} />}</main>
      <ol id="heard">
        {heard.map((name, index) => (
          <li key={index}>{name}</li>
        ))}
      </ol>
    </>
  );
}

defineSignup({ base: document.querySelector("meta[name=latchkey-proxy]").content, funnel: "demo" });
createRoot(document.querySelector("#app")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
