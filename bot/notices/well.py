"""How asking went last month, for the program's manager: it asks nothing, and comes in their hours."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery, switches, well
from bot.views.well import how_well
from models.schemas.project import Place


def tell_month(session: Session, program: Place, *, now: datetime) -> None:
    """Nothing of a month in which nothing was asked, nor while the program is paused."""
    switch = switches.of_program(session, program.id, now=now)
    to = switch.dry_run_to or program.owner.slack_id
    if switch.is_paused or to is None or program.owner.deleted:
        return
    found = well.of_month(session, program, now=now)
    if found.sent or found.on_time:
        delivery.post(session, how_well(found), key=f"well:{program.id}:{found.since:%Y-%m}", to=to, now=now)
