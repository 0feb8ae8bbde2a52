// The blocks of a view (modal or Home). An update by the app keeps what was typed, the focus and the caret.

import { renderBlock } from "./blocks.js";
import { el, reconcile } from "./dom.js";
import { keepFocus } from "./focus.js";
import { Surface } from "./surface.js";

const REQUIRED = "This is needed: please fill it in.";

export class ViewBody {
  constructor(report) {
    this.report = report;
    this.root = el("div.view-body");
    this.viewId = null;
    this.surface = null;
    this.kept = new Map();
  }

  /** Shows a view. Another view than before starts with what its own inputs held when it was last on top. */
  show(view) {
    if (view.id !== this.viewId) this.change(view);
    this.blocks = view.blocks;
    keepFocus(this.root, () => reconcile(this.root, view.blocks.map((block, index) => ({
      key: `${view.id} ${block.block_id ?? index}`,
      signature: JSON.stringify(block),
      build: () => renderBlock(block, this.surface, (blockId) => this.clearError(blockId)),
    }))));
    this.surface.prune();
    this.showErrors(this.errors);
  }

  change(view) {
    if (this.surface) this.kept.set(this.viewId, this.surface.state().values);
    this.viewId = view.id;
    this.errors = {};
    const values = this.kept.get(view.id) ?? view.state?.values;
    this.surface = new Surface({ type: "view", view_id: view.id }, { values, report: this.report });
  }

  forget() {
    Object.assign(this, { viewId: null, surface: null });
    this.kept.clear();
    this.root.replaceChildren();
  }

  /** What the client itself refuses: {block_id: text} of required inputs left empty and of broken rules. */
  problems() {
    const found = {};
    for (const control of this.surface.connected()) {
      const block = this.blocks.find((other) => other.type === "input" && other.block_id === control.blockId);
      const text = block && (control.problem?.() ?? (isEmpty(control.read()) && !block.optional ? REQUIRED : null));
      if (text) found[control.blockId] = text;
    }
    return found;
  }

  showErrors(errors) {
    this.errors = { ...errors };
    for (const node of this.root.children) {
      if (node.querySelector(".field-error")) markError(node, errors[node.dataset.blockId]);
    }
  }

  clearError(blockId) {
    delete this.errors[blockId];
    this.showErrors(this.errors);
  }

  /** Errors whose input is not on screen: nothing may be swallowed. */
  homeless(errors) {
    const shown = new Set([...this.root.querySelectorAll(".block-input")].map((node) => node.dataset.blockId));
    return Object.entries(errors).filter(([blockId]) => !shown.has(blockId)).map(([, text]) => text);
  }

  focusFirstError() {
    this.root.querySelector("[aria-invalid=true]")?.focus();
  }
}

const isEmpty = ({ type, ...values }) => Object.values(values).every((value) => (
  value === null || (Array.isArray(value) && value.length === 0)
));

function focusable(blockNode) {
  return blockNode.querySelector("input, select, textarea");
}

function markError(node, text) {
  const error = node.querySelector(".field-error");
  const input = focusable(node);
  error.hidden = !text;
  if (error.textContent !== (text ?? "")) error.textContent = text ?? "";
  if (text) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}
