"""The clock's door to how well asking works: once a month, on the manager's first working day of it."""

from bot.jobs.each import in_each
from bot.notices.well import tell_month
from bot.runtime import Runtime
from bot.services import well


def tell_how_well(runtime: Runtime) -> None:
    now = runtime.now()
    with runtime.database.look() as connection:
        workspaces = well.workspaces_due(connection, serves=runtime.serves, now=now)

    def tell(workspace_id: int) -> None:
        with runtime.database.write(workspace_id) as session:
            well.plan_missing(session, now=now)
            for program in well.take_due(session, now=now):
                tell_month(session, program, now=now)

    in_each(workspaces, tell)
