// Editing: every field of a sample as a form, by its shape. What was changed is sent whole, with what stood there before.

import { el } from "./dom.js";
import { fieldBody } from "./fields.js";
import { fieldsOf, folded, same, shapeOf } from "./shapes.js";

/** A form over the fields; `save(set, was)` keeps what changed and may throw, `close()` leaves. */
export function editForm(whole, shown, save, close) {
  const { written, others } = fieldsOf(shown, whole.mediaFields, whole.generated);
  const editors = [...written, ...others].map(([name, value]) => ({ name, was: value, ...editor(name, value) }));
  const trouble = el("div", { role: "alert" });
  const form = el(
    "form",
    { className: "edit", "aria-label": "Edit the sample", noValidate: true },
    editors.map((one) => el("fieldset", { "data-field": one.name }, el("legend", {}, one.name), one.box)),
    trouble,
    el(
      "div",
      { className: "edit-buttons" },
      el("button", { type: "submit", className: "main" }, "Save ", el("kbd", { "aria-hidden": "true" }, "Ctrl ↵")),
      el("button", { type: "button", onclick: close }, "Cancel ", el("kbd", { "aria-hidden": "true" }, "Esc")),
    ),
  );
  form.isDirty = () => {
    try {
      return editors.some((one) => !same(one.value(), one.was));
    } catch {
      return true; // half-written JSON
    }
  };
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.replaceChildren();
    const set = {};
    const was = {};
    try {
      for (const one of editors) {
        const value = one.value();
        if (!same(value, one.was)) [set[one.name], was[one.name]] = [value, one.was];
      }
    } catch (error) {
      trouble.replaceChildren(el("p", { className: "warning" }, error.message));
      return;
    }
    if (!Object.keys(set).length) {
      close();
      return;
    }
    try {
      await save(set, was);
    } catch (error) {
      trouble.replaceChildren(error.present ? conflict(error, editors, set, form) : el("p", { className: "warning" }, error.message));
    }
  });
  return form;
}

/** Somebody else edited the same field: their text, and the choice. */
function conflict(error, editors, set, form) {
  const theirs = editors.filter((one) => one.name in set && !same(error.present[one.name], one.was));
  const mine = el("button", { type: "button" }, "Keep mine");
  mine.onclick = () => {
    for (const one of theirs) one.was = error.present[one.name];
    form.requestSubmit();
  };
  return el("div", { className: "warning" }, el("p", {}, `${error.message}. It now reads:`), theirs.map((one) => fieldBody(error.present[one.name])), mine);
}

/** The controls of one field, and how to read them. */
function editor(name, value) {
  switch (shapeOf(value)) {
    case "text":
      return textEditor(value, name);
    case "pairs":
      return pairsEditor(value, name);
    case "turns":
      return turnsEditor(value);
    case "article": {
      const context = textEditor(value.context, "article");
      const pairs = pairsEditor(value.qas, "pairs of the article");
      return { box: el("div", {}, context.box, pairs.box), value: () => ({ ...value, context: context.value(), qas: pairs.value() }) };
    }
    default:
      return jsonEditor(value, name);
  }
}

function area(value, label, rows = 1) {
  const box = el("textarea", { value, rows, "aria-label": label, spellcheck: true, dir: "auto" });
  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 480)}px`;
  };
  box.addEventListener("input", fit);
  requestAnimationFrame(fit);
  return box;
}

function textEditor(value, label) {
  const box = area(value, label);
  return { box, value: () => box.value };
}

function jsonEditor(value, label) {
  const box = area(JSON.stringify(value, null, 2), `${label}, as JSON`);
  box.classList.add("code");
  return {
    box,
    value: () => {
      try {
        return JSON.parse(box.value);
      } catch (error) {
        throw new Error(`${label} is not JSON: ${error.message}`);
      }
    },
  };
}

function turnsEditor(turns) {
  const areas = turns.map((turn) => {
    const name = "value" in turn ? "value" : "content";
    return typeof turn[name] === "string" ? { name, box: area(turn[name], `${turn.from ?? turn.role} says`) } : { name, box: undefined };
  });
  const box = el("div", {}, areas.map((one, at) => one.box && el("label", { className: "turn-edit" }, el("span", {}, String(turns[at].from ?? turns[at].role)), one.box)));
  return { box, value: () => turns.map((turn, at) => (areas[at].box ? { ...turn, [areas[at].name]: areas[at].box.value } : turn)) };
}

function pairsEditor(value, label) {
  const single = !Array.isArray(value);
  const model = single ? value : (value[0] ?? {});
  const names = { question: folded(model, "question") ?? "question", answer: folded(model, "answer") ?? "answer" };
  const box = el("div", { className: "pairs-edit", role: "group", "aria-label": label });
  const kept = [];
  const add = (pair, before) => {
    const question = area(String(pair[names.question] ?? ""), "Question");
    const answer = area(String(pair[names.answer] ?? ""), "Answer");
    const row = el("div", { className: "pair-edit" }, question, answer);
    const entry = { pair, question, answer };
    kept.push(entry);
    if (!single) {
      const remove = el("button", { type: "button", className: "quiet", "aria-label": "Remove this pair", title: "Remove this pair" }, "✕");
      remove.onclick = () => {
        kept.splice(kept.indexOf(entry), 1);
        row.remove();
      };
      row.append(remove);
    }
    box.insertBefore(row, before ?? null);
    return question;
  };
  for (const pair of single ? [value] : value) add(pair);
  if (!single) {
    const more = el("button", { type: "button" }, "Add a pair");
    more.onclick = () => add({}, more).focus();
    box.append(more);
  }
  const read = ({ pair, question, answer }) => ({ ...pair, [names.question]: question.value, [names.answer]: answer.value });
  return { box, value: () => (single ? read(kept[0]) : kept.map(read)) };
}
