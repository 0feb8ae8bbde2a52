// What a control does when its value changed by hand.

import { askConfirmation } from "./confirm.js";

/**
 * Answers a function to call after each change. Inputs only clear their error, or send "change" when the app asked
 * for it; controls outside inputs are pressed. A declined confirmation puts the former value back.
 */
export function changeNotifier(element, place, control) {
  let accepted = null;
  const remember = () => { accepted = control().read(); };
  const notify = async () => {
    place.onEdit?.();
    if (element.confirm && !(await askConfirmation(element.confirm))) {
      control().write(accepted ?? { type: element.type });
      return;
    }
    remember();
    const { surface, blockId } = place;
    if (!place.inInput) surface.press(blockId, element.action_id, control().read());
    else if (place.dispatch) surface.change(blockId, element.action_id, control().read());
  };
  return { notify, remember };
}
