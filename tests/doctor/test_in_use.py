"""An installation in use: beside its bot, with channels, people and messages that want looking after."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from bot.database import Database
from bot.services import delivery, stops
from bot.start import run_bot
from bot.views.blocks import message, section
from models.tables import Calendar, Checkin, Outbox, Person, Workspace
from tests.doctor.practice import set_up
from tests.doctor.scripted_slack import scripted_slack


def test_all_is_well_beside_a_running_bot(connected, database_url):
    connected.sets(database_url=database_url)
    told: list[tuple[int, str]] = []

    def meanwhile() -> None:
        set_up(connected.sandbox, "CLEDGER", "CFRAUD")
        told.append(connected.examine())

    assert run_bot(connected.settings, wait=meanwhile) == 0
    [(code, said)] = told
    assert code == 0
    assert said.endswith("All is well.")
    assert "The bot is @stationmaster in the workspace Example Workspace (T0EXAMPLE)." in said
    assert "The bot is in 2 channels of programs and projects." in said
    on_a_file = database_url.startswith("sqlite")
    assert ("a second ./run start on it would be refused." in said) == on_a_file
    assert ("No bot runs on" in connected.examine()[1]) == on_a_file


def test_a_workspace_that_the_database_does_not_know(used):
    used.change(update(Workspace).values(team_id="TOTHER"))
    assert used.says("It holds nothing of this workspace yet. It knows TOTHER.") == 0
    assert used.says("not checked: people, because the database does not know this workspace yet") == 0


def test_channels_where_the_bot_is_not_heard(used):
    sandbox = used.sandbox
    sandbox.add_channel("CGONE", "gone", ["UMAYA", sandbox.bot_user_id])
    sandbox.add_channel("COLD", "old", ["UMAYA"])

    set_up(sandbox, "CLEDGER", "CFRAUD", "CSECRET", "CGONE", "COLD")
    maya = sandbox.person("UMAYA")
    maya.removes_bot("CSECRET")
    sandbox.archive_channel("CFRAUD")
    del sandbox.workspace.world.channels["CGONE"]
    assert used.says("The bot is in 1 channel of programs and projects.") == 1
    assert used.says("#p-fraud (of project The CFRAUD) is archived, so nothing can be said there.") == 1
    assert used.says("The bot is not in #old (of project The COLD). -> In that channel, type /invite @stationm") == 1
    assert used.says("(of project The CSECRET), a private channel: it was removed, or the channel is gone.") == 1
    assert used.says("The bot does not see #gone (of project The CGONE): it is gone, or was made private.") == 1
    sandbox.archive_channel("COLD")
    assert used.says("#old (of project The COLD) is archived") == 1


def test_channels_need_their_scope(used):
    set_up(used.sandbox, "CLEDGER")
    used.sandbox.workspace.installed.scopes -= {"groups:read"}
    assert used.says("not checked: channels, because the scope groups:read is missing") == 1


def test_people_who_cannot_be_asked(used):
    set_up(used.sandbox, "CLEDGER")
    assert used.says("Everybody who answers for something can be asked.") == 0
    used.change(update(Person).where(Person.slack_id == "UMAYA").values(slack_id=None))
    assert used.says("Not found in Slack, so never asked: maya (Maya): 1 project. -> ./run import FILE --people") == 1
    used.change(update(Person).where(Person.handle == "maya").values(slack_id="UMAYA", deleted=True))
    assert used.says("Has left Slack and still answers for something: maya (Maya): 1 project.") == 1


def test_people_who_were_not_asked_about_for_days(used):
    assert used.says("What is known of people is fresh.") == 0
    used.change(update(Workspace).values(people_synced_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert used.says("What is known of people is older than 2 days") == 1
    used.change(update(Workspace).values(people_synced_at=None))
    assert used.says("The people of the workspace were not fetched yet.") == 0


def test_messages_that_wait_and_those_that_were_given_up(used):
    now = used.now.now()
    assert used.says("No message waits to be sent.") == 0
    database = Database(used.settings.database_url)
    with database.write(1) as session:
        delivery.post(session, message("Hello", section("Hello")), key="hello", to="CLEDGER", now=now)
    database.close()
    assert used.says("1 message waits for its time, written") == 0
    used.change(update(Outbox).values(due_at=now - timedelta(hours=3), error="missing_scope"))
    assert used.says("1 message waits, and should have left 3 hours ago.") == 1
    assert used.says("Refused so far and tried again by itself: 1 message.") == 1
    used.change(update(Outbox).values(state="failed", error="invalid_blocks: must be less [json-pointer:/x]"))
    given_up = "In the channel CLEDGER: Slack did not take its contents. The fault is ours (invalid_blocks), since"
    assert used.says(given_up) == 0
    assert used.says("Trying again in 1 place.", again=True) == 0
    assert used.says("1 message waits for its time, written") == 0
    assert used.says("There is nothing to try again.", again=True) == 0


def test_what_is_stopped_is_told_with_its_reason_and_its_remedy(used):
    now = used.now.now()
    database = Database(used.settings.database_url)
    with database.write(1) as session:
        delivery.post(session, message("Hello", section("Hello")), key="hello", to="CLEDGER", now=now)
        stops.stop(session, "CLEDGER", "is_archived", now=now - timedelta(hours=3))
    database.close()
    assert used.says("In the channel CLEDGER: it is archived (is_archived), since 3 hours; 1 message waiting.") == 1
    assert used.says("Unarchive it in Slack. Or type /pm setup in another channel") == 1


def test_a_check_that_breaks_is_told_and_the_others_go_on(used):
    known = {"ok": True, "team": "Example", "team_id": "T0EXAMPLE", "user": "stationmaster"}
    set_up(used.sandbox, "CLEDGER")
    with scripted_slack({"auth.test": known, "users.conversations": {"ok": True}}) as url:
        used.sets(slack_api_url=url)
        assert used.says("This check itself broke: KeyError in channels.py, line") == 1
        assert used.says("Messages ok No message waits") == 1


def test_calendars_that_name_unknown_holidays_and_people_without_a_zone(used):
    set_up(used.sandbox, "CLEDGER")
    assert used.says("Every calendar and the time zone of everybody who is asked are known.") == 0
    database = Database(used.settings.database_url)
    with database.write(1) as session:
        maya = session.query(Person).filter_by(slack_id="UMAYA").one()
        session.add(Calendar(person_id=maya.id, country="DE", region="ZZ"))
        session.execute(update(Person).where(Person.slack_id == "UMAYA").values(tz=None))
    database.close()
    assert used.says("Public holidays of nowhere, so asks come on them: maya (DE-ZZ).") == 1
    assert used.says("Their time zone is not known, so") == 1


def test_a_check_in_whose_channel_the_bot_is_not_in(used):
    """Its channel is no project's: nobody else would say so."""
    used.sandbox.add_channel("CCREW", "crew", ["UMAYA"])
    common = {"workspace_id": 1, "days": [1], "at": "09:30", "questions": [], "created_at": datetime.now(UTC)}
    used.change(insert(Checkin).values(name="#crew", channel="CCREW", **common))
    used.change(insert(Checkin).values(name="#over", channel="COVER", state="ended", **common))
    assert used.says("The bot is not in #crew (of a check-in). -> In that channel, type /invite @stationmaster") == 1
