"""A restricted project's words reach nobody outside, through no surface: each is tried by an outsider and an insider.

The insider's try shows that the surface does carry such words: what is not found outside is not simply broken.
"""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.asking import sqlite_only
from tests.deliveries import caught
from tests.town import Town

SECRET = "Nightfall"
OUTSIDER, INSIDER = "UKAVYA", "ULUIS"
CALENDAR = datetime(2026, 4, 6, 13, 5, tzinfo=UTC)
"""After Monday's rollup."""


@pytest.fixture
def secret(town: Town) -> Town:
    """A project in a private channel of luis and maya, with a record of each kind and a status in its words."""
    luis = town.person(INSIDER)
    luis.types("CSECRET", f"/pm setup {SECRET} takeover")
    programs = [block for block in luis.modal["blocks"] if block.get("block_id") == "program"]
    luis.submits({"target_on": "2026-06-30", "program": programs[0]["element"]["options"][0]["value"]})
    assert luis.form_errors == {}
    luis.types("CSECRET", f"/risk {SECRET} vendor leaks p4 i5 by Friday #vendor")
    _log(town, f"/decision {SECRET} price", {"approver": "UMAYA"})
    _log(town, f"/pm issue {SECRET} site is down", {"severity": "sev1", "owner": "UMAYA"})
    _log(town, f"/pm assumption {SECRET} is signed in May", {"owner": INSIDER, "validate_by": "2026-04-02"})
    _log(town, "/update", {"health": "red", "summary": f"{SECRET} stands still", "path_to_green": f"Buy {SECRET} out"})
    town.settle()
    return town


def _log(town: Town, line: str, answers: dict[str, str]) -> None:
    luis = town.person(INSIDER)
    luis.types("CSECRET", line)
    for name, value in answers.items():
        luis.fills({name: value})
    luis.submits()
    assert luis.form_errors == {}, line


def reaches(town: Town, user: str) -> str:
    """Everything that this person can read anywhere: channels, messages to them, forms, their Home, their files."""
    person, world = town.person(user), town.sandbox.workspace.world
    member = [channel.id for channel in world.channels.values() if user in channel.members and channel.id != "CSECRET"]
    read: list[Any] = [person.reads(channel) for channel in {*member, person.dm}]
    threads = [
        person.thread(message["channel"], message["ts"])
        for channel in read
        for message in channel
        if message.get("reply_count")
    ]
    files = [
        (world.files[file["id"]].data or b"").decode("utf-8", "replace")
        for channel in read
        for message in channel
        for file in message.get("files", ())
    ]
    return json.dumps([read, threads, files, person.modals, person.home], default=str)


def pressed(town: Town, user: str, action: str, value: str) -> None:
    """A button with a secret record's id, pressed where this person stands: an old card, a copy, a forgery."""
    person = town.person(user)
    person.types("CPROG", "/pm help")
    shown = person.reads("CPROG")[-1]
    payload = copy.deepcopy(caught(town, lambda: person.presses(shown, "command.run@update")))
    payload["actions"][0] |= {"action_id": action, "value": value, "selected_option": {"value": value}}
    town.deliver("interactive", payload)


Surface = Callable[[Town, str], None]


def typed(line: str) -> Surface:
    return lambda town, user: town.person(user).types("CPROG", line)


def presses(action: str, value: str) -> Surface:
    return lambda town, user: pressed(town, user, action, value)


def home(town: Town, user: str) -> None:
    town.person(user).opens_home()
    town.settle()
    town.person(user).opens_home()


def suggested(town: Town, user: str) -> None:
    """What a menu that asks the app would offer, as a payload of its own: any name of a project."""
    for action in ("project", "risk.project", "program", "risk.filter_place"):
        payload = {
            "type": "block_suggestion",
            "user": {"id": user, "team_id": town.identity["team_id"]},
            "team": {"id": town.identity["team_id"]},
            "channel": {"id": "CPROG"},
            "action_id": action,
            "block_id": "project",
            "value": SECRET[:5],
        }
        said = town.deliver("interactive", payload)
        if user == OUTSIDER:
            assert SECRET not in json.dumps(said), action


