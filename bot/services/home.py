"""A person's desk: what waits for them, and what they answer for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import status as rules
from bot.domain.wall_time import local_date
from bot.services import decision, people, places, requests, risk, status
from models.schemas.home import Home, HomeProject
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.status import Health
from models.tables import ScheduleRule

MOST_OF_A_KIND = 1000
"""Far more than is shown, so that the rest is counted honestly; read in a handful of statements all the same."""


def build(session: Session, slack_id: str, *, now: datetime) -> Home:
    person = people.by_slack_id(session, slack_id)
    zone = person.tz if person else people.default_zone(session)
    if person is None:
        return _empty(now, zone)
    owned = places.projects_of_person(session, person.id)
    run = places.programs_of_person(session, person.id)
    next_at, next_of = _next_ask(session, [place for place in owned if place.owner.id == person.id])
    return Home(
        person=person,
        today=local_date(now, zone),
        statuses=requests.open_asks(session, person.id),
        risks=risk.to_acknowledge(session, person.id, limit=MOST_OF_A_KIND),
        decisions=decision.to_decide(session, person.id, limit=MOST_OF_A_KIND),
        projects=_projects(session, owned, person, now),
        programs=[_program(session, program, now) for program in run],
        next_ask_at=next_at,
        next_ask_of=next_of,
    )


def _projects(session: Session, owned: list[Place], person: PersonCard, now: datetime) -> list[HomeProject]:
    ids = [place.id for place in owned]
    last, counts = status.latest(session, ids), risk.open_counts(session, ids)
    return [
        HomeProject(
            place=place,
            health=status.health_of(place, last.get(place.id), now),
            last_posted_on=local_date(last[place.id].posted_at, person.tz) if place.id in last else None,
            open_risks=counts.get(place.id, (0, 0))[0],
            extreme_risks=counts.get(place.id, (0, 0))[1],
            mine=True,
        )
        for place in owned
    ]


def _program(session: Session, program: Place, now: datetime) -> HomeProject:
    children = places.projects_of_program(session, program.id)
    last = status.latest(session, [place.id for place in children])
    healths: list[Health] = [status.health_of(place, last.get(place.id), now) for place in children]
    counts = risk.open_counts(session, [place.id for place in children]).values()
    return HomeProject(
        place=program,
        health=rules.worst_of(healths),
        last_posted_on=None,
        open_risks=sum(total for total, _ in counts),
        extreme_risks=sum(extreme for _, extreme in counts),
        mine=False,
    )


def _next_ask(session: Session, owned: list[Place]) -> tuple[datetime | None, str | None]:
    ids = {place.id: place.name for place in owned}
    statement = (
        select(ScheduleRule.project_id, ScheduleRule.next_due_at)
        .where(ScheduleRule.project_id.in_(ids), ScheduleRule.next_due_at.is_not(None))
        .order_by(ScheduleRule.next_due_at)
        .limit(1)
    )
    row = session.execute(statement).first()
    return (row.next_due_at, ids[row.project_id]) if row else (None, None)


def _empty(now: datetime, zone: str) -> Home:
    return Home(
        person=None,
        today=local_date(now, zone),
        statuses=[],
        risks=[],
        decisions=[],
        projects=[],
        programs=[],
        next_ask_at=None,
        next_ask_of=None,
    )
