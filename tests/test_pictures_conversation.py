"""`/pm heatmap` and `/pm burndown`: the text at once, the picture behind it, and only what one may see."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.policy import Standing
from bot.sandbox.faults import Fault
from bot.sandbox.person import Result
from bot.services import people, places
from bot.services import risk as risks
from bot.services.burn_down import burn_down
from bot.services.heat_map import heat_map
from bot.services.pictures import anyone_in, chart
from models.schemas.people import PersonCard
from models.schemas.pictures import ALL, PictureKind
from models.schemas.risk import RiskDraft
from models.tables import Outbox, Program, Project, Risk
from tests.importing.office import NOW, REFERENCE, Office
from tests.neighbours import install_neighbour
from tests.statements import statements_of
from tests.town import Town

HOSTILE = "<!channel> <b> & co"
PNG = b"\x89PNG\r\n\x1a\n"
COPIED = [column.name for column in Risk.__table__.columns if column.name not in ("id", "number")]
ANYONE = Standing(PersonCard(id=0, slack_id=None, handle="", tz="UTC"))
COMING = "The picture comes to our direct messages."


def log(
    town: Town, probability: int = 4, impact: int = 5, *, channel: str = "CLEDGER", user: str = "ULUIS", **values: Any
) -> int:
    with town.database.write(1) as session:
        place = places.of_channel(session, channel)
        assert place is not None
        person = people.ensure(session, user)
        rated = {"probability": probability, "impact": impact}
        draft = RiskDraft(title=HOSTILE, project=place.ref, category="vendor", owner=user, **rated)
        number = risks.log_risk(session, draft, place=place, owner=person, author=person, now=town.clock.now()).id
        if values:
            session.execute(update(Risk).where(Risk.id == number).values(**values))
    return number


def asks(town: Town, words: str, *, user: str = "UDANA", channel: str = "CLEDGER") -> dict[str, Any]:
    """The answer that this person alone sees."""
    return private(town.person(user).types(channel, words))


def presses(town: Town, message: dict[str, Any], action: str, *, user: str = "UDANA") -> dict[str, Any]:
    return private(town.person(user).presses(message, action))


def private(result: Result) -> dict[str, Any]:
    """A picture that followed in the direct messages is shown as well."""
    found: dict[str, Any] = [message for message in result.shown if not image(message)][-1]
    return found


def pictures(town: Town, user: str = "UDANA") -> list[dict[str, Any]]:
    """The messages with a picture among somebody's direct messages, the newest last."""
    return [message for message in town.person(user).direct_messages() if image(message)]


def image(message: dict[str, Any]) -> dict[str, Any] | None:
    return next((block for block in message["blocks"] if block["type"] == "image"), None)


def buttons(message: dict[str, Any]) -> dict[str, str]:
    found = [element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]]
    return {element["text"]["text"]: element["action_id"] for element in found}


def words(message: dict[str, Any]) -> str:
    return str(message["blocks"])


def files(town: Town) -> list[Any]:
    return [file for file in town.sandbox.workspace.world.files.values() if file.completed]


def queued(town: Town) -> list[Outbox]:
    with town.database.read(1) as session:
        return list(session.scalars(select(Outbox).where(Outbox.operation == "picture").order_by(Outbox.id)))


def test_the_text_is_there_at_once_and_the_picture_follows(town):
    log(town)
    log(town, 2, 2)
    told = asks(town, "/pm heatmap")
    assert told["text"] == "Risk heat map of 2 open risks: 1 Extreme, 1 Moderate."
    assert COMING in words(told)
    (message,) = pictures(town)
    assert message["text"] == "Risk heat map: 2 open risks, 1 Extreme."
    shown = image(message)
    assert shown is not None
    assert shown["alt_text"].startswith("Heat map of 2 open risks, probability by impact. Extreme 1: R-1.")
    (file,) = files(town)
    assert shown["slack_file"] == {"id": file.id}
    assert (file.name, file.alt_text, (file.data or b"")[:8]) == ("heat-map.png", shown["alt_text"], PNG)
    assert not file.shares


