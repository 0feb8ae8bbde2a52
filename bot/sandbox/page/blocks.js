// Block Kit blocks as DOM nodes.

import { buildControl, isSupported, unsupported } from "./controls.js";
import { el, freshId, icon } from "./dom.js";
import { renderText } from "./mrkdwn.js";
import { renderRichText } from "./richtext.js";
import { renderDataTable, renderTable } from "./tables.js";

const ALERT_ICONS = { warning: "warn", error: "warn", success: "check" };

const BLOCKS = {
  section: renderSection,
  header: (block) => el("div.header-block", { role: "heading", "aria-level": "3" }, renderText(block.text)),
  divider: () => el("hr"),
  context: (block) => el("div.context", {}, block.elements.map(renderContextElement)),
  actions: renderActions,
  input: renderInput,
  image: renderImageBlock,
  rich_text: (block) => el("div.rich-text", {}, renderRichText(block)),
  table: renderTable,
  data_table: renderDataTable,
  alert: renderAlert,
};

/** `onEdit(blockId)` is told when a person changes something in the block. */
export function renderBlock(block, surface, onEdit = () => {}) {
  const content = BLOCKS[block.type]?.(block, surface, onEdit) ?? unsupported(block.type);
  const nodes = [content].flat().filter(Boolean);
  return el(`div.block.block-${block.type}`, { data: { blockId: block.block_id } }, nodes);
}

function renderSection(block, surface) {
  const place = { surface, blockId: block.block_id, inInput: false };
  return [
    el("div.section-text", {},
      block.text && el("div.mrkdwn", {}, renderText(block.text)),
      block.fields && el("div.section-fields", {}, block.fields.map(renderField))),
    block.accessory && el("div.accessory", {}, renderAccessory(block.accessory, place)),
  ];
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

/** The address of a picture; one that the workspace only knows by an id has none, its description stands for it. */
const pictureAddress = (image) => image.image_url ?? image.slack_file?.url ?? null;

function renderImage(image) {
  const address = pictureAddress(image);
  if (!address) return el("p.picture-text", {}, el("strong", {}, "Picture: "), image.alt_text);
  return el("img", { src: address, alt: image.alt_text, loading: "lazy", referrerpolicy: "no-referrer" });
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
  if (!isSupported(element.type)) return unsupported(element.type);
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
