// Slack's mrkdwn as DOM nodes.
//
// References (<…>), code and emoji are cut out first and stand as one placeholder character each, so that the
// characters * _ ~ inside an address or a name are never taken for formatting.

import { slackDate } from "./dates.js";
import { el } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { channelOf, handleOf, personOf, reader, store } from "./store.js";

const HOLE = "\uE000";
const ATOM = /<([^<>\n]+)>|`([^`\n]+)`|:([a-z0-9_+-]+):/g;
const FORMATS = [["*", "strong"], ["_", "em"], ["~", "del"]].map(
  ([mark, tag]) => ({ pattern: formatPattern(mark), tag }),
);
const QUOTE_MARK = /^(?:&gt;|>) ?/;
const BARE_URL = /https?:\/\/[^\s<>]*[^\s<>.,:;!?'")\]]/g;
const PERMALINK = /^https:\/\/[\w-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?thread_ts=([\d.]+))?/;

const unescapeText = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A text object of Block Kit, or null, as nodes. */
export function renderText(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return renderMrkdwn(object.text, object.verbatim);
  return renderPlain(object.text);
}

/** Plain text knows no markup, but Slack shows its shortcodes as pictures, too. */
const renderPlain = (text) => text.split(/:([a-z0-9_+-]+):/).map((part, index) => (
  index % 2 ? renderEmoji(part) ?? `:${part}:` : part
)).filter(Boolean);

export function renderMrkdwn(text, verbatim = false) {
  const nodes = [];
  text.replaceAll(HOLE, "\uFFFD").split("```").forEach((part, index, parts) => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) nodes.push(el("pre", {}, unescapeText(part.replace(/^\n/, ""))));
    else nodes.push(...renderLines(index % 2 === 1 ? `\`\`\`${part}` : trimAround(part, index, parts), verbatim));
  });
  return nodes;
}

/** A line break beside a code block is the block's own edge. */
function trimAround(part, index, parts) {
  const start = index > 0 ? part.replace(/^\n/, "") : part;
  return index < parts.length - 1 ? start.replace(/\n$/, "") : start;
}

function renderLines(text, verbatim) {
  const nodes = [];
  for (const group of groupQuotes(text.split("\n"))) {
    const inline = renderInline(group.lines.join("\n"), verbatim);
    if (group.quoted) nodes.push(el("blockquote", {}, inline));
    else nodes.push(...inline);
  }
  return nodes;
}

function groupQuotes(lines) {
  const groups = [];
  for (const line of lines) {
    const body = line.replace(QUOTE_MARK, "");
    const quoted = body !== line;
    const last = groups.at(-1);
    if (last?.quoted === quoted) last.lines.push(body);
    else groups.push({ quoted, lines: [body] });
  }
  return groups;
}

function renderInline(text, verbatim) {
  const atoms = [];
  const holed = text.replace(ATOM, (whole, reference, code, emoji) => {
    const node = renderAtom(reference, code, emoji);
    if (node === null) return whole;
    atoms.push(node);
    return HOLE;
  });
  return renderFormats(holed, { atoms, next: 0, verbatim });
}

function renderAtom(reference, code, emoji) {
  if (reference) return renderReference(reference);
  if (code) return el("code", {}, unescapeText(code));
  return renderEmoji(emoji);
}

export function renderEmoji(name) {
  const symbol = emojiFor(name);
  if (symbol === null) return null;
  const label = name.replaceAll("_", " ");
  return el("span.emoji", { role: "img", "aria-label": label, title: `:${name}:`, data: { emoji: name } }, symbol);
}

/** Formatting starts after and ends before something that is no word; inside, spaces may not touch the marks. */
function formatPattern(mark) {
  const word = `[\\p{L}\\p{N}${mark}]`;
  const edge = `[^\\s${mark}]`;
  return new RegExp(`(?<!${word})[${mark}](${edge}|${edge}[^\\n${mark}]*${edge})[${mark}](?!${word})`, "u");
}

function findFormat(text) {
  let first = null;
  for (const { pattern, tag } of FORMATS) {
    const match = pattern.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { match, tag };
  }
  return first;
}

function renderFormats(text, state) {
  const found = findFormat(text);
  if (!found) return renderLeaf(text, state);
  const { match, tag } = found;
  return [
    ...renderLeaf(text.slice(0, match.index), state),
    el(tag, {}, renderFormats(match[1], state)),
    ...renderFormats(text.slice(match.index + match[0].length), state),
  ];
}

function renderLeaf(text, state) {
  const nodes = [];
  text.split(HOLE).forEach((piece, index) => {
    if (index > 0) {
      nodes.push(state.atoms[state.next]);
      state.next += 1;
    }
    if (piece) nodes.push(...(state.verbatim ? [unescapeText(piece)] : linkBareUrls(piece)));
  });
  return nodes;
}

function linkBareUrls(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(BARE_URL)) {
    nodes.push(unescapeText(text.slice(end, match.index)), renderLink(unescapeText(match[0])));
    end = match.index + match[0].length;
  }
  return [...nodes, unescapeText(text.slice(end))];
}

/** What stands between < and >, or null when that is no reference but just text. */
function renderReference(reference) {
  const [target, ...rest] = reference.split("|");
  const label = rest.length ? unescapeText(rest.join("|")) : null;
  if (target.startsWith("@")) return renderPerson(target.slice(1), label);
  if (target.startsWith("#")) return renderChannel(target.slice(1), label);
  if (target.startsWith("!")) return renderSpecial(target.slice(1), label);
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? renderLink(unescapeText(target), label) : null;
}

export function renderPerson(id, label = null) {
  const name = personOf(id) ? handleOf(id) : label ?? id;
  return el(id === store.as ? "span.mention.mention-me" : "span.mention", { data: { user: id } }, `@${name}`);
}

export function renderChannel(id, label = null) {
  const channel = channelOf(id);
  if (channel) return el("a.mention", { href: `#/${id}` }, `#${channel.name}`);
  return el("span.mention", {}, label ? `#${label}` : "a private channel");
}

function renderSpecial(command, label) {
  if (command.startsWith("date^")) return renderDate(command, label);
  if (command.startsWith("subteam^")) return el("span.mention", {}, label ?? "@a group");
  return el("span.mention.mention-all", {}, `@${command}`);
}

function renderDate(command, label) {
  const [, unix, template, url] = command.split("^");
  const text = slackDate(unix, unescapeText(template ?? ""), label ?? "", reader());
  return url ? renderLink(unescapeText(url), text) : el("time", { title: label }, text);
}

/** A link: inside the page for addresses of the workspace, in a new tab for the web, else only its text. */
export function renderLink(url, label = null) {
  const inside = insideAddress(url);
  if (inside) return el("a", { href: inside }, label ?? url);
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return el("span", {}, label ?? url);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label ?? url.replace(/^mailto:/, ""));
}

/** "#/C0P101/1774600100.000000" for an address of a message in the workspace, else null. */
export function insideAddress(url) {
  const match = PERMALINK.exec(url);
  if (!match) return null;
  const [, channel, seconds, micros, thread] = match;
  return `#/${channel}/${seconds}.${micros}${thread ? `/${thread}` : ""}`;
}