@pytest.mark.parametrize("word", ["heatmap", "burndown"])
def test_without_an_open_risk_there_is_a_sentence_and_no_picture(town, word):
    told = asks(town, f"/pm {word}")
    assert told["text"].startswith("No open risk")
    assert COMING not in words(told)
    assert queued(town) == []


def test_a_projects_channel_shows_the_project_its_programs_channel_the_program_and_others_everything(town):
    town.set_up_project("UJONAS", "CFRAUD", HOSTILE)
    log(town)
    log(town, channel="CFRAUD", user="UJONAS")
    log(town, channel="CPROG", user="UMAYA")
    with town.database.write(1) as session:
        session.execute(update(Risk).where(Risk.id == 3).values(program_id=None))
    counted = {channel: asks(town, "/pm heatmap", channel=channel)["text"] for channel in ("CLEDGER", "CFRAUD")}
    assert set(counted.values()) == {"Risk heat map of 1 open risk: 1 Extreme."}
    assert "of 2 open risks" in asks(town, "/pm heatmap", channel="CPROG")["text"]
    assert "of 3 open risks" in asks(town, "/pm heatmap", channel="CEMPTY")["text"]
    assert "of 3 open risks" in asks(town, "/pm heatmap all", channel="CLEDGER")["text"]


def test_opportunities_and_what_is_over_are_not_drawn(town):
    log(town)
    log(town, kind="opportunity")
    log(town, status="closed", worst_first=None)
    assert "of 1 open risk:" in asks(town, "/pm heatmap")["text"]


def test_a_list_opens_the_heat_map_of_what_it_lists(town):
    log(town)
    told = asks(town, "/pm heatmap all")
    assert buttons(told) == {"Share here": "risk.heatmap_share", "Burn-down": "risk.burn_down"}
    town.pass_time(days=7)
    shown = presses(town, told, "risk.burn_down")
    assert shown["text"] == "Risk burn-down: total score 20, up 20 in four weeks."
    again = presses(town, shown, "risk.heat_map")
    assert again["text"] == told["text"]
    assert [message["text"].partition(":")[0] for message in pictures(town)] == [
        "Risk heat map",
        "Risk burn-down",
        "Risk heat map",
    ]


def test_a_burn_down_waits_for_its_first_friday(town):
    log(town)
    told = asks(town, "/pm burndown")
    assert told["text"] == "No burn-down yet: Ledger Migration. Its first week ends on Fri 3 Apr."
    assert queued(town) == []


def test_the_burn_down_has_its_table_its_picture_and_the_planned_line(town):
    log(town, target_probability=1, target_impact=2, proximity_on=date(2026, 4, 15))
    town.pass_time(days=7)
    told = asks(town, "/pm burndown")
    assert "If every response works by its date: 20 on Fri 10 Apr, 2 on Fri 17 Apr." in words(told)
    assert any(block["type"] == "table" for block in told["blocks"])
    (message,) = pictures(town)
    assert message["text"] == "Risk burn-down: total score 20, up 20 in four weeks. Planned 2 by 17 Apr."
    assert "Planned: 10 Apr 20, 17 Apr 2." in image(message)["alt_text"]


def test_whoever_looks_at_a_picture_reads_its_text(town):
    log(town)
    asks(town, "/pm heatmap")
    (message,) = pictures(town)
    assert buttons(message) == {"Show text": "risk.heatmap_text", "Burn-down": "risk.burn_down"}
    told = presses(town, message, "risk.heatmap_text")
    assert told["text"] == "Risk heat map of 1 open risk: 1 Extreme."
    assert len(queued(town)) == 1


