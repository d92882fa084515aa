// What a field is, by its shape: that decides how it is shown and how it is edited.

export const folded = (object, name) => Object.keys(object).find((key) => key.toLowerCase() === name);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

export const isPair = (value) => isObject(value) && folded(value, "question") !== undefined;

export const isTurn = (value) => isObject(value) && ("from" in value || "role" in value) && ("value" in value || "content" in value);

/** `text`, `scalar`, `pairs`, `article`, `turns` or `json`. */
export function shapeOf(value) {
  if (typeof value === "string") return "text";
  if (value === null || typeof value !== "object") return "scalar";
  if (Array.isArray(value)) {
    if (value.length && value.every(isPair)) return "pairs";
    if (value.length && value.every(isTurn)) return "turns";
    return "json";
  }
  if (isPair(value)) return "pairs";
  if (typeof value.context === "string" && Array.isArray(value.qas) && value.qas.every(isPair)) return "article";
  return "json";
}

/** A pair's parts, whatever the case of its keys. */
export function partsOf(pair) {
  const question = folded(pair, "question");
  const answer = folded(pair, "answer");
  const others = Object.entries(pair).filter(([name]) => name !== question && name !== answer);
  return { question: String(pair[question] ?? ""), answer: String(pair[answer] ?? ""), others };
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * The fields of a sample that are text or data, not media, as [name, value]: `written` by models, and the `others`; what
 * a prompt says comes last.
 */
export function fieldsOf(sample, mediaFields, generated) {
  const fields = Object.entries(sample).filter(([name]) => name !== "id" && !mediaFields.includes(name));
  const last = ([name]) => (name === "conversation" ? 1 : 0);
  return {
    written: fields.filter(([name]) => generated.includes(name)),
    others: fields.filter(([name]) => !generated.includes(name)).sort((one, other) => last(one) - last(other)),
  };
}
