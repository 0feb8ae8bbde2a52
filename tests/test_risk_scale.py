"""A program chooses the matrix by which its risks are scored; forms and cards speak its words."""

from itertools import product

import pytest
from sqlalchemy import select

from bot.domain.risk import worst_first
from bot.domain.risk_matrix import STEPS, Preset, matrix
from bot.services import places
from bot.services import risk as risks
from models.tables import History, Issue, Risk
from tests.town import Town


def choose(town: Town, preset: str, user: str = "UMAYA", channel: str = "CPROG") -> None:
    person = town.person(user)
    person.types(channel, "/pm setup")
    person.submits({"risk_matrix": preset})
    assert person.form_errors == {}


def scores(town: Town) -> list[tuple]:
    with town.database.read(1) as session:
        rows = session.scalars(select(Risk).order_by(Risk.id)).all()
        return [(row.probability, row.impact, row.score, row.band, row.worst_first) for row in rows]


def options(modal: dict, name: str) -> list[str]:
    [block] = [block for block in modal["blocks"] if block.get("block_id") == name]
    return [option["text"]["text"] for option in block["element"]["options"]]


def test_a_program_is_asked_how_its_risks_are_scored_and_a_project_is_not(town):
    maya, luis = town.person("UMAYA"), town.person("ULUIS")
    form = maya.types("CPROG", "/pm setup").modal
    [field] = [block for block in form["blocks"] if block.get("block_id") == "risk_matrix"]
    assert field["label"]["text"] == "How are risks scored?"
    assert field["element"]["initial_option"]["text"]["text"] == "Product, UK NHS (NPSA 2008)"
    assert len(field["element"]["options"]) == len(Preset)
    luis.types("CLEDGER", "/pm setup")
    assert "risk_matrix" not in [block.get("block_id") for block in luis.modal["blocks"]]


def test_a_new_program_can_begin_with_any_matrix(town):
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup Fraud Program")
    kavya.fills({"kind": "program"})
    kavya.submits({"risk_matrix": "pmi"})
    with town.database.read(1) as session:
        assert places.of_channel(session, "CFRAUD").risk_matrix == "pmi"


@pytest.mark.parametrize("preset", ["pmi", "nzta", "australia", "defence"])
def test_another_matrix_scores_every_risk_of_the_program_anew(town, preset):
    luis = town.person("ULUIS")
    rated = list(product(STEPS, STEPS))[::4]
    for probability, impact in rated:
        luis.types("CLEDGER", f"/risk Something happens here p{probability} i{impact}")
    luis.presses(town.card("CLEDGER", "New Low risk R-1"), "risk.more", option="close:1")
    luis.submits({"reason": "It was nothing"})
    choose(town, preset)
    chosen = matrix(Preset(preset))
    expected = [
        (p, i, chosen.score(p, i), chosen.band(p, i).value, worst_first(chosen.band(p, i), chosen.score(p, i)))
        for p, i in rated
    ]
    expected[0] = (*expected[0][:4], None)
    assert scores(town) == expected
    with town.database.read(1) as session:
        [change] = session.scalars(select(History).where(History.field == "risk_matrix")).all()
        assert (change.kind, change.old, change.new) == ("program", "npsa", preset)
        assert session.scalars(select(History).where(History.kind == "risk", History.field == "score")).all()


def test_cards_say_the_score_that_the_record_has(town):
    town.person("ULUIS").types("CLEDGER", "/risk Vendor slips the API p3 i5")
    assert town.card("CLEDGER", "New Extreme risk R-1")
    choose(town, "pmi")
    town.pass_time(seconds=10)
    printed = matrix(Preset.PMI)
    card = town.card("CLEDGER", f"New {printed.band(3, 5).title()} risk R-1")
    assert printed.shown(3, 5) in str(card["blocks"])
    choose(town, "npsa")
    town.pass_time(seconds=10)
    assert town.card("CLEDGER", "New Extreme risk R-1")


