"""When people and programs work: calendars that name unknown holidays, and people whose zone nobody knows."""

from collections.abc import Iterator

from bot.doctor.case import Case
from bot.doctor.finding import Finding, listed, note, problem, right, unchecked
from bot.services import doctor, people
from models.schemas.doctor import UnknownHolidays


def check_calendars(case: Case) -> Iterator[Finding]:
    if case.database is None or case.workspace is None:
        yield unchecked("calendars", case.without_database)
        return
    with case.database.read(case.workspace.id) as session:
        unknown = doctor.unknown_holidays(session)
        zoneless = doctor.owners_without_zone(session)
        fallback = people.default_zone(session)
    if unknown:
        yield problem(
            f"Public holidays of nowhere, so asks come on them: {listed([_told(each) for each in unknown])}.",
            "A person chooses the country again with /pm me; a program's calendar comes with the import.",
        )
    if zoneless:
        yield note(
            f"Their time zone is not known, so {fallback} is taken for theirs: {listed(zoneless)}.",
            "Slack tells it (users:read), or an import does.",
        )
    if not unknown and not zoneless:
        yield right("Every calendar and the time zone of everybody who is asked are known.")


def _told(unknown: UnknownHolidays) -> str:
    place = f"{unknown.country}-{unknown.region}" if unknown.region else unknown.country
    return f"{unknown.whose} ({place})"
