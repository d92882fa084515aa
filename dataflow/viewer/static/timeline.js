// The timeline below a player: where the frames lie that the model saw, what they show, and where the player is.

import { clock, el, many } from "./dom.js";
import { picture } from "./picture.js";

/** `sights`: sets of frames as {times, by, seen}; `frame(times, number)` is the address of one. */
export function timeline(player, duration, sights, frame) {
  const box = el("div", { className: "timeline" });
  if (!sights.length) return box;
  let sight = sights[0];
  const track = el("div", { className: "track" });
  const head = el("div", { className: "playhead", "aria-hidden": "true" });
  const strip = el("div", { className: "strip", role: "group" });
  const shown = el("figure", { className: "hover", hidden: true });
  const title = el("p", { className: "timeline-title" });
  const chooser = sights.length > 1 && el("select", { "aria-label": "Whose frames" }, sights.map((one, at) => el("option", { value: at }, nameOf(one))));
  if (chooser) chooser.onchange = () => draw(sights[Number(chooser.value)]);
  box.append(el("div", { className: "timeline-head" }, title, chooser), track, shown, strip);

  const place = (time) => `${(100 * Math.min(1, Math.max(0, time / (duration || 1)))).toFixed(3)}%`;

  function draw(next) {
    sight = next;
    title.textContent = nameOf(sight);
    strip.setAttribute("aria-label", nameOf(sight));
    track.replaceChildren(head, ...sight.times.map((time, at) => {
      const tick = el("button", { type: "button", className: "tick", tabIndex: -1, "aria-hidden": "true", "data-frame": at });
      tick.style.left = place(time);
      return tick;
    }));
    strip.replaceChildren(...sight.times.map((time, at) => {
      const image = picture(frame(sight.times, at), { alt: "", loading: "lazy" }, (image) => image.remove());
      return el("button", { type: "button", className: "frame", "data-frame": at, "aria-label": `Frame ${at + 1} of ${sight.times.length}, at ${clock(time)}` }, image, el("span", {}, clock(time)));
    }));
  }

  function hover(at) {
    for (const other of box.querySelectorAll(".near")) other.classList.remove("near");
    shown.hidden = at === undefined;
    if (at === undefined) return;
    const time = sight.times[at];
    for (const one of box.querySelectorAll(`[data-frame="${at}"]`)) one.classList.add("near");
    shown.replaceChildren(
      el("img", { alt: "", src: frame(sight.times, at) }),
      el("figcaption", {}, el("b", {}, clock(time)), ` frame ${at + 1} of ${sight.times.length}${sight.seen ? " that the model saw" : ""}`),
    );
    shown.style.setProperty("--at", place(time));
  }

  const frameOf = (event) => event.target.closest?.("[data-frame]")?.dataset.frame;
  const nearest = (event) => {
    const bounds = track.getBoundingClientRect();
    const time = ((event.clientX - bounds.left) / bounds.width) * duration;
    return sight.times.reduce((best, other, at) => (Math.abs(other - time) < Math.abs(sight.times[best] - time) ? at : best), 0);
  };
  track.addEventListener("pointermove", (event) => hover(nearest(event)));
  strip.addEventListener("pointerover", (event) => frameOf(event) !== undefined && hover(Number(frameOf(event))));
  strip.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && hover(Number(frameOf(event))));
  box.addEventListener("pointerleave", () => hover());
  box.addEventListener("focusout", () => hover());
  const seek = (at) => (player.currentTime = sight.times[at] + 0.001);
  track.addEventListener("click", (event) => seek(nearest(event)));
  strip.addEventListener("click", (event) => frameOf(event) !== undefined && seek(Number(frameOf(event))));
  const move = () => (head.style.left = place(player.currentTime || 0));
  player.addEventListener("timeupdate", move);
  player.addEventListener("seeked", move);
  draw(sight);
  return box;
}

function nameOf(sight) {
  if (!sight.seen) return `${many(sight.times.length, "frame")}, evenly spaced (no trace says what a model saw)`;
  return `${many(sight.times.length, "frame")} seen by ${[...sight.by].join(", ")}`;
}
