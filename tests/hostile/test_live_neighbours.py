"""Two live workspaces whose people, channels and records have the same ids: whatever is done in one, the other hears of
nothing, shows nothing and stays as it is."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest

from bot.database import Database
from bot.jobs.delivery import Courier
from bot.scheduler import TICKS
from handlers import FEATURES
from tests.hostile.capabilities import (
    ACTIONS,
    EVENTS,
    FORMS,
    LINES,
    NOTICES,
    SHORTCUTS,
    SUGGESTIONS,
    metadata_of,
    value_of,
)
from tests.hostile.wire import Payload, kind_of
from tests.neighbours import OWNED, everything
from tests.two_towns import Place, TwoTowns

NORTHS, SOUTHS = re.compile("Bridge|Ledger Migration"), re.compile("Crane|Harbour")
HOUSEKEEPING = ("handled_delivery", "outbox", "pace")
"""What is forgotten of old deliveries, and of channels that have rested, is forgotten for all."""


class Wires:
    """`north` does everything; `south` has the same of everything, in other words."""

    def __init__(self, database: Database) -> None:
        self.towns = TwoTowns(database)
        self.north, self.south = self.towns.north, self.towns.south
        self.payloads: list[Payload] = []
        for place, project, word in (
            (self.south, "Harbour Works", "Crane"),
            (self.north, "Ledger Migration", "Bridge"),
        ):
            self.lives(place, project, word)

    def lives(self, place: Place, project: str, word: str) -> None:
        place.set_up_program()
        place.set_up_project(name=project)
        deliver = place.deliver
        if place is self.north:
            place.sandbox.deliver = lambda kind, payload, retry=None: self.keeps(deliver, kind, payload)
        rated = {"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}
        self.logs(place, f"/risk {word} breaks", rated)
        self.logs(place, f"/pm issue {word} is down", {"severity": "sev1", "owner": "ULUIS"})
        self.logs(place, f"/pm assumption {word} holds", {"owner": "ULUIS", "validate_by": "2026-05-04"})
        self.logs(place, f"/decision {word} way", {"approver": "ULUIS", "options": "A way\nB way"})
        self.logs(place, "/update", {"health": "green", "summary": f"{word} is on track"}, user="ULUIS")
        self.logs(place, "/checkin", {"people": ["ULUIS", "UKAVYA"]}, user="ULUIS")
        kavya = place.person("UKAVYA")
        kavya.opens_home()
        kavya.types("CLEDGER", f"The {word} may break")
        kavya.uses_on_message(kavya.reads("CLEDGER")[-1], "risk.from_message")
        kavya.closes()
        kavya.runs_shortcut("risk.anywhere")
        kavya.closes()
        card = place.card("CLEDGER", "New Extreme risk R-1")
        place.person("ULUIS").presses(card, "risk.acknowledge")
        place.sandbox.deliver = deliver

    def keeps(self, deliver: Any, kind: str, payload: Any) -> Any:
        self.payloads.append(copy.deepcopy(dict(payload)))
        return deliver(kind, payload)

    def logs(self, place: Place, line: str, answers: dict[str, Any], user: str = "UKAVYA") -> None:
        person = place.person(user)
        person.types("CLEDGER", line)
        for name, value in answers.items():
            person.fills({name: value})
        person.submits()
        assert person.form_errors == {}, line

    def one(self, kind: str) -> Payload:
        return copy.deepcopy(next(payload for payload in self.payloads if kind_of(payload) == kind))

    def sends(self, payload: Payload) -> str:
        response = self.towns.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
        for user in ("UKAVYA", "ULUIS", "UMAYA"):
            while self.north.person(user).modals:
                self.north.person(user).closes()
        return str(response.body)

    def ids_of(self, place: Place) -> dict[str, int]:
        rows = everything(self.towns.database, workspace=place.workspace_id)
        at = {table.name: [column.name for column in table.columns].index("id") for table in OWNED}
        return {name: rows[name][0][at[name]] if rows[name] else 987_654_321 for name in rows}


@pytest.fixture(scope="module")
def wires(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wires]:
    path = tmp_path_factory.mktemp("live") / "live.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield Wires(database)
    database.close()


class Apart:
    """Within it nothing of the south changes, is asked, or is told."""

    def __init__(self, wires: Wires, *besides: str) -> None:
        self.wires, self.besides = wires, besides
        self.answers: list[str] = []

    def __enter__(self) -> "Apart":
        wires = self.wires
        self.rows = everything(wires.towns.database, workspace=wires.south.workspace_id)
        self.calls = len(wires.south.sandbox.calls)
        self.said = len(wires.north.sandbox.calls)
        return self

    def __exit__(self, *problem: object) -> None:
        if problem[0] is not None:
            return
        wires = self.wires
        assert [call.method for call in wires.south.sandbox.calls[self.calls :]] == []
        told = json.dumps([call.args for call in wires.north.sandbox.calls[self.said :]], default=str)
        assert not SOUTHS.search(told + "".join(self.answers))
        rows = everything(wires.towns.database, workspace=wires.south.workspace_id)
        assert {name for name in rows if rows[name] != self.rows[name]} - set(self.besides) == set()


def pressed(wires: Wires, action: str, value: str, user: str) -> Payload:
    press = copy.deepcopy(next(each for each in wires.payloads if "response_url" in each and each.get("actions")))
    del press["response_url"]
    press["user"]["id"], press["trigger_id"] = user, f"7.{action}.{value[:40]}.{user}"
    chosen = {"selected_option": {"value": value}, "selected_user": "ULUIS"}
    press["actions"][0] |= {"action_id": action, "value": value, "block_id": f"b|{value}|{value}"} | chosen
    if "." not in action or action in ("checkin.preview", "risk.project"):
        press |= {"view": wires.one("view_submission")["view"], "channel": None}
    return press


def submitted(wires: Wires, form: str, ids: dict[str, int], user: str) -> Payload:
    sent = wires.one("view_submission")
    sent["user"]["id"] = user
    sent["view"] |= {"callback_id": form, "hash": f"7.{form}.{user}.{ids['risk']}"}
    sent["view"]["private_metadata"] = json.dumps(metadata_of(ids))
    return sent


def test_every_button_and_every_form_with_the_ids_of_either(wires):
    with Apart(wires) as apart:
        for ids in (wires.ids_of(wires.south), wires.ids_of(wires.north)):
            for user in ("ULUIS", "UMAYA"):
                for action in ACTIONS:
                    apart.answers.append(wires.sends(pressed(wires, action, value_of(action, ids) or "1", user)))
                for form in FORMS:
                    apart.answers.append(wires.sends(submitted(wires, form, ids, user)))
        wires.towns.north.settle()


def test_every_line_shortcut_menu_and_event(wires):
    """Who looks for the south's words finds none of them."""
    looks = ("risks", "search", "rollup", "export", "settings", "switches")
    lines = [line.format(word="Crane" if word in looks else "Bridge") for word in LINES for line in LINES[word]]
    with Apart(wires) as apart:
        for number, line in enumerate(lines):
            command, _, text = line.partition(" ")
            typed = wires.one("command") | {"command": command, "text": text, "trigger_id": f"7.line.{number}"}
            answer = wires.sends(typed | {"user_id": "UMAYA"})
            apart.answers.append(answer.replace("Crane", "") if "Crane" in line else answer)  # what was typed is echoed
        for shortcut in SHORTCUTS:
            kind = "message_action" if shortcut.endswith("from_message") else "shortcut"
            started = wires.one(kind) | {"callback_id": shortcut, "trigger_id": f"7.{shortcut}"}
            apart.answers.append(wires.sends(started))
        for menu in SUGGESTIONS:
            who = {name: wires.one("block_actions")[name] for name in ("user", "team")}
            asked = {"type": "block_suggestion", **who, "action_id": menu, "block_id": "b", "value": "Har"}
            apart.answers.append(wires.sends(asked))
        envelope = wires.one("event app_home_opened")
        for event in EVENTS:
            user: Any = {"id": "UKAVYA", "name": "kavya"} if event in ("user_change", "team_join") else "UKAVYA"
            said = {"type": event, "user": user, "channel": "CLEDGER", "tab": "home", "dnd_status": {}}
            wires.sends(envelope | {"event": said, "event_id": f"Ev7{event}"})


