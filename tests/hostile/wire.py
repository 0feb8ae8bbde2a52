"""A conversation of something of everything, and every payload that Slack sent in it."""

import copy
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.database import Database
from bot.sandbox.answers import SlackRefused
from handlers import FEATURES
from tests.deliveries import caught
from tests.neighbours import install_neighbour
from tests.town import MANIFEST, Town

Payload = dict[str, Any]

SECRET = "Nightfall"
"""In each text of a restricted project; luis and maya alone may read it."""
INSIDERS = ("ULUIS", "UMAYA")

ANSWERS = {
    "edit": {"title": "Vendor slips <!channel> & co"},
    "review": {"next_review_on": "2026-05-04"},
    "respond": {"response_strategy": "mitigate", "response_plan": "A second vendor", "next_review_on": "2026-05-04"},
    "criteria": {"criteria": "risk 40\ncost 60"},
    "score": {"score_0_0": "3"},
    "details": {"pros_0": "Quick"},
    "decide": {"chosen": "A", "rationale": "It is the quickest of them"},
    "defer": {"reason": "The figures come later", "due_on": "2026-05-01"},
}
NOTICES = tuple(sorted({notice for feature in FEATURES for notice in feature.notices}))
"""They are kept and not delivered: the app would be removed."""
EVENTS = tuple(name for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"] if name not in NOTICES)


class Wire:
    """Keeps every payload that the app is sent."""

    def __init__(self, town: Town) -> None:
        self.town, self.payloads = town, [self._suggestion(town)]
        self.theirs: dict[str, int] = {}
        self.registered = {
            "actions": sorted({action for feature in FEATURES for action in feature.actions}),
            "forms": sorted({form for feature in FEATURES for form in feature.forms}),
        }
        self.pressed: Payload = {}
        self.submitted: Payload = {}
        town.sandbox.deliver = self.deliver

    @property
    def kinds(self) -> list[str]:
        """A kind as often as it weighs: of buttons and forms there are hundreds, of others a few."""
        found = sorted({kind_of(payload) for payload in self.payloads})
        heavy = [kind for kind in found if kind in ("block_actions", "view_submission", "command")]
        return [*found, *heavy * 5]

    def deliver(self, kind: str, payload: Any, retry: Any = None) -> Any:
        self.payloads.append(copy.deepcopy(dict(payload)))
        return self.town.deliver(kind, payload, retry)

    def acts(self, user: str, kind: str, *actions: str) -> None:
        """What stands behind the dots of a record's card, and its form filled in."""
        person = self.town.person(user)
        for action in actions:
            press = copy.deepcopy(self.press())
            press["user"]["id"] = user
            press["actions"][0] |= {"action_id": f"{kind}.more", "selected_option": {"value": f"{action}:1"}}
            self.deliver("interactive", press)
            if person.modals:
                person.submits(ANSWERS.get(action, {}))
                self.close(user)

    def logs(self, user: str, line: str, answers: dict[str, Any], *, channel: str = "CLEDGER") -> None:
        self.town.person(user).types(channel, line)
        for name, value in answers.items():
            self.town.person(user).fills({name: value})
        self.town.person(user).submits()
        assert self.town.person(user).form_errors == {}

    def close(self, user: str) -> None:
        while self.town.person(user).modals:
            self.town.person(user).closes()

    def press(self) -> Payload:
        luis = self.town.person("ULUIS")
        card = next(m for m in luis.reads("CLEDGER") if "risk.more" in str(m["blocks"]))
        press = caught(self.town, lambda: luis.presses(card, "risk.more", value="history:1"))
        self.town.sandbox.deliver = self.deliver
        return press

    def _suggestion(self, town: Town) -> Payload:
        team = town.identity["team_id"]
        who = {"user": {"id": "UKAVYA", "team_id": team}, "team": {"id": team}, "channel": {"id": "CPROG"}}
        menu = {"action_id": "risk.project", "block_id": "project", "value": "led"}
        return {"type": "block_suggestion", "api_app_id": "A1", **who, **menu}


@contextmanager
def recorded(template: Path, folder: Path) -> Iterator[Wire]:
    """A neighbour shares the database; a restricted project lies beside the open one."""
    path = folder / "hostile.db"
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}")
    town = Town(database)
    town.set_up_program()
    town.set_up_project()
    wire = Wire(town)
    _talk(wire)
    _say_what_slack_says(wire)
    wire.pressed = wire.press()
    wire.submitted = next(each for each in wire.payloads if each.get("type") == "view_submission")
    yield wire
    database.close()


