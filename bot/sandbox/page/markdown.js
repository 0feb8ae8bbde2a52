// The block "markdown": the standard dialect, which is not Slack's mrkdwn.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { renderLink } from "./mrkdwn.js";

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const TABLE_LINE = /^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$/;
const TASK = /^\[([ xX])\]\s+(.*)$/;

const INLINE = [
  [/`([^`]+)`/, ([, code]) => el("code", {}, code)],
  [/!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, ([, label, url]) => renderLink(url, label || url)],
  [/\*\*(\S(?:.*?\S)?)\*\*|__(\S(?:.*?\S)?)__/, ([, stars, lines]) => el("strong", {}, inline(stars ?? lines))],
  [/~~(\S(?:.*?\S)?)~~/, ([, text]) => el("del", {}, inline(text))],
  [/\*([^\s*](?:[^*]*[^\s*])?)\*|(?<!\w)_([^\s_](?:[^_]*[^\s_])?)_(?!\w)/, ([, star, line]) => (
    el("em", {}, inline(star ?? line)))],
  [/https?:\/\/[^\s<>)]*[^\s<>).,:;!?'"]/, ([url]) => renderLink(url)],
];

/** The earliest of the marks in a line becomes a node; what stands around it is looked at again. */
function inline(text) {
  let first = null;
  for (const [pattern, build] of INLINE) {
    const match = pattern.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { match, build };
  }
  if (!first) return [withEmoji(text)];
  const { match, build } = first;
  return [
    withEmoji(text.slice(0, match.index)), build(match), ...inline(text.slice(match.index + match[0].length)),
  ];
}

const READERS = [readFence, readRule, readHeading, readQuote, readTable, readList];

export function renderMarkdown(text) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) {
    if (!lines[0].trim()) lines.shift();
    else nodes.push(readBlock(lines));
  }
  return nodes;
}

/** Takes the lines of one block off the front of `lines`. */
function readBlock(lines) {
  for (const read of READERS) {
    const node = read(lines);
    if (node) return node;
  }
  return readParagraph(lines);
}

function takeWhile(lines, fits) {
  const end = lines.findIndex((line) => !fits(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function readFence(lines) {
  if (!/^\s*```/.test(lines[0])) return null;
  lines.shift();
  const code = takeWhile(lines, (line) => !/^\s*```/.test(line));
  lines.shift();
  return el("pre", {}, code.join("\n"));
}

function readRule(lines) {
  if (!RULE.test(lines[0])) return null;
  lines.shift();
  return el("hr");
}

function readHeading(lines) {
  const match = HEADING.exec(lines[0]);
  if (!match) return null;
  lines.shift();
  return el("p.markdown-heading", { role: "heading", "aria-level": String(Math.min(match[1].length + 2, 6)) },
    inline(match[2]));
}

function readQuote(lines) {
  if (!lines[0].startsWith(">")) return null;
  const quoted = takeWhile(lines, (line) => line.startsWith(">"));
  return el("blockquote", {}, renderMarkdown(quoted.map((line) => line.replace(/^> ?/, "")).join("\n")));
}

const cellsOf = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function readTable(lines) {
  if (!lines[0].includes("|") || !TABLE_LINE.test(lines[1] ?? "")) return null;
  const [head, , ...rows] = takeWhile(lines, (line) => line.includes("|"));
  return el("div.table-scroll", { role: "region", tabindex: "0", "aria-label": "Table" }, el("table.grid", {},
    el("thead", {}, el("tr", {}, cellsOf(head).map((cell) => el("th", { scope: "col" }, inline(cell))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, cellsOf(row).map((cell) => el("td", {}, inline(cell))))))));
}

function readList(lines) {
  if (!ITEM.test(lines[0])) return null;
  const items = takeWhile(lines, (line) => ITEM.test(line) || /^\s+\S/.test(line));
  return listOf(items);
}

/** Lines that are indented deeper than the first belong to the item above them. */
function listOf(lines) {
  const [, indent, mark] = ITEM.exec(lines[0]);
  const isNumbered = /\d/.test(mark);
  const list = el(isNumbered ? "ol.rich-list" : "ul.rich-list", { start: isNumbered && parseInt(mark, 10) });
  while (lines.length) {
    const [, , , text] = ITEM.exec(lines.shift()) ?? [];
    const inner = takeWhile(lines, (line) => /^\s*/.exec(line)[0].length > indent.length);
    list.append(el("li", {}, itemText(text ?? ""), inner.length ? innerOf(inner) : ""));
  }
  return list;
}

const innerOf = (lines) => (
  ITEM.test(lines[0]) ? listOf(lines) : inline(` ${lines.map((line) => line.trim()).join(" ")}`)
);

function itemText(text) {
  const task = TASK.exec(text);
  return task ? [task[1] === " " ? "☐ " : "☑ ", ...inline(task[2])] : inline(text);
}

function readParagraph(lines) {
  const text = [lines.shift(), ...takeWhile(lines, (line) => line.trim() && !startsBlock(line))];
  return el("p.rich-section", {}, inline(text.join("\n")));
}

const startsBlock = (line) => /^\s*```|^>/.test(line) || HEADING.test(line) || ITEM.test(line) || RULE.test(line);
