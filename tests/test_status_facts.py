"""What the status form shows beside its fields: what happened in the register since the last update, worst first."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from models.tables import Decision, Issue, Person, Project, Risk
from models.tables.unit import add_row
from tests.test_status_conversation import post
from tests.town import MONDAY, Town

BEFORE = MONDAY - timedelta(days=20)


def seen(town: Town, user: str = "ULUIS") -> list[str]:
    """The lines above the fields, as the form opens."""
    person = town.person(user)
    person.types("CLEDGER", "/update")
    return lines(person.modal)


def lines(modal: dict) -> list[str]:
    [block] = [block for block in modal["blocks"] if block.get("block_id") == "since"]
    words = block["text"]["text"] if "text" in block else block["elements"][0]["text"]
    return words.splitlines()


def place(town: Town, name: str = "Ledger Migration") -> dict[str, object]:
    with town.database.read(1) as session:
        project = session.scalars(select(Project).where(Project.name == name)).one()
        return {"project_id": project.id, "program_id": project.program_id, "owner_id": project.owner_id}


def risk(town: Town, number: int, probability: int = 4, impact: int = 4, **values: object) -> None:
    score = probability * impact
    band = "extreme" if score >= 15 else "high" if score >= 8 else "moderate" if score >= 4 else "low"
    given = place(town) | {
        "number": number,
        "title": f"Risk {number}",
        "category": "vendor",
        "probability": probability,
        "impact": impact,
        "inherent_probability": probability,
        "inherent_impact": impact,
        "score": score,
        "band": band,
        "raised_at": BEFORE,
        "next_review_on": date(2026, 12, 1),
    }
    with town.database.write(1) as session:
        add_row(session, Risk, **(given | values))


def issue(town: Town, number: int, severity: str = "sev2", **values: object) -> None:
    given = place(town) | {"number": number, "title": f"Issue {number}", "severity": severity, "opened_at": BEFORE}
    with town.database.write(1) as session:
        add_row(session, Issue, **(given | values))


def decision(town: Town, number: int, **values: object) -> None:
    where = place(town)
    owner = where.pop("owner_id")
    given = where | {
        "number": number,
        "title": f"Decision {number}",
        "driver_id": owner,
        "approver_id": owner,
        "reversibility": "two_way",
        "raised_at": BEFORE,
    }
    with town.database.write(1) as session:
        add_row(session, Decision, **(given | values))


def now(town: Town) -> datetime:
    return town.clock.now().astimezone(UTC)


def test_a_first_status_has_nothing_to_look_back_on(town):
    risk(town, 1, raised_at=MONDAY + timedelta(minutes=1))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    assert not [block for block in luis.modal["blocks"] if block.get("block_id") == "since"]


def test_nothing_new_is_said_too(town):
    risk(town, 1)
    post(town)
    assert seen(town) == ["The update of Mon 30 Mar is filled in. Nothing has changed in the register."]


def test_each_kind_of_news_is_said_worst_first(town):
    post(town)
    town.pass_time(days=3)
    risk(town, 1, 2, 3, raised_at=now(town))
    risk(town, 2, previous_score="12", rescored_at=now(town))
    risk(town, 3, 3, 4, next_review_on=date(2026, 4, 1))
    issue(town, 4, "sev1", opened_at=now(town))
    decision(town, 5, due_on=date(2026, 4, 1))
    assert seen(town) == [
        "*Since the update of Mon 30 Mar*",
        "• R-2 Risk 2: Extreme 16, was 12",
        "• I-4 Issue 4: sev1 issue, new",
        "• R-3 Risk 3: High 12, review was due Wed 1 Apr",
        "• D-5 Decision 5: decision was due Wed 1 Apr",
        "• R-1 Risk 1: Moderate 6, new",
    ]


def test_good_news_comes_last_and_what_is_over_is_said_as_over(town):
    post(town)
    town.pass_time(days=3)
    risk(town, 1, 1, 2, raised_at=now(town))
    risk(town, 2, status="closed", closed_at=now(town))
    issue(town, 3, status="resolved", resolved_at=now(town))
    decision(town, 4, status="accepted", decided_at=now(town))
    assert seen(town)[1:] == [
        "• R-1 Risk 1: Low 2, new",
        "• R-2 Risk 2: closed",
        "• I-3 Issue 3: resolved",
        "• D-4 Decision 4: decided",
    ]


def test_what_happened_before_the_last_update_is_not_repeated(town):
    risk(town, 1, status="closed", closed_at=MONDAY - timedelta(days=1))
    risk(town, 2, previous_score="12", rescored_at=MONDAY - timedelta(days=1))
    issue(town, 3, status="resolved", resolved_at=MONDAY - timedelta(days=1))
    decision(town, 4, status="accepted", decided_at=MONDAY - timedelta(days=1))
    post(town)
    assert seen(town)[0].endswith("Nothing has changed in the register.")


def test_five_are_shown_and_the_rest_is_a_number(town):
    post(town)
    town.pass_time(days=3)
    for number in range(1, 9):
        risk(town, number, raised_at=now(town), title=f"<!channel> <b> & co {number}")
    words = seen(town)
    assert len(words) == 7
    assert words[1] == "• R-1 &lt;!channel&gt; &lt;b&gt; &amp; co 1: Extreme 16, new"
    assert words[-1] == "and 3 more"


def test_a_record_links_to_its_card(town):
    post(town)
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    [_, line] = seen(town)
    assert line.startswith("• <https://")
    assert line.endswith("|R-1> Vendor slips the API: Extreme 20, new")


def test_a_guest_who_owns_the_project_elsewhere_sees_what_names_them(town):
    town.person("UMAYA").types("CLEDGER", "/pm setup")
    town.person("UMAYA").submits({"owner": "UGUEST"})
    post(town, "UGUEST")
    town.pass_time(days=3)
    risk(town, 1, raised_at=now(town))
    with town.database.read(1) as session:
        luis = session.scalars(select(Person.id).where(Person.slack_id == "ULUIS")).one()
    risk(town, 2, raised_at=now(town), owner_id=luis)
    guest = town.person("UGUEST")
    guest.types("CEMPTY", "/update")
    assert lines(guest.modal)[1:] == ["• R-1 Risk 1: Extreme 16, new"]
    assert [line[:5] for line in seen(town, "UGUEST")[1:]] == ["• R-1", "• R-2"]


def test_another_projects_news_are_not_shown_and_a_chosen_project_shows_its_own(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    post(town)
    post(town, "UKAVYA", "CFRAUD")
    town.pass_time(days=3)
    where = place(town, "Fraud Signals")
    risk(town, 7, raised_at=now(town), **where)
    assert seen(town)[0].endswith("Nothing has changed in the register.")
    maya = town.person("UMAYA")
    maya.types("CPROG", "/update")
    maya.fills({"project": f"project:{where['project_id']}"})
    assert lines(maya.modal)[1] == "• R-7 Risk 7: Extreme 16, new"


def test_what_was_typed_stays_when_another_project_is_chosen_and_the_date_is_that_projects(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/update")
    kavya.fills({"new_target_on": "2026-07-15", "summary": "Moved"})
    kavya.submits({"date_reason": "More data is needed"})
    maya = town.person("UMAYA")
    maya.types("CPROG", "/update Typed before the project")
    fraud, ledger = (f"project:{place(town, name)['project_id']}" for name in ("Fraud Signals", "Ledger Migration"))
    maya.fills({"project": fraud})
    maya.fills({"project": ledger})
    maya.fills({"project": fraud})
    inputs = {block["block_id"].partition("@")[0]: block for block in maya.modal["blocks"] if block["type"] == "input"}
    assert inputs["new_target_on"]["element"]["initial_date"] == "2026-07-15"
    maya.submits()
    assert maya.form_errors == {}
    with town.database.read(1) as session:
        targets = {row.name: row.target_on for row in session.scalars(select(Project))}
    assert targets == {"Fraud Signals": date(2026, 7, 15), "Ledger Migration": date(2026, 5, 22)}
    assert "Typed before the project" in str(town.card("CFRAUD", "Fraud Signals is Green, steady")["blocks"][0])
