/** The first screen: it waits for a scan. Below are the ways to work that begin without one. */

import { hasCamera, look } from "../scan/camera.js";
import { Screen, h, may, t } from "../shell.js";

/** @typedef {{name: string, address: string, needs?: string}} Way */

/** Those that are used most come first: the first four that the person may are large, the others fold up. @type {Way[]} */
const WAYS = [
  { name: "take_off", address: "#/take-off", needs: "unpack" },
  { name: "break", address: "#/break", needs: "unpack" },
  { name: "admin", address: "#/admin", needs: "administer" },
  { name: "count", address: "#/reconcile" },
  { name: "find", address: "#/find" },
  { name: "rework", address: "#/rework", needs: "move" },
  { name: "lots", address: "#/lots" },
  { name: "supervisor", address: "#/supervisor" },
  { name: "actions", address: "#/actions", needs: "hold" },
  { name: "label", address: "#/label" },
  { name: "feed", address: "#/feed" },
  { name: "selftest", address: "#/selftest" },
  { name: "commands", address: "#/commands" },
];
const LARGE_MAX = 4;

export class HomeScreen extends Screen {
  async start() {
    const allowed = WAYS.filter(({ needs }) => needs === undefined || may(needs));
    this.show(
      h(
        "section",
        { class: "waiting" },
        h("div", { class: "bars", "aria-hidden": "true" }),
        h("h1", {}, t("home.scan")),
        h("p", { class: "lead" }, t("home.lead")),
        hasCamera() ? h("button", { type: "button", class: "button", onclick: look }, t("camera.use")) : null,
      ),
      h(
        "nav",
        { class: "tiles is-four", "aria-label": t("home.ways") },
        ...allowed.slice(0, LARGE_MAX).map((way, index) => tile(way, String(index + 1))),
      ),
      h(
        "details",
        { class: "folded" },
        h("summary", {}, t("home.more")),
        h(
          "nav",
          { class: "tiles is-dense", "aria-label": t("home.more") },
          ...allowed.slice(LARGE_MAX).map((way) => tile(way, null)),
        ),
      ),
    );
  }
}

/** @param {Way} way @param {string | null} key */
function tile({ name, address }, key) {
  return h(
    "a",
    { class: "tile", href: address, "data-key": key },
    key === null ? null : h("kbd", { "aria-hidden": "true" }, key),
    h("span", { class: "tile-text" }, t(`home.${name}`)),
    h("span", { class: "tile-hint" }, t(`home.${name}.hint`)),
  );
}
