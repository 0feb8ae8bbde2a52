"""What will be posted in channels: rollups, rounds of check-ins, and the steps of what nobody answers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import calendars, escalation_subjects, foresight_escalations, people, places, switches, well
from bot.services.escalation_ladder import Grounds
from bot.services.foresight_checkins import Round
from bot.services.foresight_rules import Post, Request
from models.schemas.escalation import Level, Rule
from models.schemas.foresight import Coming, ComingKind
from models.schemas.project import Place
from models.schemas.switches import MessageKind


def rollups(session: Session, posts: Sequence[Post], now: datetime) -> list[Coming]:
    """In the program's channel; under a dry run to the one who looks at it."""
    lines = switches.timelines(session, {post.place.id for post in posts if post.place}, now=now)
    found = []
    for post in posts:
        switch = lines[post.place.id if post.place else None].at(post.at)
        tester = people.by_slack_id(session, switch.dry_run_to) if switch.dry_run_to else None
        if switch.sends(MessageKind.ROLLUPS) and (tester or post.channel):
            found.append(
                Coming(
                    at=post.at,
                    zone=post.zone,
                    day=post.day,
                    kind=ComingKind.ROLLUP,
                    person=tester,
                    channel=None if tester else post.channel,
                    channel_name=post.place.channel_name if post.place else None,
                    place=post.place,
                    subject=post.place.name if post.place else "all programs",
                    cadence=post.cadence,
                    answered_at=post.at,
                )
            )
    return found


def escalations(
    session: Session,
    program_ids: Collection[int] | None,
    requests: Sequence[Request],
    until: datetime,
    now: datetime,
) -> list[Coming]:
    """Steps that would be taken if nobody answers."""
    steps, programs = foresight_escalations.ahead(session, program_ids, requests, until=until, now=now)
    subjects = escalation_subjects.find(session, {(step.row.kind, step.row.record_id) for step in steps})
    cards = people.cards(session, {step.row.notify_id for step in steps})
    found = []
    for step in steps:
        row, subject = step.row, subjects.get((step.row.kind, step.row.record_id))
        zone = programs.hours[row.program_id or 0].zone
        place = programs.grounds.place(row.program_id, row.project_id)
        channel = programs.grounds.channel(row.program_id, row.project_id)
        found.append(
            Coming(
                at=step.at,
                zone=zone,
                day=local_date(step.at, zone),
                kind=ComingKind.ESCALATION,
                person=cards.get(row.notify_id or 0),
                channel=None if programs.switches[row.program_id].now.dry_run_to else channel,
                channel_name=_channel_name(programs.grounds, row.program_id, place, channel),
                place=place,
                is_conditional=True,
                subject=(subject.ref or subject.title) if subject else "a record",
                rule=Rule(row.rule),
                level=Level(row.level),
                deadline_on=row.deadline_on,
            )
        )
    return found


def _channel_name(grounds: Grounds, program_id: int | None, place: Place, channel: str | None) -> str | None:
    program = grounds.places.get(f"program:{program_id}")
    known = {each.channel: each.channel_name for each in (place, program) if each is not None}
    return known.get(channel)


def how_well(session: Session, program_ids: Collection[int] | None, *, until: datetime, now: datetime) -> list[Coming]:
    """What managers hear of a month of asking; of one that is over, where anything was asked in it."""
    planned = well.planned(session, program_ids, until=until)
    found = places.by_ids(session, program_ids=planned)
    lines = switches.timelines(session, planned, now=now)
    asked = well.asked_in(session, {program: well.month_before(at) for program, at in planned.items()}, now=now)
    hours = calendars.reaches(session, {place.owner.id for place in found.values()}, now=now)
    return [
        Coming(
            at=at,
            zone=hours[place.owner.id].hours.zone,
            day=local_date(at, hours[place.owner.id].hours.zone),
            kind=ComingKind.HOW_WELL,
            person=place.owner,
            place=place,
            subject=f"{well.month_before(at):%B}",
            answered_at=at,
        )
        for program, at in planned.items()
        if program in asked
        for place in (found[f"program:{program}"],)
        if not (lines[program].at(at).is_paused or lines[program].now.dry_run_to)
    ]


def rounds(
    session: Session, opened: Sequence[Round], program_ids: Collection[int] | None, now: datetime
) -> list[Coming]:
    """Each stands in its channel from the first who is asked on."""
    kept = [each for each in opened if program_ids is None or _program(each) in program_ids]
    lines = switches.timelines(session, {_program(each) for each in kept}, now=now)
    return [
        Coming(
            at=each.at,
            zone=each.checkin.zone or (each.checkin.place.tz if each.checkin.place else "UTC"),
            day=each.day,
            kind=ComingKind.CHECK_IN,
            channel=each.checkin.channel,
            place=each.checkin.place,
            subject=each.checkin.team,
            answered_at=each.at,
        )
        for each in kept
        if lines[_program(each)].at(each.at).sends(MessageKind.CHECK_INS)
    ]


def _program(each: Round) -> int | None:
    return each.checkin.place.program_id if each.checkin.place else None
