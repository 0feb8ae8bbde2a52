// Pictures. Where one cannot be shown, its description stands for it.

import { el } from "./dom.js";
import { fileAddress } from "./server.js";

function addressOf({ image_url: url, slack_file: file }) {
  return url ?? file?.url ?? (file?.id ? fileAddress(file.id) : null);
}

const inWords = (image) => el("p.picture-text", {}, el("strong", {}, "Picture: "), image.alt_text);

export function renderImage(image) {
  const address = addressOf(image);
  if (!address) return inWords(image);
  const picture = el("img", { src: address, alt: image.alt_text, loading: "lazy", referrerpolicy: "no-referrer" });
  picture.addEventListener("error", () => picture.replaceWith(inWords(image)));
  return picture;
}
