// The same fields in Form.io, as its guide says; the form is in the script.

const input = (type, key, label, required) => ({ type, key, label, input: true, validate: { required } });

Formio.createForm(document.querySelector("#form"), {
  display: "form",
  components: [
    input("email", "email", "E-mail", true),
    input("phoneNumber", "phone", "Phone", true),
    input("textfield", "firstName", "First name", true),
    input("textfield", "lastName", "Last name", false),
    input("checkbox", "agreement-1", "I accept the terms.", true),
    { type: "button", key: "submit", label: "Open account", action: "submit" },
  ],
});
