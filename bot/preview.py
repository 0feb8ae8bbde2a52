"""`./run preview`: everything that will be sent, before it is. Nothing is asked of Slack, nothing is written."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.clock import RemoteClock, SystemClock
from bot.config import Settings
from bot.database import Database
from bot.errors import UserError
from bot.migrate import migrate
from bot.services import preview as previews
from bot.services import programs
from bot.services import workspace as workspaces
from bot.views import preview_words as words
from models.schemas.foresight import Coming, ComingMessage, Preview
from models.schemas.project import Place
from models.schemas.workspace import WorkspaceCard

MOST_DAYS = 60


def run_preview(
    settings: Settings, *, days: int, as_json: bool, program: str | None = None, workspace: str | None = None
) -> int:
    """The exit code. Raises UserError, in words without a full stop, where there is nothing to look at."""
    if not 1 <= days <= MOST_DAYS:
        raise UserError(f"--days takes a number from 1 to {MOST_DAYS}")
    now = _now(settings)
    database = Database(settings.database_url)
    try:
        migrate(database)
        found = _preview(database, now, days=days, program=program, workspace=workspace)
    finally:
        database.close()
    sys.stdout.write(json.dumps(as_data(found, now), indent=1) + "\n" if as_json else as_page(found))
    return 0


def as_data(found: Preview, now: datetime) -> dict[str, Any]:
    """One object. Instants are UTC; `local` is the wall time of who gets it."""
    sure = sum(not each.is_conditional for each in found.messages)
    return {
        "as_of": _utc(now),
        "days": found.length,
        "programs": [place.name for place in found.programs],
        "people": found.people,
        "messages": {"least": sure, "most": len(found.messages)},
        "posts": len(found.posts),
        "escalations": len(found.escalations),
        "never": words.never(found.hours),
        "notes": found.notes,
        "items": [
            item
            for day in found.days
            for item in (
                *(_post(each, found) for each in (*day.posts, *day.escalations)),
                *(_message(each, found) for each in day.messages),
            )
        ],
    }


def as_page(found: Preview) -> str:
    """For a terminal."""
    lines = [f"{words.headline(found)}.", *(f"{note}." for note in found.notes), ""]
    for day in found.days:
        lines.append(f"{day.day:%a} {day.day.day} {day.day:%b}  {words.day_count(day)}")
        lines += [f"  {words.where(post)}: {words.post_words(post)}" for post in day.posts]
        lines += [f"  {each.person.handle}: {words.together(each, found.today)}" for each in day.messages]
        lines += [
            f"  {words.where(each)}: {words.what(each)} ({words.why(each, found.today)})" for each in day.escalations
        ]
    return "\n".join([*lines, "", f"Never: {words.never(found.hours)}.", ""])


def _message(each: ComingMessage, found: Preview) -> dict[str, Any]:
    return {
        "kind": "message",
        "at": _utc(each.at),
        "local": _local(each.at, each.zone),
        "zone": each.zone,
        "to": each.person.handle,
        "conditional": each.is_conditional,
        "added": each.is_sent,
        "parts": [_part(part, found) for part in each.parts],
    }


def _post(post: Coming, found: Preview) -> dict[str, Any]:
    return {
        "kind": post.kind.value,
        "at": _utc(post.at),
        "local": _local(post.at, post.zone),
        "zone": post.zone,
        "to": words.where(post),
        "conditional": post.is_conditional,
        "what": words.what(post),
        "why": words.why(post, found.today),
        "place": post.place.name if post.place else None,
    }


def _part(part: Coming, found: Preview) -> dict[str, Any]:
    return {
        "what": words.what(part),
        "why": words.why(part, found.today),
        "kind": part.ask.value if part.ask else part.kind.value,
        "place": part.place.name if part.place else None,
        "nudge": part.nudge,
        "news": part.is_news,
        "conditional": part.is_conditional,
        "added_at": _utc(part.added_at) if part.added_at else None,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def _preview(database: Database, now: datetime, *, days: int, program: str | None, workspace: str | None) -> Preview:
    with database.everywhere() as session:
        known = workspaces.all_workspaces(session)
    chosen = _chosen(known, workspace)
    with database.read(chosen.id) as session:
        wanted = [_program(session, program)] if program else None
        return previews.of_everything(session, wanted, days=days, now=now)


def _program(session: Session, name: str) -> Place:
    """By its name, its number or the id that an import gave it."""
    running = programs.running(session)
    found = [place for place in running if name.casefold() in (place.name.casefold(), str(place.number))]
    found = found or programs.by_external_id(session, name)
    if len(found) == 1:
        return found[0]
    names: Sequence[str] = [place.name for place in running]
    raise UserError(f"There is no program {name}. These are: {', '.join(names) or 'none'}")


def _chosen(known: list[WorkspaceCard], wanted: str | None) -> WorkspaceCard:
    fitting = [card for card in known if wanted in (None, card.team_id)]
    if len(fitting) == 1:
        return fitting[0]
    if not known:
        raise UserError("This database knows no workspace yet, so there is nothing to look at")
    ids = ", ".join(card.team_id for card in known)
    raise UserError(f"This database knows {ids}. Say which one with --workspace")


def _now(settings: Settings) -> datetime:
    clock = RemoteClock(settings.clock_url) if settings.clock_url else SystemClock()
    return clock.now().replace(microsecond=0)
