"""How a program is run: what holds now, the form of one part, what was changed, and all that ever was."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.wall_time import local_date
from bot.views.blocks import (
    actions,
    button,
    context,
    divider,
    field,
    form,
    message,
    option,
    plain,
    section,
    select,
    text_input,
)
from bot.views.text import count, cut, day, escape, listed, name, sentence, stopped, title
from models.schemas.message import Block, Message, View
from models.schemas.people import PersonCard
from models.schemas.settings import (
    ALL_SETTINGS,
    BY_KEY,
    METHODS,
    METHODS_EXPLAINED,
    RHYTHMS,
    RULES,
    SECTIONS,
    WEEKDAYS,
    Board,
    Changed,
    Kind,
    LastChange,
    Saved,
    Section,
    SectionKey,
    Setting,
    Version,
)

MOST_VERSIONS = 20
MOST_SAID = 10
DAYS_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def settings_message(board: Board, *, zone: str) -> Message:
    """For one reader, who may not be one of those who change it."""
    program = title(board.program.name)
    others = sum(not board.is_default(setting) for setting in ALL_SETTINGS.values())
    differ = f"{count(others, 'value')} set for it" if others else "All of it is the default"
    return message(
        sentence(f"How {program} is run. {differ}."),
        section(f"*How {program} is run*\n{differ}."),
        *(_section(board, part, zone) for part in SECTIONS),
        context("A change holds for what begins after it. What runs keeps the rule that it began with."),
        actions(button("Show history", "settings.history", board.program.ref)) if board.changes else None,
    )


def settings_form(board: Board, key: SectionKey, *, metadata: str) -> View:
    """One part; everything is filled in with what holds now."""
    part = BY_KEY[key]
    return form(
        "settings.save",
        "Edit",
        "Save",
        [
            section(f"*{part.label}* of {title(board.program.name)}"),
            *(_field(setting, board) for setting in part.settings),
            divider(),
            field("reason", "Why?", text_input(most=500, least=5, example="The team asked for every second week")),
            context(part.keeps),
        ],
        metadata=metadata,
    )


def saved_message(saved: Saved) -> Message:
    part, program = BY_KEY[SectionKey(saved.section)], title(saved.program.name)
    if not saved.changes:
        words = f"Nothing was changed: {program} is run like this already"
        return message(sentence(f"{words}."), section(f"*{words}*"))
    lines = [_line(change) for change in saved.changes[:MOST_SAID]]
    if len(saved.changes) > MOST_SAID:
        lines.append(f"and {len(saved.changes) - MOST_SAID} more")
    version = f", version {saved.version}" if saved.version else ""
    return message(
        sentence(f"{part.label} of {program}: {count(len(saved.changes), 'value')} changed{version}."),
        section("\n".join([f"*{part.label} of {program} changed{version}*", *lines])),
        section(f"It holds for what begins from now on. {part.keeps}\nWhy: {stopped(title(saved.reason))}"),
        actions(
            button("Show settings", "settings.show", saved.program.ref),
            button("Show history", "settings.history", saved.program.ref),
        ),
    )


def settings_history(board: Board, versions: list[Version], *, zone: str) -> Message:
    """Newest first, for one reader."""
    program = title(board.program.name)
    found = count(len(versions), "change")
    rest = len(versions) - MOST_VERSIONS
    return message(
        sentence(f"How {program} was run: {found}. Only you see this."),
        section(f"*How {program} was run*\n{found}, newest first. What is not named was the default."),
        *(section(cut(_version(version, board, zone), 2900)) for version in versions[:MOST_VERSIONS]),
        context(f"and {rest} earlier ones; an export holds them all") if rest > 0 else None,
        actions(button("Show settings", "settings.show", board.program.ref)),
    )


NONE = {Kind.RULES: "nothing", Kind.CHANNEL: "the program's channel"}


def value_words(setting: Setting, value: Any) -> str:
    """As a person says it; escaped."""
    if value is None or value == []:
        return NONE.get(setting.kind, "none")
    if setting.kind is Kind.WEEKDAY:
        return WEEKDAYS[int(value) - 1]
    if setting.kind is Kind.DAYS:
        return ", ".join(DAYS_SHORT[int(number) - 1] for number in value)
    if setting.kind is Kind.RULES:
        return "everything" if len(value) == len(RULES) else f"{len(value)} of {len(RULES)} rules"
    if setting.kind is Kind.CHANNEL:
        return f"<#{escape(str(value))}>"
    words: Mapping[str, str] = {Kind.RHYTHM: RHYTHMS, Kind.METHOD: METHODS}.get(setting.kind, {})
    if str(value) in words:
        return words[str(value)]
    number = f"{value:g}" if isinstance(value, float) else escape(str(value))
    return f"{number} {_unit(setting.unit, number)}".rstrip()


def _unit(unit: str, number: str) -> str:
    return unit.removesuffix("s") if number == "1" and unit.endswith("s") else unit


def _section(board: Board, part: Section, zone: str) -> Block:
    lines = [f"*{part.label}*", *(_holds(setting, board, zone) for setting in part.settings)]
    if part.key is SectionKey.CALENDAR and (off := _days_off(board)):
        lines.append(off)
    edit = button("Edit", "settings.edit", f"{part.key}:{board.program.ref}", says=f"Edit {part.label}")
    return section("\n".join(lines), accessory=edit if board.may_edit else None)


def _days_off(board: Board) -> str | None:
    """Dates that an import brought, beside the public holidays."""
    coming = [off for off in (board.program.week.holidays if board.program.week else ()) if off >= board.today]
    if not coming:
        return None
    return f"Also off, imported: *{listed([day(off, board.today) for off in coming], 3)}*"


def _holds(setting: Setting, board: Board, zone: str) -> str:
    value = value_words(setting, board.values[setting.path])
    changed = board.changes.get(setting.path)
    if changed is not None:
        return f"{setting.label}: *{value}* · {_who(changed, board, zone)}"
    if board.is_default(setting):
        return f"{setting.label}: {value} _(default)_"
    return f"{setting.label}: *{value}*"


def _who(changed: LastChange, board: Board, zone: str) -> str:
    return f"{_by(changed.by)}, {_on(changed.at, board, zone)}"


def _by(person: PersonCard | None) -> str:
    return name(person) if person else "an import"


def _on(moment: datetime, board: Board, zone: str) -> str:
    return day(local_date(moment, zone), board.today)


def _version(version: Version, board: Board, zone: str) -> str:
    why = f"\nWhy: {stopped(title(version.reason))}" if version.reason else ""
    lines = [_line(change) for change in version.changes[:MOST_SAID]]
    if len(version.changes) > MOST_SAID:
        lines.append(f"and {len(version.changes) - MOST_SAID} more")
    return "\n".join([f"*{_on(version.at, board, zone)}, {_by(version.by)}*", *lines]) + why


def _line(change: Changed) -> str:
    setting = ALL_SETTINGS[change.path]
    if setting.kind is Kind.RULES:
        return f"{setting.label}: {_rules_said(change)}"
    return f"{setting.label}: *{value_words(setting, change.new)}*, was {value_words(setting, change.old)}"


def _rules_said(change: Changed) -> str:
    on = [RULES[rule] for rule in RULES if rule in change.new and rule not in change.old]
    off = [RULES[rule] for rule in RULES if rule in change.old and rule not in change.new]
    parts = [*(f"now “{words}”" for words in on), *(f"no longer “{words}”" for words in off)]
    return ", ".join(parts)


def _field(setting: Setting, board: Board) -> Block:
    value, unit = board.values[setting.path], f" ({setting.unit})" if setting.unit else ""
    optional = setting.kind in (Kind.CHANNEL, Kind.RULES) or setting.name in ("country", "region")
    return field(setting.name, f"{setting.label}{unit}", _element(setting, value), hint=setting.hint, optional=optional)


def _element(setting: Setting, value: Any) -> Block:
    if setting.kind in (Kind.NUMBER, Kind.DECIMAL):
        decimal = setting.kind is Kind.DECIMAL
        return {"type": "number_input", "is_decimal_allowed": decimal, "initial_value": f"{value:g}"}
    if setting.kind is Kind.TIME:
        return {"type": "timepicker", "initial_time": value}
    if setting.kind is Kind.CHANNEL:
        return _channel_select(value)
    if setting.kind is Kind.CODE:
        return text_input(most=10, initial=value or "")
    options = [option(words, key, explained=more) for key, words, more in _choices(setting.kind)]
    if setting.kind in (Kind.RULES, Kind.DAYS):
        ticked = [each for each in options if each["value"] in {str(one) for one in value}]
        return {"type": "checkboxes", "options": options} | ({"initial_options": ticked} if ticked else {})
    return select(options, chosen=str(value))


def _channel_select(chosen: str | None) -> Block:
    element: Block = {
        "type": "conversations_select",
        "placeholder": plain("The program's own channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element | ({"initial_conversation": chosen} if chosen else {})


def _choices(kind: Kind) -> list[tuple[str, str, str | None]]:
    if kind is Kind.RULES:
        return [(rule.value, words, None) for rule, words in RULES.items()]
    if kind is Kind.RHYTHM:
        return [(key, words, None) for key, words in RHYTHMS.items()]
    if kind is Kind.METHOD:
        return [(key, words, METHODS_EXPLAINED[key]) for key, words in METHODS.items()]
    return [(str(number), words, None) for number, words in enumerate(WEEKDAYS, start=1)]
