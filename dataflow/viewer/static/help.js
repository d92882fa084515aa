// The keys, in a dialog.

import { byId, el } from "./dom.js";

const KEYS = [
  ["j", "next sample"], ["k", "previous sample"], ["a", "accept, and go on"], ["r", "reject, and go on"],
  ["R", "reject with a reason"], ["J", "next pair of the sample"], ["K", "previous pair"],
  ["x", "reject the pair, or take it back"], ["X", "reject the pair with a reason"],
  ["e", "edit; Ctrl+Enter saves, Esc leaves"], ["u", "undo your last decision"], ["p", "play or pause"], ["/", "search"],
  ["Esc", "back to the list"], ["?", "this help"],
];

export function toggleHelp() {
  const dialog = byId("help");
  if (dialog.open) {
    dialog.close();
    return;
  }
  const close = el("button", { type: "button", className: "main" }, "Close");
  close.onclick = () => dialog.close();
  dialog.replaceChildren(
    el("h2", { id: "help-title" }, "Keys"),
    el("dl", {}, KEYS.map(([name, what]) => [el("dt", {}, el("kbd", {}, name)), el("dd", {}, what)])),
    el("p", { className: "note" }, "Decisions are kept at once in the review file beside the data, which itself is never changed. dataflow export applies them."),
    close,
  );
  dialog.showModal();
}