def test_every_tick_of_the_one(wires):
    """Nine days go by for the north alone; the south waits for whoever serves it."""
    with Apart(wires, *HOUSEKEEPING):
        runtime = replace(wires.towns.runtime, serves={wires.north.workspace_id}, tenants=None)
        courier = Courier(runtime)
        ticks = [tick for tick in TICKS if tick.job.__name__ != "notice_installations"]
        assert len(ticks) >= len(TICKS) - 1
        for _ in range(9 * 4):
            wires.towns.clock.move_to(wires.towns.clock.now() + timedelta(hours=6))
            for tick in ticks:
                tick.job(runtime)
            while courier.deliver_due():
                pass


def test_both_go_on_and_neither_hears_of_the_other(wires):
    before = {place: len(place.sandbox.calls) for place in (wires.north, wires.south)}
    wires.north.pass_time(days=9)
    for place, others in ((wires.north, SOUTHS), (wires.south, NORTHS)):
        calls = place.sandbox.calls[before[place] :]
        assert len(calls) > 5
        assert not others.search(json.dumps([call.args for call in calls], default=str))


def test_what_is_said_of_the_ones_installation_ends_nothing_of_the_other(wires):
    """The last of all: the north is gone afterwards."""
    envelope = wires.one("event app_home_opened")
    with Apart(wires):
        for notice in NOTICES:
            said = {"type": notice, "tokens": {"bot": ["U1"]}, "team_ids": [wires.south.sandbox.team_id]}
            wires.sends(envelope | {"event": said, "event_id": f"Ev8{notice}"})
    assert wires.towns.tenants.served(wires.south.sandbox.team_id) is not None
    assert wires.towns.tenants.served(wires.north.sandbox.team_id) is None
    assert {name for feature in FEATURES for name in feature.notices} == set(NOTICES)
