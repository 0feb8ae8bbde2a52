"""Which lines the daily messages will hold: what is owed, what will be, and who gets it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import asked, foresight_rules, owed, people, places, switches
from bot.services.asked import Day
from bot.services.desk_lines import Known
from bot.services.foresight_asks import Ahead, Sent
from bot.services.foresight_checkins import Rounds
from bot.services.foresight_rules import Request
from bot.services.owed_sources import DUTIES
from models.schemas.asks import BY_TITLE, AskRow, Owed
from models.schemas.foresight import Coming, ComingKind
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.tables import Desk
from models.tables.unit import fetch


def lines(
    session: Session,
    program_ids: Collection[int] | None,
    reader: int | None,
    requests: Sequence[Request],
    rounds: Rounds,
    until: datetime,
    now: datetime,
) -> list[Coming]:
    """Of these programs, or of everything; of `reader` only what they get."""
    duties = _duties(session, requests, rounds, until, now)
    latest = asked.of_keys(session, [each.key for each in duties])
    owners = {each.person_id for each in duties}
    known = Known(session, duties, latest, owners, now)
    duties = _concerning(duties, known, latest, program_ids, reader)
    stands, looks = _desks(session)
    silent, quick = (
        Ahead(known, duties, latest, stands, looks, now=now, until=until, answers=answers).run()
        for answers in (False, True)
    )
    sure = {(each.to, each.day, each.what.key): each for each in quick if each.is_news}
    words = foresight_rules.cadences(session, {each.what.project_id or 0 for each in silent})
    cards = people.cards(session, {person for each in silent for person in (each.to, each.what.person_id)})
    found = places.by_ids(
        session,
        project_ids={each.what.project_id for each in silent if each.what.project_id is not None},
        program_ids={each.what.program_id for each in silent if each.what.program_id is not None},
    )
    make = _Maker(known, cards, found, words, sure, _moments(quick))
    wanted = [
        each
        for each in silent
        if (program_ids is None or each.what.program_id in program_ids) and reader in (None, each.to)
    ]
    return [make.line(each) for each in wanted]


def _duties(
    session: Session, requests: Sequence[Request], rounds: Rounds, until: datetime, now: datetime
) -> list[Owed]:
    """What is owed now or will be by then, as far as it is known now."""
    lines = switches.timelines(session, {each.place.program_id for each in requests}, now=now)
    opening = [each for each in requests if not lines[each.place.program_id].at(each.times.open_at).is_paused]
    coming_up = [_request(each) for each in opening] + rounds.asks
    owing = union(*(duty.owing for duty in DUTIES.values())).subquery()
    rows = fetch(session, select(owing.c.person_id).where(owing.c.person_id.is_not(None)), now=now)
    known = owed.owed(session, {*rows.scalars()}, until=until, now=now)
    return _without_waived(session, [*known, *coming_up], now)


def _without_waived(session: Session, duties: Sequence[Owed], now: datetime) -> list[Owed]:
    """A status that falls due while its program is paused is waived then."""
    lines = switches.timelines(session, {each.program_id for each in duties}, now=now)
    return [
        each.model_copy(update={"closes_at": each.due_at})
        if each.kind is AskKind.STATUS
        and each.due_at is not None
        and each.due_at > now
        and lines[each.program_id].at(each.due_at).is_paused
        else each
        for each in duties
    ]


def _concerning(
    duties: Sequence[Owed],
    known: Known,
    latest: Mapping[str, AskRow],
    program_ids: Collection[int] | None,
    reader: int | None,
) -> list[Owed]:
    """Those of the programs, and all else that stands in the same people's messages."""
    if program_ids is None and reader is None:
        return list(duties)
    could = {each.key: known.may_be_asked(each, latest.get(each.key)) for each in duties}
    readers = {reader} if reader is not None else set()
    if program_ids is not None:
        readers |= {person for each in duties if each.program_id in program_ids for person in could[each.key]}
    return [each for each in duties if could[each.key] & readers]


def _request(request: Request) -> Owed:
    """Its row does not exist yet: a number that no row has."""
    place, times = request.place, request.times
    record_id = -(place.id * 1_000_000 + times.open_at.toordinal() % 1_000_000)
    return Owed(
        kind=AskKind.STATUS,
        id=place.id,
        ref=place.ref,
        title=place.name,
        due_at=times.due_at,
        is_overdue=False,
        is_urgent=False,
        sorted_by=local_date(times.due_at, place.owner.tz),
        record_id=record_id,
        person_id=place.owner.id,
        project_id=place.id,
        program_id=place.program_id,
        opens_at=times.open_at,
        closes_at=times.close_at,
    )


def _desks(session: Session) -> tuple[set[Day], dict[int, datetime]]:
    """Messages that people got on the last day on which they got one, and when each desk is looked at next."""
    rows = session.execute(select(Desk.person_id, Desk.told_on, Desk.next_look_at)).all()
    stands = {(row.person_id, row.told_on) for row in rows if row.told_on is not None}
    return stands, {row.person_id: row.next_look_at for row in rows}


def _moments(sent: Iterable[Sent]) -> dict[Day, datetime]:
    return {(each.to, each.day): each.at for each in sent}


class _Maker:
    """What many lines share."""

    def __init__(
        self,
        known: Known,
        cards: Mapping[int, PersonCard],
        found: Mapping[str, Place],
        cadences: Mapping[int, str],
        sure: Mapping[tuple[int, date, str], Sent],
        answered: Mapping[Day, datetime],
    ) -> None:
        self.known, self.cards, self.found = known, cards, found
        self.cadences, self.sure, self.answered = cadences, sure, answered

    def line(self, each: Sent) -> Coming:
        what, reach = each.what, self.known.reaches[each.to]
        is_sure = (each.to, each.day, what.key) in self.sure
        place = f"project:{what.project_id}" if what.project_id is not None else f"program:{what.program_id}"
        return Coming(
            at=each.at,
            added_at=each.added_at if each.added_at != each.at else None,
            zone=reach.hours.zone,
            day=each.day,
            kind=ComingKind.CHECK_IN if what.kind is AskKind.CHECK_IN else ComingKind.ASK,
            person=self.cards[each.to],
            place=self.found.get(place),
            is_conditional=not is_sure,
            is_news=each.is_news,
            ask=what.kind,
            subject=what.title if what.kind in BY_TITLE else what.ref,
            due_on=what.due_on,
            due_at=what.due_at,
            nudge=each.nudge,
            cadence=self.cadences.get(what.project_id or 0) if what.kind is AskKind.STATUS else None,
            behalf_of=self.cards[what.person_id] if what.person_id != each.to else None,
            answered_at=self.answered.get((each.to, each.day)),
        )
