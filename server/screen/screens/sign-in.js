/** Signing in, and making the first administrator. */

import { Problem, Screen, announce, h, t } from "../shell.js";
import { lastUser, setUp, signIn, whySignedOut } from "../session.js";

/**
 * @param {{name: string, label: string, type: string, value?: string, complete: string}} options
 */
function field({ name, label, type, value = "", complete }) {
  const input = h("input", {
    id: `sign-${name}`,
    name,
    type,
    autocomplete: complete,
    autocapitalize: "off",
    spellcheck: "false",
    required: true,
  });
  input.value = value;
  return { input, element: h("div", { class: "field" }, h("label", { for: `sign-${name}` }, label), input) };
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof Problem) {
    announce(
      "stop",
      t(error.status === 401 ? "session.wrong" : "session.failed"),
      `${error.detail} ${error.remedy}`.trim(),
    );
  } else {
    announce("stop", t("session.failed"), String(error));
  }
}

/** Shown in front of every other screen while nobody is signed in. */
export class SignInScreen extends Screen {
  async start() {
    if (/^#\/setup\b/.test(location.hash)) {
      this.show(setupForm(this, new URLSearchParams(location.hash.split("?")[1] ?? "").get("token") ?? ""));
      return;
    }
    const user = field({
      name: "user",
      label: t("session.user"),
      type: "text",
      value: lastUser(),
      complete: "username",
    });
    const password = field({
      name: "password",
      label: t("session.password"),
      type: "password",
      complete: "current-password",
    });
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      try {
        await signIn(user.input.value.trim(), password.input.value);
        announce("ok", t("session.welcome"));
      } catch (error) {
        password.input.value = "";
        password.input.focus();
        explain(error);
      }
    };
    const reason = whySignedOut();
    this.show(
      h(
        "div",
        { class: "sheet-narrow" },
        h("h1", {}, t("session.title")),
        reason === "" ? null : h("p", { class: "note is-information" }, t(`session.why.${reason}`)),
        h(
          "form",
          { class: "stack", onsubmit: submit },
          user.element,
          password.element,
          h("button", { type: "submit", class: "button is-main" }, t("session.go")),
        ),
        h("p", { class: "quiet" }, t("session.first"), " ", h("a", { href: "#/setup" }, t("session.setup"))),
      ),
    );
    (user.input.value === "" ? user : password).input.focus();
    window.addEventListener("hashchange", () => this.isConnected && void this.start(), { once: true });
  }
}

/** `#/setup?token=...`, for who is signed in already: there is nothing to set up. */
export class SetupScreen extends Screen {
  async start() {
    this.show(
      h("h1", {}, t("setup.title")),
      h("p", { class: "note is-information" }, t("setup.done")),
      h("a", { class: "button", href: "#/" }, t("frame.home")),
    );
  }
}

/** @param {Screen} screen @param {string} given */
function setupForm(screen, given) {
  const token = field({
    name: "token",
    label: t("setup.token"),
    type: "text",
    value: given,
    complete: "one-time-code",
  });
  const user = field({ name: "user", label: t("session.user"), type: "text", complete: "username" });
  const password = field({
    name: "password",
    label: t("session.password"),
    type: "password",
    complete: "new-password",
  });
  const again = field({ name: "again", label: t("setup.again"), type: "password", complete: "new-password" });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (password.input.value !== again.input.value) {
      announce("stop", t("setup.differs"), t("setup.differs_sentence"));
      again.input.focus();
      return;
    }
    try {
      await setUp(token.input.value.trim(), user.input.value.trim(), password.input.value);
      location.hash = "#/";
      announce("ok", t("session.welcome"));
    } catch (error) {
      explain(error);
    }
  };
  screen.dataset["name"] = "setup";
  return h(
    "div",
    { class: "sheet-narrow" },
    h("h1", {}, t("setup.title")),
    h("p", {}, t("setup.lead")),
    h(
      "form",
      { class: "stack", onsubmit: submit },
      token.element,
      user.element,
      password.element,
      again.element,
      h("button", { type: "submit", class: "button is-main" }, t("setup.go")),
    ),
  );
}
