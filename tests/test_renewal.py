"""Tokens that rotate: renewed ahead of time by one process alone, or when one turns out to have ended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.jobs.installation import look_after_tokens, seal_anew
from bot.sandbox.faults import Fault
from bot.seal import CannotOpen, Seal, new_key
from models.schemas.installation import InstallationCard
from models.tables import Installation
from tests.test_install import NEWCOMERS, Newcomers, sets_up

HALF_A_DAY = timedelta(hours=12)


@pytest.fixture
def towns(database) -> Iterator[Newcomers]:
    towns = Newcomers(database, rotates=True)
    towns.browser().adds(towns.north.sandbox)
    towns.settle()
    yield towns
    towns.close()
    assert not towns.north.unexpected_refusals()


def held(towns: Newcomers) -> InstallationCard:
    with towns.database.everywhere() as session:
        return InstallationCard.model_validate(session.scalars(select(Installation)).one())


def token(towns: Newcomers) -> str:
    return towns.seal.open(held(towns).token, whose="")


def refreshes(towns: Newcomers) -> int:
    return len([call for call in towns.north.sandbox.calls if call.args.get("grant_type") == "refresh_token"])


def test_a_token_is_renewed_two_hours_before_it_ends(towns):
    first, ends = token(towns), held(towns).expires_at
    assert ends is not None
    towns.clock.move_to(ends - timedelta(hours=2, minutes=1))
    look_after_tokens(towns.runtime)
    assert token(towns) == first
    towns.clock.wait(60)
    look_after_tokens(towns.runtime)
    assert token(towns) != first
    assert held(towns).expires_at == towns.clock.now() + HALF_A_DAY
    look_after_tokens(towns.runtime)
    assert refreshes(towns) == 1
    assert towns.runtime.within(towns.north.workspace_id).slack.auth_test()["ok"]


def test_a_week_of_tokens_goes_by_and_the_bot_never_falls_silent(towns):
    sets_up(towns.north, "Bridge")
    for _ in range(14):
        towns.clock.wait(HALF_A_DAY.total_seconds() - 3600)
        look_after_tokens(towns.runtime)
        assert "Bridge slips" in towns.north.person("ULUIS").types("CLEDGER", "/pm R-1").text
        towns.runtime.within(towns.north.workspace_id).slack.auth_test()
    assert refreshes(towns) == 14


def test_what_has_ended_at_its_use_is_renewed_once_and_the_call_is_repeated(towns):
    towns.north.refused.add("auth.test")
    slack = towns.runtime.within(towns.north.workspace_id).slack
    towns.clock.wait(HALF_A_DAY.total_seconds() + 1)
    assert slack.auth_test()["ok"]
    assert slack.auth_test()["ok"]
    assert refreshes(towns) == 1
    said = [call.answer for call in towns.north.sandbox.refusals if call.method == "auth.test"]
    assert len(said) == 1, "once refused, then never again"


def test_what_another_process_has_renewed_is_taken_from_it(towns):
    towns.north.refused.add("auth.test")
    other, _ = towns.replica()
    there = other.within(towns.north.workspace_id).slack
    assert there.auth_test()["ok"]
    towns.clock.wait(HALF_A_DAY.total_seconds() + 1)
    look_after_tokens(towns.runtime)
    assert there.auth_test()["ok"]
    assert refreshes(towns) == 1


def test_two_processes_do_not_use_one_refresh_token_twice(towns):
    other, tenants = towns.replica()
    card = held(towns)
    assert towns.tenants.renewing is not None
    assert tenants.renewing is not None
    assert towns.tenants.renewing.renew(card.id, card.version)
    assert not tenants.renewing.renew(card.id, card.version), "it was renewed meanwhile"
    with towns.database.everywhere() as session:
        session.execute(update(Installation).values(refreshing_until=towns.clock.now() + timedelta(seconds=30)))
    now = held(towns)
    assert not tenants.renewing.renew(now.id, now.version), "another process is about it"
    towns.clock.wait(31)
    assert tenants.renewing.renew(now.id, now.version), "whoever was about it has died"
    assert refreshes(towns) == 2
    assert other.serves == towns.runtime.serves


def test_a_slack_that_is_away_for_a_while_does_no_harm(towns):
    first, ends = token(towns), held(towns).expires_at
    assert ends is not None
    towns.clock.move_to(ends - timedelta(hours=1))
    towns.north.refused.add("oauth.v2.access")
    towns.north.sandbox.faults.add(Fault("http_500", ("oauth.v2.access",), times=1))
    look_after_tokens(towns.runtime)
    assert token(towns) == first
    assert towns.runtime.within(towns.north.workspace_id).slack.auth_test()["ok"]
    look_after_tokens(towns.runtime)
    assert token(towns) == first, "not at once again"
    towns.clock.wait(301)
    look_after_tokens(towns.runtime)
    assert token(towns) != first


def test_a_process_that_died_with_the_new_token_in_its_hands_leaves_the_old_one_working(towns):
    """The refresh token is spent and what it brought is lost: all that Slack leaves is the old token's last hours."""
    card = held(towns)
    refresh = towns.seal.open(str(card.refresh_token), whose="")
    towns.oauth.refresh(refresh, now=towns.clock.now())
    towns.north.refused.add("oauth.v2.access")
    assert card.expires_at is not None
    towns.clock.move_to(card.expires_at - timedelta(hours=1))
    look_after_tokens(towns.runtime)
    assert held(towns).version == card.version
    assert towns.runtime.within(towns.north.workspace_id).slack.auth_test()["ok"]


