"""Submitting and closing a form, and what the app's answer does to it."""

from functools import partial

from bot.sandbox.answers import Json, NoFormOpen, SlackRefused, invalid_arguments
from bot.sandbox.client import Client, ignore
from bot.sandbox.content import require_sound_view
from bot.sandbox.courier import Outcome
from bot.sandbox.elements import touchable
from bot.sandbox.entering import choose, enter, unfinished
from bot.sandbox.state import Values, View, World
from bot.sandbox.touch import Touched, send, touch
from bot.sandbox.views import Views
from bot.slack_rules import check_submission_answer


def top_form(client: Client, world: World) -> View:
    stack = world.modals.get(client.user)
    if not stack:
        raise NoFormOpen(f"{client.user} has no form open")
    return stack[-1]


def fill(client: Client, block_id: str, plain: object) -> Outcome:
    """Enter a plain value; an input with `dispatch_action` tells the app."""
    with client.ws.changing() as world:
        view = top_form(client, world)
        found = next((f for f in touchable(view.blocks) if f.block_id == block_id), None)
        if found is None or found.block["type"] != "input":
            raise SlackRefused(f"the form has no input {block_id!r}")
        if not found.block.get("dispatch_action"):
            view.values[block_id][found.action_id] = choose(found, plain, client.was_offered)
            return Outcome()
        touched = Touched(found.action_id, block_id)
        payload = touch(client, view, touched, plain)
    return send(client, payload)


def submit(client: Client, view_id: str, given: Values | None = None, *, force: bool = False) -> Outcome:
    """`force` sends what a client would hold back: empty required inputs, too short texts."""
    with client.ws.changing() as world:
        view = _front(client, world, view_id)
        enter(view.blocks, view.values, given or {}, client.was_offered)
        if "submit" not in view.content:
            raise SlackRefused("this form has nothing to submit")
        missing = unfinished(view.blocks, view.values)
        if missing and not force:
            raise SlackRefused(missing)
        world.form_errors[client.user] = {}
        payload = client.payloads.submission(client.me(world), view)
    return client.interact(payload, partial(_take_answer, client, view_id))


def close(client: Client, view_id: str, *, all_views: bool = False) -> Outcome:
    """Cancel, or with `all_views` the cross in the corner: the whole stack goes."""
    with client.ws.changing() as world:
        top = _front(client, world, view_id)
        whole = all_views or top.content.get("clear_on_close", False)
        view = world.modals[client.user][0] if whole else top
        payload = client.payloads.closed(client.me(world), view, is_cleared=whole)
        Views(client.ws).closed(view)
    return client.interact(payload, ignore) if view.content.get("notify_on_close") else Outcome()


def _front(client: Client, world: World, view_id: str) -> View:
    view = top_form(client, world)
    if view.id != view_id:
        raise SlackRefused(f"{client.user} has no form {view_id} in front")
    return view


def _take_answer(client: Client, view_id: str, ack: Json) -> None:
    view = client.ws.open_view(view_id)
    if view is None:
        return
    problems = check_submission_answer(ack, view.content)
    if problems:
        raise invalid_arguments(problems)
    _answer(client, view, ack)


def _answer(client: Client, view: View, ack: Json) -> None:
    views = Views(client.ws)
    match ack.get("response_action"):
        case "errors":
            client.ws.world.form_errors[client.user] = dict(ack["errors"])
        case "update":
            views.updated(view, require_sound_view(client.ws, ack["view"], "modal"))
        case "push":
            views.pushed(client.user, require_sound_view(client.ws, ack["view"], "modal"))
        case "clear":
            views.cleared(client.user)
        case _:
            views.closed(view)
