// Elements without markup: text from models and datasets only ever becomes text nodes.

/** An element. `props` are properties, `on...` listeners, `aria-...`, `data-...` and `role` attributes. */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value === true ? "" : String(value));
    else element[name] = value;
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

export const number = (value) => Number(value).toLocaleString("en");

/** `1 pair`, `3 pairs`. */
export const many = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

/** What a sample is called: a number as `#7`; a path as it is, of a long one the end. */
export function called(key, most = 1000) {
  if (/^\d+(\/\d+)*$/.test(key)) return `#${key}`;
  return key.length > most ? `…${key.slice(1 - most)}` : key;
}

/** Seconds as `1:02.345`; thousandths only where they say something. */
export function clock(seconds) {
  const whole = Math.floor(seconds / 60);
  const rest = (seconds - 60 * whole).toFixed(3).replace(/0{1,2}$/, "");
  return `${whole}:${rest.padStart(rest.length + (seconds - 60 * whole < 10 ? 1 : 0), "0")}`;
}

/** A key as it is printed on the keyboard. */
export const key = (name) => el("kbd", { "aria-hidden": "true" }, name);

let fading;
/** Say something at the bottom of the page, and to screen readers. */
export function say(text, kind = "") {
  const said = byId("said");
  said.className = `said shown ${kind}`;
  said.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => said.classList.remove("shown"), kind === "bad" ? 8000 : 2500);
}
