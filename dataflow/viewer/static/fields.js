// Fields of a sample, shown: text, pairs, articles, turns, and anything else as data.

import { el, many } from "./dom.js";
import { partsOf, shapeOf } from "./shapes.js";

const LONGEST = 20_000; // characters shown at once; the rest on demand

/** Text with its line breaks, cut where it is endless. */
export function prose(text, className = "prose") {
  const box = el("p", { className, dir: "auto" }, text.slice(0, LONGEST));
  if (text.length <= LONGEST) return box;
  const more = el("button", { type: "button", className: "link" }, `Show all ${many(text.length, "character")}`);
  more.onclick = () => {
    box.textContent = text;
    more.remove();
  };
  return el("div", {}, box, more);
}

const asJson = (value) => prose(JSON.stringify(value, null, 2), "json");

export function pairList(pairs) {
  return el(
    "ol",
    { className: "pairs" },
    pairs.map((pair) => {
      const { question, answer, others } = partsOf(pair);
      const tags = others.filter(([, value]) => typeof value === "string" && value && value.length < 60);
      const data = others.filter(([name, value]) => !(tags.some(([tag]) => tag === name)) && value !== null);
      return el(
        "li",
        { className: "pair" },
        el("p", { className: "question", dir: "auto" }, question),
        prose(answer, "answer"),
        (tags.length > 0 || data.length > 0) &&
          el(
            "p",
            { className: "tags" },
            tags.map(([name, value]) => el("span", { className: "tag", title: name }, value)),
            data.map(([name, value]) => el("span", { className: "tag" }, `${name} ${brief(value)}`)),
          ),
      );
    }),
  );
}

function brief(value) {
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  if (value && typeof value === "object") return Object.values(value).filter((item) => typeof item !== "object").join(" · ");
  return String(value);
}

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

/** The body of a field. */
export function fieldBody(value) {
  switch (shapeOf(value)) {
    case "text":
      return value ? prose(value) : el("p", { className: "nothing" }, "empty");
    case "scalar":
      return el("p", { className: "prose" }, value === null ? el("span", { className: "nothing" }, "nothing") : String(value));
    case "pairs":
      return pairList(Array.isArray(value) ? value : [value]);
    case "turns":
      return turnList(value);
    case "article":
      return el("div", {}, prose(value.context), pairList(value.qas), rest(value, ["context", "qas"]));
    default:
      return asJson(value);
  }
}

function rest(value, known) {
  const others = Object.entries(value).filter(([name]) => !known.includes(name));
  return others.length > 0 && asJson(Object.fromEntries(others));
}

/** A field with its heading; of an edited one also what stood there. */
export function field(name, value, { original, edited = false, open = true } = {}) {
  const count = Array.isArray(value) && shapeOf(value) === "pairs" ? many(value.length, "pair") : "";
  const heading = el("h3", {}, name, count && el("span", { className: "note" }, count), edited && el("span", { className: "tag edited" }, "edited"));
  const body = [fieldBody(value), edited && el("details", { className: "original" }, el("summary", {}, "As the model wrote it"), original === undefined ? el("p", { className: "nothing" }, "nothing") : fieldBody(original))];
  if (!open) return el("details", { className: "field", "data-field": name }, el("summary", {}, heading), body);
  return el("section", { className: "field", "data-field": name }, heading, body);
}
