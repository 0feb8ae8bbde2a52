"""A check-in as whoever asks for it sees it: who takes part, when, the last rounds, and what can be done to it."""

from collections.abc import Sequence

from bot.views.blocks import actions, button, context, facts, message, section
from bot.views.checkin_form import DAY_NAMES, city
from bot.views.text import count, day, escape, link, listed, name, sentence, title
from models.schemas.checkin import CheckinState
from models.schemas.checkin_setup import CheckinCard, CheckinReceipt, CheckinShown, PastRound
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard

MOST_NAMES = 8
STATE_WORDS = {CheckinState.ACTIVE: "", CheckinState.PAUSED: ", paused", CheckinState.ENDED: ", ended"}


def checkin_shown(shown: CheckinShown) -> Message:
    card = shown.checkin
    heading = f"Check-in of {title(card.team)}{STATE_WORDS[card.state]}"
    return message(
        sentence(f"{heading}: {rhythm(card)}."),
        section(f"*{heading}*\n{_next(card, shown)}"),
        facts(
            ("Asks", rhythm(card)),
            ("Open for", count(card.window_hours, "hour")),
            ("Takes part", _people(card)),
            ("Reads along", _names(card.observers) if card.observers else "nobody besides"),
        ),
        section(_questions(card)),
        section("\n".join(["*Last rounds*", *(_round(past, shown) for past in shown.rounds)]))
        if shown.rounds
        else None,
        actions(*_acts(card)) if card.state is not CheckinState.ENDED else None,
        context(f"Set up by {name(card.created_by)}" if card.created_by else "Taken over from a file"),
    )


def checkin_set_up(receipt: CheckinReceipt, shown: CheckinShown) -> Message:
    card = receipt.checkin
    verb = "is changed" if receipt.edited else "is set up"
    return message(
        sentence(f"The check-in of {title(card.team)} {verb}. {_next_plain(card, shown)}"),
        section(f":white_check_mark: *The check-in of {title(card.team)} {verb}*\n{_next(card, shown)}"),
        facts(("Asks", rhythm(card)), ("Takes part", _people(card))),
        actions(button("Show check-in", "checkin.show", str(card.id))),
    )


def rhythm(card: CheckinCard) -> str:
    """'Monday, Wednesday, Friday at 09:30, each person's own time'."""
    return f"{days(card.days)} at {card.at:%H:%M}, {f'{city(card.zone)} time' if card.zone else 'own time'}"


def days(numbers: Sequence[int]) -> str:
    if list(numbers) == [1, 2, 3, 4, 5]:
        return "Monday to Friday"
    if len(numbers) == 7:
        return "every day"
    return ", ".join(DAY_NAMES[number - 1] for number in numbers)


def _next(card: CheckinCard, shown: CheckinShown) -> str:
    return _next_plain(card, shown) if card.state is not CheckinState.ENDED else "It asks nobody any more."


def _next_plain(card: CheckinCard, shown: CheckinShown) -> str:
    if card.next_on is None:
        return "It asks nobody until somebody resumes it."
    return f"Next round: {day(card.next_on, shown.today)}."


def _people(card: CheckinCard) -> str:
    return "all members of this channel" if card.everyone else _names(card.participants) or "nobody"


def _names(people: Sequence[PersonCard]) -> str:
    return listed([name(person) for person in people], MOST_NAMES)


def _questions(card: CheckinCard) -> str:
    return "\n".join(["*Questions*", *(f"• {escape(question.text)}" for question in card.questions)])


def _round(past: PastRound, shown: CheckinShown) -> str:
    when = link(day(past.local_date, shown.today), past.link)
    blockers = count(past.blockers, "blocker") if past.blockers else "no blockers"
    away = f" · {past.away} away" if past.away else ""
    return f"{when}: {past.answered} of {past.expected} answered{away} · {blockers}{' · open' if past.is_open else ''}"


def _acts(card: CheckinCard) -> list[Block]:
    value, team = str(card.id), card.team[:40]
    paused = card.state is CheckinState.PAUSED
    pause = ("Resume", "checkin.resume") if paused else ("Pause", "checkin.pause")
    end = button("End check-in", "checkin.end", value, says=f"End the check-in of {team}")
    return [
        button("Edit", "checkin.edit", value, says=f"Edit the check-in of {team}"),
        button(*pause, value, says=f"{pause[0]} the check-in of {team}"),
        end | {"confirm": END},
    ]


END = {
    "title": {"type": "plain_text", "text": "End this check-in?"},
    "text": {
        "type": "plain_text",
        "text": "Nobody is asked any more. What was answered stays in the channel. To stop for a while, choose Pause.",
    },
    "confirm": {"type": "plain_text", "text": "End check-in"},
    "deny": {"type": "plain_text", "text": "Keep it"},
}
