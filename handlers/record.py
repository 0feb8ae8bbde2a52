"""`/pm R-12`: a record by the number that people use."""

import re

from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.services import decision as decisions
from bot.services import places
from bot.services import risk as risks
from bot.views.decision import decision_card
from bot.views.risk import risk_card
from handlers.feature import Ask, Command, Feature, Reply, reads
from models.schemas.people import PersonCard
from models.schemas.project import Place

RECORD = re.compile(r"([rd])-?0*([1-9][0-9]{0,8})", re.IGNORECASE)
"""'R-12', 'r12', 'R-012': leading zeros are read and never shown."""


def is_record(word: str) -> bool:
    return RECORD.fullmatch(word) is not None


@reads
def show(ask: Ask, session: Session) -> Reply:
    match = RECORD.fullmatch(ask.text)
    if match is None:
        raise NotFound(ask.text)
    kind, number = match[1].upper(), int(match[2])
    person = ask.person(session)
    today = ask.today(person.tz if person else ask.workspace.default_tz)
    if kind == "R":
        risk = risks.find(session, number)
        if risk is not None and _visible(risk.place, {risk.owner.id}, person, ask.channel):
            return Reply(private=risk_card(risk, today=today))
    else:
        decision = decisions.find(session, number)
        if decision is not None and _visible(
            decision.place, {decision.approver.id, decision.driver.id}, person, ask.channel
        ):
            return Reply(private=decision_card(decision, today=today))
    raise NotFound(f"{kind}-{number}")


def _visible(place: Place | None, involved: set[int], person: PersonCard | None, channel: str | None) -> bool:
    """Guests see what is asked of them; a restricted record shows itself to those it involves."""
    person_id = person.id if person else None
    if person_id in involved:
        return True
    if person is not None and person.is_guest and (place is None or place.channel != channel):
        return False
    return place is None or places.may_see(place, person_id, channel)


FEATURE = Feature(
    commands=(
        Command(
            word="R-12",
            group="See",
            examples=(("/pm R-12", "shows one record; D-4 a decision"),),
            handler=show,
            button="Show record",
            matches=is_record,
        ),
    ),
)
