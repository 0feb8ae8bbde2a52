"""What the daily messages of some people say, as things stand now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.nudges import snooze_choices
from bot.domain.reach import Reach, stand_in
from bot.services import asked, calendars, checkin_asks, delivery, leave, owed, parameters, people, switches
from bot.services import decision as decisions
from bot.services.asked import Day
from models.schemas.asks import AskLine, AskRow, AskState, Covered, DailyAsk, Done, Owed
from models.schemas.checkin import CheckinAsk
from models.schemas.decision import DecisionCard
from models.schemas.home import AskKind
from models.schemas.parameters import NudgeRules
from models.schemas.people import PersonCard
from models.tables import Decision

URGENT_KINDS = tuple(AskKind)


def messages(session: Session, days: Collection[Day], *, now: datetime) -> list[DailyAsk]:
    """The messages of these people's days. A constant number of statements, whatever their number."""
    rows = asked.of_days(session, days)
    loaded = _Loaded(session, rows, days, now)
    named: defaultdict[Day, list[AskRow]] = defaultdict(list)
    for row in rows:
        named[row.asked_id, row.asked_on].append(row)
    return [loaded.message(day, named[day]) for day in sorted(days) if day[0] in loaded.cards]


def rank(what: Owed) -> tuple[bool, date, int, int]:
    """Extreme ones and those of Red projects, then the oldest date (domain 4.4)."""
    return not what.is_urgent, what.sorted_by, URGENT_KINDS.index(what.kind), what.record_id


def can_snooze(row: AskRow, what: Owed, reach: Reach, rules: NudgeRules, now: datetime) -> bool:
    """A date is left within the cap, and a snooze of those that its kind may have."""
    return row.snoozes < most_snoozes(what, rules) and bool(snooze_dates(what, reach, now))


def most_snoozes(what: Owed, rules: NudgeRules) -> int:
    return rules.snoozes_urgent if is_pressing(what) else rules.snoozes


def snooze_dates(what: Owed, reach: Reach, now: datetime) -> list[date]:
    """While it can still be answered then."""
    due = what.due
    if due is None or what.kind is AskKind.CHECK_IN:
        return []
    day = reach.today(due) if isinstance(due, datetime) else due
    found = snooze_choices(reach.today(now), day, reach)
    last = reach.today(what.closes_at) if what.closes_at else None
    return [each for each in found if last is None or each < last]


def is_pressing(what: Owed) -> bool:
    """Extreme, sev1 or critical: put off less often."""
    return what.is_urgent or what.finding_severity == "critical"


class _Loaded:
    def __init__(self, session: Session, rows: Sequence[AskRow], days: Iterable[Day], now: datetime) -> None:
        self._now = now
        waiting = [row for row in rows if row.state is AskState.OPEN]
        found = owed.owed(session, {row.person_id for row in waiting}, until=now, now=now)
        keys = {row.base_key for row in waiting}
        self._owed = {what.key: what for what in found if what.key in keys}
        programs = {row.program_id for row in rows}
        self._rules = parameters.of_programs(session, programs)
        self._dry = {
            program for program, each in switches.of_programs(session, programs, now=now).items() if each.dry_run_to
        }
        named = {person for row in rows for person in (row.person_id, row.asked_id, row.answered_by_id)}
        self.cards = people.cards(session, named | {person for person, _ in days})
        self._reaches = calendars.reaches_with_delegates(session, self.cards, now=now)
        self._back = leave.welcomes(session, days, self._reaches)
        self._links = delivery.links(session, [key for row in rows if (key := asked.card_key(row))])
        self._check_ins = checkin_asks.by_ids(
            session, [row.record_id for row in waiting if row.kind is AskKind.CHECK_IN]
        )
        self._decisions = _alone(session, waiting, self._owed)

    def message(self, day: Day, rows: Sequence[AskRow]) -> DailyAsk:
        reader, on = self.cards[day[0]], day[1]
        today = self._reaches[reader.id].today(self._now)
        waiting = [row for row in rows if row.state is AskState.OPEN]
        asleep = [row for row in waiting if row.snoozed_until is not None and row.snoozed_until > today]
        left = [line for row in waiting if row not in asleep and (line := self._line(row, reader)) is not None]
        left.sort(key=lambda line: (line.behalf_of is None, *rank(line.what)))
        done = sorted(
            (row for row in rows if row.state is AskState.ANSWERED), key=lambda row: (row.answered_at, row.id)
        )
        alone = left[0].what if len(left) == 1 and not done else None
        return DailyAsk(
            person=reader,
            day=on,
            left=left,
            done=[self._done(row, reader) for row in done],
            gone=len(rows) - len(left) - len(done) - len(asleep),
            snoozed=[(row.subject, row.snoozed_until) for row in asleep if row.snoozed_until],
            covered=self._covered(left),
            back=self._back.get(day),
            decision=self._decisions.get(alone.record_id) if alone and alone.kind is AskKind.DECIDE else None,
        )

    def _line(self, row: AskRow, reader: PersonCard) -> AskLine | None:
        what = self._owed.get(row.base_key)
        if what is None:
            return None
        is_dry = row.program_id in self._dry
        owner = self.cards[row.person_id]
        link = self._links.get(asked.card_key(row) or "")
        return AskLine(
            id=row.id,
            zone=reader.tz,
            what=what.model_copy(update={"link": link}),
            behalf_of=owner if owner.id != reader.id and not is_dry else None,
            can_snooze=can_snooze(row, what, self._reaches[reader.id], self._rules[row.program_id].nudge, self._now),
            check_in=self._check_in(row),
            may_decide=self._may_decide(row, reader),
            dry_run_for=owner if is_dry else None,
        )

    def _may_decide(self, row: AskRow, reader: PersonCard) -> bool:
        own = reader.id in (row.person_id, row.taken_by) or self.cards[row.person_id].deleted
        return own or stand_in(row.person_id, self._reaches, self._now) == reader.id

    def _check_in(self, row: AskRow) -> CheckinAsk | None:
        return self._check_ins.get(row.record_id) if row.kind is AskKind.CHECK_IN else None

    def _done(self, row: AskRow, reader: PersonCard) -> Done:
        by = self.cards.get(row.answered_by_id or 0)
        return asked.done(row, self._links, by if by is not None and by.id != reader.id else None)

    def _covered(self, left: Sequence[AskLine]) -> list[Covered]:
        found = {}
        for line in left:
            owner = line.behalf_of
            if owner is not None and owner.id not in found:
                absence = self._reaches[owner.id].absence(self._now)
                until = absence.end if absence else None
                found[owner.id] = Covered(person=owner, until=until, is_delegate=bool(absence and absence.delegate))
        return list(found.values())


def _alone(session: Session, waiting: Sequence[AskRow], known: Mapping[str, Owed]) -> Mapping[int, DecisionCard]:
    """Decisions that are all that a message asks: those are shown in full."""
    count: defaultdict[Day, int] = defaultdict(int)
    for row in waiting:
        count[row.asked_id, row.asked_on] += row.base_key in known
    ids = {row.record_id for row in waiting if row.kind is AskKind.DECIDE and count[row.asked_id, row.asked_on] == 1}
    return (
        {card.id: card for card in decisions.cards(session, select(Decision).where(Decision.id.in_(ids)))}
        if ids
        else {}
    )
