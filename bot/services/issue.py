"""Issues: what has gone wrong already."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.domain import issue as rules
from bot.domain.wall_time import WorkingHours, local_date
from bot.services import calendars, delivery, people, places
from bot.services.counter import next_number
from bot.services.history import LOGGED, record_change
from models.schemas.issue import STATE_WORDS, IssueCard, IssueStatus, Severity
from models.schemas.parameters import DEFAULTS
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.schemas.risk import IssueLink
from models.tables import Issue, Risk
from models.tables.unit import add_row

KIND = "issue"


def card_key(issue_id: int) -> str:
    return f"issue.card:{issue_id}"


def log_issue(
    session: Session,
    *,
    title: str,
    severity: Severity,
    place: Place,
    owner: PersonCard,
    author: PersonCard,
    now: datetime,
    workaround: str | None = None,
    from_risk_id: int | None = None,
    source_url: str | None = None,
) -> IssueCard:
    """An owner who logs it has read it. `from_risk_id` is the risk that happened."""
    issue_id = add_row(
        session,
        Issue,
        number=next_number(session, KIND),
        program_id=place.program_id,
        project_id=place.id if place.kind is PlaceKind.PROJECT else None,
        title=title,
        severity=severity.value,
        owner_id=owner.id,
        author_id=author.id,
        status=IssueStatus.OPEN.value,
        opened_at=now,
        resolve_by=own_resolve_by(place, severity, now),
        acknowledged_at=now if owner.id == author.id else None,
        workaround=workaround,
        from_risk_id=from_risk_id,
        source_url=source_url,
    )
    record_change(session, KIND, issue_id, at=now, actor_id=author.id, new=LOGGED)
    return get(session, issue_id)


def own_resolve_by(place: Place | None, severity: Severity, opened_at: datetime) -> date | None:
    """By the program's own rule and calendar; None where the defaults hold."""
    if place is None or (place.week is None and place.rules.issue == DEFAULTS.issue):
        return None
    calendar = calendars.of_place(place, now=opened_at)
    return rules.resolve_by(local_date(opened_at, calendar.zone), severity, calendar, place.rules.issue)


def find(session: Session, number: int) -> IssueCard | None:
    return next(iter(cards(session, select(Issue).where(Issue.number == number))), None)


def find_by_id(session: Session, issue_id: int | None) -> IssueCard | None:
    return next(iter(cards(session, select(Issue).where(Issue.id == issue_id))), None)


def get(session: Session, issue_id: int) -> IssueCard:
    return cards(session, select(Issue).where(Issue.id == issue_id))[0]


def of_risks(session: Session, risk_ids: Collection[int]) -> dict[int, IssueLink]:
    """The issue that each of these risks became, the newest where it happened twice."""
    statement = select(Issue).where(Issue.from_risk_id.in_(list(risk_ids))).order_by(Issue.id)
    rows = session.scalars(statement).all()
    who = people.cards(session, (row.owner_id for row in rows))
    links = delivery.links(session, (card_key(row.id) for row in rows))
    return {
        row.from_risk_id: IssueLink(
            id=row.id,
            ref=f"I-{row.number}",
            title=row.title,
            severity=row.severity,
            state=STATE_WORDS[IssueStatus(row.status)],
            is_over=rules.is_over(IssueStatus(row.status)),
            owner=who[row.owner_id],
            link=links.get(card_key(row.id)),
        )
        for row in rows
        if row.from_risk_id is not None
    }


def cards(session: Session, statement: Select[Issue]) -> list[IssueCard]:
    """Cards of these rows, in their order: a fixed number of statements whatever their number."""
    rows = session.scalars(statement).all()
    found = places.of_rows(session, rows)
    who = people.cards(session, (person for row in rows for person in (row.owner_id, row.author_id)))
    links = delivery.links(session, (card_key(row.id) for row in rows))
    risks = _risks_behind(session, {row.from_risk_id for row in rows if row.from_risk_id is not None})
    return [
        IssueCard(
            ref=f"I-{row.number}",
            place=found.get(places.ref_of(row)),
            severity=Severity(row.severity),
            owner=who[row.owner_id],
            author=who.get(row.author_id or 0),
            status=IssueStatus(row.status),
            **_dates(row, found.get(places.ref_of(row)), who[row.owner_id]),
            from_risk=risks.get(row.from_risk_id or 0, _NO_RISK)[0],
            from_risk_link=risks.get(row.from_risk_id or 0, _NO_RISK)[1],
            link=links.get(card_key(row.id)),
            **{name: getattr(row, name) for name in _SAME},
        )
        for row in rows
    ]


def _dates(row: Issue, place: Place | None, owner: PersonCard) -> dict[str, date | None]:
    """In the calendar of its program; of no place, in the week of its owner's zone."""
    calendar = calendars.of_place(place, now=row.opened_at) if place else WorkingHours(owner.tz)
    resolved_on = local_date(row.resolved_at, calendar.zone) if row.resolved_at else None
    return {
        "resolve_by": row.resolve_by
        or rules.resolve_by(local_date(row.opened_at, calendar.zone), Severity(row.severity), calendar),
        "closes_on": rules.closes_on(resolved_on, calendar) if resolved_on else None,
    }


_SAME = (
    "id",
    "title",
    "opened_at",
    "acknowledged_at",
    "resolved_at",
    "closed_at",
    "workaround",
    "from_risk_id",
    "status_reason",
    "source_url",
    "version",
)
"""Columns that a card shows as they are."""


_NO_RISK: tuple[str | None, str | None] = (None, None)


def _risks_behind(session: Session, ids: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
    """The number that people use, and a link to its card, of these risks."""
    if not ids:
        return {}
    links = delivery.links(session, (_RISK_CARD.format(risk) for risk in ids))
    rows = session.execute(select(Risk.id, Risk.number).where(Risk.id.in_(ids)))
    return {row.id: (f"R-{row.number}", links.get(_RISK_CARD.format(row.id))) for row in rows}


_RISK_CARD = "risk.card:{}"
"""As `bot.services.risk` names it, which knows of issues and so cannot be asked from here."""
