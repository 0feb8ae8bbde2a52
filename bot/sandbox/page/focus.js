// Keeps focus and caret where they are while the page builds parts of itself again.

const nameOf = (child) => child.dataset.ts ?? child.dataset.blockId;

/** Runs `update`, which may replace children of `root`; what had the focus gets it back in its new shape. */
export function keepFocus(root, update) {
  const memory = remember(root);
  update();
  if (memory && document.activeElement !== memory.node) restore(root, memory);
}

function remember(root) {
  const node = document.activeElement;
  const child = [...root.children].find((candidate) => candidate.contains(node));
  if (!child) return null;
  const { actionId } = node.closest("[data-action-id]")?.dataset ?? {};
  return { node, name: nameOf(child), actionId, caret: caretOf(node) };
}

function caretOf(node) {
  // Reading the caret of a date or a number throws in some browsers and is null in others.
  const hasCaret = node.matches("textarea, input[type=text], input[type=url]");
  return hasCaret ? [node.selectionStart, node.selectionEnd] : null;
}

function restore(root, { name, actionId, caret }) {
  // Blocks that the app did not name get a new id with every update: then the action's id has to do.
  const child = [...root.children].find((candidate) => nameOf(candidate) === name) ?? root;
  const control = [...child.querySelectorAll("[data-action-id]")].find((node) => node.dataset.actionId === actionId);
  const target = control?.matches(".checks") ? control.querySelector(":checked, input") : control;
  (target ?? child).focus({ preventScroll: true });
  if (caret && target?.setSelectionRange) target.setSelectionRange(...caret);
}

/** Gives the focus to what somebody is to look at, and shows it there even to those who came by mouse. */
export function pointAt(node) {
  node.scrollIntoView({ block: "center" });
  node.classList.add("pointed");
  node.addEventListener("blur", () => node.classList.remove("pointed"), { once: true });
  node.focus({ preventScroll: true });
}
