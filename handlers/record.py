"""`/pm R-12`: a record by the number that people use."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.reference import row_id
from bot.errors import NotFound, UserError
from bot.services import assumption as assumptions
from bot.services import decision as decisions
from bot.services import erasure, register, status_acts
from bot.services import finding as findings
from bot.services import issue as issues
from bot.services import milestone as milestones
from bot.services import risk as risks
from bot.services import status as statuses
from bot.views.assumption import assumption_card
from bot.views.decision import decision_shown
from bot.views.finding import finding_shown
from bot.views.issue import issue_card
from bot.views.milestone import milestone_shown
from bot.views.redaction import with_redact
from bot.views.risk import risk_card
from bot.views.status_card import status_card
from handlers.feature import Ask, Command, Feature, Handler, Reply, reads
from models.schemas.home import AskKind
from models.schemas.message import Message


@dataclass(frozen=True)
class Kind:
    """How one kind of record is found and shown."""

    kind: str
    find: Callable[[Session, int], Any]
    find_by_id: Callable[[Session, int | None], Any]
    show: Callable[..., Message]


KINDS: Mapping[str, Kind] = {
    "R": Kind("risk", risks.find, risks.find_by_id, risk_card),
    "I": Kind("issue", issues.find, issues.find_by_id, issue_card),
    "A": Kind("assumption", assumptions.find, assumptions.find_by_id, assumption_card),
    "D": Kind("decision", decisions.find, decisions.find_by_id, decision_shown),
    "M": Kind("milestone", milestones.find, milestones.find_by_id, milestone_shown),
    "AF": Kind("finding", findings.find, findings.find_by_id, finding_shown),
}
RECORD = re.compile(rf"({'|'.join(KINDS)})-?0*([1-9][0-9]{{0,8}})", re.IGNORECASE)
"""'R-12', 'r12', 'R-012': leading zeros are read and never shown."""


def is_record(word: str) -> bool:
    return RECORD.fullmatch(word) is not None


@reads
def show(ask: Ask, session: Session) -> Reply:
    match = RECORD.fullmatch(ask.text)
    if match is None:
        raise NotFound(ask.text)
    letter, number = match[1].upper(), int(match[2])
    kind = KINDS[letter]
    return _shown(ask, session, kind, kind.find(session, number), f"{letter}-{number}")


def show_pressed(letter: str) -> Handler:
    """A button that shows a record privately; its value is the record's id."""

    def step(ask: Ask, session: Session) -> Reply:
        kind = KINDS[letter]
        return _shown(ask, session, kind, kind.find_by_id(session, row_id(ask.value)), "this record")

    return reads(step)


LETTERS = {
    AskKind.READ_RISK: "R",
    AskKind.REVIEW_RISK: "R",
    AskKind.CLOSE_RISK: "R",
    AskKind.READ_ISSUE: "I",
    AskKind.SOLVE_ISSUE: "I",
    AskKind.DECIDE: "D",
    AskKind.GRADE: "D",
    AskKind.SETTLE: "A",
    AskKind.MILESTONE: "M",
    AskKind.FINDING: "AF",
}


def show_record(ask: Ask, session: Session, asked: AskKind, record_id: int) -> Reply:
    """What somebody is asked about, to them alone; of a status the last one of the project."""
    if asked in LETTERS:
        kind = KINDS[LETTERS[asked]]
        return _shown(ask, session, kind, kind.find_by_id(session, record_id), "this record")
    by = ask.standing(session)
    if asked is AskKind.STATUS:
        last = statuses.latest(session, [record_id]).get(record_id)
        if last is None:
            raise UserError("No status of it was posted yet.")
        record_id = last.id
    update = status_acts.check_see(session, record_id, by)
    return Reply(private=_for_admins(status_card(update, today=ask.today(by.person.tz)), "status", update.id, by))


def _shown(ask: Ask, session: Session, kind: Kind, card: Any, what: str) -> Reply:
    standing = ask.standing(session)
    register.seen(session, kind.kind, card, standing, what=what, now=ask.now)
    today: date = ask.today(standing.person.tz)
    return Reply(private=_for_admins(kind.show(card, today=today), kind.kind, card.id, standing))


def _for_admins(shown: Message, kind: str, record_id: int, by: Standing) -> Message:
    return with_redact(shown, kind, record_id) if erasure.is_admin(by) else shown


FEATURE = Feature(
    commands=(
        Command(
            word="R-12",
            group="See",
            examples=(("/pm R-12", "shows one record; D-4 a decision, I-3 an issue, A-2 an assumption"),),
            handler=show,
            button="Show record",
            matches=is_record,
        ),
    ),
    actions={f"{kind.kind}.show": show_pressed(letter) for letter, kind in KINDS.items()},
)
