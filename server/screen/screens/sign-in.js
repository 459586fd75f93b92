/** Signing in, and making the first administrator. */

import { Problem, Screen, announce, h, t } from "../shell.js";
import { isLabel } from "../scan/wedge.js";
import { lastUser, setUp, signIn, whySignedOut } from "../session.js";

/** What the server prints for the first administrator leads here: `#setup=TOKEN`, or `#setup` where it is in a file. */
const SETUP = /^#\/?setup(?:=(.*))?$/;
/** Where the link of the demo leads that was used before. */
const LINK_USED = "#link-used";

/**
 * @param {{name: string, label: string, type: string, value?: string, complete: string, hint?: string}} options
 */
function field({ name, label, type, value = "", complete, hint = "" }) {
  const input = h("input", {
    id: `sign-${name}`,
    name,
    type,
    autocomplete: complete,
    autocapitalize: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": hint === "" ? null : `sign-${name}-hint`,
  });
  input.value = value;
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: `sign-${name}` }, label),
    hint === "" ? null : h("p", { class: "field-hint", id: `sign-${name}-hint` }, hint),
    input,
  );
  return { input, element };
}

/** The name of a user, as names are written. @param {HTMLInputElement} input */
function nameIn(input) {
  return input.value.trim().toLowerCase();
}

/** @param {unknown} error */
function explain(error) {
  if (error instanceof Problem) {
    announce("stop", t(error.status === 401 ? "session.wrong" : "session.failed"), error.words());
  } else {
    announce("stop", t("session.failed"), String(error));
  }
}

/** Shown in front of every other screen while nobody is signed in. */
export class SignInScreen extends Screen {
  async start() {
    const setup = SETUP.exec(location.hash);
    if (setup !== null) {
      this.show(setupForm(this, setup[1] ?? ""));
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
      if (isLabel(password.input.value)) {
        password.input.value = "";
        announce("warning", t("scan.signed_out"), t("scan.signed_out_remedy"));
        return;
      }
      try {
        await signIn(nameIn(user.input), password.input.value);
        if (location.hash === LINK_USED) {
          location.replace("#/");
        }
        announce("ok", t("session.welcome"));
      } catch (error) {
        password.input.value = "";
        password.input.focus();
        explain(error);
      }
    };
    const reason = location.hash === LINK_USED ? "link" : whySignedOut();
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
        h("p", { class: "quiet" }, t("session.first"), " ", h("a", { href: "#setup" }, t("session.setup"))),
      ),
    );
    (user.input.value === "" ? user : password).input.focus();
  }
}

/** `#setup`, for who is signed in already: there is nothing to set up. */
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
  const user = field({
    name: "user",
    label: t("session.user"),
    type: "text",
    complete: "username",
    hint: t("setup.user_hint"),
  });
  const password = field({
    name: "password",
    label: t("session.password"),
    type: "password",
    complete: "new-password",
    hint: t("setup.password_hint"),
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
      await setUp(token.input.value.trim(), nameIn(user.input), password.input.value);
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
