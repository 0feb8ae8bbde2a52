// Pictures. Where one cannot be shown, its description stands for it.

import { el } from "./dom.js";

/** The address of a picture; one that the workspace only knows by an id has none. */
const addressOf = (image) => image.image_url ?? image.slack_file?.url ?? null;

const inWords = (image) => el("p.picture-text", {}, el("strong", {}, "Picture: "), image.alt_text);

export function renderImage(image) {
  const address = addressOf(image);
  if (!address) return inWords(image);
  const picture = el("img", { src: address, alt: image.alt_text, loading: "lazy", referrerpolicy: "no-referrer" });
  picture.addEventListener("error", () => picture.replaceWith(inWords(image)));
  return picture;
}
