/** Users, keys and the policy, for administrators. */

import { Screen, announce, api, button, card, checks, explain, field, h, heading, may, t, time } from "../work/desk.js";

import { policyFields } from "../work/policy.js";

/** @typedef {import("../work/desk.js").User} User */
/** @typedef {import("../work/desk.js").MachineKey} MachineKey */

const ROLES = ["operator", "supervisor", "quality", "administrator", "auditor"];

/** @param {string} text the stations as typed */
function stations(text) {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** `#/admin` */
export class AdminScreen extends Screen {
  /** The secret of a key that was just made; it is shown once and kept nowhere. @type {string | null} */
  secret = null;

  async start() {
    if (!may("administer")) {
      this.show(heading(t("admin.title"), ""), h("p", { class: "note is-stop" }, `\u2715 ${t("admin.not_yours")}`));
      return;
    }
    this.show(heading(t("admin.title"), ""), h("p", {}, t("work.loading")));
    await this.load();
  }

  async load() {
    try {
      const [{ users }, { keys }, policy] = await Promise.all([api.users(), api.keys(), api.policy()]);
      this.show(heading(t("admin.title"), ""), this.users(users), this.keys(keys), this.policy(policy));
    } catch (problem) {
      explain(problem);
    }
  }

  /**
   * Changes something, says so, and shows how it is now.
   * @param {() => Promise<unknown>} change
   */
  async change(change) {
    try {
      await change();
      announce("ok", t("admin.saved"), "");
      await this.load();
    } catch (problem) {
      explain(problem);
    }
  }

  /** @param {User[]} users */
  users(users) {
    return card(
      { title: t("admin.users"), number: String(users.length) },
      h("p", { class: "quiet" }, t("admin.never_deleted")),
      h("ul", { class: "lines" }, ...users.map((user) => this.userLine(user))),
      this.folded(t("admin.add_user"), this.userForm(null)),
    );
  }

  /** @param {User} user */
  userLine(user) {
    const password = field({
      label: t("admin.new_password"),
      name: `password-${user.user}`,
      type: "password",
      value: "",
    });
    const setPassword = (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.change(() => api.setPassword(user.user, password.input.value));
    };
    return h(
      "li",
      { class: "line" },
      h("span", { class: "line-main" }, `${user.name} (${user.user})`),
      h("span", { class: "quiet" }, user.roles.map((role) => t(`role.${role}`)).join(", ")),
      user.disabled ? h("span", { class: "badge is-stop" }, `\u2715 ${t("admin.disabled")}`) : null,
      button({
        text: t(user.disabled ? "admin.enable" : "admin.disable"),
        kind: "plain",
        small: true,
        about: user.name,
        press: () => this.change(() => api.setUser(user.user, { disabled: !user.disabled })),
      }),
      this.folded(
        `${t("admin.roles")}, ${t("admin.new_password")}`,
        h(
          "div",
          { class: "stack" },
          this.userForm(user),
          h(
            "form",
            { class: "stack", onsubmit: setPassword },
            password.element,
            button({ text: t("admin.save"), kind: "plain", submits: true }),
          ),
        ),
      ),
    );
  }

  /** @param {User | null} user */
  userForm(user) {
    const mark = user?.user ?? "new";
    const sign = field({ label: t("admin.user"), name: `user-${mark}`, type: "text", value: "" });
    const name = field({ label: t("admin.name"), name: `name-${mark}`, type: "text", value: user?.name ?? "" });
    const password = field({ label: t("admin.password"), name: `first-${mark}`, type: "password", value: "" });
    const where = field({
      label: t("admin.stations"),
      name: `stations-${mark}`,
      type: "text",
      value: (user?.scopes ?? []).join(", "),
    });
    const roles = checks(
      t("admin.roles"),
      ROLES.map((role) => ({ value: role, text: t(`role.${role}`), checked: user?.roles.includes(role) ?? false })),
    );
    const save = (/** @type {Event} */ event) => {
      event.preventDefault();
      const said = { name: name.input.value, roles: roles.chosen(), scopes: stations(where.input.value) };
      void this.change(() =>
        user === null
          ? api.addUser({ user: sign.input.value, password: password.input.value, ...said })
          : api.setUser(user.user, said),
      );
    };
    return h(
      "form",
      { class: "stack", onsubmit: save },
      user === null ? sign.element : null,
      name.element,
      roles.element,
      where.element,
      user === null ? password.element : null,
      button({ text: t("admin.save"), kind: "main", submits: true }),
    );
  }

  /** @param {MachineKey[]} keys */
  keys(keys) {
    const { secret } = this;
    this.secret = null;
    const name = field({ label: t("admin.key_name"), name: "key-name", type: "text", value: "" });
    const id = field({ label: t("admin.key_id"), name: "key-id", type: "text", value: "" });
    const where = field({ label: t("admin.stations"), name: "key-stations", type: "text", value: "" });
    const add = (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.change(async () => {
        this.secret = (
          await api.addKey({ id: id.input.value, name: name.input.value, scopes: stations(where.input.value) })
        ).secret;
      });
    };
    return card(
      { title: t("admin.keys"), number: String(keys.length) },
      secret === null
        ? null
        : h(
            "div",
            { class: "note is-warning", role: "alert" },
            h("p", {}, `! ${t("admin.secret")}`),
            h("p", { class: "identifier" }, secret),
          ),
      h(
        "ul",
        { class: "lines" },
        ...keys.map((key) =>
          h(
            "li",
            { class: "line" },
            h("span", { class: "line-main" }, `${key.name} (${key.id})`),
            h("span", { class: "quiet" }, `${t(`role.${key.role}`)}, ${time(key.made_at)}`),
            key.disabled
              ? h("span", { class: "badge is-stop" }, `\u2715 ${t("admin.disabled")}`)
              : button({
                  text: t("admin.disable"),
                  kind: "plain",
                  small: true,
                  about: key.name,
                  press: () => this.change(() => api.setKey(key.id, { disabled: true })),
                }),
          ),
        ),
      ),
      this.folded(
        t("admin.add_key"),
        h(
          "form",
          { class: "stack", onsubmit: add },
          id.element,
          name.element,
          where.element,
          button({ text: t("admin.save"), kind: "main", submits: true }),
        ),
      ),
    );
  }

  /** @param {Record<string, unknown>} policy */
  policy(policy) {
    const { element, text } = policyFields(policy);
    const save = (/** @type {Event} */ event) => {
      event.preventDefault();
      /** @type {unknown} */
      let value;
      try {
        value = JSON.parse(text.value);
      } catch (error) {
        announce(
          "stop",
          t("admin.policy"),
          t("admin.not_json", { why: error instanceof Error ? error.message : String(error) }),
        );
        return;
      }
      void this.change(() => api.setPolicy(value));
    };
    return card(
      { title: t("admin.policy") },
      h("p", { class: "quiet" }, t("admin.policy_lead")),
      h(
        "form",
        { class: "stack", onsubmit: save },
        element,
        button({ text: t("admin.save"), kind: "main", submits: true }),
      ),
    );
  }

  /** @param {string} title @param {HTMLElement} content */
  folded(title, content) {
    return h("details", { class: "folded" }, h("summary", {}, title), content);
  }
}
