"""The traffic as the page's inspector lists it. Nothing secret leaves here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.sandbox.answers import Json
from bot.sandbox.masking import Mask
from bot.sandbox.traffic import Exchange, Traffic

MOST_ROWS = 200
MOST_GIST = 160


@dataclass(frozen=True)
class TrafficRows:
    traffic: Traffic
    mask: Mask

    def news(self) -> Json:
        return {"last": self.traffic.version, "problems": self.traffic.problems}

    def listed(self, after: int, text: str = "", *, only_problems: bool = False) -> Json:
        """What began or ended after that version, newest first; of a burst the newest rows only."""
        news = self.news()
        found = (row for row in self._rows(after, text.strip().lower()) if row["problem"] or not only_problems)
        return {**news, "lines": list(islice(found, MOST_ROWS))}

    def opened(self, number: int) -> Json | None:
        """One row with all that was sent and answered."""
        exchange = self.traffic.find(number)
        if exchange is None:
            return None
        answer = exchange.answer
        full = {"sent": exchange.args, "answer": answer.body if answer else None}
        headers = answer.headers if answer else {}
        return {**self._row(exchange), **self._masked(full), "headers": headers}

    def _rows(self, after: int, text: str) -> Iterator[Json]:
        for exchange in reversed(self.traffic.exchanges()):
            if exchange.version > after:
                row = self._row(exchange)
                if not text or self._holds(exchange, row, text):
                    yield row

    def _holds(self, exchange: Exchange, row: Json, text: str) -> bool:
        """Whether the text stands in the row or in what it opens to: as it is shown, so that nothing can be guessed."""
        if text in json.dumps(row, ensure_ascii=False).lower():
            return True
        body = exchange.answer.body if exchange.answer else None
        return text in json.dumps(self._masked([exchange.args, body]), ensure_ascii=False).lower()

    def _row(self, exchange: Exchange) -> Json:
        args = exchange.args
        return {
            "number": exchange.number,
            "at": exchange.at.isoformat(),
            "to_app": exchange.to_app,
            "method": _name(exchange),
            "gist": self.mask(_gist(args))[:MOST_GIST],
            "user": self.mask(_user(args)),
            "channel": self.mask(_channel(args)),
            "milliseconds": exchange.milliseconds,
            "status": exchange.answer.status if exchange.answer else None,
            "error": self.mask(exchange.error),
            "problem": exchange.is_problem,
        }

    def _masked(self, value: Any) -> Any:
        # The way over JSON also makes plain what an app in the same process may have sent as objects of its own.
        return self.mask(json.loads(json.dumps(value, default=str)))


def _name(exchange: Exchange) -> str:
    """An interaction's and an event's type says more than the way it was delivered."""
    if exchange.method == "events_api" and exchange.to_app:
        return str(_part(exchange.args, "event").get("type", exchange.method))
    if exchange.method == "interactive" and exchange.to_app:
        return str(exchange.args.get("type", exchange.method))
    return exchange.method


def _gist(args: Json) -> str:
    """What it is about, in one line."""
    if "command" in args:
        return f"{args['command']} {args.get('text', '')}".strip()
    actions = args.get("actions")
    if isinstance(actions, list) and actions and isinstance(actions[0], Mapping):
        return ", ".join(str(action.get("action_id", "")) for action in actions)
    view = _part(args, "view")
    if view:
        title = _part(view, "title").get("text") or view.get("type", "")
        return " · ".join(filter(None, [str(title), str(view.get("callback_id", ""))]))
    return _words(args)


def _words(args: Json) -> str:
    found = args.get("text") or args.get("callback_id") or _part(args, "event").get("text") or ""
    return " ".join(str(found).split())


def _user(args: Json) -> str:
    return _id(args.get("user_id") or args.get("user") or args.get("users") or _part(args, "event").get("user"))


def _channel(args: Json) -> str:
    return _id(args.get("channel_id") or args.get("channel") or _part(args, "event").get("channel"))


def _id(named: Any) -> str:
    """Of a person or a conversation, which payloads name as an id or as an object."""
    found = named.get("id") if isinstance(named, Mapping) else named
    return found if isinstance(found, str) else ""


def _part(args: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = args.get(name)
    return part if isinstance(part, Mapping) else {}
