/** Rework as guided scans: each step asks one thing in large letters, and takes the next scan as the answer. */

import { FATES, RECIPES, goesOn, recipeOf, take } from "../work/rework.js";
import {
  Screen,
  announce,
  button,
  card,
  fits,
  h,
  heading,
  identify,
  perform,
  preview,
  since,
  spoken,
  t,
  tile,
  typedField,
} from "../work/desk.js";
import { changesList, objectLine } from "../work/parts.js";
import { chooseReason } from "../work/reason-tiles.js";
import { Unfinished, inTurn } from "../work/unfinished.js";

/** @typedef {import("../work/rework.js").Answers} Answers */
/** @typedef {import("../work/rework.js").Recipe} Recipe */
/** @typedef {import("../work/rework.js").Scanned} Scanned */

/**
 * How far a rework is, as this device keeps it.
 * @typedef {{linked: string | null, answers: Answers, step: number, level: string, known: Scanned[]}} Kept
 */

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

  /** @type {Unfinished<Kept>} */
  unfinished = new Unfinished("");
  turn = inTurn();

  start() {
    const [verb] = this.path;
    this.recipe = verb === undefined ? undefined : recipeOf(verb);
    this.draw();
    return this.turn(() => this.begin());
  }

  stop() {
    this.unfinished.close();
  }

  /** Whoever goes elsewhere has given it up: nothing of it was recorded. */
  leave() {
    void this.unfinished.forget();
  }

  async begin() {
    const recipe = this.recipe;
    if (recipe === undefined) {
      return;
    }
    this.unfinished = new Unfinished(`rework/${recipe.verb}`);
    const kept = await this.unfinished.open();
    if (!this.isConnected) {
      return;
    }
    const id = this.query.get("id");
    if (kept !== null && goesOn(recipe) && (id === null || id === kept.linked)) {
      this.answers = kept.answers;
      this.step = kept.step;
      this.level = kept.level;
      this.known = new Map(kept.known.map((one) => [one.id, one]));
      this.unfinished.sayItGoesOn();
      this.draw();
      return;
    }
    const { begunAt } = this.unfinished;
    await this.unfinished.forget();
    if (id !== null) {
      await this.takeText(id, false);
    }
    if (kept?.known.some((one) => one.id !== id) === true) {
      Unfinished.sayItBegins(begunAt);
    }
  }

  async restart() {
    this.answers = {};
    this.step = 0;
    this.level = "";
    this.known.clear();
    this.draw();
    await this.unfinished.forget();
  }

  /** How far it is. @returns {Kept} */
  state() {
    const { answers, step, level } = this;
    return { linked: this.query.get("id"), answers, step, level, known: [...this.known.values()] };
  }

  /** Puts it back to where it was: the last scan did not count. @param {Kept} before */
  putBack({ answers, step, level, known }) {
    this.answers = answers;
    this.step = step;
    this.level = level;
    this.known = new Map(known.map((one) => [one.id, one]));
    this.draw();
  }

  draw() {
    if (this.recipe === undefined) {
      this.show(
        heading(t("rework.title"), t("rework.choose")),
        h(
          "div",
          { class: "tiles is-four" },
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
      this.unfinished.begunAt === ""
        ? null
        : h("p", { class: "quiet" }, t("unfinished.since", { time: since(this.unfinished.begunAt) })),
      step?.wants === "many" ? this.finishMany() : null,
      step === undefined || step.wants === "fate" ? null : typedField((text) => this.turn(() => this.takeText(text, true))),
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
      // What a part is split off is no question, because the part says it too.
      ...(this.answers["from"] ?? [])
        .filter(() => !recipe.steps.some(({ name }) => name === "from"))
        .map((id) => card({ title: t("rework.out_of") }, h("ul", { class: "lines" }, this.line("from", false, id)))),
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
      void this.unfinished.keep(this.state());
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
            void this.unfinished.keep(this.state());
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
      press: () => this.turn(() => this.finish()),
    });
  }

  async finish() {
    const before = this.state();
    this.step += 1;
    this.draw();
    await this.goOn(before);
  }

  /** @param {string} text */
  async scan(text) {
    if (this.recipe !== undefined) {
      await this.turn(() => this.takeText(text, false));
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
    const before = this.state();
    const scanned = {
      id: answer.id,
      exists: answer.object !== null,
      level: answer.object?.level ?? "unknown",
      parent: answer.object?.parent ?? null,
      children: answer.object?.children ?? 0,
      actions: answer.actions,
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
    if (taken.kind === "barred") {
      announce("stop", t("work.refused"), spoken(taken.why));
      return;
    }
    if (!(await this.isAllowed(recipe, taken.answers, scanned.id))) {
      return;
    }
    this.known.set(scanned.id, { ...scanned, actions: [] });
    this.level ||= scanned.level;
    this.answers = taken.answers;
    this.step = taken.step;
    if (this.step < recipe.steps.length) {
      await this.unfinished.keep(this.state());
    }
    announce("ok", t("work.scanned"), scanned.id);
    this.draw();
    await this.goOn(before);
  }

  /**
   * Whether the rules allow what was scanned together with what was scanned before: asked at the scan wherever a question follows
   * it, so that nobody chooses a reason for what is refused.
   * @param {Recipe} recipe
   * @param {Answers} answers
   * @param {string} id
   */
  async isAllowed(recipe, answers, id) {
    const isComplete = recipe.steps.every(({ name }) => (answers[name] ?? []).length > 0);
    return !isComplete || !(recipe.confirms || recipe.needsReason(answers)) || fits(recipe.operation(answers), id);
  }

  /** Does it once every question is answered. What is not done after all stays as it was before the last scan. @param {Kept} before */
  async goOn(before) {
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
      this.putBack(before);
      return;
    }
    const done = await perform(operation, { reason, says: t(`rework.${recipe.verb}`) });
    if (done === null) {
      this.putBack(before);
      return;
    }
    await this.restart();
    this.append(card({ title: t("work.done"), kind: "ok" }, changesList(done.changes)));
  }
}
