"""What the database holds, against what Slack knows: people, channels, and messages that wait."""

from collections.abc import Iterator
from datetime import timedelta

from bot.doctor.case import Case
from bot.doctor.finding import Finding, counted, lasting, listed, note, problem, right, unchecked
from bot.services import doctor, people
from models.schemas.doctor import OutboxSummary, SilentOwner

OLD = timedelta(days=2)
LATE = timedelta(minutes=5)


def check_people(case: Case) -> Iterator[Finding]:
    if case.database is None or case.workspace is None:
        yield unchecked("people", case.without_database)
        return
    now = case.now()
    with case.database.read(case.workspace.id) as session:
        never = not people.is_synced(session)
        is_old = people.is_stale(session, before=now - OLD)
        silent = doctor.silent_owners(session)
    if never:
        yield note("The people of the workspace were not fetched yet.", "./run start does it.")
    elif is_old:
        yield problem(
            f"What is known of people is older than {lasting(OLD)}: names, time zones, and who has left may be wrong.",
            "./run start fetches it once a day. Is it running, and has it the scope users:read?",
        )
    else:
        yield right("What is known of people is fresh.")
    yield from _silent(silent)


def check_outbox(case: Case) -> Iterator[Finding]:
    if case.database is None or case.workspace is None:
        yield unchecked("messages that wait", case.without_database)
        return
    now = case.now()
    with case.database.read(case.workspace.id) as session:
        outbox = doctor.outbox_summary(session, now=now)
    if outbox.oldest_at is None:
        yield right("No message waits to be sent.")
    elif outbox.late_since is not None and now - outbox.late_since > LATE:
        late = lasting(now - outbox.late_since)
        yield problem(
            f"{_waiting(outbox)}, and should have left {late} ago.",
            "Messages leave while ./run start runs. Is it running?",
        )
    else:
        age = lasting(now - outbox.oldest_at)
        yield right(f"{_waiting(outbox)} for its time, written {age} ago.")
    yield from _refusals(outbox)


def _silent(owners: list[SilentOwner]) -> Iterator[Finding]:
    unknown = [_told(owner) for owner in owners if not owner.has_left]
    gone = [_told(owner) for owner in owners if owner.has_left]
    if unknown:
        yield problem(
            f"Not found in Slack, so never asked: {listed(unknown)}.",
            "./run import FILE --people PEOPLE.json says who they are; /pm setup in its channel names another owner.",
        )
    if gone:
        yield problem(
            f"Has left Slack and still answers for something: {listed(gone)}.",
            "In its channel, /pm setup names another owner of a project or a program.",
        )
    if not owners:
        yield right("Everybody who answers for something can be asked.")


def _told(owner: SilentOwner) -> str:
    name = f" ({owner.name})" if owner.name and owner.name != owner.handle else ""
    owns = ", ".join(counted(number, kind.removesuffix("s")) for kind, number in owner.owns.items())
    return f"{owner.handle}{name}: {owns}"


def _waiting(outbox: OutboxSummary) -> str:
    """Of several, what follows is said of the oldest."""
    if outbox.waiting == 1:
        return "1 message waits"
    return f"{outbox.waiting} messages wait; the oldest waits"


def _refusals(outbox: OutboxSummary) -> Iterator[Finding]:
    if outbox.refused:
        yield note(f"Refused so far and tried again: {_counts(outbox.refused)}.", "Mend what stands above first.")
    if outbox.failed:
        yield note(
            f"Given up within the last week: {_counts(outbox.failed)}.",
            "What could not be said because the bot was not in a channel is said when it is invited.",
        )


def _counts(errors: dict[str, int]) -> str:
    return listed([f"{error} ({number})" for error, number in errors.items()])
