"""The clock's door for issues: what was resolved and nobody reopened is closed."""

from bot.jobs.each import in_each
from bot.notices import issue_acts as notices
from bot.runtime import Runtime
from bot.services import issue_acts


def close_resolved(runtime: Runtime) -> None:
    """Five working days after it was resolved, in its program's zone."""
    now = runtime.now()
    with runtime.database.everywhere() as session:
        workspaces = issue_acts.workspaces_to_close_in(session, serves=runtime.serves, now=now)

    def close(workspace_id: int) -> None:
        with runtime.database.write(workspace_id) as session:
            for before, after in issue_acts.close_due(session, now=now):
                notices.tell_changed(session, after, before=before, by=None, pressed_in=None, now=now)

    in_each(workspaces, close)