def test_a_token_from_before_rotation_is_made_one_that_rotates(database):
    """The app rotates, as one sees by another workspace's token; this one has its old one still."""
    old = replace(NEWCOMERS[1], bot_token="xoxb-south-sandbox")
    towns = Newcomers(database, rotates=True, identities=(NEWCOMERS[0], old))
    try:
        look_after_tokens(towns.runtime)
        assert token(towns) == "xoxb-south-sandbox", "that the app rotates is not known yet"
        towns.browser().adds(towns.north.sandbox)
        look_after_tokens(towns.runtime)
        with towns.database.everywhere() as session:
            cards = {row.slack_id: row for row in session.scalars(select(Installation))}
        south = towns.seal.open(cards["T0SOUTH"].token, whose="")
        assert south.startswith("xoxe.xoxb-")
        assert cards["T0SOUTH"].refresh_token
        assert towns.runtime.within(towns.south.workspace_id).slack.auth_test()["team_id"] == "T0SOUTH"
        assert not towns.south.unexpected_refusals()
    finally:
        towns.close()


def test_keys_change_without_a_pause_and_the_old_one_can_be_dropped(towns):
    old, newest = towns.settings.keys[0].get_secret_value(), new_key()
    both = Seal([newest, old])
    assert both.open(held(towns).token, whose="") == token(towns)
    clear, refresh = token(towns), towns.seal.open(str(held(towns).refresh_token), whose="")
    assert towns.tenants.renewing is not None
    towns.tenants.renewing._seal = both
    before = held(towns).version
    seal_anew(towns.runtime)
    alone = Seal([newest])
    assert alone.open(held(towns).token, whose="") == clear
    assert alone.open(str(held(towns).refresh_token), whose="") == refresh
    assert held(towns).version == before, "the token is the same: nobody has to read it anew"
    assert not both.is_old(held(towns).token)


def test_without_the_right_key_nothing_starts_and_no_secret_is_told(towns):
    assert towns.tenants.renewing is not None
    towns.tenants.renewing._seal = Seal([new_key()])
    with pytest.raises(CannotOpen) as refusal:
        towns.tenants.open()
    assert "T0NORTH" in str(refusal.value)
    assert "STATIONMASTER_KEYS" in str(refusal.value)
    assert held(towns).token not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_one_token_that_cannot_be_opened_does_not_keep_the_others_from_being_renewed(towns):
    towns.browser().adds(towns.south.sandbox)
    with towns.database.everywhere() as session:
        lost = Seal([new_key()])
        session.execute(
            update(Installation)
            .where(Installation.slack_id == "T0NORTH")
            .values(token=lost.close("x"), refresh_token=lost.close("y"))
        )
    towns.clock.wait((HALF_A_DAY - timedelta(hours=1)).total_seconds())
    look_after_tokens(towns.runtime)
    assert towns.runtime.within(towns.south.workspace_id).slack.auth_test()["ok"]
    with towns.database.everywhere() as session:
        ends = {row.slack_id: row.expires_at for row in session.scalars(select(Installation))}
    assert ends["T0SOUTH"] == towns.clock.now() + HALF_A_DAY
    assert ends["T0NORTH"] < ends["T0SOUTH"]
