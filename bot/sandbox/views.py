"""Open modals and Homes: the stack, hashes, and what survives an update."""

import copy
from dataclasses import dataclass

from bot.sandbox.answers import ApiError, Json
from bot.sandbox.elements import name_parts, values_of
from bot.sandbox.state import View
from bot.sandbox.workspace import Change, Workspace
from bot.slack_rules.limits import MODAL_STACK

COPIED = ("title", "submit", "close")


@dataclass(frozen=True)
class Views:
    ws: Workspace

    def stack(self, user: str) -> list[View]:
        return self.ws.world.modals.setdefault(user, [])

    def opened(self, user: str, content: Json) -> View:
        """The first view of a new stack; what was open before is gone."""
        self._require_free(content, but=None)
        self.stack(user).clear()
        return self._added(user, content)

    def pushed(self, user: str, content: Json) -> View:
        if len(self.stack(user)) >= MODAL_STACK:
            raise ApiError("push_limit_reached")
        self._require_free(content, but=None)
        return self._added(user, content)

    def updated(self, view: View, content: Json, expected_hash: str = "") -> View:
        if expected_hash and expected_hash != view.hash:
            raise ApiError("hash_conflict")
        self._require_free(content, but=view)
        self._fill(view, content)
        self._tell(view)
        return view

    def published(self, user: str, content: Json, expected_hash: str = "") -> View:
        home = self.ws.world.homes.get(user)
        if home is not None:
            return self.updated(home, content, expected_hash)
        self._require_free(content, but=None)
        view_id = self.ws.next_id("V")
        home = View(view_id, user, {}, "", root_id=view_id)
        self._fill(home, content)
        self.ws.world.homes[user] = home
        self._tell(home)
        return home

    def closed(self, view: View) -> None:
        """That view is gone, with everything on top of it."""
        stack = self.stack(view.owner)
        del stack[stack.index(view) :]
        self._tell(view)

    def cleared(self, user: str) -> None:
        self.stack(user).clear()
        self.ws.changed(Change("modals", frozenset({user})))

    def _added(self, user: str, content: Json) -> View:
        stack = self.stack(user)
        view_id = self.ws.next_id("V")
        root_id = stack[0].id if stack else view_id
        view = View(view_id, user, {}, "", root_id, stack[-1].id if stack else None)
        self._fill(view, content)
        stack.append(view)
        self.ws.world.form_errors.pop(user, None)
        self._tell(view)
        return view

    def _fill(self, view: View, content: Json) -> None:
        kept = copy.deepcopy(content)
        name_parts(kept["blocks"], self.ws.next_id)
        view.content, view.hash = kept, self.ws.next_hash()
        view.values = values_of(view.blocks, view.values)

    def _require_free(self, content: Json, *, but: View | None) -> None:
        wanted = content.get("external_id")
        if wanted and any(view.external_id == wanted for view in self.ws.all_views() if view is not but):
            raise ApiError("duplicate_external_id")

    def _tell(self, view: View) -> None:
        is_home = view.content.get("type") == "home"
        self.ws.changed(Change("home" if is_home else "modals", frozenset({view.owner})))


def shown(ws: Workspace, view: View, *, with_values: bool) -> Json:
    """The view as Slack hands it out; only payloads of interactions carry what was entered."""
    content, identity = copy.deepcopy(view.content), ws.identity
    return {
        "id": view.id,
        "team_id": identity.team_id,
        "type": content["type"],
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "external_id": view.external_id,
        "state": {"values": copy.deepcopy(view.values) if with_values else {}},
        "hash": view.hash,
        **{key: content.get(key) for key in COPIED},
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": identity.app_id,
        "app_installed_team_id": identity.enterprise_id if ws.tokens.serves_org_wide else identity.team_id,
        "bot_id": identity.bot_id,
    }
