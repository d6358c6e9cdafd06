// The same fields in SurveyJS, as its guide for pages without a framework says; the form is in the script.

import { Model } from "survey-core";
import "survey-js-ui";

const text = (name, title, inputType, isRequired) => ({ type: "text", name, title, inputType, isRequired });

new Model({
  title: "Open your account",
  completeText: "Open account",
  elements: [
    text("email", "E-mail", "email", true),
    text("phone", "Phone", "tel", true),
    text("firstName", "First name", "text", true),
    text("lastName", "Last name", "text", false),
    { type: "checkbox", name: "agreement-1", titleLocation: "hidden", isRequired: true, choices: [{ value: "yes", text: "I accept the terms." }] },
  ],
}).render(document.querySelector("#form"));
