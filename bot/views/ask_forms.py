"""Why somebody is asked, and the forms with which they put it off, hand it over or decline it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.views.ask_rules import rule_words, why_words
from bot.views.blocks import (
    actions,
    button,
    context,
    facts,
    field,
    form,
    option,
    person_select,
    plain,
    radio,
    section,
    text_input,
)
from bot.views.home_asks import signs
from bot.views.text import count, cut, day, escape, link, name, title
from models.schemas.ask_acts import KINDS_OF, AskCard, Scope
from models.schemas.asks import BY_TITLE
from models.schemas.message import Block, View


def why_me(card: AskCard, *, metadata: str) -> View:
    what = card.what
    next_one = ("Next", f"{name(card.next_on_ladder)}, by the ladder") if card.next_on_ladder else None
    owner = ("Asked for", name(card.owner)) if not card.is_own else None
    return {
        "type": "modal",
        "callback_id": "ask.why",
        "title": plain("Why me?"),
        "close": plain("Done"),
        "blocks": [
            section(why_words(card)),
            facts(
                ("Asked of you", day(card.row.asked_on, card.today)),
                ("Rule", rule_words(what)),
                ("First asked", _moment(card.first_asked_at, card)),
                owner,
                next_one,
                ("Set by", name(card.set_by)) if card.set_by else None,
                ("Stops when", "you answer, snooze or hand over"),
            ),
            actions(
                button("Hand over", "ask.hand_over", str(card.row.id), says=_says("Hand over", card)),
                button("Show my settings", "me.settings", "me"),
            ),
        ],
        "private_metadata": metadata,
    }


def snooze_form(card: AskCard, *, metadata: str) -> View:
    options = [_date_option(each, card) for each in card.dates]
    latest = day(card.dates[-1], card.today)
    number = f"Snooze {card.row.snoozes + 1} of {card.most_snoozes} for this ask."
    seen = f"{name(card.watcher)} can see this snooze. " if card.watcher else ""
    fields = [
        _about(card),
        field(
            "until",
            "Ask me again",
            radio(options, chosen=card.dates[0].isoformat()),
            hint=f"Latest: {latest}. {number}",
        ),
        field("reason", "Reason", text_input(most=200), optional=True),
        context(f"{seen}It does not stop the escalation clock."),
    ]
    return form("ask.snooze", "Snooze", "Snooze", fields, metadata=metadata)


def hand_over_form(card: AskCard, *, metadata: str) -> View:
    scope = [option("Only this ask", Scope.ASK.value, explained="You stay the owner" if card.is_own else None)]
    if card.row.kind in KINDS_OF and card.is_own:
        own = f"They own {cut(card.ref, 30)} once they take over"
        scope.append(option(f"The {KINDS_OF[card.row.kind]} itself", Scope.RECORD.value, explained=own))
    fields = [
        section(_titled(card)),
        field("to", "To whom?", person_select()),
        field("scope", "What?", radio(scope, chosen=Scope.ASK.value)),
        field("note", "Note to them", text_input(most=300, multiline=True), optional=True),
        context("They can take it over or decline. Until then it stays with you."),
    ]
    return form("ask.hand_over", "Hand over", "Hand over", fields, metadata=metadata)


def decline_form(what: str, *, metadata: str) -> View:
    """`what` names one ask, or a person in whose place several are asked; in mrkdwn."""
    fields = [
        section(what),
        field("reason", "Why not you?", text_input(most=500, least=5, multiline=True, focus=True)),
        context("The next on the ladder is asked, and sees the reason."),
    ]
    return form("ask.decline", "Decline", "Decline", fields, metadata=metadata)


def _about(card: AskCard) -> Block:
    was = "was due" if card.what.is_overdue else "due"
    due = card.what.due
    when = _moment(due, card) if isinstance(due, datetime) else day(due, card.today) if due else ""
    facts_ = [*signs(card.what), *([f"{was} {when}"] if when else [])]
    return section("\n".join([_titled(card), " · ".join(facts_)]).rstrip())


def _titled(card: AskCard) -> str:
    if card.row.kind in BY_TITLE:
        return f"*{title(card.what.title)}*"
    return f"*{link(card.what.ref, card.what.link)} {title(card.what.title)}*"


def titled(card: AskCard) -> str:
    return _titled(card)


def _date_option(each: date, card: AskCard) -> Block:
    tomorrow = each == card.today + timedelta(days=1)
    days = (each - card.today).days
    after = "Next working day" if each == card.dates[0] else f"In {count(days, 'day')}"
    label = f"{day(each, card.today)}, {card.hour}"
    return option(label, each.isoformat(), explained="Tomorrow" if tomorrow else after)


def _moment(moment: datetime, card: AskCard) -> str:
    """In the reader's own zone."""
    local = moment.astimezone(ZoneInfo(card.zone))
    return f"{day(local.date(), card.today)}, {local:%H:%M}"


def _says(label: str, card: AskCard) -> str:
    return cut(f"{label} {escape(card.ref)}", 75)