def snapshot(database: Database) -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(_path(database))) as source:
        source.backup(kept)
    return kept


def restore(database: Database, kept: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(_path(database))) as target:
        kept.backup(target)


def _path(database: Database) -> str:
    return database.url.removeprefix("sqlite:///")


def _keep_a_secret(wire: Wire) -> None:
    luis = wire.town.person("ULUIS")
    luis.types("CSECRET", f"/pm setup {SECRET} takeover")
    programs = [block for block in luis.modal["blocks"] if block.get("block_id") == "program"]
    luis.submits({"target_on": "2026-06-30", "program": programs[0]["element"]["options"][0]["value"]})
    assert luis.form_errors == {}
    luis.types("CSECRET", f"/risk {SECRET} vendor leaks p4 i5 by Friday #vendor")
    wire.logs("ULUIS", f"/decision {SECRET} price", {"approver": "UMAYA"}, channel="CSECRET")
    red = {"health": "red", "summary": f"{SECRET} stands still", "path_to_green": f"Buy {SECRET} out"}
    wire.logs("ULUIS", "/update", red, channel="CSECRET")


def _talk(wire: Wire) -> None:
    """Forms, buttons, lists, shortcuts, menus and the Home."""
    kavya, luis = wire.town.person("UKAVYA"), wire.town.person("ULUIS")
    rated = {"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}
    wire.logs("UKAVYA", "/risk Vendor slips the API", rated)
    wire.logs("UKAVYA", "/pm issue The ledger is down", {"severity": "sev1", "owner": "ULUIS"})
    wire.logs("UKAVYA", "/pm assumption The bank agrees", {"owner": "ULUIS", "validate_by": "2026-05-04"})
    wire.logs("UKAVYA", "/decision Cutover way", {"approver": "ULUIS", "options": "A way\nB way"})
    amber = {"health": "amber", "summary": "Late", "path_to_green": "A second vendor is signed"}
    luis.types("CLEDGER", "/update")
    luis.submits(amber | {"new_target_on": "2026-06-01", "date_reason": "The vendor is late"})
    wire.acts("UMAYA", "risk", "respond", "edit", "review", "history")
    wire.acts("ULUIS", "decision", "edit", "criteria", "score", "details", "compare", "defer", "resume", "decide")
    for line in ("/risk Quick p4 i5 @luis by Friday", "/pm risks", "/pm search vendor", "/pm heatmap", "/pm help"):
        kavya.types("CLEDGER", line)
        _press_all(wire, "UKAVYA", kavya.reads("CLEDGER")[-1])
    kavya.types("CLEDGER", "The vendor <b> may slip")
    kavya.uses_on_message(kavya.reads("CLEDGER")[-1], "risk.from_message")
    kavya.submits(rated)
    luis.runs_shortcut("decision.anywhere")
    wire.close("ULUIS")
    kavya.opens_home()
    luis.types("CLEDGER", "/checkin")
    luis.submits({"people": ["ULUIS", "UKAVYA"]})
    assert luis.form_errors == {}
    luis.types("CLEDGER", "/pm away 6 Apr to 7 Apr <@UKAVYA> covers")
    for line in ("/pm settings", "/pm switches", "/pm rollup", "/pm preview", "/pm me", "/pm state", "/pm export"):
        wire.town.person("UMAYA").types("CPROG", line)
        wire.close("UMAYA")
    _keep_a_secret(wire)
    wire.theirs = install_neighbour(wire.town.database, first=700_000)[1]
    wire.town.pass_time(days=8)  # everybody is asked, threads open, a rollup stands
    wire.close("ULUIS")


def _say_what_slack_says(wire: Wire) -> None:
    """Every event that the manifest subscribes to, and what is about the address and not a workspace."""
    event = next(each for each in wire.payloads if each.get("type") == "event_callback")
    member = wire.town.sandbox.api("users.info", {"user": "UKAVYA"}, token=wire.town.sandbox.bot_token).body["user"]
    told: dict[str, Payload] = {
        "app_home_opened": {"user": "UKAVYA", "channel": "D1", "tab": "home"},
        "dnd_updated_user": {"user": "UKAVYA", "dnd_status": {"dnd_enabled": True, "next_dnd_start_ts": 1775000000}},
        "member_joined_channel": {"user": "UKAVYA", "channel": "CPROG", "channel_type": "C", "inviter": "UMAYA"},
        "team_join": {"user": member | {"id": "UNEW", "name": "new"}},
        "user_change": {"user": member},
    }
    for name in EVENTS:
        said = {"type": name, "event_ts": "1.1"} | told.get(name, {"user": "UKAVYA"})
        wire.deliver("events_api", copy.deepcopy(event) | {"event": said, "event_id": f"Ev{name}"})
    for name in NOTICES:
        said = {"type": name, "tokens": {"bot": ["U0SANDBOXBOT"]}, "team_ids": [event["team_id"]]}
        wire.payloads.append(copy.deepcopy(event) | {"event": said, "event_id": f"Ev{name}"})
    submission = next(each for each in wire.payloads if each.get("type") == "view_submission")
    left_out = ("trigger_id", "response_urls")
    closed = {name: part for name, part in copy.deepcopy(submission).items() if name not in left_out}
    wire.payloads += [
        closed | {"type": "view_closed", "is_cleared": True},
        {"type": "url_verification", "token": "t", "challenge": "c4ll"},
        {"ssl_check": "1", "token": "t"},
        {"type": "app_rate_limited", "team_id": event["team_id"], "minute_rate_limited": 1, "api_app_id": "A1"},
    ]


def _press_all(wire: Wire, user: str, shown: Payload) -> None:
    person = wire.town.person(user)
    for element in [element for block in shown["blocks"] for element in elements(block)]:
        value = (
            element.get("value") or element["options"][0]["value"] if {"value", "options"} & element.keys() else None
        )
        if value is not None:
            with suppress(SlackRefused):  # another button has put something else in its place
                person.presses(shown, element["action_id"], value=value)
            wire.close(user)


def elements(block: Payload) -> list[Payload]:
    return [each for each in (*block.get("elements", ()), block.get("accessory")) if each and "action_id" in each]


def kind_of(payload: Any) -> str:
    """As Slack's papers name it."""
    if not isinstance(payload, dict):
        return "?"
    if "command" in payload:
        return "command"
    event = payload.get("event")
    if isinstance(event, dict):
        return f"event {event.get('type')}"
    return "ssl_check" if "ssl_check" in payload else str(payload.get("type"))


def sent_by(payload: Payload, user: str) -> Payload:
    """The same, in somebody else's name."""
    mine = copy.deepcopy(payload)
    if "command" in mine:
        mine["user_id"] = user
    elif isinstance(mine.get("user"), dict):
        mine["user"]["id"] = user
    elif isinstance(mine.get("event"), dict) and isinstance(mine["event"].get("user"), str):
        mine["event"]["user"] = user
    return mine


def fresh(payload: Payload, number: object) -> Payload:
    """Another delivery of its own."""
    mine = copy.deepcopy(payload)
    if "trigger_id" in mine:
        mine["trigger_id"] = f"9.{number}"
    if "event_id" in mine:
        mine["event_id"] = f"Ev9.{number}"
    if mine.get("type") == "view_submission" and isinstance(mine.get("view"), dict):
        mine["view"]["hash"] = f"9.{number}"
    return mine


def private_metadata(payload: Payload) -> Payload:
    view = payload.get("view")
    loaded = json.loads((view or {}).get("private_metadata") or "{}")
    return loaded if isinstance(loaded, dict) else {}
