// Blocks that hold other things: cards, containers, plans, and what stands for a video or a file.

import { buildControl } from "./controls.js";
import { el, freshId, icon } from "./dom.js";
import { renderText } from "./mrkdwn.js";
import { renderImage } from "./pictures.js";
import { renderRichText } from "./richtext.js";

const TASK_STATES = { pending: "Waiting", in_progress: "In progress", complete: "Done", error: "Failed" };

const placeOf = (block, surface) => ({ surface, blockId: block.block_id, inInput: false });

const line = (tag, text) => text && el(`${tag}.mrkdwn`, {}, renderText(text));

export function renderCard(block, surface) {
  const place = placeOf(block, surface);
  return el("div.card", {},
    block.hero_image && el("div.card-hero", {}, renderImage(block.hero_image)),
    el("div.card-text", {},
      block.icon && el("div.card-icon", {}, renderImage(block.icon)),
      line("div.card-title", block.title), line("div.card-subtitle", block.subtitle),
      line("div", block.body), line("div.card-subtext", block.subtext)),
    block.actions && el("div.actions", {}, block.actions.map((element) => buildControl(element, place))));
}

/** Cards side by side; the row scrolls on its own and by keyboard. */
export const renderCarousel = (block, surface) => el("div.carousel", {
  role: "region", tabindex: "0", "aria-label": `${block.elements.length} cards`,
}, block.elements.map((card) => renderCard({ block_id: block.block_id, ...card }, surface)));

/** `renderBlock` draws the blocks inside. */
export function renderContainer(block, surface, renderBlock) {
  const title = block.rich_text_title ? renderRichText(block.rich_text_title) : renderText(block.title);
  const head = [el("strong", {}, title), line("div.card-subtitle", block.subtitle)];
  const inside = el("div.container-blocks", {}, block.child_blocks.map((child) => renderBlock(child, surface)));
  if (!block.is_collapsible) return el("div.container", {}, el("div.container-head", {}, head), inside);
  return el("details.container", { open: !block.default_collapsed }, el("summary.container-head", {}, head), inside);
}

export function renderTask(task) {
  const state = task.status ?? "pending";
  const sources = task.sources ?? [];
  return el("div.task", { data: { status: state } },
    el("div.task-head", {}, el("strong", {}, task.title), el("span.task-state", {}, TASK_STATES[state])),
    task.details && renderRichText(task.details), task.output && renderRichText(task.output),
    sources.length > 0 && el("div.context", {}, sources.map(({ url, text }) => (
      el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text)))));
}

export function renderPlan(block) {
  const id = freshId("plan");
  return el("section.plan", { "aria-labelledby": id }, el("strong", { id }, block.title),
    (block.tasks ?? []).map(renderTask));
}

/** The page loads no video: the card says what it is and leads to it. */
export function renderVideo(block) {
  const by = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return el("div.attached", {}, icon("play"), el("div", {},
    webLink(block.title_url ?? block.video_url, block.title.text), by && el("div.note", {}, by),
    block.description && el("div", {}, renderText(block.description)),
    el("div.note", {}, `Video: ${block.alt_text}`)));
}

export const renderFile = (block) => el("div.attached", {}, icon("file"),
  el("div", {}, el("strong", {}, "File"), el("div.note", {}, block.external_id)));

const webLink = (url, text) => (
  /^https?:/i.test(url) ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text);
