// Where something small that opens beside a control stands.

const GAP = 4;
const EDGE = 8;

/** Puts an open popover below its anchor, or above where there is no room, inside the window. */
export function placePopover(anchor, popover) {
  const box = anchor.getBoundingClientRect();
  const left = Math.min(box.left, window.innerWidth - popover.offsetWidth - EDGE);
  const below = box.bottom + GAP;
  const fits = below + popover.offsetHeight < window.innerHeight;
  const top = fits ? below : Math.max(EDGE, box.top - GAP - popover.offsetHeight);
  popover.style.left = `${Math.max(EDGE, left)}px`;
  popover.style.top = `${top}px`;
}
