"""`./run erase`: a person is taken out of what is kept, by an operator."""

import sys

from bot.clock import SystemClock
from bot.config import Settings
from bot.database import Database
from bot.keeping.workspaces import chosen
from bot.migrate import migrate
from bot.services import erasure
from bot.views.erasure import ERASED_LINES


def run_erase(settings: Settings, who: str, *, workspace: str | None, reason: str, sure: bool) -> int:
    """The exit code: 0, or 2 where it was only said what would be done. Raises UserError where there is nobody."""
    database = Database(settings.database_url)
    try:
        migrate(database)
        place = chosen(database, workspace)
        with database.write(place.id) as session:
            person = erasure.find(session, who)
            foreseen = erasure.foresee(session, person)
            if sure:
                erasure.erase(session, person.id, reason=reason, by_id=None, now=SystemClock().now())
    finally:
        database.close()
    counted = f"{foreseen.answers} check-in answers, {foreseen.absences} days off, {foreseen.owns} owned and open"
    head = "Erased" if sure else "Would erase (say --yes to do it)"
    sys.stdout.write("\n".join([f"{head}: {who}; {counted}.", *ERASED_LINES]) + "\n")
    return 0 if sure else 2
