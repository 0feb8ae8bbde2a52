// A surface is one message, one modal or the Home: it knows its controls and sends what happens to them.

import { emit } from "./bus.js";
import { act, explainError, isAppSilent } from "./server.js";
import { store } from "./store.js";

export class Surface {
  /**
   * container: what Slack calls the container of the interaction. values: the state the server knows.
   * report(text): shows what went wrong to the person, "" when nothing did.
   */
  constructor(container, { values = {}, report }) {
    this.container = container;
    this.values = values;
    this.report = report;
    this.controls = new Map();
    this.pending = Promise.resolve();
  }

  get viewId() {
    return this.container.view_id;
  }

  register(blockId, control) {
    this.controls.set(JSON.stringify([blockId, control.element.action_id]), { ...control, blockId });
  }

  /** What a control showed before it was built again, else what the server knows, else undefined. */
  saved(blockId, element) {
    const live = this.controls.get(JSON.stringify([blockId, element.action_id]));
    const state = live ? live.read() : this.values?.[blockId]?.[element.action_id];
    return state?.type === element.type ? state : undefined;
  }

  connected() {
    return [...this.controls.values()].filter((control) => control.root.isConnected);
  }

  /** Forgets controls that an update took away: like Slack, what was typed there does not come back. */
  prune() {
    for (const [key, control] of this.controls) if (!control.root.isConnected) this.controls.delete(key);
  }

  /** All entered values in Slack's shape: {values: {block_id: {action_id: {type, …}}}}. */
  state() {
    const values = {};
    for (const { blockId, element, read } of this.connected()) {
      values[blockId] = { ...values[blockId], [element.action_id]: read() };
    }
    return { values };
  }

  press(blockId, actionId, element) {
    return this.send(() => ({
      do: "press", container: this.container, block_id: blockId, action_id: actionId, element, state: this.state(),
    }));
  }

  change(blockId, actionId, element) {
    return this.send(() => ({
      do: "change", view_id: this.viewId, block_id: blockId, action_id: actionId, element, state: this.state(),
    }));
  }

  submit() {
    return this.send(() => ({ do: "submit", view_id: this.viewId, state: this.state() }));
  }

  /** What the app offers for a text; nothing is entered by asking, so it waits for no other act. */
  suggest(blockId, actionId, typed) {
    return act({
      as: store.as, do: "suggest", container: this.container, block_id: blockId, action_id: actionId, typed,
    });
  }

  /** One act at a time, in the order in which the person did them; the state is read when its turn comes. */
  send(makeBody) {
    const as = store.as;
    this.pending = this.pending.then(async () => {
      const answer = await act({ as, ...makeBody() });
      if (as === store.as) this.takeAnswer(answer);
      return answer;
    });
    return this.pending;
  }

  takeAnswer(answer) {
    this.report(answer.error ? this.explain(answer.error) : "");
    emit("answer", answer);
  }

  explain(error) {
    const reason = explainError(error);
    if (!isAppSilent(error)) return reason;
    // In Slack's words first: a form is where people meet them.
    if (this.viewId) return `We had some trouble connecting. Try again? (${reason} Nothing you entered is lost.)`;
    return `${reason} Try again.`;
  }
}
