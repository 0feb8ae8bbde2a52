"""What somebody may see of all that will be sent: their programs', or what is sent to themselves."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.domain.wall_time import WorkingHours, instant, local_date
from bot.services import calendars, foresight, people, places, switches, workspace
from models.schemas.foresight import PREVIEW_DAYS, Coming, ComingDay, ComingKind, ComingMessage, Hours, Preview
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.switches import KIND_WORDS, MessageKind
from models.tables import Desk

MOST_HOURS = 12
ONE_DAY = timedelta(days=1)


def of_program(session: Session, program: Place, by: Standing, *, person: PersonCard | None, now: datetime) -> Preview:
    """For who runs it or leads a project of it: all of it, or what one person gets."""
    found = _of_programs(session, [program], now=now, days=PREVIEW_DAYS)
    seen = [each for each in found.items if _is_seen(each, by)]
    return _preview(session, found, seen, by, person=person, is_own=False, now=now)


def of_everything(session: Session, wanted: Sequence[Place] | None, *, days: int, now: datetime) -> Preview:
    """For who runs the installation: of these programs, or of all."""
    found = _of_programs(session, wanted, now=now, days=days)
    return _preview(session, found, found.items, None, person=None, is_own=False, now=now)


def of_person(session: Session, by: Standing, *, now: datetime) -> Preview:
    """What is sent to this person, of whatever program."""
    reach = calendars.reach_of(session, by.person, now=now)
    until = instant(local_date(now, reach.hours.zone) + PREVIEW_DAYS * ONE_DAY, time(), reach.hours.zone)
    items = foresight.coming(session, None, until=until, now=now, reader=by.person.id)
    mine = [each for each in items if each.person is not None and each.person.id == by.person.id]
    found = Found([], mine, until, reach.hours)
    return _preview(session, found, mine, by, person=by.person, is_own=True, now=now)


class Found:
    """All that is coming, and in whose days it is counted."""

    def __init__(self, wanted: Sequence[Place], items: Sequence[Coming], until: datetime, hours: WorkingHours) -> None:
        self.programs, self.items, self.until, self.hours = list(wanted), list(items), until, hours


def _of_programs(session: Session, wanted: Sequence[Place] | None, *, now: datetime, days: int) -> Found:
    ids = [program.id for program in wanted] if wanted is not None else None
    hours = WorkingHours(people.default_zone(session))
    if ids:
        hours = calendars.of_programs(session, ids[:1], now=now)[ids[0]]
    until = instant(local_date(now, hours.zone) + days * ONE_DAY, time(), hours.zone)
    return Found(wanted or [], foresight.coming(session, ids, until=until, now=now), until, hours)


def _is_seen(item: Coming, by: Standing) -> bool:
    """Of a restricted project only those learn who answer for it, and whoever it is sent to."""
    is_own = item.person is not None and item.person.id == by.person.id
    return is_own or item.place is None or places.may_see(item.place, by.person.id, by.channel)


def _preview(
    session: Session,
    found: Found,
    seen: Sequence[Coming],
    by: Standing | None,
    *,
    person: PersonCard | None,
    is_own: bool,
    now: datetime,
) -> Preview:
    kept = (
        seen if person is None else [each for each in seen if each.person is not None and each.person.id == person.id]
    )
    today = local_date(now, found.hours.zone)
    days = by_day(
        kept,
        found.hours,
        today,
        local_date(found.until - timedelta(seconds=1), found.hours.zone),
        standing=_told(session, today),
    )
    return Preview(
        programs=found.programs,
        today=today,
        last_day=max((each.day for each in days), default=today),
        days=days,
        hours=hours_of(session, kept, now=now),
        people=len({each.person.id for day in days for each in day.messages if not each.is_sent}),
        is_own=is_own,
        person=person,
        notes=notes(session, found.programs, now=now),
        may_switch=by is not None and not is_own and len(found.programs) == 1 and may_switch(found.programs[0], by),
        takes_tables=not workspace.refuses_tables(session),
        length=(local_date(found.until, found.hours.zone) - today).days,
    )


def may_switch(program: Place, by: Standing) -> bool:
    return bool(policy.roles(by, program) & policy.allowed("program.switch"))


def by_day(
    items: Iterable[Coming], hours: WorkingHours, first: date, last: date, *, standing: Collection[tuple[int, date]]
) -> list[ComingDay]:
    """One message for each person and day of theirs; days on which work is done and nothing is sent stand there too."""
    lines: defaultdict[tuple[date, int], list[Coming]] = defaultdict(list)
    posts: defaultdict[date, list[Coming]] = defaultdict(list)
    steps: defaultdict[date, list[Coming]] = defaultdict(list)
    for each in items:
        if each.ask is not None and each.person is not None:
            lines[each.day, each.person.id].append(each)
        elif each.kind is ComingKind.ESCALATION:
            steps[each.day].append(each)
        else:
            posts[each.day].append(each)
    messages: defaultdict[date, list[ComingMessage]] = defaultdict(list)
    for (day, reader), parts in lines.items():
        messages[day].append(_message(day, parts, is_sent=(reader, day) in standing))
    worked = {first + n * ONE_DAY for n in range((last - first).days + 1) if hours.is_working(first + n * ONE_DAY)}
    return [
        ComingDay(
            day=day,
            messages=sorted(messages[day], key=lambda each: (each.is_conditional, each.at, each.person.handle)),
            posts=sorted(posts[day], key=lambda each: each.at),
            escalations=steps[day],
        )
        for day in sorted({*worked, *messages, *posts, *steps})
    ]


def _message(day: date, parts: Sequence[Coming], *, is_sent: bool) -> ComingMessage:
    first = min(parts, key=lambda each: each.at)
    assert first.person is not None
    return ComingMessage(
        person=first.person,
        at=first.at,
        zone=first.zone,
        day=day,
        parts=list(parts),
        is_conditional=all(each.is_conditional for each in parts),
        is_sent=is_sent,
    )


def hours_of(session: Session, items: Iterable[Coming], *, now: datetime) -> list[Hours]:
    """The commonest first."""
    readers = {each.person.id for each in items if each.person is not None}
    counted = Counter[tuple[str, str]]()
    zones: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for reach in calendars.reaches(session, readers, now=now).values():
        window = (f"{reach.hours.start:%H:%M}", f"{reach.hours.end:%H:%M}" if reach.hours.end else "24:00")
        counted[window] += 1
        zones[window][reach.hours.zone] += 1
    return [
        Hours(start=window[0], end=window[1], zones=[zone for zone, _ in zones[window].most_common()])
        for window, _ in counted.most_common(MOST_HOURS)
    ]


def notes(session: Session, wanted: Sequence[Place], *, now: datetime) -> list[str]:
    """What is paused, turned off or a dry run, in plain words."""
    lines = switches.timelines(session, [program.id for program in wanted], now=now)
    said = []
    for program in wanted:
        line = lines[program.id]
        if line.now.is_paused:
            until = (
                f" until {line.until:%a} {line.until.day} {line.until:%b}"
                if line.until
                else " until somebody resumes it"
            )
            said.append(f"{program.name} is paused{until}: nothing is sent for it")
        if line.now.dry_run_to is not None:
            tester = people.by_slack_id(session, line.now.dry_run_to)
            said.append(f"Dry run: everything of {program.name} goes to {tester.handle if tester else 'one person'}")
        if line.now.muted:
            kinds = ", ".join(KIND_WORDS[kind] for kind in MessageKind if kind in line.now.muted)
            said.append(f"Turned off for {program.name}: {kinds}")
    return said


def _told(session: Session, today: date) -> set[tuple[int, date]]:
    """Whose message of these days stands already."""
    around = (today - ONE_DAY, today, today + ONE_DAY)
    rows = session.execute(select(Desk.person_id, Desk.told_on).where(Desk.told_on.in_(around)))
    return {(row.person_id, row.told_on) for row in rows}
