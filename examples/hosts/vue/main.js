// The form in Vue 3, which has to be told that it is a custom element and no component of Vue's.

import { defineSignup } from "@latchkey/widgets";
import { createApp, onMounted, onUnmounted, reactive, ref } from "vue";

const SignUp = {
  props: ["locale"],
  emits: ["heard"],
  setup(_props, { emit }) {
    const next = ref(null);
    const registered = (event) => {
      // The browser stays, and the page says where to go on.
      event.preventDefault();
      next.value = event.detail.next;
      emit("heard", "registered");
    };
    return { next, registered };
  },
  template: `
    <a v-if="next" id="go" :href="next.url">To your account</a>
    <latchkey-signup
      funnel="demo"
      :locale="locale"
      @latchkey:ready="$emit('heard', 'ready')"
      @latchkey:submit="$emit('heard', 'submit')"
      @latchkey:registered="registered"
      @latchkey:rejected="$emit('heard', 'rejected')"
      @latchkey:error="$emit('heard', 'error')"
    />`,
};

const app = createApp({
  components: { SignUp },
  setup() {
    const [hash, locale, heard] = [ref(location.hash), ref("en"), reactive([])];
    const changed = () => (hash.value = location.hash);
    onMounted(() => addEventListener("hashchange", changed));
    onUnmounted(() => removeEventListener("hashchange", changed));
    return { hash, locale, heard };
  },
  template: `
    <nav>
      <a href="#/">Sign up</a> <a href="#/about">About</a>
      <label>Language <select id="locale" v-model="locale"><option>en</option><option>de</option></select></label>
    </nav>
    <main>
      <h1 v-if="hash === '#/about'">About</h1>
      <SignUp v-else :locale="locale" @heard="heard.push($event)" />
    </main>
    <ol id="heard"><li v-for="name in heard">{{ name }}</li></ol>`,
});
app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith("latchkey-");

defineSignup({ base: document.querySelector("meta[name=latchkey-proxy]").content, funnel: "demo" });
app.mount("#app");
