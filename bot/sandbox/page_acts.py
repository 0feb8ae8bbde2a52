"""What the page asks for in a person's name: the acts of `POST /sandbox/act`."""

from collections.abc import Callable

from bot.sandbox import composer, forms, rooms, shortcuts, suggesting, touch
from bot.sandbox.answers import Json, SlackRefused
from bot.sandbox.client import Client
from bot.sandbox.courier import Outcome
from bot.sandbox.elements import BUTTONS
from bot.sandbox.entering import plain_of
from bot.sandbox.person import Person
from bot.sandbox.state import World
from bot.sandbox.touch import Place, Touched

Act = Callable[[Client, Json], Outcome]


def perform(person: Person, body: Json) -> Json:
    act = ACTS.get(body.get("do", ""))
    if act is None:
        return {"ok": False, "error": f"the sandbox does not know {body.get('do')!r}"}
    try:
        outcome = act(person.client, body)
    except SlackRefused as refused:
        return {"ok": False, "error": str(refused), "modals": person.modals}
    if body["do"] == "suggest":
        return {"ok": True, "error": outcome.error, "suggested": outcome.ack}
    errors = person.form_errors if body["do"] == "submit" else {}
    return {"ok": True, "error": outcome.error, "errors": errors, "modals": person.modals, "home": person.home}


def _type(client: Client, body: Json) -> Outcome:
    return composer.send_text(client, body["channel"], body["text"], body.get("thread_ts"))


def _press(client: Client, body: Json) -> Outcome:
    return _touch(client, body, body["container"])


def _change(client: Client, body: Json) -> Outcome:
    return _touch(client, body, {"type": "view", "view_id": body["view_id"]})


def _touch(client: Client, body: Json, container: Json) -> Outcome:
    element = body["element"]
    plain = None if element["type"] in BUTTONS else plain_of(element)
    touched = Touched(body["action_id"], body["block_id"])
    given = body.get("state", {}).get("values", {})
    with client.ws.changing() as world:
        payload = touch.touch(client, _place(client, world, container), touched, plain, given)
    return touch.send(client, payload)


def _place(client: Client, world: World, container: Json) -> Place:
    if container["type"] == "view":
        return touch.view_with(client, world, container["view_id"])
    return touch.message_at(client, container["channel_id"], container["message_ts"])


def _suggest(client: Client, body: Json) -> Outcome:
    touched = Touched(body["action_id"], body["block_id"])
    with client.ws.changing() as world:
        place = _place(client, world, body["container"])
        payload = suggesting.ask(client, place, touched, body["typed"])
    return suggesting.send(client, payload)


def _message_shortcut(client: Client, body: Json) -> Outcome:
    return shortcuts.use_on_message(client, body["channel"], body["ts"], body["callback_id"])


def _submit(client: Client, body: Json) -> Outcome:
    return forms.submit(client, body["view_id"], body.get("state", {}).get("values", {}))


def _close(client: Client, body: Json) -> Outcome:
    return forms.close(client, body["view_id"], all_views=bool(body.get("all")))


def _invite(client: Client, body: Json) -> Outcome:
    return rooms.add_member(client, body["channel"], client.ws.bot_user_id)


def _remove(client: Client, body: Json) -> Outcome:
    return rooms.remove_member(client, body["channel"], client.ws.bot_user_id)


ACTS: dict[str, Act] = {
    "type": _type,
    "press": _press,
    "change": _change,
    "suggest": _suggest,
    "shortcut": lambda client, body: shortcuts.run(client, body["callback_id"]),
    "message_shortcut": _message_shortcut,
    "submit": _submit,
    "close": _close,
    "open_home": lambda client, body: rooms.open_tab(client, "home"),
    "open_dm": lambda client, body: rooms.open_tab(client, "messages"),
    "invite_bot": _invite,
    "remove_bot": _remove,
}
