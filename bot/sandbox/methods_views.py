"""views.*"""

from typing import Any

from bot.sandbox.answers import ApiError, Json, invalid_arguments
from bot.sandbox.args import Args
from bot.sandbox.content import require_sound_view
from bot.sandbox.state import View
from bot.sandbox.views import Views, shown
from bot.sandbox.workspace import Workspace


def open_view(ws: Workspace, args: Args) -> Json:
    content = require_sound_view(ws, _view(args), "modal")
    trigger = ws.triggers.spend(args.required("trigger_id"))
    return _answer(ws, Views(ws).opened(trigger.user, content))


def push_view(ws: Workspace, args: Args) -> Json:
    content = require_sound_view(ws, _view(args), "modal")
    trigger = ws.triggers.spend(args.required("trigger_id"))
    if not trigger.in_modal:
        raise ApiError("invalid_trigger_id")
    if not Views(ws).stack(trigger.user):
        raise ApiError("not_found")
    return _answer(ws, Views(ws).pushed(trigger.user, content))


def update_view(ws: Workspace, args: Args) -> Json:
    content = require_sound_view(ws, _view(args), "modal")
    return _answer(ws, Views(ws).updated(_open_modal(ws, args), content, args.text("hash")))


def publish_view(ws: Workspace, args: Args) -> Json:
    if not ws.installed.home_tab:
        raise ApiError("not_enabled")
    content = require_sound_view(ws, _view(args), "home")
    member = ws.world.members.get(args.required("user_id"))
    if member is None or member.deleted:
        raise ApiError("user_not_found")
    return _answer(ws, Views(ws).published(member.id, content, args.text("hash")))


def _open_modal(ws: Workspace, args: Args) -> View:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments(["missing required field: view_id [json-pointer:/view_id]"])
    for view in (view for stack in ws.world.modals.values() for view in stack):
        if view.id == view_id or (external_id and view.external_id == external_id):
            return view
    raise ApiError("not_found")


def _view(args: Args) -> Any:
    try:
        return args.parsed("view")
    except ValueError:
        raise invalid_arguments(["must provide an object [json-pointer:/view]"]) from None


def _answer(ws: Workspace, view: View) -> Json:
    return {"ok": True, "view": shown(ws, view, with_values=False)}
