"""`./run workspaces`, the doctor and an import, where several workspaces have installed the app."""

import json

import pytest

from bot.cli import main
from bot.doctor import run_doctor
from bot.operating import run_erase, run_workspaces
from bot.sandbox.server import SandboxServer
from tests.neighbours import everything, fill
from tests.test_install import Newcomers


@pytest.fixture
def towns(database):
    towns = Newcomers(database, rotates=True)
    for place in (towns.north, towns.south):
        towns.browser().adds(place.sandbox)
    towns.settle()
    yield towns
    towns.close()


def settings(towns, **values):
    return towns.settings.model_copy(update={"database_url": towns.database.url, **values})


def test_all_are_listed_without_a_token(towns, capsys):
    towns.south.sandbox.consent.remove()
    assert run_workspaces(settings(towns), as_json=False) == 0
    told = capsys.readouterr().out
    assert "T0NORTH  North: installed on 2026-03-30" in told
    assert "T0SOUTH  South: the app was removed on 2026-03-30; all that is known of it is deleted on 2026-04-09" in told
    assert "xox" not in told
    assert run_workspaces(settings(towns), as_json=True) == 0
    assert [each["team_id"] for each in json.loads(capsys.readouterr().out)["workspaces"]] == ["T0NORTH", "T0SOUTH"]


def test_one_is_erased_when_its_operator_is_sure_and_the_other_stays(towns, capsys):
    north, south = towns.north.workspace_id, towns.south.workspace_id
    with towns.database.everywhere() as session:
        fill(session, south)
    before = everything(towns.database, workspace=south)
    assert run_erase(settings(towns), "T0NORTH", is_sure=False) == 1
    assert "would be deleted" in capsys.readouterr().out
    assert towns.rows(north)["outbox"] > 0
    assert run_erase(settings(towns), "T0NORTH", is_sure=True) == 0
    towns.tenants.look()
    assert towns.runtime.serves == {south}
    assert set(towns.rows(north).values()) == {0}
    assert everything(towns.database, workspace=south) == before
    with pytest.raises(Exception, match="knows no T0NORTH"):
        run_erase(settings(towns), "T0NORTH", is_sure=True)


def test_erasing_needs_a_name(capsys):
    with pytest.raises(SystemExit):
        main(["workspaces", "erase"])
    assert "ID" in capsys.readouterr().err


def examined(towns, tmp_path, capsys, **values):
    server = SandboxServer(towns.north.sandbox, page_dir=tmp_path, also=[towns.south.sandbox])
    server.start()
    try:
        given = settings(towns, slack_api_url=f"{server.url}/api/", **values)
        code = run_doctor(lambda: given, env_file=tmp_path / ".env", clock=towns.clock)
    finally:
        server.stop()
    said = " ".join(capsys.readouterr().out.split())
    for secret in ("xox", *(key.get_secret_value() for key in towns.settings.keys), "sandbox-client-secret"):
        assert secret not in said
    return code, said


def test_the_doctor_looks_at_each_workspace(towns, tmp_path, capsys):
    code, said = examined(towns, tmp_path, capsys)
    assert "The app has 2 installations." in said
    assert "2 tokens of 2 rotate, and are renewed before they end." in said
    assert "Whoever knows the address may install the app in their workspace." in said
    assert "Token of T0NORTH" in said
    assert "The bot is @stationmaster there, in South." in said
    assert "People of T0SOUTH" in said
    assert "This check itself broke" not in said
    assert "1 thing to mend" in said, "the test's clock, which stands in another year than Slack's"
    assert code == 1


def test_the_doctor_says_what_will_be_deleted_and_whose_token_has_ended(towns, tmp_path, capsys):
    towns.south.sandbox.consent.remove()
    towns.clock.wait(13 * 3600)
    code, said = examined(towns, tmp_path, capsys)
    assert "The app was removed from South: all that is known of it is deleted in 9 days." in said
    assert "Their tokens have ended and were not renewed: T0NORTH." in said
    assert code == 1


def test_the_doctor_names_tokens_that_no_key_opens(towns, tmp_path, capsys):
    from pydantic import SecretStr

    from bot.seal import new_key

    code, said = examined(towns, tmp_path, capsys, keys=(SecretStr(new_key()),))
    assert "No key of STATIONMASTER_KEYS opens the tokens of T0NORTH, T0SOUTH: ./run start refuses to start." in said
    assert code == 1
