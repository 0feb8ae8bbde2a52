// Buttons and overflow menus.

import { askConfirmation } from "./confirm.js";
import { el, icon } from "./dom.js";
import { menuOf } from "./menu.js";
import { insideAddress, renderText } from "./mrkdwn.js";

export function buildButton(element, place) {
  const style = element.style ? `.${element.style}` : "";
  const button = el(`button.element${style}`, {
    type: "button", "aria-label": element.accessibility_label, data: { actionId: element.action_id },
    onclick: () => pressed(button, element, place),
  }, renderText(element.text));
  return button;
}

async function pressed(button, element, place) {
  if (button.getAttribute("aria-disabled")) return;
  if (element.confirm && !(await askConfirmation(element.confirm))) return;
  if (element.url) openAddress(element.url);
  await whileBusy(button, () => (
    place.surface.press(place.blockId, element.action_id, { type: element.type, value: element.value })
  ));
}

export function buildIconButton(element, place) {
  const button = buildButton(element, place);
  button.replaceChildren(icon(element.icon), ...renderText(element.text));
  return button;
}

/** Two buttons with one action: which of them was pressed is the value. */
export function buildFeedback(element, place) {
  const { action_id: actionId } = element;
  const choices = [[element.positive_button, "👍"], [element.negative_button, "👎"]];
  return el("span.feedback", { data: { actionId } }, choices.map(([choice, sign]) => {
    const button = el("button.element", {
      type: "button", "aria-label": choice.accessibility_label,
      onclick: () => pressed(button, { type: element.type, action_id: actionId, value: choice.value }, place),
    }, `${sign} `, renderText(choice.text));
    return button;
  }));
}

function openAddress(url) {
  const inside = insideAddress(url);
  if (inside) window.location.hash = inside;
  else if (/^https?:\/\//i.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}

/** aria-disabled instead of disabled: the button keeps the focus while the app thinks. */
export async function whileBusy(button, action) {
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  await action();
  button.removeAttribute("aria-disabled");
  button.removeAttribute("aria-busy");
}

export function buildOverflow(element, place) {
  const trigger = el("button.element.overflow", {
    type: "button", "aria-label": element.accessibility_label ?? "More actions", data: { actionId: element.action_id },
  }, "⋯");
  return el("span.overflow-wrap", {}, trigger, menuOf(trigger, element.options.map((option) => ({
    label: renderText(option.text), note: option.description && renderText(option.description),
    data: { value: option.value }, choose: () => chosen(trigger, option, { element, place }),
  }))));
}

async function chosen(trigger, option, { element, place }) {
  if (element.confirm && !(await askConfirmation(element.confirm))) return;
  if (option.url) openAddress(option.url);
  await whileBusy(trigger, () => (
    place.surface.press(place.blockId, element.action_id, { type: "overflow", selected_option: option })
  ));
}