def message_form(town: Town, user: str) -> None:
    town.person(user).types("CPROG", "The vendor may slip")
    message = town.person(user).reads("CPROG")[-1]
    town.person(user).uses_on_message(message, "risk.from_message")


def rollup(town: Town, user: str) -> None:
    town.play(CALENDAR)


def shared_list(town: Town, user: str) -> None:
    """An insider's own list, shared with everybody in an open channel: what is open of it, and how many are not."""
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/risk An open risk p4 i4 #vendor")
    maya.types("CPROG", "/pm risks all")
    assert SECRET in json.dumps(maya.reads("CPROG")[-1])
    maya.presses(maya.reads("CPROG")[-1], "risk.share_list")
    town.settle()
    assert "1 restricted left out" in json.dumps(town.person(user).reads("CPROG")[-1])


def shared_record(town: Town, user: str) -> None:
    """An insider shares a record that they were shown in an open channel."""
    pressed(town, INSIDER, "risk.share", "1")


def searched_by_number(town: Town, user: str) -> None:
    for ref in ("R-1", "D-1", "I-1", "A-1"):
        town.person(user).types("CPROG", f"/pm {ref}")


def escalations_listed(town: Town, user: str) -> None:
    town.pass_time(days=9)
    for line in ("/pm escalations", "/pm escalations all"):
        town.person(user).types("CPROG", line)


def escalated(town: Town, user: str) -> None:
    """Its issue and its decision climb to the sponsor, who answers for the project and nobody else."""
    town.pass_time(days=9)


def covered_by_the_outsider(town: Town, user: str) -> None:
    """Everybody inside is away, and whoever covers for them is not: a week of asks and escalations goes by."""
    for insider in ("ULUIS", "UMAYA"):
        told = town.person(insider).types("CPROG", f"/pm away 31 Mar to 9 Apr <@{OUTSIDER}> covers")
        assert "away" in told.text, told.text
    town.pass_time(days=9)
    home(town, user)
    town.person(user).types("CPROG", "/pm escalations all")
    searched_by_number(town, user)


def handed_over(town: Town, user: str) -> None:
    """What an insider is asked is offered to the outsider, by a form that was forged."""
    town.pass_time(days=4)
    for number in range(1, 12):
        pressed(town, INSIDER, "ask.hand_over", str(number))
        insider = town.person(INSIDER)
        if insider.modals:
            insider.submits({"to": OUTSIDER})
            while insider.modals:
                insider.closes()
        pressed(town, OUTSIDER, "ask.take_over", str(number))
        pressed(town, OUTSIDER, "ask.why", str(number))


