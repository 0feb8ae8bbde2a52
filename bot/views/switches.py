"""What is sent for a program, and the buttons that change it; for one reader."""

import json
from datetime import date
from typing import Any

from bot.domain.wall_time import local_date
from bot.views.blocks import (
    actions,
    button,
    context,
    date_select,
    field,
    form,
    message,
    overflow,
    plain,
    section,
    text_input,
)
from bot.views.text import cut, day, listed, name, sentence, stopped, title
from models.schemas.message import Block, Message, View
from models.schemas.project import Place
from models.schemas.switches import KIND_WORDS, MessageKind, PausedProgram, Switches


def switches_message(found: Switches) -> Message:
    lines = [f"*{_first(found)}*", *_rest(found)]
    return message(
        sentence(f"{_first(found)}."),
        section("\n".join(lines)),
        actions(*_main(found), _kinds(found)),
        context("It holds for what is sent by itself. A card that somebody logs still appears in its channel."),
    )


def pause_form(found: Switches, *, metadata: dict[str, Any]) -> View:
    now, program = found.pause, title(found.program.name)
    return form(
        "switches.pause",
        "Pause all",
        "Save" if now else "Pause all",
        [
            section(f"Nothing is sent for *{program}* until you resume. People see this in their Home."),
            field(
                "reason",
                "Why?",
                text_input(most=200, least=3, initial=(now.reason or "") if now else "", example="Release freeze"),
            ),
            field(
                "until",
                "Goes on",
                date_select(now.until if now else None),
                hint="Without a date it goes on when somebody resumes it.",
                optional=True,
            ),
        ],
        metadata=json.dumps(metadata | {"program": found.program.ref}),
    )


def pause_button(program: Place, action: str = "switches.pause_all") -> Block:
    """Asks first: Slack shows the question, nothing happens before."""
    words = f"Nothing is sent for {cut(program.name, 150)} until you resume. People see this in their Home."
    return button("Pause all", action, program.ref) | {
        "confirm": {
            "title": plain("Pause all messages?"),
            "text": plain(words),
            "confirm": plain("Pause all"),
            "deny": plain("Cancel"),
        }
    }


def paused_line(paused: PausedProgram, today: date) -> str:
    """In the Home of those who would be asked."""
    until = f"paused until {day(paused.until, today)}" if paused.until else "paused"
    return f"{title(paused.name)} is {until}: nothing is sent for it."


def _first(found: Switches) -> str:
    program = title(found.program.name)
    if found.pause is not None:
        until = f" until {day(found.pause.until, found.today)}" if found.pause.until else " until you resume"
        return f"Nothing is sent for {program}{until}"
    if found.dry_run_by is not None:
        return f"Dry run: everything of {program} goes to {name(found.dry_run_by)}"
    if found.muted:
        return f"Turned off for {program}: {_muted(found)}"
    return f"Everything is sent for {program}"


def _rest(found: Switches) -> list[str]:
    lines = []
    if found.pause is not None:
        by = f" by {name(found.pause.by)}" if found.pause.by else ""
        why = f" Why: {stopped(title(found.pause.reason))}" if found.pause.reason else ""
        lines.append(f"Paused{by}, {day(local_date(found.pause.since, found.program.tz), found.today)}.{why}")
        if found.dry_run_by is not None:
            lines.append(f"Then it is a dry run: everything goes to {name(found.dry_run_by)}.")
    if found.muted and (found.pause is not None or found.dry_run_by is not None):
        lines.append(f"Turned off: {_muted(found)}.")
    return lines or (["Nobody is paused, nothing is turned off."] if found.is_plain else [])


def _muted(found: Switches) -> str:
    return listed([KIND_WORDS[kind] for kind in MessageKind if kind in found.muted], len(MessageKind))


def _main(found: Switches) -> list[Block]:
    program = found.program
    dry = ("Stop dry run", "switches.dry_run_off") if found.dry_run_by else ("Start dry run", "switches.dry_run_on")
    if found.pause is None:
        return [
            pause_button(program),
            button(*dry, program.ref),
            button("Preview 14 days", "preview.show", program.ref),
        ]
    return [
        button("Resume", "switches.resume", program.ref),
        button("Edit", "switches.edit", program.ref, says="Edit the pause"),
        button(*dry, program.ref),
    ]


def _kinds(found: Switches) -> Block:
    return overflow(
        "switches.kind",
        [
            (f"Turn {'on' if kind in found.muted else 'off'} {KIND_WORDS[kind]}", f"{kind}:{found.program.ref}")
            for kind in MessageKind
        ],
    )
