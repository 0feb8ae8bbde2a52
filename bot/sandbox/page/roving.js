// One Tab stop for a whole list: the arrows move inside it, as in Slack's own lists.

const STEPS = {
  vertical: { ArrowUp: -1, ArrowDown: 1 },
  horizontal: { ArrowLeft: -1, ArrowRight: 1 },
};

/**
 * Makes the nodes in `container` that match `selector` one Tab stop. Answers a function to call after the list was
 * drawn: exactly one node can be tabbed to then, the one last used or else `preferred(nodes)`.
 */
export function roving(container, selector, { axis = "vertical", preferred = (nodes) => nodes[0] } = {}) {
  let last = null;
  container.dataset.roving = selector;
  const all = () => [...container.querySelectorAll(selector)];
  const settle = (chosen = null) => {
    const nodes = all();
    const stop = chosen ?? nodes.find((node) => node === last) ?? preferred(nodes);
    last = stop;
    for (const node of nodes) node.setAttribute("tabindex", node === stop ? "0" : "-1");
  };
  container.addEventListener("focusin", ({ target }) => target.matches(selector) && settle(target));
  container.addEventListener("keydown", (event) => {
    // Arrows inside a control of an item belong to that control.
    if (!event.target.matches(selector) || event.altKey || event.ctrlKey || event.metaKey) return;
    const target = targetOf(all(), event, STEPS[axis]);
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
  return settle;
}

function targetOf(nodes, event, steps) {
  if (event.key === "Home") return nodes[0];
  if (event.key === "End") return nodes.at(-1);
  const step = steps[event.key];
  if (!step) return null;
  const at = nodes.indexOf(event.target) + step;
  return nodes[Math.max(0, Math.min(at, nodes.length - 1))];
}
