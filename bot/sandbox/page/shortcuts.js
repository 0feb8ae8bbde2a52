// The app's shortcuts: in the menu of a message, beside the composer, and in the quick switcher.

import { whileBusy } from "./buttons.js";
import { el, icon, toast } from "./dom.js";
import { actAsMe } from "./live.js";
import { menuOf } from "./menu.js";
import { explainError } from "./server.js";
import { store } from "./store.js";

export const shortcutsOf = (kind) => store.shortcuts.filter((shortcut) => shortcut.kind === kind);

async function orToast(body) {
  const answer = await actAsMe(body);
  if (answer.error) toast(explainError(answer.error));
}

export const runShortcut = ({ callback_id: id }) => orToast({ do: "shortcut", callback_id: id });

/** A button and its menu with the shortcuts that can be used on a message; nothing when the app has none. */
export function messageMenu(channel, ts) {
  return shortcutMenu("more", "More actions", "message", ({ callback_id: id }) => (
    orToast({ do: "message_shortcut", channel, ts, callback_id: id })
  ));
}

/** The same with those that can be started from anywhere. */
export const globalMenu = () => shortcutMenu("bolt", "Shortcuts", "global", runShortcut);

function shortcutMenu(sign, label, kind, start) {
  const found = shortcutsOf(kind);
  if (!found.length) return { button: null, menu: null };
  const button = el("button.icon-button", { type: "button", "aria-label": label, title: label }, icon(sign));
  const menu = menuOf(button, found.map((shortcut) => ({
    label: shortcut.name, note: `${store.app.name} · ${shortcut.description}`,
    data: { callbackId: shortcut.callback_id }, choose: () => whileBusy(button, () => start(shortcut)),
  })));
  return { button, menu };
}