def test_a_picture_is_posted_when_slack_is_done_with_it_and_uploaded_once(town):
    town.sandbox.looks_before_files_are_ready = 2
    log(town)
    asks(town, "/pm heatmap")
    assert pictures(town) == []
    assert queued(town)[0].error == "file_not_ready"
    town.pass_time(seconds=60)
    assert len(pictures(town)) == 1
    assert len(files(town)) == 1
    assert queued(town)[0].state == "sent"


def test_the_picture_shows_what_its_words_say_though_a_risk_comes_between(town):
    town.sandbox.looks_before_files_are_ready = 2
    log(town)
    asks(town, "/pm heatmap")
    log(town)
    town.pass_time(seconds=60)
    assert [message["text"] for message in pictures(town)] == ["Risk heat map: 1 open risk, Extreme."]


WAY = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info", "chat.postMessage")


@pytest.mark.parametrize("method", WAY)
@pytest.mark.parametrize("fault", ["http_500", "internal_error"])
def test_trouble_anywhere_on_the_way_leaves_one_picture(town, method, fault):
    """Of an internal error it is not known what was done before it."""
    log(town)
    town.refused.update({method, "files.info", "files.completeUploadExternal"})  # of a file that is not there
    town.sandbox.faults.add(Fault(fault, (method,), times=1))
    asks(town, "/pm heatmap")
    town.pass_time(minutes=5)
    (message,) = pictures(town)
    assert image(message)["slack_file"]["id"] == files(town)[-1].id
    assert len(files(town)) == 1


def test_without_the_scope_to_upload_the_text_comes_with_a_word(town):
    town.sandbox.workspace.installed.scopes -= {"files:write"}
    town.refused.add("files.getUploadURLExternal")
    log(town)
    told = asks(town, "/pm heatmap")
    message = town.person("UDANA").direct_messages()[-1]
    assert message["text"] == told["text"]
    assert "may not upload files (the scope files:write is missing)" in words(message)
    assert files(town) == []


def test_without_the_scope_to_look_the_message_itself_is_tried(town):
    town.sandbox.workspace.installed.scopes -= {"files:read"}
    town.sandbox.looks_before_files_are_ready = -1
    town.refused.add("files.info")
    log(town)
    asks(town, "/pm heatmap")
    assert len(pictures(town)) == 1


def test_what_slack_refuses_as_not_ready_is_tried_again(town):
    town.sandbox.workspace.installed.scopes -= {"files:read"}
    town.sandbox.looks_before_files_are_ready = 0
    town.refused.update({"files.info", "chat.postMessage"})
    log(town)
    asks(town, "/pm heatmap")
    assert pictures(town) == []
    assert queued(town)[0].error == "file_not_ready"
    (file,) = files(town)
    file.looks = 1
    town.pass_time(seconds=30)
    assert len(pictures(town)) == 1


def test_a_restricted_project_is_in_nobody_elses_picture(town):
    town.set_up_project("UJONAS", "CFRAUD", HOSTILE)
    town.restrict("CFRAUD")
    log(town)
    log(town, channel="CFRAUD", user="UJONAS")
    assert "of 1 open risk:" in asks(town, "/pm heatmap all", user="URUBY", channel="CEMPTY")["text"]
    assert "of 2 open risks:" in asks(town, "/pm heatmap all", user="UJONAS", channel="CEMPTY")["text"]
    assert "of 1 open risk:" in asks(town, "/pm heatmap", user="URUBY", channel="CFRAUD")["text"]
    assert "1 open risk," in pictures(town, "URUBY")[0]["text"]
    assert "2 open risks," in pictures(town, "UJONAS")[0]["text"]


