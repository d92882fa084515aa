// Long text and data, as text.

import { el, many } from "./dom.js";

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

export const asJson = (value) => prose(JSON.stringify(value, null, 2), "json");
