/** Rework as guided scans: each step asks one thing in large letters, and takes the next scan as the answer. */

import { FATES, RECIPES, recipeOf, take } from "../work/rework.js";
import {
  Screen,
  announce,
  button,
  card,
  h,
  heading,
  identify,
  perform,
  preview,
  t,
  tile,
  typedField,
} from "../work/desk.js";
import { changesList, objectLine } from "../work/parts.js";
import { chooseReason } from "../work/reason-tiles.js";

/** @typedef {import("../work/rework.js").Answers} Answers */
/** @typedef {import("../work/rework.js").Recipe} Recipe */
/** @typedef {import("../work/rework.js").Scanned} Scanned */

/** `#/rework` offers the operations, `#/rework/replace?id=...` guides through one. */
export class ReworkScreen extends Screen {
  /** @type {Recipe | undefined} */
  recipe = undefined;
  /** @type {Answers} */
  answers = {};
  step = 0;
  level = "";
  /** What was scanned, for showing. @type {Map<string, Scanned>} */
  known = new Map();

  async start() {
    const [verb] = this.path;
    this.recipe = verb === undefined ? undefined : recipeOf(verb);
    this.restart();
    const id = this.query.get("id");
    if (this.recipe !== undefined && id !== null) {
      await this.takeText(id, false);
    }
  }

  restart() {
    this.answers = {};
    this.step = 0;
    this.level = "";
    this.known.clear();
    this.draw();
  }

  draw() {
    if (this.recipe === undefined) {
      this.show(
        heading(t("rework.title"), t("rework.choose")),
        h(
          "div",
          { class: "tiles" },
          ...RECIPES.map(({ verb }, index) =>
            tile({
              text: t(`rework.${verb}`),
              hint: t(`rework.${verb}.hint`),
              href: `#/rework/${verb}`,
              key: String(index + 1),
            }),
          ),
        ),
      );
      return;
    }
    const { verb, steps } = this.recipe;
    const step = steps[this.step];
    this.show(
      heading(t(`rework.${verb}`), t("rework.step", { n: Math.min(this.step + 1, steps.length), all: steps.length })),
      h(
        "p",
        { class: "ask", role: "status" },
        step === undefined ? t("rework.ready") : t(`rework.${verb}.${step.name}`),
      ),
      step?.wants === "fate" ? this.fates() : null,
      this.given(),
      step?.wants === "many" ? this.finishMany() : null,
      step === undefined || step.wants === "fate" ? null : typedField((text) => this.takeText(text, true)),
      h(
        "div",
        { class: "row" },
        this.known.size === 0
          ? null
          : button({ text: t("work.again"), kind: "quiet", command: "cancel", press: () => this.restart() }),
      ),
    );
  }

  /** What was answered until now, each under its question. */
  given() {
    const recipe = /** @type {Recipe} */ (this.recipe);
    const asked = recipe.steps.filter((step) => step.wants !== "fate" && (this.answers[step.name] ?? []).length > 0);
    return h(
      "div",
      { class: "stack" },
      ...asked.map((step) => {
        const ids = this.answers[step.name] ?? [];
        const lines = ids.map((id) => this.line(step.name, step.wants === "many", id));
        return card(
          { title: step.wants === "many" ? t("work.count", { n: ids.length }) : "" },
          h("ul", { class: "lines" }, ...lines),
        );
      }),
    );
  }

  /** @param {string} name @param {boolean} isMany @param {string} id */
  line(name, isMany, id) {
    const scanned = this.known.get(id);
    const remove = () => {
      this.answers = { ...this.answers, [name]: (this.answers[name] ?? []).filter((one) => one !== id) };
      this.known.delete(id);
      this.draw();
    };
    return objectLine(
      { id, level: scanned?.level ?? "unknown", parent: scanned?.exists === true ? scanned.parent : undefined },
      isMany ? button({ text: t("work.remove"), kind: "quiet", small: true, about: id, press: remove }) : null,
    );
  }

  fates() {
    return h(
      "div",
      { class: "tiles" },
      ...FATES.map((fate, index) =>
        tile({
          text: t(`fate.${fate}`),
          key: String(index + 1),
          press: () => {
            this.answers = { ...this.answers, fate: [fate] };
            this.step += 1;
            this.draw();
          },
        }),
      ),
    );
  }

  /** A button for what no scan can say: that this was the last one. */
  finishMany() {
    const recipe = /** @type {Recipe} */ (this.recipe);
    const isLast = this.step === recipe.steps.length - 1;
    const collected = this.answers[recipe.steps[this.step]?.name ?? ""] ?? [];
    if (!isLast && collected.length === 0) {
      return null;
    }
    return button({
      text: isLast ? t("work.finish") : t("rework.this_is_target"),
      kind: isLast ? "main" : "plain",
      command: "finish",
      press: () => this.finish(),
    });
  }

  async finish() {
    this.step += 1;
    this.draw();
    await this.goOn();
  }

  /** @param {string} text */
  async scan(text) {
    if (this.recipe !== undefined) {
      await this.takeText(text, false);
      return true;
    }
    return false;
  }

  /** @param {string} text @param {boolean} typed */
  async takeText(text, typed) {
    const recipe = this.recipe;
    if (recipe === undefined || this.step >= recipe.steps.length) {
      return;
    }
    const answer = await identify(text, typed, true);
    if (answer === null) {
      return;
    }
    const scanned = {
      id: answer.id,
      exists: answer.object !== null,
      level: answer.object?.level ?? "unknown",
      parent: answer.object?.parent ?? null,
      children: answer.object?.children ?? 0,
    };
    const taken = take(recipe, this.answers, this.step, scanned, this.level);
    if (taken.kind === "misfit") {
      announce(
        taken.why === "twice" || taken.why === "same" ? "double" : "stop",
        t(`rework.${recipe.verb}`),
        t(`rework.misfit.${taken.why}`),
      );
      return;
    }
    announce("ok", t("work.scanned"), scanned.id);
    this.known.set(scanned.id, scanned);
    this.level ||= scanned.level;
    this.answers = taken.answers;
    this.step = taken.step;
    this.draw();
    await this.goOn();
  }

  /** Does it once every question is answered. */
  async goOn() {
    const recipe = /** @type {Recipe} */ (this.recipe);
    if (this.step < recipe.steps.length) {
      return;
    }
    const operation = recipe.operation(this.answers);
    const reason = recipe.needsReason(this.answers) ? await chooseReason(recipe.verb) : undefined;
    if (
      reason === null ||
      (recipe.confirms && !(await preview(operation, t(`rework.${recipe.verb}`), t("rework.reset.confirm"))))
    ) {
      this.step = recipe.steps.length - 1;
      this.draw();
      return;
    }
    const done = await perform(operation, { reason, says: t(`rework.${recipe.verb}`) });
    this.restart();
    if (done !== null) {
      this.append(card({ title: t("work.done"), kind: "ok" }, changesList(done.changes)));
    }
  }
}
