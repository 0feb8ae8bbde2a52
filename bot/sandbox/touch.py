"""What a person touches in a message, in a form or on the Home: buttons, menus, pickers, inputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox import messages
from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.client import Client, ignore
from bot.sandbox.courier import Outcome
from bot.sandbox.elements import BUTTONS, Found, touchable, values_of
from bot.sandbox.entering import choose, enter
from bot.sandbox.payloads import values_key
from bot.sandbox.state import Message, Values, View, World

Place = Message | View
"""Where an element stands."""


@dataclass(frozen=True)
class Touched:
    """Which element. A button's `value` tells apart several with the same action_id."""

    action_id: str
    block_id: str | None = None
    value: str | None = None

    def find(self, blocks: Sequence[Json]) -> Found:
        named = [found for found in touchable(blocks) if found.action_id == self.action_id]
        here = [found for found in named if self.block_id in (None, found.block_id) and self._is_meant(found)]
        if not here:
            raise SlackRefused(f"there is no {self.action_id!r} with this value or block to touch here")
        return here[0]

    def _is_meant(self, found: Found) -> bool:
        is_button = found.element["type"] in BUTTONS
        return not is_button or self.value is None or found.element.get("value") == self.value


def message_at(client: Client, channel_id: str, ts: str) -> Message:
    channel = messages.readable(client.ws, client.user, channel_id)
    message = channel.messages.get(ts)
    if message is None or message.only_for not in (None, client.user):
        raise SlackRefused(f"{client.user} sees no message {ts} in {channel_id}")
    return message


def view_with(client: Client, world: World, view_id: str) -> View:
    """This person's Home, or the form on top: what lies below cannot be reached."""
    view = client.ws.open_view(view_id)
    stack = world.modals.get(client.user, [])
    if view is None or view.owner != client.user or (view in stack and view is not stack[-1]):
        raise SlackRefused(f"{client.user} has no view {view_id} in front")
    return view


def touch(client: Client, place: Place, touched: Touched, plain: Any, given: Values | None = None) -> Json:
    """Enter what was chosen, and answer the payload for it. `given` is all that stands in the client's inputs."""
    found = touched.find(place.blocks)
    state = {} if found.element["type"] in BUTTONS else choose(found, plain, client.was_offered)
    values = values_at(client, place)
    enter(place.blocks, values, given or {}, client.was_offered)
    if found.kind:
        values.setdefault(found.block_id, {})[found.action_id] = state
    return _payload(client, place, found, state)


def send(client: Client, payload: Json) -> Outcome:
    return client.interact(payload, ignore)


def values_at(client: Client, place: Place) -> Values:
    if isinstance(place, View):
        return place.values
    kept = client.ws.world.message_values
    key = values_key(client.user, place)
    kept[key] = values_of(place.blocks, kept.get(key, {}))
    return kept[key]


def _payload(client: Client, place: Place, found: Found, state: Json) -> Json:
    me = client.me(client.ws.world)
    if isinstance(place, View):
        return client.payloads.action_in_view(me, place, found, state)
    return client.payloads.action_in_message(me, place, found, state)
