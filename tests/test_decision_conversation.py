"""Asking for a decision, and deciding."""

import pytest
from sqlalchemy import select

from bot.domain.policy import Standing
from bot.services import decision as decisions
from bot.services import decision_acts
from models.schemas.decision import DecisionStatus
from models.schemas.decision_acts import DecideDraft
from models.tables import Decision, History
from tests.deciding import GOOD
from tests.town import Town


def log(town: Town, **answers: object):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/decision")
    return luis.submits(GOOD | answers, force=True)


def test_a_decision_is_asked_of_one_person_on_a_card(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/decision Cutover strategy")
    luis.submits({"approver": "UDANA", "options": "Big bang\nDual write then switch"})
    card = town.card("CLEDGER", "Decision D-1 needed by Mon 6 Apr from dana: Cutover strategy. 2 options.")
    assert [m.user for m in town.sandbox.mentions if m.channel == "CLEDGER"] == ["UDANA"]
    [ask] = town.person("UDANA").direct_messages()
    assert ask["text"] == "Your decision is needed by Mon 6 Apr: D-1 Cutover strategy. 2 options."
    assert "*A* Big bang\n*B* Dual write then switch" in card["blocks"][1]["text"]["text"]
    assert luis.reads("CLEDGER")[-1]["text"] == "Logged D-1: Cutover strategy. Needed by Mon 6 Apr from dana."


def test_the_approver_decides_from_the_card_which_then_says_it(town):
    log(town)
    dana = town.person("UDANA")
    dana.presses(town.card("CLEDGER", "Decision D-1"), "decision.decide")
    dana.submits({"chosen": "B", "rationale": "Lowest risk that meets the date"})
    assert dana.form_errors == {}
    card = town.card("CLEDGER", "Decided: D-1 Cutover strategy is B, Dual write then switch. dana, Mon 30 Mar.")
    assert "edited" in card
    assert "*Why:* Lowest risk that meets the date" in str(card["blocks"])
    with town.database.read(1) as session:
        decision = decisions.find(session, 1)
        assert (decision.status, decision.chosen) == (DecisionStatus.ACCEPTED, "B")
        assert [p.handle for p in decision.contributors] == ["kavya", "jonas"]
        changes = session.scalars(select(History).where(History.kind == "decision").order_by(History.id)).all()
        assert [row.field for row in changes] == [
            "",
            "status",
            "chosen",
            "rationale",
            "decided_at",
            "outcome_review_on",
        ]
        assert (changes[1].old, changes[1].new) == ("proposed", "accepted")
        assert changes[1].reason == "Lowest risk that meets the date"


def test_who_decides_elsewhere_reads_it_there(town):
    log(town, due_on="2026-04-03")
    town.pass_time(days=7)
    dana = town.person("UDANA")
    rollup = town.card("CPROG", "Payments Renewal, week 14")
    dana.presses(rollup, "decision.decide")
    dana.submits({"chosen": "A", "rationale": "It is the quickest"})
    assert dana.reads("CPROG")[-1]["text"].startswith("Decided: D-1 Cutover strategy is A, Big bang.")
    assert dana.reads("CPROG")[-1]["ephemeral"]


def test_nobody_else_decides(town):
    log(town)
    card = town.card("CLEDGER", "Decision D-1")
    for user in ("ULUIS", "UMAYA", "UGUEST"):
        said = town.person(user).presses(card, "decision.decide")
        assert said.text == "You cannot decide D-1."
        assert "dana decides this one. Reply in the thread." in str(said.shown[-1]["blocks"])
        assert said.modal is None


def test_a_decision_is_made_once(town):
    log(town)
    dana = town.person("UDANA")
    dana.presses(town.card("CLEDGER", "Decision D-1"), "decision.decide")
    with town.database.write(1) as session:  # meanwhile, in another window
        decision = decisions.find(session, 1)
        draft = DecideDraft(chosen="A", rationale="It is the quickest")
        by = Standing(decision.approver)
        decision_acts.act(session, decision.id, "decide", draft, by, now=town.clock.now())
    dana.submits({"chosen": "B", "rationale": "I changed my mind"})
    assert dana.form_errors == {
        "chosen": "D-1 is already decided, by dana, Mon 30 Mar 2026. From here it can be superseded by a new decision "
        "or marked as no longer valid. Nothing was changed."
    }
    with town.database.read(1) as session:
        assert decisions.find(session, 1).chosen == "A"


def test_a_decision_without_options_is_decided_in_words(town):
    log(town, options="")
    dana = town.person("UDANA")
    dana.presses(town.card("CLEDGER", "Decision D-1"), "decision.decide")
    assert "chosen" not in [block.get("block_id") for block in dana.modal["blocks"]]
    dana.submits({"rationale": "We do it in May"})
    assert town.card("CLEDGER", "Decided: D-1 Cutover strategy.")


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"title": ""}, "title", "Say what needs deciding in 5 to 150 characters."),
        ({"title": "  \t "}, "title", "Say what needs deciding in 5 to 150 characters."),
        ({"due_on": None}, "due_on", "Choose the date by which it is needed."),
        ({"due_on": "2026-03-29"}, "due_on", "This date is past. Choose Mon 30 Mar 2026 or later."),
        ({"approver": None}, "approver", "Choose the one person who decides."),
        ({"approver": "UGONE"}, "approver", "This person is not in the workspace any more. Choose someone else."),
        ({"contributors": ["UKAVYA", "UROBOT"]}, "contributors", "This is an app, not a person. Choose someone else."),
        ({"options": "\n".join(f"Option {n}" for n in range(11))}, "options", "Name at most 10 options."),
        (
            {"options": "x" * 81},
            "options",
            f"Keep each option under 80 characters. This one is too long: {'x' * 30}…",
        ),
    ],
)
def test_wrong_input_is_told_at_its_field(town, answers, field, words):
    log(town, **answers)
    luis = town.person("ULUIS")
    assert luis.form_errors == {field: words}
    assert town.count(Decision) == 0
    luis.submits(GOOD, force=True)
    assert luis.form_errors == {}
    assert town.count(Decision) == 1


@pytest.mark.parametrize("text", ["<!channel> <b> & co", "قرار مهم جدا", "🔥 or 🧊 or both", "&" * 150])
def test_any_text_is_shown_as_typed_and_pings_nobody_but_the_approver(town, text):
    log(town, title=text, options=f"{text[:70]}\nOther", context=text * 6)
    card = town.card("CLEDGER", "Decision D-1")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped[:60].rsplit("&", 1)[0] in card["blocks"][0]["text"]["text"]
    assert {m.user for m in town.sandbox.mentions} == {"UDANA"}
    dana = town.person("UDANA")
    dana.presses(card, "decision.decide")
    dana.submits({"chosen": "A", "rationale": text * 3})
    assert dana.form_errors == {}


def test_a_submission_that_arrives_twice_is_one_decision(town):
    log(town)
    town.sandbox.repeat_last_delivery()
    assert town.count(Decision) == 1
    assert len([m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Decision D-1")]) == 1


def test_a_decision_is_shown_by_its_number(town):
    log(town)
    shown = town.person("UKAVYA").types("CPROG", "/pm d-01")
    assert shown.text.startswith("Decision D-1 needed by Fri 10 Apr from dana: Cutover strategy.")
