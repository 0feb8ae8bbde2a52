"""`/pm health`: all is well in one line; else what waits or was given up, why, what to do, and "Try again"."""

from sqlalchemy import update

from bot.services import delivery, stops
from models.tables import Outbox
from tests.deliveries import caught
from tests.post_office import say


def health(town, user, channel="CEMPTY"):
    found = [m for m in town.person(user).types(channel, "/pm health").shown if m.get("ephemeral")]
    return found[-1]


def words(message):
    return str(message["blocks"])


def post(town, text, *, to, key=None):
    with town.database.write(1) as session:
        delivery.post(session, say(text), key=key or text, to=to, now=town.clock.now())


def cut_off(town, channel="CLEDGER", *, count=3):
    """The bot is not in the channel any more, and some messages wait for it."""
    town.refused |= {"chat.postMessage"}
    town.person("ULUIS").removes_bot(channel)
    for number in range(count):
        post(town, f"secret plan {number}", to=channel)
    town.settle()


def test_all_is_well_in_one_line(town):
    town.settle()
    shown = health(town, "UMAYA")
    assert shown["blocks"][0]["text"]["text"] == "*All is well: everything is said that should be.*"
    assert "People last fetched" in words(shown)
    assert "Try again" not in words(shown)


def test_a_stopped_channel_is_told_with_its_reason_and_how_many_wait_and_never_what_they_say(town):
    cut_off(town)
    shown = health(town, "UMAYA")
    assert "3 messages wait until something is mended" in words(shown)
    assert "<#CLEDGER> (Ledger Migration): I am not in it" in words(shown)
    assert "`/invite @stationmaster`" in words(shown)
    assert "secret" not in words(shown)


def test_try_again_from_there(town):
    cut_off(town)
    maya = town.person("UMAYA")
    shown = health(town, "UMAYA")
    town.sandbox.workspace.world.channels["CLEDGER"].members.append(town.sandbox.bot_user_id)
    answer = maya.presses(shown, "unsent.again")
    [told] = [m["text"] for m in answer.shown if m.get("ephemeral")]
    assert "Trying again now. 3 messages wait there." in told
    town.pass_time(seconds=10)
    said = [m["text"] for m in maya.reads("CLEDGER") if m["text"].startswith("secret")]
    assert said == ["secret plan 0", "secret plan 1", "secret plan 2"]
    assert "All is well" in words(health(town, "UMAYA"))


def test_what_was_given_up_can_be_said_again_once_in_its_newest_words(town):
    post(town, "poison", to="CLEDGER")
    with town.database.write(1) as session:
        session.execute(
            update(Outbox).where(Outbox.message_key == "poison").values(state="failed", error="invalid_blocks: x")
        )
    shown = health(town, "UMAYA")
    assert "1 message given up" in words(shown)
    assert "Slack did not take its contents. The fault is ours* (invalid_blocks)" in words(shown)
    town.person("UMAYA").presses(shown, "unsent.again")
    town.settle()
    assert "poison" in [m["text"] for m in town.person("UMAYA").reads("CLEDGER")]
    assert "All is well" in words(health(town, "UMAYA"))
    town.person("UMAYA").presses(shown, "unsent.again")
    town.settle()
    assert [m["text"] for m in town.person("UMAYA").reads("CLEDGER")].count("poison") == 1


def test_others_see_what_concerns_them_alone(town):
    cut_off(town)
    assert "All is well with what concerns you." in words(health(town, "UKAVYA"))
    assert "All is well with what concerns you." in words(health(town, "UGUEST"))
    assert "I am not in it" in words(health(town, "ULUIS"))
    assert "Of what concerns you." in words(health(town, "ULUIS"))
    assert "I am not in it" in words(health(town, "UDANA")), "the sponsor of its program"


def test_who_may_not_press_is_refused_and_nothing_is_tried(town):
    cut_off(town)
    shown = health(town, "ULUIS")
    payload = caught(town, lambda: town.person("ULUIS").presses(shown, "unsent.again"))
    town.settle()
    before = len(town.sandbox.refusals)
    for user in ("UKAVYA", "UGUEST"):
        theirs = payload | {"user": {"id": user}, "trigger_id": f"1.{user}"}
        town.deliver("interactive", theirs)
        town.settle()
    assert len(town.sandbox.refusals) == before


def test_a_restricted_project_is_named_to_nobody_outside(town):
    town.restrict()
    cut_off(town)
    town.sandbox.change_person("UKAVYA", is_admin=True)
    shown = health(town, "UKAVYA")
    assert "A restricted project: I am not in it" in words(shown)
    assert "Ledger" not in words(shown)
    assert "CLEDGER" not in str(shown)
    assert "unsent.again" not in words(shown)
    assert "Ledger Migration" in words(health(town, "UMAYA")), "she manages its program"


def test_a_revoked_token_is_everybodys_trouble_and_an_admins_to_mend(town):
    with town.database.write(1) as session:
        stops.stop(session, "*", "token_revoked", now=town.clock.now())
    post(town, "anything", to="CLEDGER")
    shown = health(town, "UMAYA")
    assert "Everything: Slack does not accept the app's token any more" in words(shown)
    assert "unsent.again" in words(shown)
    others = health(town, "UKAVYA")
    assert "Everything: Slack does not accept the app's token any more" in words(others)
    assert "unsent.again" not in words(others)


def test_what_waits_for_its_hour_is_no_trouble(town):
    town.person("ULUIS").types("CLEDGER", "/risk Vendor slips p2 i2 by Friday")
    with town.database.write(1) as session:
        delivery.show(
            session, say("later"), key="later", to="URUBY", version=None, now=town.clock.now(), asked_in="Asia/Tokyo"
        )
    town.settle()
    shown = health(town, "UMAYA")
    assert shown["blocks"][0]["text"]["text"].startswith("*All is well: everything is said that should be.*")
    assert "1 message waits for the right hour" in words(shown)
