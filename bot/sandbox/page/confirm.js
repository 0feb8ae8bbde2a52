// The question Slack asks before an act that carries a `confirm` object.

import { el, freshId } from "./dom.js";
import { renderText } from "./mrkdwn.js";

/** Resolves to true when the person agrees, to false when they decline or press Escape. */
export function askConfirmation(confirm) {
  return new Promise((resolve) => {
    const titleId = freshId("confirm-title");
    const form = el("form.confirm-body", { method: "dialog" },
      el("h2", { id: titleId }, renderText(confirm.title)),
      el("div.mrkdwn", {}, renderText(confirm.text)),
      el("div.modal-footer", {},
        el("button", { type: "button", value: "deny", onclick: () => dialog.close("deny") }, renderText(confirm.deny)),
        el(`button.${confirm.style ?? "primary"}`, { type: "submit", value: "confirm" }, renderText(confirm.confirm))));
    const dialog = el("dialog.modal.confirm", { role: "dialog", "aria-labelledby": titleId }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm");
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("[type=submit]").focus();
  });
}
