"""The clock's door to rollups that stand: what came since is put into them."""

import logging

from bot.jobs.each import in_each
from bot.notices import portfolio as portfolios
from bot.notices import rollup as rollups
from bot.runtime import Runtime
from bot.services import rollup_posting

logger = logging.getLogger(__name__)


def edit_rollups(runtime: Runtime) -> None:
    now = runtime.now()
    with runtime.database.look() as connection:
        workspaces = rollup_posting.workspaces_due(connection, serves=runtime.serves, now=now)

    def edit(workspace_id: int) -> None:
        with runtime.database.write(workspace_id) as session:
            for occurrence in rollup_posting.take_outdated(session, now=now):
                (rollups if occurrence.program_id is not None else portfolios).edit(session, occurrence, now=now)

    in_each(workspaces, edit)
