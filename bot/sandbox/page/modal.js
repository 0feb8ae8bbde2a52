// The stack of modals: the top one is on screen, what was typed in those below is kept.

import { on } from "./bus.js";
import { byId, el, icon } from "./dom.js";
import { renderText } from "./mrkdwn.js";
import { actAsMe } from "./live.js";
import { explainError } from "./server.js";
import { store } from "./store.js";
import { ViewBody } from "./viewbody.js";

const dialog = byId("modal");
const title = el("h2", { id: "modal-title" });
const banner = el("p.banner", { role: "alert", hidden: true });
const body = new ViewBody((text) => showBanner(text));
const footer = el("div.modal-footer");
const back = el("button.icon-button.modal-back", { type: "button", onclick: () => close(false) }, icon("back"));
const sending = el("span.sr-only", { role: "status" });
const form = el("form", { novalidate: true, method: "dialog" },
  el("header.modal-header", {}, back, title,
    el("button.icon-button", { type: "button", "aria-label": "Close all", onclick: () => close(true) }, icon("close"))),
  el("div.modal-scroll", {}, banner, body.root),
  footer, sending);

let submitting = false;

const topView = () => store.modals.at(-1) ?? null;

export function startModals() {
  dialog.append(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  dialog.addEventListener("keydown", closeOnEscape);
  // The browser may close a dialog by itself (a back gesture): Slack would be told, so the app is too.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(false);
  });
  on("state", draw);
  on("modals", draw);
}

function draw() {
  const view = topView();
  if (!view) {
    if (dialog.open) leave();
    body.forget();
    return;
  }
  const isNew = view.id !== body.viewId;
  if (isNew) showBanner("");
  title.replaceChildren(...renderText(view.title));
  drawBack();
  body.show(view);
  drawFooter(view);
  if (!dialog.open) dialog.showModal();
  if (isNew) focusFirst(view);
}

/** A form on top of another one says where it leads back to. */
function drawBack() {
  const below = store.modals.at(-2);
  back.hidden = !below;
  if (below) back.setAttribute("aria-label", `Back to ${below.title.text}`);
}

/** The browser gives the focus back to what opened the modal; when that is gone, typing goes on in the composer. */
function leave() {
  dialog.close();
  if (document.activeElement === document.body) byId("composer").focus();
}

function drawFooter(view) {
  const signature = JSON.stringify([view.id, view.submit, view.close]);
  if (footer.dataset.shows === signature) return;
  footer.dataset.shows = signature;
  const cancel = view.close ? renderText(view.close) : "Cancel";
  footer.replaceChildren(
    el("button", { type: "button", onclick: () => close(false) }, cancel),
    ...(view.submit ? [el("button.primary", { type: "submit" }, renderText(view.submit))] : []),
  );
}

function focusFirst(view) {
  const wanted = view.blocks.find((block) => block.element?.focus_on_load)?.element.action_id;
  const controls = [...body.root.querySelectorAll("input, textarea, select, button")];
  const chosen = controls.find((node) => wanted && node.dataset.actionId === wanted);
  const first = chosen ?? controls[0] ?? footer.querySelector("button:last-child");
  first.focus();
  if (first.matches("textarea, input[type=text]")) first.setSelectionRange(first.value.length, first.value.length);
}

function closeOnEscape(event) {
  // Escape belongs to an open menu or a question first.
  if (event.key !== "Escape" || event.target.closest("dialog") !== dialog) return;
  if (dialog.querySelector(":popover-open")) return;
  event.preventDefault();
  close(false);
}

async function close(all) {
  const view = topView();
  if (!view) return;
  const answer = await actAsMe({ do: "close", view_id: view.id, all });
  if (answer.error) showBanner(explainError(answer.error));
}

async function submit() {
  if (submitting) return;
  const problems = body.problems();
  takeErrors(problems);
  if (Object.keys(problems).length) return;
  busy(true);
  const { viewId } = body;
  const answer = await body.surface.submit();
  busy(false);
  if (viewId === topView()?.id) takeErrors(answer.errors ?? {}, answer.error);
}

function takeErrors(errors, error) {
  body.showErrors(errors);
  const elsewhere = body.homeless(errors);
  if (elsewhere.length) showBanner(elsewhere.join(" "));
  else if (!error) showBanner("");
  body.focusFirstError();
}

function busy(is) {
  submitting = is;
  const button = footer.querySelector("[type=submit]");
  button?.setAttribute("aria-busy", String(is));
  sending.textContent = is ? "Sending…" : "";
}

function showBanner(text) {
  banner.textContent = text;
  banner.hidden = !text;
  if (text) banner.scrollIntoView({ block: "nearest" });
}
