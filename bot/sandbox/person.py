"""Everything a person can do in Slack, in the words of a test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import composer, forms, messages, rooms, shortcuts, suggesting, touch
from bot.sandbox.answers import Json
from bot.sandbox.client import Client
from bot.sandbox.courier import Outcome
from bot.sandbox.state import World
from bot.sandbox.touch import Place, Touched
from bot.sandbox.views import shown

Reference = tuple[str, str] | Mapping[str, Any] | str
"""(channel, ts), a message or view as it was read, "modal" or "home"."""


@dataclass
class Result:
    """What a person got for an act. `error` is what the client shows, such as "operation_timeout"."""

    acked: bool
    ack: Json
    shown: list[Json]
    modal: Json | None
    error: str | None

    @property
    def text(self) -> str:
        return str(self.shown[-1]["text"]) if self.shown else ""


class Person:
    """Raises SlackRefused when Slack's client would not let them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._ws = client.ws
        self.id = client.user

    def types(self, channel: str, text: str, *, thread_ts: str | None = None) -> Result:
        return self.result_of(lambda: composer.send_text(self.client, channel, text, thread_ts))

    def presses(
        self,
        where: Reference,
        action_id: str,
        *,
        value: Any = None,
        block_id: str | None = None,
        option: Any = None,
    ) -> Result:
        """Press a button (`value` tells several apart), or choose: an option's value, an id, a date, a list."""
        touched = Touched(action_id, block_id, value if isinstance(value, str) else None)
        plain = value if option is None else option
        with self._ws.changing() as world:
            payload = touch.touch(self.client, self._place(world, where), touched, plain)
        return self.result_of(lambda: touch.send(self.client, payload))

    def suggests(self, where: Reference, action_id: str, typed: str, *, block_id: str | None = None) -> Result:
        """Type into a menu that asks the app for options; they stand in the result's `ack`."""
        with self._ws.changing() as world:
            touched = Touched(action_id, block_id)
            payload = suggesting.ask(self.client, self._place(world, where), touched, typed)
        return self.result_of(lambda: suggesting.send(self.client, payload))

    def runs_shortcut(self, callback_id: str) -> Result:
        """Start a global shortcut of the app."""
        return self.result_of(lambda: shortcuts.run(self.client, callback_id))

    def uses_on_message(self, where: tuple[str, str] | Mapping[str, Any], callback_id: str) -> Result:
        """Choose a message shortcut of the app in the menu of a message: (channel, ts), or as it was read."""
        channel, ts = where if isinstance(where, tuple) else (where["channel"], where["ts"])
        return self.result_of(lambda: shortcuts.use_on_message(self.client, channel, ts, callback_id))

    def fills(self, values: Mapping[str, Any]) -> Result:
        """Enter plain values into the top form: {block_id: text, option's value, ISO date, id, or a list}."""
        return self.result_of(lambda: self._fill(values))

    def submits(self, values: Mapping[str, Any] | None = None, *, force: bool = False) -> Result:
        def act() -> Outcome:
            self._fill(values or {})
            return forms.submit(self.client, self.modal["id"], force=force)

        return self.result_of(act)

    def closes(self, *, all_views: bool = False) -> Result:
        """Cancel the top form, or leave them all by the cross in the corner."""
        return self.result_of(lambda: forms.close(self.client, self.modal["id"], all_views=all_views))

    def opens_home(self) -> Json | None:
        rooms.open_tab(self.client, "home")
        return self.home

    def opens_messages_tab(self) -> Result:
        return self.result_of(lambda: rooms.open_tab(self.client, "messages"))

    def invites_bot(self, channel: str) -> Result:
        return self.invites(self.client.ws.bot_user_id, channel)

    def removes_bot(self, channel: str) -> Result:
        return self.result_of(lambda: rooms.remove_member(self.client, channel, self.client.ws.bot_user_id))

    def invites(self, user: str, channel: str) -> Result:
        return self.result_of(lambda: rooms.add_member(self.client, channel, user))

    def joins(self, channel: str) -> Result:
        return self.invites(self.id, channel)

    def leaves(self, channel: str) -> Result:
        return self.result_of(lambda: rooms.remove_member(self.client, channel, self.id))

    @property
    def dm(self) -> str:
        """The id of the conversation with the app."""
        with self._ws.changing():
            return self._ws.dm_with(self.id).id

    @property
    def modals(self) -> list[Json]:
        with self._ws.reading() as world:
            return [shown(self.client.ws, view, with_values=True) for view in world.modals.get(self.id, ())]

    @property
    def modal(self) -> Json:
        with self._ws.reading() as world:
            return shown(self.client.ws, forms.top_form(self.client, world), with_values=True)

    @property
    def form_errors(self) -> dict[str, str]:
        """What the app found wrong in the last submission, by block_id."""
        with self._ws.reading() as world:
            return dict(world.form_errors.get(self.id, {}))

    @property
    def home(self) -> Json | None:
        with self._ws.reading() as world:
            home = world.homes.get(self.id)
            return shown(self.client.ws, home, with_values=True) if home else None

    def reads(self, channel: str) -> list[Json]:
        """The conversation as this person sees it, oldest first; replies stand in `thread`."""
        with self._ws.reading():
            visible = messages.readable(self._ws, self.id, channel)
            return messages.seen_in_channel(self._ws, self.id, visible)

    def direct_messages(self) -> list[Json]:
        return self.reads(self.dm)

    def thread(self, channel: str, ts: str) -> list[Json]:
        with self._ws.reading():
            visible = messages.readable(self._ws, self.id, channel)
            return messages.seen_in_thread(self._ws, self.id, visible, ts)

    def result_of(self, act: Callable[[], Outcome]) -> Result:
        with self._ws.reading() as world:
            before = world.last_ts
        outcome = act()
        with self._ws.reading():
            news = messages.news_for(self._ws, self.id, before)
        modals = self.modals
        return Result(outcome.acked, outcome.ack, news, modals[-1] if modals else None, outcome.error)

    def _fill(self, values: Mapping[str, Any]) -> Outcome:
        outcome = Outcome()
        for block_id, plain in values.items():
            filled = forms.fill(self.client, block_id, plain)
            outcome = outcome if outcome.error else filled
        return outcome

    def _place(self, world: World, where: Reference) -> Place:
        if isinstance(where, tuple):
            return touch.message_at(self.client, *where)
        if where == "home":
            return touch.view_with(self.client, world, self._home_id(world))
        if where == "modal":
            return forms.top_form(self.client, world)
        if isinstance(where, str):
            return touch.view_with(self.client, world, where)
        if "ts" in where:
            return touch.message_at(self.client, where["channel"], where["ts"])
        return touch.view_with(self.client, world, where["id"])

    def _home_id(self, world: World) -> str:
        home = world.homes.get(self.id)
        if home is None:
            raise LookupError(f"{self.id} has no Home yet")
        return home.id
