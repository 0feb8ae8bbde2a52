"""A decision of a restricted project: nobody outside learns of it, whatever they press or read."""

import copy
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.notices import decision as notices
from bot.sandbox.courier import Outcome
from bot.services import decision as decisions
from models.tables import Decision, Project
from tests.deciding import GOOD, decide, found, log
from tests.deliveries import caught
from tests.town import Town

SECRET = "Buy the competitor"
MACHINE = ("propose", "review", "decide", "reject", "defer", "resume", "withdraw", "supersede", "deprecate")
OTHERS = ("edit", "criteria", "details", "score", "grade", "undo", "replace", "again", "compare", "history")


@pytest.fixture
def secret(town: Town) -> dict[str, Any]:
    """A decision in luis' private channel, where maya is too; the rest of the town is outside."""
    town.set_up_project(channel="CSECRET", name="Nightfall")
    luis = town.person("ULUIS")
    luis.types("CSECRET", f"/decision {SECRET}")
    luis.submits({"approver": "UMAYA", "options": "Now\nNever", "informed": ["URUBY"]})
    assert luis.form_errors == {}
    return next(m for m in luis.reads("CSECRET") if m["text"].startswith("Decision D-1"))


def pressed_outside(town: Town, user: str, action: str, value: str) -> Any:
    """Somebody of an open channel sends what a button of the secret card would send."""
    log(town)
    person = town.person(user)
    card = town.card("CLEDGER", "Decision D-2")
    payload = copy.deepcopy(caught(town, lambda: person.presses(card, "decision.decide")))
    payload["actions"][0] |= {"action_id": action, "value": value}
    return person.result_of(lambda: Outcome(acked=True, ack=town.deliver("interactive", payload) or {}))


def said_to(town: Town, user: str) -> str:
    person = town.person(user)
    return str([person.reads("CPROG"), person.reads("CLEDGER"), person.direct_messages(), person.opens_home()])


@pytest.mark.parametrize("action", [*MACHINE, *OTHERS])
def test_no_act_tells_an_outsider_that_it_is_there(town, secret, action):
    told = pressed_outside(town, "UKAVYA", "decision.more", f"{action}:{found(town).id}")
    assert told.text.startswith("I cannot find this decision")
    assert town.person("UKAVYA").modals == []
    assert SECRET not in said_to(town, "UKAVYA")


def test_it_is_neither_shown_nor_told(town, secret):
    assert town.person("UKAVYA").types("CPROG", "/pm D-1").text.startswith("I cannot find D-1")
    assert pressed_outside(town, "UKAVYA", "decision.show", str(found(town).id)).text.startswith("I cannot find")
    maya = town.person("UMAYA")
    [ask] = [m for m in maya.direct_messages() if m["text"].startswith("Your decision is needed")]
    maya.presses(ask, "decision.decide")
    maya.submits({"chosen": "A", "rationale": "While they are cheap"})
    assert maya.form_errors == {}
    for user in ("UKAVYA", "URUBY", "UDANA", "UJONAS"):
        assert SECRET not in said_to(town, user), user


def test_its_name_is_not_carried_over_to_a_decision_of_an_open_place(town, secret):
    card = log(town, title=GOOD["title"])
    decide(town, card)
    with town.database.write(1) as session:
        new, old = (decisions.find(session, number) for number in (1, 2))
        linked = {"status": "superseded", "superseded_by_id": new.id, "version": Decision.version + 1}
        session.execute(update(Decision).where(Decision.id == old.id).values(**linked))
        session.execute(update(Decision).where(Decision.id == new.id).values(supersedes_id=old.id))
    with town.database.write(1) as session:
        notices.show_card(session, decisions.find(session, 2), now=town.clock.now())
    town.settle()
    folded = town.card("CLEDGER", "D-2 Cutover strategy no longer applies. It is superseded by D-1.")
    assert SECRET not in str(folded)


def test_who_has_the_channel_reads_it_there(town, secret):
    maya = town.person("UMAYA")
    assert SECRET in maya.types("CSECRET", "/pm D-1").text
    with town.database.read(1) as session:
        assert session.scalars(select(Project.visibility).where(Project.channel == "CSECRET")).one() == "restricted"
