// Where people type: messages and, in a conversation, commands.

import { el, freshId, icon } from "./dom.js";
import { actAsMe } from "./live.js";
import { explainError, isAppSilent } from "./server.js";
import { globalMenu } from "./shortcuts.js";
import { store } from "./store.js";
import { Suggestions } from "./suggest.js";

const MOST_LINES = 8;

const commandIn = (text) => store.commands.find(({ command }) => command === text.trim().split(/\s/, 1)[0]);

export class Composer {
  /** place() answers {channel, thread_ts?, name, closed?}: where the text goes, or why it cannot go there. */
  constructor(form, { id, place }) {
    this.place = place;
    this.inThread = id !== "composer";
    this.drafts = new Map();
    this.failures = new Map();
    this.lastLines = new Map();
    this.spot = null;
    this.build(form, id);
  }

  build(form, id) {
    const hintId = freshId("composer-hint");
    this.error = el("p.composer-error", { role: "alert", hidden: true });
    // Until it is known whose words go where, there is nothing to type into: they would be lost.
    this.input = el("textarea", { id, rows: 1, "aria-describedby": hintId, autocomplete: "off", disabled: true });
    this.hint = el("p.composer-hint", { id: hintId });
    this.sendButton = el("button.icon-button.send", { type: "submit", "aria-label": "Send" }, icon("send"));
    this.suggestions = new Suggestions(this.input, !this.inThread);
    this.shortcuts = el("div.composer-shortcuts", { hidden: true });
    form.replaceChildren(this.suggestions.list, this.error,
      el("div.composer-box", {}, this.shortcuts, this.input, this.sendButton), this.hint);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("blur", () => this.suggestions.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  /** Call when the conversation changed: every place has its own draft and its own error. */
  moved() {
    const { channel, thread_ts: thread, name, closed } = this.place();
    const invitation = this.inThread ? "Reply…" : `Message ${name}`;
    this.input.disabled = Boolean(closed);
    this.input.placeholder = closed ?? invitation;
    const spot = `${store.as} ${channel} ${thread ?? ""}`;
    if (spot === this.spot) return;
    this.offerShortcuts();
    this.spot = spot;
    this.input.value = this.drafts.get(spot) ?? "";
    this.input.setAttribute("aria-label", this.inThread ? "Reply" : `Message ${name}`);
    this.suggestions.close();
    this.refresh();
  }

  offerShortcuts() {
    const { button, menu } = globalMenu();
    this.shortcuts.hidden = !button;
    if (button) this.shortcuts.replaceChildren(button, menu);
  }

  refresh() {
    const failure = this.failures.get(this.spot) ?? "";
    this.error.textContent = failure;
    this.error.hidden = !failure;
    this.grow();
    this.showHint();
  }

  grow() {
    this.input.rows = Math.min(this.input.value.split("\n").length, MOST_LINES);
    this.sendButton.disabled = !this.input.value.trim();
  }

  showHint() {
    const command = this.inThread ? null : commandIn(this.input.value);
    this.hint.textContent = command
      ? [`${command.command} ${command.usage_hint ?? ""}`.trim(), command.description].filter(Boolean).join(" · ")
      : "";
  }

  typed() {
    this.drafts.set(this.spot, this.input.value);
    this.suggestions.update();
    this.grow();
    this.showHint();
  }

  key(event) {
    if (event.isComposing) return;
    if (this.suggestions.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.input.value && this.lastLines.has(this.spot)) {
      event.preventDefault();
      this.write(this.lastLines.get(this.spot));
    }
  }

  async send() {
    const text = this.input.value;
    if (!text.trim() || this.input.readOnly) return;
    const { spot } = this;
    const { channel, thread_ts: threadTs } = this.place();
    this.suggestions.close();
    if (this.inThread && commandIn(text)) {
      this.fail(spot, `${commandIn(text).command} does not work in a thread. Type it in the conversation itself.`);
      return;
    }
    this.busy(true);
    const answer = await actAsMe({ do: "type", channel, text, ...(threadTs && { thread_ts: threadTs }) });
    this.busy(false);
    if (answer.error) this.fail(spot, failureText(text, answer.error));
    else this.sent(spot, text);
  }

  /** The last line of this place once more, to be changed and sent again. */
  write(text) {
    this.input.value = text;
    this.input.setSelectionRange(text.length, text.length);
    this.typed();
    this.suggestions.close();
  }

  /** What was typed stays in the box, locked, until the app has answered: nothing can be lost. */
  busy(is) {
    this.input.readOnly = is;
    this.input.setAttribute("aria-busy", String(is));
  }

  fail(spot, text) {
    this.failures.set(spot, text);
    if (spot === this.spot) this.refresh();
  }

  sent(spot, text) {
    this.lastLines.set(spot, text);
    this.drafts.delete(spot);
    this.failures.delete(spot);
    if (spot !== this.spot) return;
    this.input.value = "";
    this.refresh();
  }
}

function failureText(text, error) {
  if (!isAppSilent(error)) return explainError(error);
  const command = text.trim().split(/\s/, 1)[0];
  const subject = command.startsWith("/") ? `${command} failed with the error “${error}”. ` : "";
  return `${subject}${explainError(error)} What you typed is still here: press Enter to try again.`;
}
