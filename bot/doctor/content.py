"""What the database holds, against what Slack knows: people, channels, and messages that wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.doctor.case import Case
from bot.doctor.finding import Finding, counted, lasting, listed, note, problem, right, unchecked
from bot.domain.stops import EVERYTHING
from bot.services import doctor, people, people_copies, unsent
from bot.views.unsent_words import why
from models.schemas.doctor import OutboxSummary, SilentOwner
from models.schemas.unsent import Target, Trouble, Unsent, Why

OLD = timedelta(days=2)
LATE = timedelta(minutes=5)


def check_people(case: Case) -> Iterator[Finding]:
    if case.database is None or case.workspace is None:
        yield unchecked("people", case.without_database)
        return
    now = case.now()
    with case.database.read(case.workspace.id) as session:
        never = not people.is_synced(session)
        is_old = people_copies.is_stale(session, before=now - OLD)
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
    """The same as `/pm health`, of the whole workspace."""
    if case.database is None or case.workspace is None:
        yield unchecked("messages that wait", case.without_database)
        return
    now = case.now()
    with case.database.read(case.workspace.id) as session:
        outbox = doctor.outbox_summary(session, now=now)
        found = unsent.report(session, None, now=now)
    yield from _leaving(outbox, now)
    yield from (_troubled(each, now) for each in found.stopped)
    yield from (_troubled(each, now) for each in found.failed)
    yield from _counted(found)


def try_again(case: Case) -> Iterator[Finding]:
    """`./run doctor --try-again`: what was given up is said again, and of what is stopped one message tries."""
    if case.database is None or case.workspace is None:
        yield unchecked("messages to try again", case.without_database)
        return
    with case.database.write(case.workspace.id) as session:
        number = unsent.try_everything_again(session, now=case.now())
    if number:
        yield note(f"Trying again in {counted(number, 'place')}.", "./run doctor in a minute says what became of it.")
    else:
        yield right("There is nothing to try again.")


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


def _leaving(outbox: OutboxSummary, now: datetime) -> Iterator[Finding]:
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


def _troubled(each: Trouble, now: datetime) -> Finding:
    """One target, in the words of /pm health."""
    reason, remedy = why(each.error)
    age = lasting(now - each.since)
    number = f"{counted(each.waiting, 'message')} waiting" if not each.failed else f"{each.failed} given up"
    words = f"{_where(each.target)}: {reason} ({each.error.partition(':')[0]}), since {age}; {number}."
    plain = remedy.replace("`", "")
    return problem(words, plain) if not each.failed else note(words, f"{plain} ./run doctor --try-again tries again.")


def _where(target: Target) -> str:
    if target.person is not None:
        return f"To {target.person.handle}"
    if target.place is not None:
        return f"In the channel of {target.place}"
    if target.channel is not None:
        return f"In the channel {target.channel}"
    return "In the whole workspace" if target.id == EVERYTHING else f"For some calls ({target.id})"


def _counted(found: Unsent) -> Iterator[Finding]:
    refused = sum(each.number for each in found.waiting if each.why is Why.REFUSED)
    if refused:
        yield note(f"Refused so far and tried again by itself: {counted(refused, 'message')}.")
    if found.doubled:
        yield note(
            f"Possibly said twice within a week: {found.doubled}.",
            "The history scopes (bot_optional in manifest.yml) let the bot look before it says something again.",
        )
    if found.too_old:
        yield note(f"Waited over a week and left out: {counted(found.too_old, 'message')}.")
