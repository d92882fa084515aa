// Fields of a sample, shown: text, pairs, articles, turns, and anything else as data.

import { el, many } from "./dom.js";
import { pairList } from "./pairs.js";
import { shapeOf } from "./shapes.js";
import { asJson, prose } from "./text.js";

export function turnList(turns) {
  return el(
    "ol",
    { className: "turns" },
    turns.map((turn) => {
      const speaker = String(turn.from ?? turn.role ?? "");
      const words = turn.value ?? turn.content ?? "";
      return el(
        "li",
        { className: `turn ${["human", "user"].includes(speaker.toLowerCase()) ? "asks" : "answers"}` },
        el("span", { className: "speaker" }, speaker),
        typeof words === "string" ? prose(words) : asJson(words),
      );
    }),
  );
}

/** The body of a field; `review` lets its pairs be rejected. */
export function fieldBody(value, review) {
  switch (shapeOf(value)) {
    case "text":
      return value ? prose(value) : el("p", { className: "nothing" }, "empty");
    case "scalar":
      return el("p", { className: "prose" }, value === null ? el("span", { className: "nothing" }, "nothing") : String(value));
    case "pairs":
      return pairList(Array.isArray(value) ? value : [value], review);
    case "turns":
      return turnList(value);
    case "article":
      return el("div", {}, prose(value.context), pairList(value.qas, review), rest(value, ["context", "qas"]));
    default:
      return asJson(value);
  }
}

function rest(value, known) {
  const others = Object.entries(value).filter(([name]) => !known.includes(name));
  return others.length > 0 && asJson(Object.fromEntries(others));
}

/** A field with its heading; of an edited one also what stood there, of an incomplete one what is missing. */
export function field(name, value, { original, edited = false, open = true, status = "", review } = {}) {
  const count = Array.isArray(value) && shapeOf(value) === "pairs" ? many(value.length, "pair") : "";
  const rejected = review?.rejected.size ? `, ${review.rejected.size} rejected` : "";
  const heading = el(
    "h3",
    {},
    name,
    (count || rejected) && el("span", { className: "note" }, count + rejected),
    edited && el("span", { className: "tag edited" }, "edited"),
    status && el("span", { className: "tag warn" }, status),
  );
  const body = [fieldBody(value, review), edited && el("details", { className: "original" }, el("summary", {}, "As the model wrote it"), original === undefined ? el("p", { className: "nothing" }, "nothing") : fieldBody(original))];
  if (!open) return el("details", { className: "field", "data-field": name }, el("summary", {}, heading), body);
  return el("section", { className: "field", "data-field": name }, heading, body);
}
