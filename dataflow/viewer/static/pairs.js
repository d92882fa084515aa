// Question-answer pairs: shown, chosen with the keyboard, and rejected one by one.

import { el } from "./dom.js";
import { partsOf } from "./shapes.js";
import { prose } from "./text.js";

/**
 * A list of pairs. `review` says of a column under review its `column`, the `names` of its pairs in order, the
 * `rejected` ones with their reasons, and `toggle(pair)` to be called with `{ column, name, rejected }`.
 */
export function pairList(pairs, review) {
  return el(
    "ol",
    { className: "pairs" },
    pairs.map((pair, at) => {
      const { question, answer, others } = partsOf(pair);
      const tags = others.filter(([, value]) => typeof value === "string" && value && value.length < 60);
      const data = others.filter(([name, value]) => !tags.some(([tag]) => tag === name) && value !== null);
      const name = review?.names[at];
      const rejected = name !== undefined && review.rejected.has(name);
      return el(
        "li",
        {
          className: rejected ? "pair rejected" : "pair",
          tabIndex: name !== undefined && -1,
          "data-column": name !== undefined && review.column,
          "data-pair": name,
        },
        name !== undefined && verdict({ column: review.column, name, rejected }, review.toggle),
        el("p", { className: "question", dir: "auto" }, question),
        prose(answer, "answer"),
        (tags.length > 0 || data.length > 0) &&
          el(
            "p",
            { className: "tags" },
            tags.map(([tag, value]) => el("span", { className: "tag", title: tag }, value)),
            data.map(([tag, value]) => el("span", { className: "tag" }, `${tag} ${brief(value)}`)),
          ),
        rejected && el("p", { className: "why" }, "Rejected", review.rejected.get(name) && `: ${review.rejected.get(name)}`),
      );
    }),
  );
}

function verdict(pair, toggle) {
  const words = pair.rejected ? "Take this pair back" : "Reject this pair";
  return el("button", { type: "button", className: "quiet pair-verdict", "aria-label": words, title: `${words} (x)`, onclick: () => toggle(pair) }, pair.rejected ? "↩" : "✕");
}

function brief(value) {
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  if (value && typeof value === "object") return Object.values(value).filter((item) => typeof item !== "object").join(" · ");
  return String(value);
}

/** Which pair of a sample is chosen, over all of its columns. */
export class PairChoice {
  constructor(box) {
    this.box = box;
    this.chosen = undefined;
  }

  get pairs() {
    return [...this.box.querySelectorAll("[data-pair]")];
  }

  /** The pair that is chosen; of a sample with only one, that one. */
  get pair() {
    const { pairs } = this;
    const one = pairs.find((pair) => this.is(pair)) ?? (pairs.length === 1 ? pairs[0] : undefined);
    return one && { column: one.dataset.column, name: one.dataset.pair, rejected: one.classList.contains("rejected") };
  }

  is(pair) {
    return pair.dataset.column === this.chosen?.column && pair.dataset.pair === this.chosen?.name;
  }

  /** Choose the next pair, or with -1 the one before; returns whether there is any. */
  step(by) {
    const { pairs } = this;
    if (!pairs.length) return false;
    const at = pairs.findIndex((pair) => this.is(pair));
    const next = at < 0 ? (by > 0 ? 0 : pairs.length - 1) : Math.min(pairs.length - 1, Math.max(0, at + by));
    this.choose({ column: pairs[next].dataset.column, name: pairs[next].dataset.pair });
    return true;
  }

  choose(pair) {
    this.chosen = pair;
    this.show(true);
  }

  /** Mark the chosen pair where it is drawn, and bring it into sight. */
  show(focus) {
    for (const pair of this.pairs) {
      const chosen = this.is(pair);
      pair.classList.toggle("chosen", chosen);
      if (chosen) pair.setAttribute("aria-current", "true");
      else pair.removeAttribute("aria-current");
      if (!chosen || !focus) continue;
      pair.focus({ preventScroll: true });
      pair.scrollIntoView({ block: "nearest" });
    }
  }
}
