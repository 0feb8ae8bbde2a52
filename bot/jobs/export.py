"""An export on its way: read as its receiver may see it now, written to files, and laid in their direct messages."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from slack_sdk.errors import SlackApiError

from bot.domain.wall_time import local_date
from bot.errors import Refused, UserError
from bot.jobs.members import is_member
from bot.jobs.uploading import complete, send_bytes
from bot.runtime import Runtime
from bot.services import delivery, export, outbox
from bot.services.export_json import PortfolioWriter
from bot.services.export_plan import Plan
from bot.services.export_records import Register
from bot.views import export as views
from models.schemas.delivery import Claim
from models.schemas.export import ExportKind, ExportOrder
from models.schemas.message import Message
from models.schemas.people import PersonCard

MISSING_SCOPE = "missing_scope"
UPLOAD_SCOPE = "files:write"
SAID_EVERY = 2_000
"""Rows after which a long export renews its lease."""


@dataclass
class Written:
    """The files of one export, and how much they hold."""

    by: PersonCard
    place: str | None
    """Its name as typed, None for the whole register."""
    day: date
    """In the zone of its receiver."""
    rows: dict[ExportKind, int] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)


class Lost(Exception):
    """The lease ended meanwhile: another process makes this export."""


def send_export(runtime: Runtime, claim: Claim, channel: str) -> None:
    """Nothing is seen before the last call, which shares all files in one message. Raises what Slack answers."""
    wanted = ExportOrder.model_validate(claim.body)
    try:
        with TemporaryDirectory(prefix="export-") as folder:
            written = _write(runtime, claim, wanted, Path(folder))
            if any(written.rows.values()):
                _share(runtime, claim, wanted, written, channel)
            else:
                _say(runtime, claim, views.nothing_to_export(wanted.kinds, place=written.place))
    except Lost:
        return
    except UserError as problem:
        words = f"{problem}. {problem.who}" if isinstance(problem, Refused) else str(problem)
        _say(runtime, claim, views.not_exported(words))
    except SlackApiError as problem:
        if problem.response.get("error") != MISSING_SCOPE:
            raise
        _say(runtime, claim, views.scope_missing(str(problem.response.get("needed") or UPLOAD_SCOPE)))


def _write(runtime: Runtime, claim: Claim, wanted: ExportOrder, folder: Path) -> Written:
    """The workspace as it is at one instant. Files grow as rows are read; a long read holds up nobody who writes."""
    channel = _channel_they_are_in(runtime, claim, wanted)
    with runtime.database.read(claim.workspace_id) as session:
        export.hold_still(session)
        by, place = export.asker(session, wanted, claim.target, admins=runtime.admins, channel=channel)
        register = Register(session, by, place, wanted.kinds)
        name = export.workspace_name(session)
        written = Written(by.person, place.name if place else None, local_date(runtime.now(), by.person.tz))
        parts = (name, written.place or "")
        whole = folder / views.file_name(*parts, day=written.day, ending="json")
        with whole.open("w", encoding="utf-8", errors="replace") as stream:
            writer = PortfolioWriter(stream, workspace=name, now=runtime.now())
            for kind in wanted.kinds:
                table = folder / views.file_name(*parts, kind.value, day=written.day, ending="csv")
                written.rows[kind] = _write_kind(
                    writer, register, kind, table, goes_on=partial(_still_ours, runtime, claim)
                )
                written.files += [table] if written.rows[kind] else []
            if set(wanted.kinds) == set(ExportKind):
                writer.plan(Plan(session, by, register.names))
            writer.finish(register.names)
    written.files.insert(0, whole)
    return written


def _write_kind(
    writer: PortfolioWriter, register: Register, kind: ExportKind, table: Path, *, goes_on: Callable[[], None]
) -> int:
    """The mark at the start is how spreadsheets know UTF-8."""
    rows = 0
    with table.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        cells = csv.writer(stream)
        cells.writerow(views.header(kind))
        for record in writer.section(kind, register.records(kind)):
            cells.writerow(views.row(kind, record))
            rows += 1
            if rows % SAID_EVERY == 0:
                goes_on()
    goes_on()
    return rows


def _share(runtime: Runtime, claim: Claim, wanted: ExportOrder, written: Written, channel: str) -> None:
    """What leaves is in the history before it is seen: an export that nobody wrote down would be worse than a line
    about one that Slack refused in the end."""
    goes_on = partial(_still_ours, runtime, claim)
    uploaded = [send_bytes(runtime, file.name, file, goes_on=goes_on) for file in written.files]
    goes_on()
    with runtime.database.write(claim.workspace_id) as session:
        export.record(session, wanted, written.rows, by=written.by, now=runtime.now())
    words = views.export_words(written.rows, place=written.place, day=written.day)
    complete(runtime, uploaded, channel=channel, words=words)


def _channel_they_are_in(runtime: Runtime, claim: Claim, wanted: ExportOrder) -> str | None:
    """The channel they asked in, unless it opens a restricted place and they have left it since."""
    channel = wanted.channel
    with runtime.database.read(claim.workspace_id) as session:
        if channel is None or not export.opens_a_door(session, wanted, claim.target):
            return channel
    try:
        return channel if is_member(runtime, channel, claim.target) else None
    except SlackApiError as problem:
        if problem.response.get("error") not in delivery.MISSING_BOT:
            raise
        return None


def _still_ours(runtime: Runtime, claim: Claim) -> None:
    """Renews the lease: a large export takes longer than one."""
    with runtime.database.write(claim.workspace_id) as session:
        if not outbox.begin_attempt(session, claim, now=runtime.now()):
            raise Lost


def _say(runtime: Runtime, claim: Claim, words: Message) -> None:
    """A word instead of files, once for each order."""
    with runtime.database.write(claim.workspace_id) as session:
        delivery.post(session, words, key=f"export.word:{claim.id}", to=claim.target, now=runtime.now())
