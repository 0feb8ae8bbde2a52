// JSON as people read it: indented, its parts told apart.

import { el } from "./dom.js";

const PARTS = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g;
// A form with hundreds of fields would become tens of thousands of nodes.
const MOST_COLOURED = 60_000;

export const prettyJson = (value) => JSON.stringify(value, null, 2) ?? "";

/** The nodes of a <pre> that shows `text`, which is JSON. */
export function colouredJson(text) {
  if (text.length > MOST_COLOURED) return [text];
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(PARTS)) {
    const [whole, string, colon, word] = match;
    nodes.push(text.slice(at, match.index), el(`span.json-${kindOf(string, colon, word)}`, {}, string ?? whole));
    if (colon) nodes.push(colon);
    at = match.index + whole.length;
  }
  return [...nodes, text.slice(at)];
}

function kindOf(string, colon, word) {
  if (string) return colon ? "key" : "string";
  return word ? "word" : "number";
}
