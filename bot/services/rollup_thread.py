"""What only the thread under a rollup tells: the worst risk of each project, in a statement of its own."""

from sqlalchemy.orm import Session

from bot.services import rollup_records
from bot.services.delivery import permalink
from bot.services.rollup_rows import top_risk
from models.schemas.rollup import Rollup
from models.tables.unit import this_workspace


def with_risks(session: Session, rollup: Rollup) -> Rollup:
    base, since = this_workspace(session).url, rollup.since_at
    worst = {
        row.project_id: top_risk(
            row,
            rollup.program,
            link=permalink(base, row.channel, row.ts) if row.channel else None,
            is_new=since is not None and row.at > since,
        )
        for row in rollup_records.of_thread(session, [rollup.program.id], here=rollup.program.channel)
    }
    told = [row.model_copy(update={"top_risk": worst.get(row.place.id)}) for row in rollup.projects]
    return rollup.model_copy(update={"projects": told})
