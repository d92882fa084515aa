// Images at full size, and videos with a timeline of the frames that the model saw.

import * as api from "./api.js";
import { byId, clock, el, many } from "./dom.js";
import { picture } from "./picture.js";
import { timeline } from "./timeline.js";

const SHORT = 180; // seconds: previews of clips up to here are made without being asked for
const DWELL = 350; // milliseconds on a sample before that begins

/** The media of a sample; returns the element and what to do when it is left. */
export function mediaPart(whole) {
  const place = `${whole.generation}/${whole.table}/${whole.number}`;
  const leave = [];
  const box = el("div", { className: "media" });
  const stills = el("div", { className: "stills" });
  const clips = new Map();
  whole.media.forEach((medium, at) => {
    if (medium.problem) box.append(problem(medium));
    else if (medium.video) box.append(video(whole, medium, at, place, leave));
    else if (medium.where.startsWith("clip ")) {
      if (!clips.has(medium.where)) clips.set(medium.where, el("div", { className: "clip-frames" }));
      clips.get(medium.where).append(still(medium, at, place));
    } else stills.append(still(medium, at, place));
  });
  if (stills.childElementCount) {
    stills.classList.toggle("several", stills.childElementCount > 1);
    box.append(stills);
  }
  for (const [name, frames] of clips) {
    const clip = whole.sample.Clips?.[Number(name.slice(5)) - 1] ?? {};
    const said = [clip.Description, clip.Audio_Text && `“${clip.Audio_Text}”`].filter((text) => typeof text === "string" && text);
    box.append(el("figure", { className: "clip" }, frames, el("figcaption", {}, el("b", {}, name), said.map((text) => ` ${text}`))));
  }
  if (!whole.media.length) box.append(el("p", { className: "nothing" }, "This sample names no images or videos."));
  return { box, leave: () => leave.forEach((act) => act()) };
}

const problem = (medium) =>
  el("div", { className: "missing" }, el("b", {}, medium.name), el("p", {}, medium.problem));

function still(medium, at, place) {
  const source = `media/${place}/${at}`;
  const image = picture(source, { alt: `${medium.where}: ${medium.base ?? medium.name}`, loading: "lazy" }, () =>
    image.closest("button").replaceWith(problem({ name: medium.name, problem: "this image cannot be shown" })));
  return el("button", { type: "button", className: "still", title: `${medium.name}: full size`, onclick: () => zoom(source, image.alt) }, image);
}

function zoom(source, alt) {
  const dialog = byId("zoom");
  const image = el("img", { src: source, alt });
  const close = el("button", { type: "button", className: "close", "aria-label": "Close" }, "✕");
  close.onclick = () => dialog.close();
  image.onclick = () => image.classList.toggle("actual");
  dialog.replaceChildren(close, image, el("p", {}, alt));
  dialog.showModal();
}

function video(whole, medium, at, place, leave) {
  const sights = sightsOf(whole, medium);
  const player = el("video", { controls: true, preload: "metadata", playsInline: true, "aria-label": medium.base ?? medium.name });
  const facts = el("p", { className: "media-facts" }, medium.name);
  const stage = el("div", { className: "stage" }, player);
  const line = el("div");
  const box = el("figure", { className: "video" }, stage, line, facts);
  const frame = (times, number) => `frame/${place}/${at}/${number}?times=${times.join(",")}`;
  let left = false;
  let waiting;
  leave.push(() => {
    left = true;
    clearTimeout(waiting);
    player.removeAttribute("src");
    player.load();
  });

  api.play(place, at).then((how) => {
    if (left) return;
    const shape = [`${how.codec} in ${how.container}`, `${how.width}×${how.height}`, how.fps && `${Number(how.fps.toFixed(3))} fps`, how.duration && clock(how.duration), how.sound ? "sound" : "silent"];
    facts.append(el("span", {}, shape.filter(Boolean).join(" · ")));
    if (how.width && how.height) stage.style.aspectRatio = `${how.width} / ${how.height}`;
    line.replaceWith(timeline(player, how.duration, sights.length ? sights : evenly(how.duration), frame));
    if (how.how === "direct") player.src = `media/${place}/${at}`;
    else {
      const note = el("div", { className: "preview-note", role: "status" });
      player.hidden = true;
      stage.append(note);
      const make = async () => {
        note.replaceChildren(el("p", {}, `Browsers do not play ${how.codec} in ${how.container}. Making a preview…`));
        try {
          await api.play(place, at, true);
          if (left) return;
          player.src = `preview/${place}/${at}`;
          player.hidden = false;
          note.remove();
          facts.append(el("span", {}, `shown: a preview${how.how === "remux" ? ", same pictures" : ", transcoded"}`));
        } catch (error) {
          note.replaceChildren(el("p", {}, `No preview: ${error.message}`));
        }
      };
      if (how.duration && how.duration <= SHORT) waiting = setTimeout(make, DWELL);
      else note.append(el("p", {}, `Browsers do not play ${how.codec} in ${how.container}.`), el("button", { type: "button", onclick: make }, "Make a preview"));
    }
  }).catch((error) => {
    if (!left) box.replaceChildren(problem({ name: medium.base ?? medium.name, problem: error.message }));
  });
  player.addEventListener("error", () => {
    if (player.getAttribute("src")) stage.append(problem({ name: medium.name, problem: "the browser cannot play this video; its frames are below" }));
  });
  return box;
}

/** Which frames of a video each operator's model was sent, by the trace; the same set is named once. */
function sightsOf(whole, medium) {
  const found = new Map();
  for (const line of whole.trace) {
    for (const seen of line.media ?? []) {
      if (!Array.isArray(seen.times) || !seen.times.length || !isSame(String(seen.video ?? seen.image ?? ""), medium)) continue;
      const key = seen.times.join(",");
      const known = found.get(key);
      if (known) known.by.add(line.operator);
      else found.set(key, { times: seen.times, by: new Set([line.operator]), seen: true });
    }
  }
  return [...found.values()];
}

function isSame(seen, medium) {
  const plain = medium.name.replace(/^\.\//, "");
  return seen === medium.path || seen === plain || seen.endsWith(`/${plain}`) || seen.split("/").pop() === medium.base;
}

/** Without a trace, frames evenly over the clip, said to be just that. */
function evenly(duration) {
  if (!duration) return [];
  const count = 8;
  return [{ times: Array.from({ length: count }, (_, at) => Number((((at + 0.5) * duration) / count).toFixed(3))), by: new Set(), seen: false }];
}
