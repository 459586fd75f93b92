/** The head of the page: the way home, whether the server is there, who is signed in. */

import { onConnection, online } from "./connection.js";
import { announce } from "./feedback.js";
import { h } from "./element.js";
import { dialog } from "./dialog.js";
import { collected, onOutbox } from "./outbox.js";
import { go, showAddress } from "./router.js";
import { me, onSession, signOut } from "./session.js";
import { isSoundOn, setSound } from "./sound.js";
import { language, setLanguage, t } from "./words.js";

/** Draws the head, and again whenever what it shows changes. */
export function startFrame() {
  onConnection((isOnline) => {
    draw();
    announce(
      isOnline ? "ok" : "warning",
      t(isOnline ? "frame.online" : "frame.offline"),
      t(isOnline ? "frame.online_sentence" : "frame.offline_sentence"),
    );
  });
  onSession(draw);
  onOutbox(draw);
  window.addEventListener("hashchange", draw);
  draw();
}

function draw() {
  const who = me();
  const refused = collected().filter((one) => one.refused !== null).length;
  const waiting = collected().length - refused;
  const skip = document.querySelector(".skip");
  if (skip !== null) {
    skip.textContent = t("frame.skip");
  }
  document
    .getElementById("head")
    ?.replaceChildren(
      way(who === null || /^#?\/?$/.test(location.hash)),
      online() ? "" : h("span", { class: "pill is-warning" }, `! ${t("frame.offline")}`),
      waiting === 0
        ? ""
        : h("a", { class: "pill is-warning", href: "#/outbox" }, `! ${t("outbox.pill", { n: waiting })}`),
      refused === 0
        ? ""
        : h("a", { class: "pill is-stop", href: "#/outbox" }, `\u2715 ${t("outbox.pill_refused", { n: refused })}`),
      h(
        "button",
        { type: "button", class: "who", onclick: menu, "aria-haspopup": "dialog" },
        h("span", { class: "who-name" }, who?.name ?? t("frame.menu")),
        who === null ? null : h("span", { class: "who-role" }, t(`frame.role.${who.role}`)),
      ),
    );
}

/** Who one is with, and away from home the way back. @param {boolean} isHome */
function way(isHome) {
  return h(
    "a",
    { class: "brand", href: "#/", "aria-label": `Packtree, ${t("frame.home")}` },
    h("span", { class: isHome ? "brand-mark" : "brand-back", "aria-hidden": "true" }),
    h("span", {}, isHome ? "Packtree" : t("frame.home")),
  );
}

/** What concerns the person and this device. */
async function menu() {
  const chosen = await dialog(me()?.name ?? t("frame.menu"), (close) =>
    h(
      "div",
      { class: "stack" },
      choice(t("frame.language"), language() === "de" ? "English" : "Deutsch", () => close("language")),
      choice(
        t(isSoundOn() ? "frame.sound_on" : "frame.sound_off"),
        t(isSoundOn() ? "frame.sound_off_do" : "frame.sound_on_do"),
        () => close("sound"),
      ),
      choice(t("frame.sound_test"), t("frame.sound_test_do"), () => close("test")),
      me() === null
        ? null
        : h("button", { type: "button", class: "button is-main", onclick: () => close("out") }, t("frame.sign_out")),
    ),
  );
  if (chosen === "language") {
    setLanguage(language() === "de" ? "en" : "de");
    draw();
    showAddress();
  } else if (chosen === "sound") {
    setSound(!isSoundOn());
    announce("ok", t(isSoundOn() ? "frame.sound_on" : "frame.sound_off"));
  } else if (chosen === "test") {
    soundTest();
  } else if (chosen === "out") {
    await signOut();
    go("#/");
  }
}

/** @param {string} label @param {string} action @param {() => void} press */
function choice(label, action, press) {
  return h(
    "div",
    { class: "row is-spread" },
    h("span", {}, label),
    h("button", { type: "button", class: "button is-small", onclick: press }, action),
  );
}

/** Every sound once, with the colour that belongs to it. */
function soundTest() {
  const kinds = /** @type {const} */ (["ok", "warning", "stop", "double"]);
  kinds.forEach((kind, index) => window.setTimeout(() => announce(kind, t(`frame.sound.${kind}`)), index * 1500));
}
