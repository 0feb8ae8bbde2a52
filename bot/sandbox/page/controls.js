// Every element of Block Kit that a person can use, by its type.

import { el } from "./dom.js";
import { buildButton, buildFeedback, buildIconButton, buildOverflow } from "./buttons.js";
import { buildChecks, buildSelect, isSelect } from "./choices.js";
import { buildField, isField } from "./fields.js";
import { buildTypeahead, isTypeahead } from "./typeahead.js";

/** What acts at once and holds nothing. */
const PRESSED = {
  button: buildButton,
  workflow_button: buildButton,
  icon_button: buildIconButton,
  feedback_buttons: buildFeedback,
  overflow: buildOverflow,
};

/**
 * The node of an interactive element. `place` says where it stands: {surface, blockId, inInput, optional, dispatch,
 * id, describedBy, label, onEdit}.
 */
export function buildControl(element, place) {
  const press = PRESSED[element.type];
  if (press) return press(element, place);
  const control = buildStateful(element, place);
  if (control === null) return unsupported(element.type);
  const saved = place.surface.saved(place.blockId, element);
  control.write(saved ?? initialState(element));
  place.surface.register(place.blockId, { element, ...control });
  return control.root;
}

const isChecks = (type) => type === "radio_buttons" || type === "checkboxes";

export const isSupported = (type) => isSelect(type) || isField(type) || isChecks(type) || isTypeahead(type);

/** Never nothing: who builds an app has to see what is missing here. */
export const unsupported = (type) => el("p.unsupported", {}, `“${type}” cannot be shown on this page.`);

function buildStateful(element, place) {
  if (isSelect(element.type)) return buildSelect(element, place);
  if (isField(element.type)) return buildField(element, place);
  if (isChecks(element.type)) return buildChecks(element, place);
  if (isTypeahead(element.type)) return buildTypeahead(element, place);
  return null;
}

/** initial_value, initial_option, … of an element as the state it stands for. */
function initialState(element) {
  const state = { type: element.type };
  for (const [key, value] of Object.entries(element)) {
    if (key === "initial_value") state[element.type === "rich_text_input" ? "rich_text_value" : "value"] = value;
    else if (key.startsWith("initial_")) state[key.replace("initial_", "selected_")] = value;
  }
  return state;
}