def test_what_is_shared_is_what_everybody_there_may_see(town):
    town.set_up_project("UJONAS", "CFRAUD", HOSTILE)
    town.restrict("CFRAUD")
    log(town)
    log(town, channel="CFRAUD", user="UJONAS")
    told = asks(town, "/pm heatmap all", user="UJONAS", channel="CLEDGER")
    town.person("UJONAS").presses(told, "risk.heatmap_share")
    (message,) = [message for message in town.person("ULUIS").reads("CLEDGER") if image(message)]
    assert message["text"] == "Risk heat map: 1 open risk, Extreme."
    assert "Shared by jonas" in words(message)
    assert "R-2" not in words(message)
    pressed = presses(town, message, "risk.heatmap_text", user="ULUIS")
    assert "of 1 open risk:" in pressed["text"]


def test_a_restricted_project_is_shared_in_its_own_channel_alone(town):
    town.set_up_project("UJONAS", "CFRAUD", HOSTILE)
    log(town, channel="CFRAUD", user="UJONAS")
    elsewhere = asks(town, "/pm heatmap", user="UJONAS", channel="CFRAUD")
    town.restrict("CFRAUD")
    town.person("UJONAS").presses(elsewhere, "risk.heatmap_share")
    assert any(image(message) for message in town.person("UJONAS").reads("CFRAUD"))
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.channel == "CFRAUD").values(channel="CSECRET"))
    answer = presses(town, elsewhere, "risk.heatmap_share", user="UJONAS")
    assert "it is shared in that project's channel alone" in words(answer)


def test_nothing_that_everybody_may_see_is_not_shared(town):
    town.set_up_project("UJONAS", "CFRAUD", HOSTILE)
    town.restrict("CFRAUD")
    log(town, channel="CFRAUD", user="UJONAS")
    told = asks(town, "/pm heatmap all", user="UJONAS", channel="CLEDGER")
    answer = presses(town, told, "risk.heatmap_share", user="UJONAS")
    assert "There is nothing in it that everybody here may see. Nothing was shared." in words(answer)


def test_in_a_direct_message_there_is_nothing_to_share(town):
    log(town)
    town.pass_time(days=7)
    asks(town, "/pm burndown")
    told = presses(town, pictures(town)[0], "risk.heat_map")
    assert buttons(told) == {"Burn-down": "risk.burn_down"}
    assert len(pictures(town)) == 2


def test_shared_where_the_bot_is_not_it_follows_the_invitation(town):
    log(town)
    town.refused.add("chat.postMessage")
    told = asks(town, "/pm heatmap all", channel="CEMPTY")
    town.person("UDANA").presses(told, "risk.heatmap_share")
    said = town.person("UDANA").direct_messages()[-1]
    assert said["text"] == "I am not in <#CEMPTY>, so the picture is not there yet."
    town.person("UDANA").invites_bot("CEMPTY")
    town.settle()
    assert [image(message) is not None for message in town.person("UDANA").reads("CEMPTY")].count(True) == 1
    assert len(files(town)) == 2


def test_a_guest_sees_what_belongs_to_the_channel(town):
    town.set_up_project("UJONAS", "CFRAUD", HOSTILE)
    log(town)
    log(town, channel="CFRAUD", user="UJONAS")
    told = asks(town, "/pm heatmap all", user="UGUEST", channel="CLEDGER")
    assert "of 1 open risk:" in told["text"]
    assert "Share here" not in buttons(told)


@pytest.mark.parametrize("words_typed", [HOSTILE, "Ledger Migration", "everything", "R-1"])
def test_other_words_are_answered_with_what_can_be_typed(town, words_typed):
    told = asks(town, f"/pm heatmap {words_typed}")
    assert "/pm heatmap all" in words(told)
    assert queued(town) == []


@pytest.mark.parametrize(
    "value", ["project:999", "program:0", "project:x", "<!channel>", "project:99999999999999", "x"]
)
def test_a_place_that_is_not_there_is_not_found(town, value):
    log(town)
    town.deliver("interactive", _pressed(town, "risk.burn_down", value))
    assert "I cannot find this project or program" in words(town.person("UDANA").direct_messages()[-1])


