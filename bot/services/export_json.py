"""A portfolio file, written as records are read: format "stationmaster-portfolio/1" and the details beyond it."""

import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, TextIO

from bot.services.export_places import Names
from bot.services.export_plan import Plan
from bot.services.export_values import plain
from models.schemas.export import ExportedRecord, ExportKind

FORMAT = "stationmaster-portfolio/1"
DETAILS = "details"
"""By list and id: the fields that the format has no place for, and the history of each record."""


class PortfolioWriter:
    """Records go to `stream` as they come; their details wait in a file of their own until the end."""

    def __init__(self, stream: TextIO, *, workspace: str, now: datetime) -> None:
        self._stream = stream
        self._details = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - closed by `finish`
        self._sections = 0
        head = {"schema": FORMAT, "as_of": plain(now), "workspace": {"name": workspace}}
        stream.write(_text(head)[:-1])

    def section(self, kind: ExportKind, records: Iterable[ExportedRecord]) -> Iterator[ExportedRecord]:
        """Writes each record of a kind and hands it on."""
        self._stream.write(f',\n"{kind.section}": [')
        self._details.write(f'{"," if self._sections else ""}\n"{kind.section}": {{')
        taken = total = 0
        for record in records:
            details = record.more if record.is_taken else {**record.more, "record": record.record}
            if record.is_taken:
                self._stream.write(f"{',' if taken else ''}\n{_text(record.record)}")
            self._details.write(f"{',' if total else ''}\n{_text(record.record['id'])}: {_text(details)}")
            taken, total = taken + record.is_taken, total + 1
            yield record
        self._stream.write("\n]")
        self._details.write("\n}")
        self._sections += 1

    def plan(self, plan: Plan) -> None:
        """What stands beside the register: its lists have no tables, and no history."""
        for name, items in plan.sections():
            self._list(name, items)
        self._stream.write(f',\n"checkin_team": {_text(plan.teams())}')

    def finish(self, names: Names) -> None:
        """What the records named, and the details."""
        self._list("projects", names.projects())
        self._list("programs", names.programs())
        self._list("people", names.people())
        self._stream.write(f',\n"calendars": {_text(names.calendars())}')
        self._stream.write(f',\n"{DETAILS}": {{')
        self._details.seek(0)
        shutil.copyfileobj(self._details, self._stream)
        self._details.close()
        self._stream.write("\n}}\n")

    def _list(self, name: str, items: Iterable[dict[str, Any]]) -> None:
        self._stream.write(f',\n"{name}": [' + ",".join(f"\n{_text(item)}" for item in items) + "\n]")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
