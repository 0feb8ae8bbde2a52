// Block Kit blocks as DOM nodes.

import {
  renderCard, renderCarousel, renderContainer, renderFile, renderPlan, renderTask, renderVideo,
} from "./cards.js";
import { renderChart } from "./charts.js";
import { buildControl, isSupported, unsupported } from "./controls.js";
import { el, freshId, icon } from "./dom.js";
import { foldable } from "./longtext.js";
import { renderMarkdown } from "./markdown.js";
import { renderText } from "./mrkdwn.js";
import { renderImage } from "./pictures.js";
import { renderRichText } from "./richtext.js";
import { renderDataTable, renderTable } from "./tables.js";

const ALERT_ICONS = { warning: "warn", error: "warn", success: "check" };

const BLOCKS = {
  section: renderSection,
  header: renderHeader,
  divider: () => el("hr"),
  context: (block) => el("div.context", {}, block.elements.map(renderContextElement)),
  actions: renderActions,
  input: renderInput,
  image: renderImageBlock,
  rich_text: (block) => el("div.rich-text", {}, renderRichText(block)),
  table: renderTable,
  data_table: renderDataTable,
  alert: renderAlert,
  markdown: (block) => el("div.markdown", {}, renderMarkdown(block.text)),
  data_visualization: renderChart,
  context_actions: renderActions,
  card: renderCard,
  carousel: renderCarousel,
  container: (block, surface) => renderContainer(block, surface, renderBlock),
  task_card: renderTask,
  plan: renderPlan,
  video: renderVideo,
  file: renderFile,
};

/** `onEdit(blockId)` is told when a person changes something in the block. */
export function renderBlock(block, surface, onEdit = () => {}) {
  const content = BLOCKS[block.type]?.(block, surface, onEdit) ?? unsupported(block.type);
  const nodes = [content].flat().filter(Boolean);
  return el(`div.block.block-${block.type}`, { data: { blockId: block.block_id } }, nodes);
}

/** Levels of headings inside a message or a view begin below those of the page itself. */
function renderHeader(block) {
  const level = block.level ?? 1;
  return el("div.header-block", { role: "heading", "aria-level": String(level + 2), data: { level: String(level) } },
    renderText(block.text));
}

function renderSection(block, surface) {
  const place = { surface, blockId: block.block_id, inInput: false };
  return [
    el("div.section-text", {},
      block.text && sectionText(block, surface),
      block.fields && el("div.section-fields", {}, block.fields.map(renderField))),
    block.accessory && el("div.accessory", {}, renderAccessory(block.accessory, place)),
  ];
}

/** Only messages fold: who opened a form or the Home came to read it. */
function sectionText(block, surface) {
  const node = el("div.mrkdwn", {}, renderText(block.text));
  return surface.viewId || block.expand ? node : foldable(node, block.text.text);
}

const renderField = (field) => el("div.mrkdwn", {}, renderText(field));

const renderAccessory = (element, place) => (
  element.type === "image" ? renderImage(element) : buildControl(element, place)
);

const renderContextElement = (element) => (
  element.type === "image" ? renderImage(element) : el("div.mrkdwn", {}, renderText(element))
);

function renderActions(block, surface) {
  const place = { surface, blockId: block.block_id, inInput: false };
  return el("div.actions", {}, block.elements.map((element) => buildControl(element, place)));
}

function renderImageBlock(block) {
  return el("figure", {}, block.title && el("figcaption", {}, renderText(block.title)), renderImage(block));
}

function renderAlert(block) {
  const level = block.level ?? "default";
  return el("div.alert", { role: level === "error" ? "alert" : "note", data: { level } },
    icon(ALERT_ICONS[level] ?? "info"), el("div.mrkdwn", {}, renderText(block.text)));
}

function renderInput(block, surface, onEdit) {
  const { element } = block;
  if (!isSupported(element.type)) return [el("p.input-label", {}, renderText(block.label)), unsupported(element.type)];
  const [id, hintId, errorId, labelId] = ["input", "hint", "error", "label"].map(freshId);
  const place = {
    surface, blockId: block.block_id, inInput: true, id, label: block.label.text, labelledBy: labelId,
    describedBy: block.hint ? `${hintId} ${errorId}` : errorId, optional: block.optional,
    dispatch: block.dispatch_action, onEdit: () => onEdit(block.block_id),
  };
  return el("div.input", {},
    el("label.input-label", { for: id, id: labelId }, renderText(block.label),
      block.optional && el("span.optional", {}, " (optional)")),
    buildControl(element, place),
    block.hint && el("p.hint", { id: hintId }, renderText(block.hint)),
    el("p.field-error", { id: errorId, role: "alert", hidden: true }));
}
