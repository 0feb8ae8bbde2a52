"""How a channel becomes a project or a program."""

from collections.abc import Sequence
from datetime import date

from bot.domain.risk_matrix import Preset
from bot.views.blocks import (
    actions,
    button,
    context,
    date_select,
    divider,
    facts,
    field,
    form,
    message,
    option,
    person_select,
    radio,
    section,
    select,
    text_input,
)
from bot.views.places import places_select
from bot.views.text import day, instant, name, sentence, title
from models.schemas.message import Block, Message, View
from models.schemas.parameters import DEFAULTS
from models.schemas.project import Place, PlaceKind, SetupReceipt
from models.schemas.settings import RHYTHMS, WEEKDAYS

KINDS = (
    option("A project", PlaceKind.PROJECT.value, explained="One owner, a date, deliverables"),
    option("A program", PlaceKind.PROGRAM.value, explained="Several projects, one goal"),
)

MATRICES = tuple(option(preset.label, preset.value) for preset in Preset)


def setup_form(
    kind: PlaceKind,
    *,
    programs: Sequence[Place],
    metadata: str,
    owner: str,
    place: Place | None = None,
    people: dict[str, str | None] | None = None,
    suggested_name: str = "",
) -> View:
    """Useful with three fields. `place` is what the channel is already; its kind cannot change any more."""
    chosen = people or {}
    fields = [
        None if place else field("kind", "This channel is", radio(KINDS, chosen=kind.value), live=True),
        field("name", "Name", text_input(most=80, least=2, initial=place.name if place else suggested_name)),
        *(_project_fields if kind is PlaceKind.PROJECT else _program_fields)(owner, place),
        divider(),
        _program_field(programs, place) if kind is PlaceKind.PROJECT and programs else None,
        _other_person(kind, chosen),
        _matrix_field(place) if kind is PlaceKind.PROGRAM else None,
        context(_rhythm(place)),
    ]
    heading = "Edit this channel" if place else "Set up this channel"
    return form("setup.save", heading, "Save" if place else "Set up", [f for f in fields if f], metadata=metadata)


def _rhythm(place: Place | None) -> str:
    """When asks and rollups come, by what its program has set."""
    rules = place.rules if place else DEFAULTS
    status, rollup = rules.status, rules.rollup
    every = f" every {status.every} {RHYTHMS[status.cadence].lower()}" if status.every > 1 else ""
    if status.cadence == "monthly" and not every:
        every = " every month"
    opens = f"{WEEKDAYS[status.open_weekday - 1]} {status.open_local_time}"
    due = f"{WEEKDAYS[status.due_weekday - 1]} {status.due_local_time}"
    posted = f"{WEEKDAYS[rollup.weekday - 1]} {rollup.local_time}"
    return f"Status is asked{every} on {opens}, due {due}, owner's time. The rollup is {posted}."


def setup_done(receipt: SetupReceipt, *, today: date) -> Message:
    place = receipt.place
    verb = "is changed" if receipt.edited else "is set up"
    answers = "Owner" if place.kind is PlaceKind.PROJECT else "Program manager"
    next_step = (
        "log the first risk, or post the first status" if place.kind is PlaceKind.PROJECT else "log the first risk"
    )
    target = f", target {day(place.target_on, today)}" if place.target_on else ""
    return message(
        sentence(f"{title(place.name)} {verb}. {answers} {name(place.owner)}{target}. Next: {next_step}."),
        section(f":white_check_mark: *{title(place.name)} {verb}*\nNext: {next_step}."),
        facts(
            (answers, name(place.owner)),
            ("Target", _target(place, today)) if place.target_on else None,
            ("Program", title(place.program_name)) if place.program_name and place.kind is PlaceKind.PROJECT else None,
            (_first_ask(place), instant(receipt.first_ask_at)) if receipt.first_ask_at else None,
        ),
        actions(*_next_steps(place)),
    )


def welcome() -> Message:
    """To whoever has added the app to the workspace."""
    return message(
        "Stationmaster is installed. Set up your first program in 5 minutes: type /pm setup in its channel.",
        section(
            "*Set up your first program: 3 fields, 5 minutes*\n"
            "I keep risks, decisions and status where your team talks, ask the right person at the right hour, "
            "and post what changed every Monday."
        ),
        section(
            "1. Go to the channel of a project or program, and type `/invite @stationmaster` and `/pm setup`\n"
            "2. Log one risk: `/risk Vendor slips the API p4 i5`\n"
            "3. See your first rollup: `/pm rollup`"
        ),
        actions(
            button("Show help", "command.run@help", "/pm help", primary=True),
            button("Preview 14 days", "command.run", "/pm preview me"),
        ),
        context(
            "At most one message a person a working day, in their hours. "
            "Nothing is sent before you have seen it in the preview."
        ),
    )


def welcome_channel(inviter: str | None, channel: str) -> Message:
    """One line when the bot is invited; until set-up nothing is posted and nobody is asked."""
    invited = f" Invited by <@{inviter}>" if inviter else ""
    return message(
        "Stationmaster is here. Type /pm setup to track this project here.",
        section(
            f"*Track this project here: 3 fields.*{invited}\nUntil then I post nothing and ask nobody.",
            accessory=button("Set up", "setup.open", channel, primary=True),
        ),
    )


def _project_fields(owner: str, place: Place | None) -> list[Block]:
    first = place.baseline_on if place else None
    hint = "Becomes the first baseline. Later moves stay visible."
    return [
        field(
            "owner",
            "Owner",
            person_select(owner),
            hint="Asked for status every week, in their own time zone.",
        ),
        field(
            "target_on",
            "Target date",
            date_select(place.target_on if place else None),
            hint=f"First baseline {first:%a} {first.day} {first:%b %Y}. It stays." if first else hint,
        ),
    ]


def _program_fields(owner: str, place: Place | None) -> list[Block]:
    return [
        field("owner", "Program manager", person_select(owner), hint="Answers for the program as a whole."),
        field("target_on", "Target date", date_select(place.target_on if place else None), optional=True),
    ]


def _program_field(programs: Sequence[Place], place: Place | None) -> Block:
    chosen = f"program:{place.program_id}" if place and place.program_id else None
    element = places_select([option(program.name, program.ref) for program in programs], chosen, "No program")
    return field("program", "Part of program", element, optional=True)


def _other_person(kind: PlaceKind, chosen: dict[str, str | None]) -> Block:
    if kind is PlaceKind.PROGRAM:
        return field("sponsor", "Sponsor", person_select(chosen.get("sponsor")), optional=True)
    hint = "Asked when the owner is away."
    return field("backup", "Backup", person_select(chosen.get("backup")), hint=hint, optional=True)


def _matrix_field(place: Place | None) -> Block:
    hint = "After a change all its risks are scored anew. Their probability and impact stay."
    chosen = place.risk_matrix if place else Preset.NPSA.value
    return field("risk_matrix", "How are risks scored?", select(MATRICES, chosen=chosen), hint=hint if place else None)


def _target(place: Place, today: date) -> str:
    assert place.target_on is not None
    first = ", first baseline" if place.target_on == place.baseline_on else ""
    return f"{day(place.target_on, today)}{first}"


def _first_ask(place: Place) -> str:
    return "First status ask" if place.kind is PlaceKind.PROJECT else "First rollup"


def _next_steps(place: Place) -> list[Block]:
    steps = [button("Log risk", "risk.form", place.ref, primary=True)]
    if place.kind is PlaceKind.PROJECT:
        steps.append(button("Update status", "status.open", place.ref))
    return [*steps, button("Edit", "setup.edit", place.ref)]
