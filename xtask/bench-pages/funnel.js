// What a custom element asks the proxy for: what the form looks like, and that it be taken.

const TYPES = { email: "email", tel: "tel", date: "date", checkbox: "checkbox" };

export const typeOf = (field) => TYPES[field.kind] ?? "text";

export class Funnel {
  constructor(proxy, id) {
    this.address = `${proxy}/api/v1/funnels/${id}`;
    this.key = crypto.randomUUID();
  }

  async view() {
    return (await fetch(this.address)).json();
  }

  /** Returns what is wrong, or where to go. */
  async send(view, form) {
    const [fields, agreements] = [{}, []];
    for (const { name } of view.steps.flatMap((step) => step.fields)) fields[name] = form.get(name) ?? "";
    view.agreements.forEach(({ label }, index) => form.has(`agreement-${index + 1}`) && agreements.push(label));
    const { formToken } = await (await fetch(`${this.address}/visits`, { method: "POST" })).json();
    const response = await fetch(`${this.address}/signups`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": this.key },
      body: JSON.stringify({ fields, agreements, locale: view.locale, version: view.version, formToken }),
    });
    return response.json();
  }
}
