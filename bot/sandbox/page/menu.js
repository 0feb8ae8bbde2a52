// A button that opens a menu. The arrows move in it, Escape closes it, and the focus goes back to the button.

import { el, freshId } from "./dom.js";
import { placePopover } from "./popover.js";

/** items: [{label, note?, data?, choose()}]. Answers the menu, to be put beside its button. */
export function menuOf(trigger, items) {
  const menu = el("div.menu", { id: freshId("menu"), role: "menu", popover: "auto" }, items.map((item) => (
    el("button", {
      type: "button", role: "menuitem", tabindex: "-1", data: item.data, onclick: () => {
        menu.hidePopover();
        item.choose();
      },
    }, item.label, item.note && el("small", {}, item.note))
  )));
  trigger.setAttribute("aria-haspopup", "menu");
  trigger.setAttribute("aria-expanded", "false");
  trigger.setAttribute("popovertarget", menu.id);
  menu.addEventListener("toggle", (event) => placeMenu(trigger, menu, event.newState === "open"));
  menu.addEventListener("keydown", (event) => moveInMenu(menu, event));
  return menu;
}

function placeMenu(trigger, menu, open) {
  trigger.setAttribute("aria-expanded", String(open));
  if (!open) return;
  placePopover(trigger, menu);
  menu.querySelector("[role=menuitem]").focus();
}

function moveInMenu(menu, event) {
  if (event.key === "Tab") menu.hidePopover();
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length).focus();
}
