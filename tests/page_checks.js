// What a person would trip over, looked for in the page itself. Evaluates to the functions that tests call.

(() => {
  const NATIVE = "a[href], button, input, select, textarea, summary";
  const INTERACTIVE = `${NATIVE}, [tabindex], [contenteditable="true"]`;
  const GROUPS = "[data-roving], [role=tablist], [role=menu], [role=toolbar], [role=radiogroup], [role=listbox]";
  // These may be wider than what holds them: they scroll on their own, and can be reached to do so.
  const SCROLLS_SIDEWAYS = "pre, [role=region][tabindex='0'], textarea, input";
  const LARGE = 24;
  const LARGE_BOLD = 18.66;

  const all = (root, selector) => [...root.querySelectorAll(selector)];

  /** What can be used now: the dialog in front, else the whole page. */
  const front = () => all(document, "dialog:modal").at(-1) ?? document.body;

  const isForEyes = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1
      && node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };

  const isDisabled = (node) => node.closest(":disabled, [aria-disabled=true], [inert]") !== null;

  const describe = (node) => {
    const words = (node.getAttribute("aria-label") ?? node.textContent).trim().replace(/\s+/g, " ").slice(0, 40);
    const id = node.id ? `#${node.id}` : "";
    const classes = [...node.classList].map((name) => `.${name}`).join("");
    return `<${node.localName}${id}${classes}> ${JSON.stringify(words)}`;
  };

  // Overflow

  const clips = (node) => getComputedStyle(node).overflowX !== "visible";

  const isCutOnPurpose = (node) => {
    const style = getComputedStyle(node);
    return style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" || !isForEyes(node);
  };

  function tooWideInside(node) {
    return clips(node) && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
      && !node.matches(SCROLLS_SIDEWAYS) && !isCutOnPurpose(node);
  }

  /** What cuts a node off or lets it scroll; nothing does that to what is fixed to the window. */
  function scrollerOf(node) {
    if (getComputedStyle(node).position === "fixed") return null;
    const parent = node.parentElement;
    if (!parent || parent === document.body) return null;
    return clips(parent) ? parent : scrollerOf(parent);
  }

  function outsideWindow(node) {
    const box = node.getBoundingClientRect();
    return (box.right > window.innerWidth + 1 || box.left < -1) && !scrollerOf(node);
  }

  function wide() {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth + 1 ? [`the page is ${root.scrollWidth} wide`] : [];
    for (const node of [front(), ...all(front(), "*")].filter(isForEyes)) {
      if (tooWideInside(node)) found.push(`${describe(node)} is ${node.scrollWidth} wide in ${node.clientWidth}`);
      else if (outsideWindow(node)) found.push(`${describe(node)} reaches outside the window`);
    }
    return found;
  }

  // Contrast

  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  /** Any colour CSS can name as [red, green, blue, alpha], 0 to 1. */
  function parsed(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
  }

  const over = (top, below) => {
    const alpha = top[3];
    return [0, 1, 2].map((index) => top[index] * alpha + below[index] * (1 - alpha)).concat(1);
  };

  /** The colours behind a node, from the page's ground up to the node itself. */
  function groundOf(node) {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const colour = parsed(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [1, 1, 1, 1]);
  }

  function opacityOf(node) {
    let opacity = 1;
    for (let at = node; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    return opacity;
  }

  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  function ratio(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  const isWords = (text) => /[^\s\p{Extended_Pictographic}\uFE0F\u200D]/u.test(text);

  /** Every text one can read, as [node, style of the text]. */
  function* texts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (isWords(walker.currentNode.data)) yield [node, getComputedStyle(node)];
    }
    for (const node of all(root, "input, textarea")) {
      if (node.placeholder && !node.value) yield [node, getComputedStyle(node, "::placeholder")];
      else if (node.value) yield [node, getComputedStyle(node)];
    }
  }

  const inkOf = (node, style) => (node instanceof SVGElement ? style.fill : style.color);

  function contrastProblem(node, style) {
    const size = parseFloat(style.fontSize);
    if (!size || !isForEyes(node) || isDisabled(node)) return null;
    const ground = groundOf(node);
    const ink = parsed(inkOf(node, style));
    ink[3] *= opacityOf(node);
    const found = ratio(over(ink, ground), ground);
    const isLarge = size >= LARGE || (size >= LARGE_BOLD && Number(style.fontWeight) >= 700);
    const least = isLarge ? 3 : 4.5;
    return found < least - 0.005 ? `${describe(node)} has ${found.toFixed(2)} to 1, wants ${least}` : null;
  }

  const faint = () => [...new Set([...texts(front())].map(([node, style]) => contrastProblem(node, style)))]
    .filter(Boolean);

  // Keyboard

  const reached = new Set();
  const unmarked = new Set();
  let wanted = [];

  const hasRing = (node) => {
    const style = getComputedStyle(node);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };

  /** What stands on the page now has to be reached; what comes into sight on the way need not be. */
  function startWalk() {
    wanted = controls();
    reached.clear();
    unmarked.clear();
    document.addEventListener("focusin", notice);
    document.activeElement?.blur();
  }

  function notice({ target }) {
    reached.add(target);
    if (![target, target.parentElement].some(hasRing)) unmarked.add(describe(target));
  }

  const controls = () => all(front(), INTERACTIVE).filter((node) => isForEyes(node) && !isDisabled(node));

  /** A thing that only receives the focus from a script, such as a heading, is no control. */
  const isOnlyTarget = (node) => node.tabIndex < 0 && !node.matches(NATIVE)
    && !/^(button|link|menuitem|option|tab|checkbox|radio|switch)$/.test(node.getAttribute("role") ?? "")
    && !groupOf(node);

  function groupOf(node) {
    const group = node.closest(GROUPS);
    const own = group?.dataset.roving;
    return group && (!own || node.matches(own)) ? group : null;
  }

  const isInReachedRadio = (node) => node.type === "radio"
    && [...reached].some((other) => other.type === "radio" && other.name === node.name);

  const missed = () => wanted.filter((node) => (
    node.isConnected && !reached.has(node) && !isOnlyTarget(node) && !isInReachedRadio(node)
  ));

  const isStillThere = (node) => isForEyes(node) && !isDisabled(node);

  const sendKey = (key) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
  );

  /** Walks by arrows through the groups of which Tab reached a part. The page's own code moves the focus there. */
  function walkGroups() {
    for (const group of new Set(missed().map(groupOf))) {
      const entry = [...reached].find((node) => group && groupOf(node) === group);
      if (!entry) continue;
      const steps = wanted.filter((node) => groupOf(node) === group).length;
      for (const key of ["ArrowDown", "ArrowRight"]) {
        // Some groups show themselves only while what they belong to has the focus.
        group.parentElement.closest("[tabindex]")?.focus();
        entry.focus();
        sendKey("Home");
        for (let step = 0; step < steps; step += 1) sendKey(key);
      }
    }
  }

  return {
    wide, faint, startWalk, walkGroups,
    reachedSoFar: () => reached.size,
    unreached: () => missed().filter(isStillThere).map(describe),
    withoutRing: () => [...unmarked],
  };
})()
