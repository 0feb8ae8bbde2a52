"""What waits for a person, whatever it is: one list, the worst and oldest first."""

from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.services.home_ask_sources import SOURCES
from bot.services.home_lists import Reader, read, sorted_by, with_links
from models.schemas.home import GROUPED_FROM, AskKind, HomeAsk, Stretch


def page(session: Session, reader: Reader, *, start: int, most: int) -> tuple[Stretch[HomeAsk], int]:
    """Also says how many of all asks are overdue."""
    found = {kind: read(session, source.statement, reader, start + most) for kind, source in SOURCES.items()}
    total, overdue = sum(each.total for each in found.values()), sum(each.overdue for each in found.values())
    asks = [_ask(kind, row, reader) for kind, listed in found.items() for row in listed.rows]
    asks.sort(key=_in_groups if total >= GROUPED_FROM else _rank)
    shown = with_links(session, SOURCES, asks[start : start + most])
    return Stretch(items=shown, total=total, start=start), overdue


def _rank(ask: HomeAsk) -> tuple[bool, date]:
    """Extreme, Red and sev1, then the oldest date."""
    return not ask.is_urgent, ask.sorted_by


def _in_groups(ask: HomeAsk) -> tuple[bool, tuple[bool, date]]:
    """As each statement orders its own, so that what a page leaves out stands behind what it shows."""
    return not ask.is_overdue, _rank(ask)


def _ask(kind: AskKind, row: Row[Any], reader: Reader) -> HomeAsk:
    source = SOURCES[kind]
    facts = source.facts(row, reader)
    values = {
        "kind": kind,
        "id": row.id,
        "ref": f"{source.letter}-{row.number}",
        "title": row.title,
        "is_overdue": bool(row.is_overdue),
        "is_urgent": bool(row.is_urgent),
        "sorted_by": sorted_by(facts, reader),
    }
    return HomeAsk(**values | facts)
