// rich_text blocks as DOM nodes.

import { slackDate } from "./dates.js";
import { el } from "./dom.js";
import { renderChannel, renderEmoji, renderLink, renderPerson } from "./mrkdwn.js";
import { reader } from "./store.js";

const STYLES = {
  code: "code", strike: "del", italic: "em", bold: "strong", underline: "u",
  highlight: "mark", client_highlight: "mark",
};

const LEAVES = {
  text: (leaf) => leaf.text,
  link: (leaf) => renderLink(leaf.url, leaf.text ?? null),
  emoji: (leaf) => renderEmoji(leaf.name) ?? `:${leaf.name}:`,
  user: (leaf) => renderPerson(leaf.user_id),
  channel: (leaf) => renderChannel(leaf.channel_id),
  team: () => el("span.mention", {}, "@a workspace"),
  color: (leaf) => el("code", {}, leaf.value),
  usergroup: () => el("span.mention", {}, "@a group"),
  broadcast: (leaf) => el("span.mention.mention-all", {}, `@${leaf.range}`),
  date: (leaf) => el("time", {}, slackDate(leaf.timestamp, leaf.format, leaf.fallback ?? "", reader())),
};

const PARTS = {
  rich_text_section: (part) => el("div.rich-section", {}, part.elements.map(renderLeaf)),
  rich_text_preformatted: (part) => el("pre", {}, part.elements.map(renderLeaf)),
  rich_text_quote: (part) => el("blockquote", {}, part.elements.map(renderLeaf)),
  rich_text_list: renderList,
};

const unknown = (type) => el("span.unsupported", {}, `“${type}” cannot be shown`);

export function renderRichText(block) {
  return block.elements.map((part) => PARTS[part.type]?.(part) ?? unknown(part.type));
}

function renderLeaf(leaf) {
  let node = LEAVES[leaf.type]?.(leaf) ?? unknown(leaf.type);
  for (const [style, tag] of Object.entries(STYLES)) if (leaf.style?.[style]) node = el(tag, {}, node);
  return node;
}

function renderList(part) {
  const ordered = part.style === "ordered";
  const props = { data: { indent: String(Math.min(part.indent ?? 0, 8)) } };
  if (ordered && part.offset) props.start = part.offset + 1;
  return el(ordered ? "ol.rich-list" : "ul.rich-list", props, part.elements.map((item) => (
    el("li", {}, item.elements.map(renderLeaf))
  )));
}
