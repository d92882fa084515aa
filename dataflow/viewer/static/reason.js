// Asks why something is rejected: a few words, a reason given before at one key, or none.

import { byId, el, key } from "./dom.js";

const LONGEST = 300;

/** Ask; `recent` are reasons given before. Resolves to the words, empty where none were given, or undefined when left. */
export function askReason(title, recent) {
  const dialog = byId("reason");
  return new Promise((resolve) => {
    let said;
    const give = (words) => {
      said = words;
      dialog.close();
    };
    const input = el("input", { type: "text", maxLength: LONGEST, autocomplete: "off", "aria-describedby": "reason-hint" });
    const choices = recent.map((words, at) => el("button", { type: "button", onclick: () => give(words) }, key(at + 1), el("span", {}, words)));
    const form = el(
      "form",
      { method: "dialog" },
      el("h2", { id: "reason-title" }, title),
      el("label", {}, el("span", {}, "Why?"), input),
      choices.length > 0 && el("div", { className: "reasons", role: "group", "aria-label": "Reasons given lately" }, choices),
      el("p", { className: "note", id: "reason-hint" }, choices.length ? "A number takes a reason given lately; Enter without words gives none." : "Enter without words gives no reason."),
      el("div", { className: "buttons" }, el("button", { type: "submit", className: "main" }, "Reject ", key("↵")), el("button", { type: "button", onclick: () => dialog.close() }, "Cancel ", key("Esc"))),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      give(input.value.trim());
    });
    input.addEventListener("keydown", (event) => {
      const choice = input.value === "" && !event.ctrlKey && !event.metaKey && !event.altKey && recent[Number(event.key) - 1];
      if (!choice) return;
      event.preventDefault();
      give(choice);
    });
    const left = () => {
      dialog.replaceChildren();
      resolve(said);
    };
    dialog.addEventListener("close", left, { once: true });
    dialog.replaceChildren(form);
    dialog.showModal();
    input.focus();
  });
}