SURFACES: dict[str, tuple[Surface, bool]] = {
    "direct reference": (searched_by_number, True),
    "list of risks": (typed("/pm risks all"), True),
    "list of decisions": (typed("/pm decisions all"), True),
    "list of issues": (typed("/pm issues all"), True),
    "list of assumptions": (typed("/pm assumptions all"), True),
    "list narrowed by name": (typed(f"/pm risks {SECRET[:3]}"), False),
    "search": (typed("/pm search stands still"), True),
    "home": (home, True),
    "export": (typed("/pm export"), True),
    "heat map": (typed("/pm heatmap all"), True),
    "burn-down": (typed("/pm burndown all"), False),
    "help": (typed("/pm help"), False),
    "preview": (typed("/pm preview"), True),
    "preview of oneself": (typed("/pm preview me"), True),
    "risk form": (typed("/risk"), True),
    "decision form": (typed("/decision"), True),
    "issue form": (typed("/pm issue"), True),
    "assumption form": (typed("/pm assumption"), True),
    "status form": (typed("/update"), True),
    "form from a message": (message_form, True),
    "suggestions": (suggested, False),
    "rollup": (rollup, False),
    "rollup preview": (typed("/pm rollup"), False),
    "a list that an insider shares": (shared_list, False),
    "a record that an insider shares": (shared_record, False),
    "card of a risk": (presses("risk.show", "1"), True),
    "card of a decision": (presses("decision.show", "1"), True),
    "card of an issue": (presses("issue.show", "1"), True),
    "card of an assumption": (presses("assumption.show", "1"), True),
    "history of a risk": (presses("risk.more", "history:1"), True),
    "history of a decision": (presses("decision.more", "history:1"), True),
    "form of an act": (presses("risk.edit", "1"), True),
    "form to decide": (presses("decision.decide", "1"), False),
    "options of a decision": (presses("decision.more", "compare:1"), False),
    "slips": (presses("status.slips", "project:2"), False),
    "past statuses": (presses("status.more", "history:1"), True),
    "picture of a place": (presses("risk.heat_map", "project:2"), True),
    "picture's text": (presses("risk.heatmap_text", "project:2"), True),
    "escalations": (escalated, False),
    "list of escalations": (escalations_listed, False),
    "escalation that is pressed": (presses("escalation.acknowledge", "1"), False),
    "escalation that is re-dated": (presses("escalation.redate", "1"), False),
    "escalation that is opened": (presses("escalation.open", "1"), False),
    "escalation that is called off": (presses("escalation.more", "cancel:1"), False),
    "cover of all who are inside": (covered_by_the_outsider, False),
    "ask that is handed over": (handed_over, False),
    "how well it works": (typed("/pm asks"), False),
    "preview of a person": (presses("preview.person", "ULUIS"), False),
    "rollup portfolio": (typed("/pm rollup portfolio"), False),
    "override": (typed("/pm override"), False),
    "switches": (typed("/pm switches"), False),
    "days off": (typed("/pm away"), False),
    "one's own calendar": (typed("/pm me"), False),
    "record of an answer": (presses("ask.show", "read_risk:1"), False),
    "settings": (typed("/pm settings"), False),
    "form of its state": (typed("/pm state"), True),
    "form of its state, pressed": (presses("rest.open_state", "project:2"), True),
    "form to waive a request": (typed("/pm waive"), False),
    "resume": (presses("rest.resume", "project:2"), False),
    "form to log once more": (presses("risk.again", "1"), True),
}
"""By name: what is done, and whether an insider in the same open channel is shown the project's words by it."""


@sqlite_only
@pytest.mark.parametrize("name", SURFACES)
def test_no_outsider_finds_a_word_of_a_restricted_project(secret, name):
    act, _ = SURFACES[name]
    act(secret, OUTSIDER)
    secret.settle()
    assert SECRET.lower() not in reaches(secret, OUTSIDER).lower()


@sqlite_only
@pytest.mark.parametrize("name", [name for name, (_, carries) in SURFACES.items() if carries])
def test_the_same_surface_shows_it_to_an_insider(secret, name):
    act, _ = SURFACES[name]
    act(secret, INSIDER)
    secret.settle()
    secret.pass_time(minutes=1)
    found = reaches(secret, INSIDER)
    assert SECRET in found or "R-1" in found


def test_the_rollup_says_that_one_is_restricted_and_nothing_more(secret):
    secret.play(CALENDAR + timedelta(minutes=1))
    [post] = [m for m in secret.person(OUTSIDER).reads("CPROG") if m["text"].startswith("Payments Renewal, week")]
    assert "1 restricted" in json.dumps(post)
    assert SECRET not in json.dumps(post)


def test_what_an_outsider_tried_stands_in_the_records_history(secret):
    pressed(secret, OUTSIDER, "risk.edit", "1")
    luis = secret.person(INSIDER)
    card = [m for m in luis.reads("CSECRET") if "risk.more" in str(m["blocks"])][-1]
    shown = luis.presses(card, "risk.more", value="history:1").shown[-1]
    assert "kavya" in json.dumps(shown)
    assert "Tried to edit it and may not" in json.dumps(shown)
