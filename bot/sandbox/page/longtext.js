// A long text shows its beginning and a button for the rest, as Slack does it.

import { el } from "./dom.js";

const MOST_CHARACTERS = 700;
const MOST_LINES = 12;

const isLong = (text) => text.length > MOST_CHARACTERS || text.split("\n").length > MOST_LINES;

/** `node` holds all of `text`; answers it as it is or folded. */
export function foldable(node, text) {
  if (!isLong(text)) return node;
  const button = el("button.see-more", { type: "button", "aria-expanded": "false" }, "See more");
  const fold = (folded) => {
    node.classList.toggle("folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? "See more" : "See less";
  };
  button.addEventListener("click", () => fold(!node.classList.contains("folded")));
  fold(true);
  return el("div", {}, node, button);
}
