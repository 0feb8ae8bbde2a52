"""Slack's shortcuts: the forms of every capability, from anywhere or from the menu of a message."""

import json

from sqlalchemy.orm import Session

from bot.domain.message_title import headed
from bot.services import delivery, people, places
from bot.views.blocks import field_of
from bot.views.source import readers_line, source_line
from handlers import decision, issue, risk, status
from handlers.capture import message_of
from handlers.feature import Ask, Feature, Handler, Reply, reads
from models.schemas.message import Block, View
from models.schemas.project import Place

KEPT_PRIVATE = ("directmessage", "privategroup", "mpdm-")
"""How the names of private conversations begin, as Slack tells them."""
TITLE, REST = 150, 1000


def from_message(open_form: Handler, *, most_rest: int) -> Handler:
    """The form with the message's words in it, and on top whose they are and who will read what is left in it.

    `most_rest` is what the form holds of a message beside its first sentence.
    """

    def handler(ask: Ask) -> Reply:
        opened = open_form(ask)
        return opened if opened.form is None else _with_source(opened.form, most_rest)(ask)

    return handler


def _with_source(form: View, most_rest: int) -> Handler:
    @reads
    def step(ask: Ask, session: Session) -> Reply:
        private = ask.channel if _is_private(ask) else None
        lines = [_source_line(ask, session, private, most_rest)]
        if private:
            lines.append(readers_line(private, _place(session, form)))
        kept = json.loads(form["private_metadata"]) | {"source": _link(ask, session), "private": private}
        return Reply(form=form | {"blocks": [*lines, *form["blocks"]], "private_metadata": json.dumps(kept)})

    return step


def _source_line(ask: Ask, session: Session, private: str | None, most_rest: int) -> Block:
    message = message_of(ask)
    author = people.by_slack_id(session, str(message.get("user")))
    by = author.handle if author else str(message.get("username") or "somebody")
    words = people.said(session, str(message.get("text") or ""))
    said = headed(words, most_title=TITLE, most_rest=most_rest)
    return source_line(by, None if private else ask.channel, is_shortened=said.is_shortened)


def _link(ask: Ask, session: Session) -> str | None:
    message = message_of(ask)
    ts, thread_ts = message.get("ts"), message.get("thread_ts")
    if not (ts and ask.channel):
        return None
    return delivery.permalink(ask.workspace.url, ask.channel, str(ts), str(thread_ts) if thread_ts else None)


def _is_private(ask: Ask) -> bool:
    channel = ask.payload.get("channel") or {}
    return not str(channel.get("id")).startswith("C") or str(channel.get("name")).startswith(KEPT_PRIVATE)


def _place(session: Session, form: View) -> Place | None:
    """The place that the form opens with."""
    element: Block = next((block["element"] for block in form["blocks"] if field_of(block) == "project"), {})
    chosen = (element.get("initial_option") or {}).get("value")
    return places.by_ref(session, chosen) if chosen else None


FEATURE = Feature(
    shortcuts={
        "risk.anywhere": risk.open_form,
        "decision.anywhere": decision.open_form,
        "status.anywhere": status.open_form,
        "risk.from_message": from_message(risk.open_form, most_rest=REST),
        "decision.from_message": from_message(decision.open_form, most_rest=REST),
        "issue.from_message": from_message(issue.open_form, most_rest=0),
    }
)
