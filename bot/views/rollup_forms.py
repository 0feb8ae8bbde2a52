"""The forms around a rollup: its hour, and a health that is set by hand."""

from datetime import date, datetime, timedelta

from bot.views.blocks import context, date_select, field, form, message, option, radio, section, select, text_input
from bot.views.rollup_words import clock_words, health, short
from bot.views.text import HEALTH_WORD, count, day, escape, sentence
from models.schemas.message import Block, Message, View
from models.schemas.override import BY_ITSELF, MIN_REASON, MOST_REASON, OverrideCard
from models.schemas.parameters import RollupRules
from models.schemas.project import Place
from models.schemas.status import REPORTED

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
A_WEEK = timedelta(days=7)


def hour_form(rules: RollupRules, place: Place, *, metadata: str) -> View:
    late = "One that is due already on its old day still comes then."
    return _hours("rollup.save_hour", "When it is posted", rules, place.tz, late, metadata)


def portfolio_form(rules: RollupRules, zone: str, *, metadata: str) -> View:
    words = "Everybody in this channel reads it: the programs that all of them may see, and nothing about money."
    return _hours("portfolio.save", "Portfolio rollup", rules, zone, words, metadata)


def _hours(callback: str, heading: str, rules: RollupRules, zone: str, words: str, metadata: str) -> View:
    days = [option(name, str(number)) for number, name in enumerate(DAYS, start=1)]
    times = sorted({f"{hour:02d}:00" for hour in range(6, 20)} | {rules.local_time})
    hours = [option(time, time) for time in times]
    city = zone.rpartition("/")[2].replace("_", " ")
    return form(
        callback,
        heading,
        "Save",
        [
            field("weekday", "Day", select(days, chosen=str(rules.weekday))),
            field("local_time", f"Hour in {city}", select(hours, chosen=rules.local_time)),
            context(words),
        ],
        metadata=metadata,
    )


def hour_saved(place: Place, next_at: datetime | None, today: date) -> Message:
    when = clock_words(next_at, place.tz, today) if next_at else "when the program is active"
    words = f"The next rollup of {short(place.name)}: {when}"
    return message(sentence(f"{words}."), section(f":white_check_mark: *{words}.*"), context("Only you see this."))


def override_form(card: OverrideCard, *, today: date, metadata: str) -> View:
    choices = [option(f"{health(each)}", each.value) for each in REPORTED]
    if card.health is not None:
        choices.append(option("As its projects add up", BY_ITSELF))
    until = card.until if card.until and card.until > today else today + min(A_WEEK, timedelta(days=card.most_days))
    fields: list[Block] = [
        context(_as_it_is(card, today)),
        field("health", "Health", radio(choices, chosen=(card.health or card.added_up or "") or None)),
        field(
            "reason",
            "Why",
            text_input(most=MOST_REASON, initial=card.reason or "", multiline=True),
            hint=f"{MIN_REASON} characters or more. Everybody reads it in the rollup.",
            optional=True,
        ),
        field(
            "until",
            "Until",
            date_select(until),
            hint=f"{count(card.most_days, 'day')} at most. Then it counts as its projects add up again.",
            optional=True,
        ),
    ]
    if card.only_worse:
        fields.append(context("A better colour than the projects add up to is set by the sponsor alone."))
    return form("override.save", "Set the health", "Save", fields, metadata=metadata)


def _as_it_is(card: OverrideCard, today: date) -> str:
    added = (
        f"{short(card.program.name)} adds up to {HEALTH_WORD[card.added_up]}" if card.added_up else "No active project"
    )
    if card.health is None or card.until is None:
        return f"{added}."
    return f"{added}. Set to {HEALTH_WORD[card.health]} until {day(card.until, today)}."


def override_saved(card: OverrideCard, today: date) -> Message:
    name = short(card.program.name)
    if card.health is None or card.until is None:
        words = f"{name} counts as its projects add up again"
        rest = f"That is {HEALTH_WORD[card.added_up]} now." if card.added_up else "It has no active project."
    else:
        words = f"{name} is {HEALTH_WORD[card.health]} until {day(card.until, today)}, set by hand"
        by_itself = f"added up it is {HEALTH_WORD[card.added_up]}" if card.added_up else "it has no active project"
        rest = f"The rollup says it with your reason, and that {by_itself}: _{escape(card.reason or '')}_"
    return message(sentence(f"{words}."), section(f":white_check_mark: *{words}.*"), context(rest))
