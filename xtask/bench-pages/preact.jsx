// The same with Preact.

import { render } from "preact";
import { useState } from "preact/hooks";
import css from "./form.css";
import { Funnel, typeOf } from "./funnel.js";

function Input({ text, name, type, of: { required = false, maxLength, autocomplete } }) {
  const input = <input name={name} type={type} required={required} maxLength={maxLength} autocomplete={autocomplete} />;
  return type === "checkbox" ? (
    <label class="check">
      {input} {text}
    </label>
  ) : (
    <label>
      {text} {input}
    </label>
  );
}

function Form({ funnel, view }) {
  const [alert, setAlert] = useState("");
  const submit = async (event) => {
    event.preventDefault();
    const answer = await funnel.send(view, new FormData(event.target));
    if (answer.next?.url) location.assign(answer.next.url);
    else setAlert(answer.errors?.map((error) => error.message).join(" ") ?? "");
  };
  return (
    <form onSubmit={submit}>
      {view.steps.flatMap((step) => step.fields).map((field) => (
        <Input key={field.name} text={field.label} name={field.name} type={typeOf(field)} of={field} />
      ))}
      {view.agreements.map((agreement, index) => (
        <Input key={agreement.label} text={agreement.text} name={`agreement-${index + 1}`} type="checkbox" of={agreement} />
      ))}
      <p role="alert">{alert}</p>
      <button>{view.texts.submit}</button>
    </form>
  );
}

class PreactSignup extends HTMLElement {
  async connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const funnel = new Funnel(this.getAttribute("proxy"), this.getAttribute("funnel"));
    render(<Form funnel={funnel} view={await funnel.view()} />, root);
  }
}

customElements.define("preact-signup", PreactSignup);
