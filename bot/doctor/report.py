"""The findings as a person reads them, or as a program does. A secret never leaves this place."""

import json
import os
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TextIO
from urllib.parse import quote

from sqlalchemy import make_url

from bot.config import Settings
from bot.doctor.finding import Finding, Level, counted

WIDTH = 100
SHORTEST_SECRET = 4
COLOURS = {Level.RIGHT: 32, Level.NOTE: 33, Level.PROBLEM: 31, Level.UNCHECKED: 90}


def secrets_of(settings: Settings) -> list[str]:
    password = make_url(settings.database_url).password or ""
    tokens = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_client_secret,
        *settings.keys,
    )
    words = [*(token.get_secret_value().strip() for token in tokens), password, quote(password, safe="")]
    return [word for word in words if len(word) >= SHORTEST_SECRET]


@dataclass
class Report:
    """Written section by section, so that a slow answer is seen to be waited for; as JSON, at the end."""

    out: TextIO
    as_json: bool = False
    secrets: Sequence[str] = ()
    host: str | None = None
    sections: dict[str, list[Finding]] = field(default_factory=dict)

    def begin(self, host: str | None) -> None:
        self.host = host
        talks = f"It talks to {host}." if host else "It talks to nobody until the settings can be used."
        self._say(f"Stationmaster's doctor. {talks}")

    def open(self, title: str) -> None:
        self.sections[title] = []
        self._say("", title)

    def add(self, found: Finding) -> None:
        clean = Finding(found.level, self._masked(found.words), self._masked(found.remedy))
        self.sections[next(reversed(self.sections))].append(clean)
        self._say(*self._lines(clean))

    def end(self, code: int) -> int:
        if self.as_json:
            self._write(json.dumps({"host": self.host, "exit_code": code, "sections": self._plain()}, indent=2))
        self._say("", self._summary())
        return code

    def count(self, level: Level) -> int:
        return sum(found.level is level for findings in self.sections.values() for found in findings)

    def _summary(self) -> str:
        problems, notes = self.count(Level.PROBLEM), self.count(Level.NOTE)
        more = f", {counted(notes, 'note')}" if notes else ""
        if not problems:
            return f"All is well{more}."
        return f"{counted(problems, 'thing')} to mend{more}. Mend the first one first, then run ./run doctor again."

    def _plain(self) -> list[dict[str, object]]:
        return [
            {
                "title": title,
                "findings": [
                    {"level": found.level.name.lower(), "words": found.words, "remedy": found.remedy}
                    for found in findings
                ],
            }
            for title, findings in self.sections.items()
        ]

    def _lines(self, found: Finding) -> Iterable[str]:
        mark = f"{found.level.value:<4}"
        first, *rest = textwrap.wrap(found.words, WIDTH - 8, break_long_words=False, break_on_hyphens=False)
        yield f"  {self._coloured(mark, found.level)}  {first}"
        remedy = textwrap.wrap(found.remedy, WIDTH - 11, break_long_words=False, break_on_hyphens=False)
        yield from (f"        {line}" for line in rest)
        yield from (f"        {'-> ' if number == 0 else '   '}{line}" for number, line in enumerate(remedy))

    def _coloured(self, mark: str, level: Level) -> str:
        if not self.out.isatty() or "NO_COLOR" in os.environ:
            return mark
        return f"\x1b[{COLOURS[level]}m{mark}\x1b[0m"

    def _masked(self, text: str) -> str:
        """Without secrets, and without signs that would move a terminal's cursor."""
        for secret in self.secrets:
            text = text.replace(secret, "(secret)")
        return "".join(sign if sign.isprintable() else "?" for sign in text)

    def _say(self, *lines: str) -> None:
        if not self.as_json:
            self._write("\n".join(lines))

    def _write(self, text: str) -> None:
        self.out.write(text + "\n")
        self.out.flush()