def test_only_who_may_change_the_program_chooses(town):
    said = town.person("ULUIS").types("CPROG", "/pm setup")
    assert said.modal is None
    assert said.text == "You cannot change Payments Renewal."
    with town.database.read(1) as session:
        [attempt] = session.scalars(select(History).where(History.field == "refused")).all()
        assert (attempt.kind, attempt.new) == ("program", "change")


def test_the_same_matrix_again_changes_nothing(town):
    town.person("ULUIS").types("CLEDGER", "/risk Vendor slips the API p3 i5")
    before = scores(town)
    choose(town, "npsa")
    assert scores(town) == before
    with town.database.read(1) as session:
        assert risks.find(session, 1).version == 1


def test_a_matrix_that_nobody_published_is_refused_at_its_field(town):
    town.person("UMAYA").types("CPROG", "/pm setup")
    answer = town.submit_unchecked("UMAYA", {"risk_matrix": "home-made"})
    assert answer == {"response_action": "errors", "errors": {"risk_matrix": "Choose one of the matrices."}}


def test_a_project_that_moves_to_another_program_takes_its_records_along(town):
    luis, kavya = town.person("ULUIS"), town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup Fraud Program")
    kavya.fills({"kind": "program"})
    kavya.submits({"risk_matrix": "defence"})
    luis.types("CLEDGER", "/risk Vendor slips the API p4 i2")
    luis.presses(town.card("CLEDGER", "New High risk R-1"), "risk.more", option="happen:1")
    luis.submits({"severity": "sev2"})
    form = luis.types("CLEDGER", "/pm setup").modal
    [program] = [block for block in form["blocks"] if block.get("block_id") == "program"]
    other = next(o["value"] for o in program["element"]["options"] if o["text"]["text"] == "Fraud Program")
    luis.submits({"program": other})
    assert luis.form_errors == {}
    with town.database.read(1) as session:
        target = places.of_channel(session, "CFRAUD")
        risk, issue = session.scalars(select(Risk)).one(), session.scalars(select(Issue)).one()
        assert (risk.program_id, issue.program_id) == (target.id, target.id)
        assert risk.band == matrix(Preset.DEFENCE).band(4, 2)


def test_another_project_in_the_form_brings_the_words_of_its_scale_and_keeps_what_was_typed(town):
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup Fraud Program")
    kavya.fills({"kind": "program"})
    kavya.submits({"risk_matrix": "pmi"})
    town.sandbox.add_channel("CALERTS", "p-alerts", ["UKAVYA", town.sandbox.bot_user_id])
    kavya.types("CALERTS", "/pm setup Alerts")
    form = kavya.modal
    [program] = [block for block in form["blocks"] if block.get("block_id") == "program"]
    fraud = next(o["value"] for o in program["element"]["options"] if o["text"]["text"] == "Fraud Program")
    kavya.submits({"target_on": "2026-06-30", "program": fraud})
    kavya.types("CEMPTY", "/risk")
    form = kavya.modal
    [project] = [block for block in form["blocks"] if block.get("block_id") == "project"]
    refs = {option["text"]["text"]: option["value"] for option in project["element"]["options"]}
    kavya.fills({"title": "<!channel> typed & kept", "probability": "4", "project": refs["Alerts"], "impact": "3"})
    scale = matrix(Preset.PMI)
    assert options(kavya.modal, "probability") == [f"{n} {scale.probability_words(n)}" for n in (5, 4, 3, 2, 1)]
    [line] = [block for block in kavya.modal["blocks"] if block.get("block_id") == "score"]
    assert scale.shown(4, 3) in line["elements"][0]["text"]
    kavya.submits({"category": "vendor"})
    assert kavya.form_errors == {}
    with town.database.read(1) as session:
        risk = session.scalars(select(Risk)).one()
        assert (risk.title, risk.score) == ("<!channel> typed & kept", scale.score(4, 3))
