"""Options weighed in Slack: criteria as lines, scores in a form, the matrix on the card and what would flip it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticCustomError
from sqlalchemy import update

from bot.services.decision_options import renamed
from bot.services.decision_reading import read_criteria as stored_criteria
from bot.services.decision_reading import read_options
from bot.slack_rules import check_message, check_view, text_size
from bot.views import decision_acts, decision_form, decision_receipt
from bot.views.decision import decision_card, decision_shown
from bot.views.decision_matrix import compared, sensitivity
from models.schemas.decision import Criterion, DecisionStatus, Option
from models.schemas.decision_acts import CriteriaDraft, plain_weight, read_criteria
from models.tables import Workspace
from tests.deciding import GOOD, does, found, log, presses
from tests.town import Town
from tests.views.cast import DECISION, TODAY, changed

THREE = "Big bang\nDual write then switch\nTenant by tenant"
WEIGHTS = "risk 40\ncost: 20%\nspeed = 20\noperability 20"
CUTOVER = ((2, 5, 5, 2), (4, 3, 3, 4), (5, 2, 1, 4))
SENTENCE = (
    "*B leads narrowly,* 3.6 to 3.4. It flips to C if risk weighs over 50% (now 40%) or speed is left out, "
    "to A if risk weighs under 25%."
)


def weighed(town: Town, rows: tuple[tuple[int, ...], ...] = CUTOVER, weights: str = WEIGHTS) -> dict[str, Any]:
    card = log(town, options=THREE)
    luis, kavya = town.person("ULUIS"), town.person("UKAVYA")
    options = luis.presses(card, "decision.compare").shown[-1]
    luis.presses(options, "decision.criteria")
    luis.submits({"criteria": weights})
    assert luis.form_errors == {}
    kavya.presses(town.card("CLEDGER", "Decision D-1"), "decision.score")
    kavya.submits({f"score_{o}_{c}": str(score) for o, row in enumerate(rows) for c, score in enumerate(row)})
    assert kavya.form_errors == {}
    return town.card("CLEDGER", "Decision D-1")


def block(card: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(block for block in card["blocks"] if block["type"] == kind)


def texts(card: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in card["blocks"] if block["type"] == "section" and "text" in block]


def test_a_weighed_decision_shows_its_matrix_and_what_would_flip_it(town):
    card = weighed(town)
    rows = [[cell["text"] for cell in row] for row in block(card, "table")["rows"]]
    assert rows == [
        ["Option", "Total", "Risk 40%", "Cost 20%", "Speed 20%", "Operability 20%"],
        ["A Big bang", "3.2", "2", "5", "5", "2"],
        ["B Dual write then switch", "3.6", "4", "3", "3", "4"],
        ["C Tenant by tenant", "3.4", "5", "2", "1", "4"],
    ]
    assert SENTENCE in texts(card)
    assert len(card["blocks"]) <= 6
    assert card["text"].endswith("Cutover strategy. 3 options, B leads narrowly.")
    ask = town.person("UDANA").direct_messages()[-1]
    assert "*B Dual write then switch* 3.6\nC Tenant by tenant 3.4\nA Big bang 3.2" in texts(ask)
    assert SENTENCE in texts(ask)


def test_a_workspace_without_tables_gets_the_same_in_lines(town):
    with town.database.everywhere() as session:
        session.execute(update(Workspace).values(refuses_tables=True))
    card = weighed(town)
    assert not [block for block in card["blocks"] if block["type"] == "table"]
    assert "*B Dual write then switch: 3.6* · risk 4, cost 3, speed 3, operability 4" in texts(card)[1]
    assert SENTENCE in texts(card)


def test_the_form_in_which_one_decides_says_the_totals(town):
    card = weighed(town)
    dana = town.person("UDANA")
    dana.presses(card, "decision.decide")
    [chosen] = [block for block in dana.modal["blocks"] if block.get("block_id") == "chosen"]
    assert [choice["description"]["text"] for choice in chosen["element"]["options"]] == [
        "Total 3.2",
        "Total 3.6",
        "Total 3.4",
    ]
    dana.submits({"chosen": "C", "rationale": "Safest, and May can wait"})
    assert "*Score* 3.4, best 3.6 (B)" in str(town.card("CLEDGER", "Decided: D-1")["blocks"])


def test_a_missing_score_blocks_the_matrix(town):
    card = weighed(town, rows=((2, 5, 5, 2), (4, 3, 3, 4), (5, 2, 1)))
    assert "*Not comparable yet:* operability of C is missing." in texts(card)
    town.person("UKAVYA").presses(card, "decision.score")
    town.person("UKAVYA").submits({"score_2_3": "4"})
    assert SENTENCE in texts(town.card("CLEDGER", "Decision D-1")), "what was scored before stays"


def test_many_missing_scores_are_counted(town):
    card = weighed(town, rows=((2,),))
    assert "*Not comparable yet:* cost of A, speed of A, operability of A and 8 more are missing." in texts(card)


def test_a_tie_is_called_a_tie(town):
    card = weighed(town, rows=((3, 3, 3, 3), (3, 3, 3, 3), (1, 1, 1, 1)))
    assert "*A and B are tied* with 3.0. Next is C with 1.0." in texts(card)
    assert card["text"].endswith("3 options, A and B tied.")


def test_totals_that_differ_are_told_apart(town):
    card = weighed(town, rows=((3, 3, 3, 3), (3, 3, 3, 4), (1, 1, 1, 1)), weights="risk 99\ncost 1\nspeed 1\nother 1")
    [sentence] = [text for text in texts(card) if "leads" in text]
    assert sentence.startswith("*B leads narrowly,* 3.01 to 3.00.")


def test_who_is_not_heard_does_not_score(town):
    card = log(town, options=THREE)
    said = town.person("URUBY").presses(card, "decision.compare").shown[-1]
    assert town.person("URUBY").presses(said, "decision.score").text == "You cannot score D-1."
    assert town.person("URUBY").presses(said, "decision.criteria").text == "You cannot edit the criteria of D-1."


def test_without_criteria_there_is_nothing_to_score(town):
    card = log(town, options=THREE)
    said = town.person("UKAVYA").presses(card, "decision.compare").shown[-1]
    told = town.person("UKAVYA").presses(said, "decision.score")
    assert told.text.startswith("D-1 has no criteria yet.")


def test_ten_options_are_scored_on_two_pages(town):
    card = log(town, options="\n".join(f"Option {n}" for n in range(10)))
    luis = town.person("ULUIS")
    luis.presses(luis.presses(card, "decision.compare").shown[-1], "decision.criteria")
    luis.submits({"criteria": "a 1\nb 1\nc 1\nd 1\ne 1"})
    luis.presses(town.card("CLEDGER", "Decision D-1"), "decision.score")
    assert luis.modal["submit"]["text"] == "Save and go on"
    luis.submits({f"score_{o}_{c}": "3" for o in range(5) for c in range(5)})
    assert luis.modal["submit"]["text"] == "Save"
    luis.submits({f"score_{o}_{c}": "5" if o == 7 else "2" for o in range(5, 10) for c in range(5)})
    assert luis.modals == []
    card = town.card("CLEDGER", "Decision D-1")
    rows = [[cell["text"] for cell in row] for row in block(card, "table")["rows"]]
    assert [row[0] for row in rows] == [
        "Option",
        "A Option 0",
        "B Option 1",
        "C Option 2",
        "D Option 3",
        "H Option 7",
    ]
    assert len(rows[0]) == 6
    assert "The best 5 of 10 options are shown. Also weighed: e 20%." in str(card["blocks"])
    shown = luis.presses(card, "decision.compare").shown[-1]
    assert texts(shown)[1].startswith("*H Option 7* · 5.0")
    assert len([text for text in texts(shown) if "Option" in text and "·" in text]) == 10


def test_scores_for_options_that_changed_meanwhile_are_not_mixed_up(town):
    weighed(town)
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    kavya.presses(kavya.presses(town.card("CLEDGER", "Decision D-1"), "decision.compare").shown[-1], "decision.score")
    presses(town, "ULUIS", town.card("CLEDGER", "Decision D-1"), "edit", options="Tenant by tenant\nBig bang")
    assert luis.form_errors == {}
    kavya.submits({"score_0_0": "1"})
    assert "were changed meanwhile" in str(kavya.form_errors)
    assert [option.scores["risk"] for option in found(town).options] == [5, 2], "scores follow their option"


def test_a_score_outside_the_scale_is_told_at_its_field(town):
    weighed(town)
    card = town.card("CLEDGER", "Decision D-1")
    kavya = town.person("UKAVYA")
    kavya.presses(kavya.presses(card, "decision.compare").shown[-1], "decision.score")
    answer = town.submit_unchecked("UKAVYA", {"score_0_0": "6"})
    assert answer == {"response_action": "errors", "errors": {"score_0_0": "Choose from 1 to 5."}}


def test_what_speaks_for_and_against_an_option_is_kept(town):
    card = log(town, options=THREE)
    luis = town.person("ULUIS")
    options = luis.presses(card, "decision.compare").shown[-1]
    luis.presses(options, "decision.details")
    luis.submits({"pros_1": "<!channel> <b> & co", "cons_1": "slow", "cost_0": "180,000"})
    assert luis.form_errors == {}
    said = str(luis.presses(town.card("CLEDGER", "Decision D-1"), "decision.compare").shown[-1]["blocks"])
    assert "For: &lt;!channel&gt; &lt;b&gt; &amp; co" in said
    assert "Against: slow" in said
    assert "Cost: 180,000" in said


def test_criteria_are_taken_away_again(town):
    card = weighed(town)
    luis = town.person("ULUIS")
    luis.presses(luis.presses(card, "decision.compare").shown[-1], "decision.criteria")
    assert luis.modal["blocks"][1]["element"]["initial_value"] == "risk 40\ncost 20\nspeed 20\noperability 20"
    luis.submits({"criteria": ""})
    assert texts(town.card("CLEDGER", "Decision D-1"))[1].startswith("*A* Big bang\n*B* Dual write then switch")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("risk", "Give each a weight, as in: risk 40. This line has none: risk"),
        ("40", "Give each a weight, as in: risk 40. This line has none: 40"),
        ("risk forty", "Give each a weight, as in: risk 40. This line has none: risk forty"),
        ("risk -4", "Give each a weight, as in: risk 40. This line has none: risk -4"),
        ("risk ४०", "Give each a weight, as in: risk 40. This line has none: risk ४०"),
        ("risk 0", "The weight of risk is above 0 and at most 1000."),
        ("risk 1001", "The weight of risk is above 0 and at most 1000."),
        ("risk 40\nRisk 20", "Risk stands there twice."),
        ("a 1\nb 1\nc 1\nd 1\ne 1\nf 1", "Name at most 5 criteria."),
        (f"{'x' * 21} 4", f"Keep each name under 20 characters. This one is too long: {'x' * 21}…"),
    ],
)
def test_lines_that_are_no_criteria_are_told_at_their_field(town, typed, words):
    card = log(town, options=THREE)
    luis = town.person("ULUIS")
    luis.presses(luis.presses(card, "decision.compare").shown[-1], "decision.criteria")
    luis.submits({"criteria": typed})
    assert luis.form_errors == {"criteria": words}
    assert found(town).criteria == []


def test_weights_are_read_as_people_write_them():
    assert read_criteria("risk 40\n\n cost : 2.5 % \nhigh speed=3") == [
        Criterion(id="risk", weight=Decimal(40)),
        Criterion(id="cost", weight=Decimal("2.5")),
        Criterion(id="high speed", weight=Decimal(3)),
    ]


@given(st.text(max_size=200) | st.lists(st.text(max_size=25), max_size=8).map("\n".join))
def test_any_text_is_criteria_or_refused_in_words(typed):
    try:
        found = read_criteria(typed)
    except PydanticCustomError:
        with pytest.raises(ValidationError):
            CriteriaDraft(criteria=typed)
        return
    assert len({criterion.id.casefold() for criterion in found}) == len(found) <= 5
    stored = [{"id": each.id, "weight": plain_weight(each.weight)} for each in found]
    assert stored_criteria(stored) == found, "what is stored reads the same again"


NAMES = st.text(min_size=1, max_size=20) | st.sampled_from(["<!channel> <b> & co", "&" * 20, "*", "_", "`"])
OPTION_NAMES = st.text(min_size=1, max_size=80) | st.sampled_from(["<!channel> <b> & co", "&" * 80, "<@UDANA>"])


@st.composite
def decisions(draw: st.DrawFn) -> Any:
    criteria = draw(st.lists(NAMES, max_size=5, unique=True))
    score = st.integers(1, 5)
    options = draw(
        st.lists(
            st.builds(
                Option,
                id=st.just("A"),
                name=OPTION_NAMES,
                pros=st.none() | st.just("&" * 200),
                scores=st.fixed_dictionaries({}, optional=dict.fromkeys(criteria, score))
                | st.fixed_dictionaries(dict.fromkeys(criteria, score)),
            ),
            max_size=10,
        )
    )
    lettered = [option.model_copy(update={"id": "ABCDEFGHIJ"[at]}) for at, option in enumerate(options)]
    weights = [Criterion(id=name, weight=draw(st.decimals("0.01", 1000, places=2))) for name in criteria]
    text = draw(st.sampled_from(["Cutover", "<!channel> <b> & co", "&" * 150]))
    return changed(
        DECISION,
        title=text,
        context=draw(st.none() | st.just(text * 6)),
        options=lettered,
        criteria=weights,
        status=draw(st.sampled_from(list(DecisionStatus))),
        chosen=draw(st.sampled_from(["A", "B", None])),
        rationale=text * 6,
        status_reason=draw(st.none() | st.just(text * 3)),
        decided_at=DECISION.raised_at,
    )


@settings(max_examples=150)
@given(decisions())
def test_whatever_is_weighed_slack_takes_it_and_nobody_is_called(decision):
    messages = [
        decision_card(decision, today=TODAY),
        decision_shown(decision, today=TODAY),
        decision_receipt.decision_receipt(decision, today=TODAY),
        decision_receipt.decision_ask(decision, today=TODAY),
        decision_receipt.decision_told(decision, today=TODAY),
        decision_receipt.decision_options(decision, today=TODAY),
    ]
    for message in messages:
        for blocks in (message.blocks, message.fallback or message.blocks):
            payload = message.payload() | {"blocks": blocks}
            assert check_message(payload) == []
            assert text_size(payload) <= 10_000
            assert "<!channel" not in str([block for block in blocks if block["type"] != "table"])
        assert len(message.text) <= 150
    forms = [
        decision_form.decide_form(decision, today=TODAY, metadata="{}"),
        decision_acts.score_form(decision, page=0, metadata="{}"),
        *(decision_acts.decision_act_form(action, decision, metadata="{}") for action in decision_acts.FIELDS),
    ]
    for form in forms:
        assert check_view(form) == []


def test_what_leads_by_far_is_not_said_to_lead_narrowly():
    options = [
        Option(id="A", name="Stay", scores={"risk": 5, "cost": 5}),
        Option(id="B", name="Go", scores={"risk": 1, "cost": 1}),
    ]
    criteria = [Criterion(id="risk", weight=Decimal(60)), Criterion(id="cost", weight=Decimal(40))]
    comparison = compared(changed(DECISION, options=options, criteria=criteria))
    assert sensitivity(comparison) == (
        "*A leads,* 5.0 to 1.0. It leads whatever risk weighs, and with any one criterion left out."
    )


def test_what_an_import_brought_is_read_or_left_aside():
    assert read_options([{"id": "A", "name": "Go", "scores": {"risk": 4, "cost": "high"}, "owner": "x"}, 7, {}]) == [
        Option(id="A", name="Go", scores={"risk": 4}, owner="x")
    ]
    assert stored_criteria([{"id": "risk", "weight": 40}, {"id": "cost", "weight": 0}]) == []
    assert stored_criteria({"risk": 40}) == []
    assert stored_criteria([{"id": "risk", "weight": 0.1}]) == [Criterion(id="risk", weight=Decimal("0.1"))]


def test_renamed_options_keep_letter_and_scores():
    old = [Option(id="A", name="Stay", scores={"risk": 5}), Option(id="B", name="Go", scores={"risk": 1})]
    assert renamed(old, ["Leave", "Stay"]) == [
        {"id": "B", "name": "Leave", "scores": {"risk": 1}},
        {"id": "A", "name": "Stay", "scores": {"risk": 5}},
    ]
    assert renamed(old, ["Stay", "Go", "Wait"])[2] == {"id": "C", "name": "Wait"}
    assert renamed(old, ["Wait"]) == [{"id": "C", "name": "Wait"}]


def test_options_of_the_good_form_are_lettered(town):
    log(town)
    assert [option.id for option in found(town).options] == ["A", "B"]
    assert GOOD["options"].count("Big bang") == 2
    does(town, "UDANA", town.card("CLEDGER", "Decision D-1"), "review")