def _pressed(town: Town, action: str, value: str) -> dict[str, Any]:
    """A press that no client of ours would send."""
    return {
        "type": "block_actions",
        "user": {"id": "UDANA"},
        "team": {"id": town.identity["team_id"], "domain": "example"},
        "trigger_id": f"1.1.{action}{value}",
        "channel": {"id": "CLEDGER"},
        "container": {"type": "message", "channel_id": "CLEDGER"},
        "actions": [{"type": "button", "action_id": action, "value": value, "block_id": "b"}],
    }


def test_the_same_delivery_twice_brings_one_picture(town):
    log(town)
    asks(town, "/pm heatmap")
    town.sandbox.repeat_last_delivery()
    town.settle()
    assert len(queued(town)) == 1
    assert len(pictures(town)) == 1


def test_the_charts_of_the_reference_portfolio_have_the_figures_of_its_report(database):
    office = Office(database)
    office.takes(REFERENCE)
    with database.read(office.workspace) as session:
        map_ = heat_map(session, None, ANYONE, today=NOW.date())
        down = burn_down(session, None, ANYONE, today=NOW.date(), now=NOW)
    assert len(map_.risks) == 36
    assert [risk.ref for risk in map_.risks][:4] != []
    assert {risk.ref for risk in map_.cell(4, 5)} == {"R-1", "R-22", "R-27"}
    assert (down.weeks[-1].week_end, down.weeks[-1].open, down.weeks[-1].score) == (date(2026, 3, 27), 36, 402)
    assert [point.score for point in down.planned][:5] == [398, 352, 316, 279, 237]
    assert down.planned[0].on == date(2026, 4, 3)


def test_a_program_with_a_matrix_of_its_own_is_drawn_by_it(town):
    log(town, 3, 3)
    with town.database.write(1) as session:
        session.execute(update(Program).values(risk_matrix="pmi"))
        place = places.of_channel(session, "CLEDGER")
        map_ = heat_map(session, place, ANYONE, today=town.clock.now().date())
        later = town.clock.now() + timedelta(days=7)
        down = burn_down(session, place, ANYONE, today=later.date(), now=later)
    assert map_.band(3, 3) == "moderate"
    assert map_.scores == {"high": "0.18-0.72", "moderate": "0.06-0.14", "low": "0.01-0.05"}
    assert (down.rank_places, down.shown_places, down.weeks[-1].score) == (3, 2, 100)


def test_five_hundred_risks_fit_in_one_message(town):
    log(town)
    with town.database.write(1) as session:
        row = session.scalars(select(Risk)).one()
        copied = {name: getattr(row, name) for name in COPIED}
        session.add_all(Risk(**copied, number=number) for number in range(2, 501))
    told = asks(town, "/pm heatmap")
    assert "of 500 open risks" in told["text"]
    assert "and 488 more" in words(told)
    assert len(pictures(town)) == 1


def test_a_neighbours_project_is_not_there(town):
    rows = install_neighbour(town.database)[1]
    log(town)
    for kind in ("project", "program"):
        for action in ("risk.heat_map", "risk.burn_down", "risk.heatmap_text", "risk.burndown_share"):
            town.deliver("interactive", _pressed(town, action, f"{kind}:{rows[kind]}"))
            assert "I cannot find this project or program" in words(town.person("UDANA").direct_messages()[-1])
    assert "of 1 open risk:" in asks(town, "/pm heatmap all")["text"]


def test_a_chart_takes_the_same_few_statements_whatever_it_shows(town):
    counts = []
    for many in (2, 40):
        for _ in range(many):
            log(town)
        counts.append([_statements(town, kind) for kind in PictureKind])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


def _statements(town: Town, kind: PictureKind) -> int:
    with statements_of(town.database.reader) as asked, town.database.read(1) as session:
        chart(session, kind, ALL, anyone_in("CLEDGER"), zone="UTC", now=town.clock.now())
    return len(asked)
