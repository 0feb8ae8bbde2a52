// The blocks "table" and "data_table".

import { el, freshId } from "./dom.js";
import { renderRichText } from "./richtext.js";

const PAGE_SIZE = 5;

function cellContent(cell) {
  if (!cell) return [];
  if (cell.type === "rich_text") return renderRichText(cell);
  return [cell.text ?? String(cell.value ?? "")];
}

const headerRow = (cells, settings) => el("thead", {}, el("tr", {}, cells.map((cell, column) => (
  el("th", { scope: "col", data: settings(column) }, cellContent(cell))
))));

function bodyRow(cells, settings, headerColumn) {
  return el("tr", {}, cells.map((cell, column) => {
    const isHeader = column === headerColumn;
    return el(isHeader ? "th" : "td", { scope: isHeader && "row", data: settings(column) }, cellContent(cell));
  }));
}

/** Wide tables scroll on their own; the region can be reached and scrolled by keyboard. */
const scrollable = (label, table) => (
  el("div.table-scroll", { role: "region", tabindex: "0", "aria-label": label }, table)
);

export function renderTable(block) {
  const settings = (column) => {
    const setting = block.column_settings?.[column];
    return { align: setting?.align, wrapped: setting?.is_wrapped ? "true" : undefined };
  };
  const [head, ...rows] = block.rows;
  return scrollable("Table", el("table.grid", {},
    headerRow(head, settings),
    el("tbody", {}, rows.map((row) => bodyRow(row, settings, 0)))));
}

export function renderDataTable(block) {
  const captionId = freshId("caption");
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? PAGE_SIZE;
  const body = el("tbody");
  const plain = () => ({});
  const show = (first) => {
    const page = rows.slice(first, first + size);
    body.replaceChildren(...page.map((row) => bodyRow(row, plain, block.row_header_column_index ?? 0)));
  };
  show(0);
  return [
    el("p.table-caption", { id: captionId }, block.caption),
    scrollable(block.caption, el("table.grid.data", { "aria-labelledby": captionId }, headerRow(head, plain), body)),
    rows.length > size && pager(rows.length, size, show),
  ];
}

function pager(total, size, show) {
  let first = 0;
  const place = el("span", { role: "status" });
  const turn = (by) => {
    first = Math.max(0, Math.min(first + by, total - 1));
    show(first);
    draw();
  };
  const back = el("button", { type: "button", onclick: () => turn(-size) }, "Previous rows");
  const next = el("button", { type: "button", onclick: () => turn(size) }, "Next rows");
  const draw = () => {
    place.textContent = `${first + 1}–${Math.min(first + size, total)} of ${total}`;
    back.disabled = first === 0;
    next.disabled = first + size >= total;
  };
  draw();
  return el("div.pager", {}, back, place, next);
}
