"""Bolt's last middleware: a dictionary per kind of payload finds the handler, and its reply becomes the answer."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt import BoltContext, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.runtime import NotInstalled, Runtime
from bot.slack_rules import check_message, check_options_answer, check_submission_answer, check_view
from bot.views import trouble
from handlers.errors import UNAVAILABLE, explained, outcome_of
from handlers.feature import Ask, Feature, Handler, Notice, Reply
from handlers.help import find_command
from handlers.overload import AGAIN, turned_away
from handlers.payload import read_payload
from handlers.whose import Whose, team_of, text_of
from models.schemas.message import Message, View
from models.schemas.workspace import WorkspaceCard

RUN = "command.run"
"""The button that carries a line and runs it as if it had been typed."""

logger = logging.getLogger(__name__)


class Router(Middleware):
    def __init__(self, runtime: Runtime, features: Sequence[Feature]) -> None:
        self._runtime = runtime
        self._commands = [command for feature in features for command in feature.commands]
        self._handlers: dict[str, dict[str, Handler]] = {
            "action": _merged(feature.actions for feature in features),
            "view": _merged(feature.forms for feature in features),
            "event": _merged(feature.events for feature in features),
            "shortcut": _merged(feature.shortcuts for feature in features),
            "suggestion": _merged(feature.suggestions for feature in features),
        }
        self._notices = _merged(feature.notices for feature in features)
        self._whose = Whose(runtime)

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse:
        return self(req.body, req.context, next)

    def __call__(self, body: dict[str, Any], context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:
        """`next` is never called: no listener of Bolt's is registered."""
        with logs.about("request"):
            try:
                if self._is_noticed(body, context):
                    return BoltResponse(status=200, body="")
                workspace = self._whose.find(body, context)
            except SQLAlchemyError as problem:
                logger.warning("a request came while the database did not answer: %s", problem)
                return turned_away(body, self._runtime)
            if workspace is None:
                return BoltResponse(status=200, body=trouble.not_installed(self._runtime.install_url))
            logs.note(workspace=workspace.id)
            ask = self._read(body, workspace)
            return BoltResponse(status=200, body="") if ask is None else self._answer(ask)

    def _is_noticed(self, body: Mapping[str, Any], context: BoltContext) -> bool:
        """What is said of the installation itself is heard also when there is no workspace any more.

        Where that fails Slack brings it again: it must not be lost.
        """
        event = body.get("event")
        name = event.get("type") if isinstance(event, Mapping) else None
        handler = self._notices.get(name) if isinstance(name, str) else None
        if handler is None or body.get("type") != "event_callback":
            return False
        is_org_wide = bool(context.is_enterprise_install)
        team_id = team_of(body, context.team_id)
        now = self._runtime.now()
        handler(Notice(self._runtime, body, team_id, text_of(context.enterprise_id), is_org_wide, now))
        return True

    def _read(self, body: Mapping[str, Any], workspace: WorkspaceCard) -> Ask | None:
        """None for what nobody listens to, and for what is no payload of Slack's: there is nobody to tell."""
        try:
            return read_payload(body, runtime=self._runtime.within(workspace.id), workspace=workspace)
        except NotInstalled:
            return None
        except (AttributeError, IndexError, KeyError, TypeError):
            logger.warning("a payload of type %s has not the shape that Slack gives it", body.get("type"))
            return None

    def _answer(self, ask: Ask) -> BoltResponse:
        logs.note(kind=ask.kind)
        outcome = "ok"
        try:
            reply = self._handle(ask)
            self._show_form(ask, reply)
            body = _body(ask, reply)
        except Exception as error:  # whatever it is, the person is told, and the log carries the code
            outcome = outcome_of(error)
            reply = explained(ask, error)
            body = _body(ask, reply)
        ask.runtime.tally.count("requests", ask.kind, outcome)
        if outcome == UNAVAILABLE and ask.kind == "event":
            return AGAIN
        logger.debug("answered: %s", outcome)
        if reply.private is not None and ask.kind != "command":
            self._later(ask, lambda: say_privately(ask, reply.private, replaces=reply.replaces))
        return BoltResponse(status=200, body=body)

    def _handle(self, ask: Ask) -> Reply:
        if ask.kind == "command" or ask.name == RUN:
            line = ask.typed or ask.value
            handler, command = find_command(self._commands, replace(ask, typed=line, value=""))
            logs.note(capability=_capability(handler))
            return handler(command)
        known = self._handlers.get(ask.kind, {}).get(ask.name)
        if known is not None:
            logs.note(capability=_capability(known))
            return known(ask)
        return Reply(private=trouble.outdated()) if ask.kind == "action" and not ask.payload.get("view") else Reply()

    def _show_form(self, ask: Ask, reply: Reply) -> None:
        """The last act of a handler, when its transaction is closed."""
        slack = ask.runtime.slack
        if reply.form is not None:
            _must_be_valid(check_view(reply.form))
            stacked = ask.view.get("type") == "modal"
            show = slack.views_push if stacked else slack.views_open
            show(trigger_id=ask.payload["trigger_id"], view=reply.form)
        if reply.changed_form is not None:
            view_id = ask.open_view["id"]
            _must_be_valid(check_view(reply.changed_form))
            # Without the hash: a second quick choice comes from a view that the first has replaced.
            _change_form(ask.runtime, view_id, reply.changed_form)
        if reply.home is not None:
            _must_be_valid(check_view(reply.home))
            slack.views_publish(user_id=ask.user, view=reply.home)

    def _later(self, ask: Ask, step: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                step()
            except SlackApiError as refusal:  # whoever asked cannot be told: they have left, or were never here
                logger.warning("%s %s of %s: %s", ask.kind, ask.name, ask.user, refusal.response.get("error"))
            except Exception:
                logger.exception("what follows %s %s of %s failed", ask.kind, ask.name, ask.user)

        self._runtime.later(guarded)


def _capability(handler: Handler) -> str:
    """The file that it stands in: `risk`, `status`."""
    return str(getattr(handler, "__module__", "")).rpartition(".")[2]


def _change_form(runtime: Runtime, view_id: str, view: View) -> None:
    """A form that was closed meanwhile needs no change."""
    try:
        runtime.slack.views_update(view_id=view_id, view=view)
    except SlackApiError as problem:
        if problem.response.get("error") != "not_found":
            raise


def say_privately(ask: Ask, message: Message | None, *, replaces: bool = False) -> None:
    """After the acknowledgement of a button or a form: where the person is, else as a direct message."""
    if message is None:
        return
    url = ask.payload.get("response_url")
    if url:
        body = message.payload() | {"response_type": "ephemeral", "replace_original": replaces}
        if 200 <= ask.runtime.answer(url, body) < 300:
            return
    direct = ask.runtime.slack.conversations_open(users=ask.user)["channel"]["id"]
    ask.runtime.slack.chat_postMessage(channel=direct, **message.payload())


def _body(ask: Ask, reply: Reply) -> dict[str, Any] | str:
    if ask.kind == "view" and reply.answer:
        _must_be_valid(check_submission_answer(reply.answer, ask.view))
        return reply.answer
    if ask.kind == "suggestion":
        answer = reply.answer or {"options": []}
        _must_be_valid(check_options_answer(answer))
        return answer
    if ask.kind == "command" and reply.private is not None:
        payload = reply.private.payload()
        _must_be_valid(check_message(payload))
        return payload | {"response_type": "ephemeral"}
    return ""


def _must_be_valid(problems: Sequence[object]) -> None:
    if problems:
        raise ValueError("Slack would refuse this: " + "; ".join(str(problem) for problem in problems))


def _merged(parts: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        doubled: set[str] = found.keys() & Mapping.keys(part)
        if doubled:
            raise ValueError(f"registered twice: {sorted(doubled)}")
        found |= part
    return found
