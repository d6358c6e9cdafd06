// The form as somebody would write it by hand: a custom element that asks the proxy for the funnel, and shows it.

import css from "./form.css";
import { Funnel, typeOf } from "./funnel.js";

class PlainSignup extends HTMLElement {
  async connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const funnel = new Funnel(this.getAttribute("proxy"), this.getAttribute("funnel"));
    const view = await funnel.view();
    const form = document.createElement("form");
    form.append(...view.steps.flatMap((step) => step.fields).map((field) => this.input(field.label, field.name, typeOf(field), field)));
    form.append(...view.agreements.map((agreement, index) => this.input(agreement.text, `agreement-${index + 1}`, "checkbox", agreement)));
    const alert = Object.assign(document.createElement("p"), { role: "alert" });
    const button = Object.assign(document.createElement("button"), { textContent: view.texts.submit });
    form.append(alert, button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await funnel.send(view, new FormData(form));
      if (answer.next?.url) location.assign(answer.next.url);
      else alert.textContent = answer.errors?.map((error) => error.message).join(" ") ?? "";
    });
    root.append(form);
  }

  input(text, name, type, { required = false, maxLength, autocomplete }) {
    const input = Object.assign(document.createElement("input"), { name, type, required });
    if (maxLength) input.maxLength = maxLength;
    if (autocomplete) input.autocomplete = autocomplete;
    const label = document.createElement("label");
    label.className = type === "checkbox" ? "check" : "";
    label.append(...(type === "checkbox" ? [input, text] : [text, input]));
    return label;
  }
}

customElements.define("plain-signup", PlainSignup);
