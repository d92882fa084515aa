// A picture that may take long to make: the server says so at once (503) instead of holding one of the browser's few
// connections, and is asked again, ever more rarely, while the picture is on the page.

import { el } from "./dom.js";

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60_000;

/** `missing(image)` is called once it is known that there will be none. */
export function picture(source, attributes, missing) {
  const image = el("img", { ...attributes, src: source });
  let pause = FIRST_PAUSE;
  image.onerror = async () => {
    const answer = await fetch(source).catch(() => null); // an image does not tell the status
    if (answer?.status !== 503) {
      missing(image);
      return;
    }
    setTimeout(() => image.isConnected && image.setAttribute("src", source), pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  };
  return image;
}
