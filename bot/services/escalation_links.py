"""What the cards of records say of their escalations: one statement where there is none."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import escalation as rules
from bot.domain.wall_time import local_date
from bot.services import delivery, escalation_ladder, people
from bot.services.escalation import standing_keys
from models.schemas.escalation import EscalationLink, EscalationState, Level, Rule
from models.tables import Escalation


def of_risks(session: Session, risk_ids: Iterable[int]) -> dict[int, EscalationLink]:
    """The one that has gone furthest, by risk, of those that have passed its owner."""
    passed = Escalation.state.in_((EscalationState.OPEN, EscalationState.ACKNOWLEDGED))
    wanted = (Escalation.kind == "risk", Escalation.record_id.in_(list(risk_ids)), passed)
    rows = session.scalars(select(Escalation).where(*wanted).order_by(Escalation.level, Escalation.id.desc())).all()
    if not rows:
        return {}
    furthest = {row.record_id: row for row in rows}
    grounds = escalation_ladder.grounds(session, ((row.program_id, row.project_id) for row in furthest.values()))
    links = delivery.links(session, {key for row in furthest.values() for key in standing_keys(row)})
    return {risk: _link(session, row, grounds, links) for risk, row in furthest.items()}


def _link(
    session: Session, row: Escalation, grounds: escalation_ladder.Grounds, links: dict[str, str]
) -> EscalationLink:
    chain, place = grounds.chain(row.program_id, row.project_id), grounds.place(row.program_id, row.project_id)
    level, is_acknowledged = Level(row.level), row.state == EscalationState.ACKNOWLEDGED
    following = rules.named(Level(level + 1), chain, None).person if level < chain.top and row.next_step_at else None
    holder = row.acknowledged_by_id if is_acknowledged else row.notify_id
    who = people.cards(session, [holder, following])
    return EscalationLink(
        ref=f"ESC-{row.number}",
        rule=Rule(row.rule),
        deadline_on=row.deadline_on,
        person=who.get(holder or 0, place.owner),
        is_acknowledged=is_acknowledged,
        next_person=who.get(following or 0) if not is_acknowledged else None,
        next_on=local_date(row.next_step_at, place.tz) if row.next_step_at else None,
        link=next((links[key] for key in standing_keys(row) if key in links), None),
    )
