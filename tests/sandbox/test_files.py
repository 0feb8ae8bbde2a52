"""Files: announced, sent, completed; in a message, or as the picture of a block."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from bot.clock import MovableClock
from bot.sandbox import Person, Sandbox
from bot.sandbox.bodies import uploaded
from bot.sandbox.faults import Fault
from bot.sandbox.masking import Mask
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import connected
from tests.sandbox.conftest import LUIS, MANIFEST, OPEN, PROJECT, SECRET, App, form, furnish, home, section
from tests.sandbox.test_response_urls import respond
from tests.slack_client import SandboxClient

HOSTILE = "<!channel> <b> & co"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) + b"\r\n\n\r"
CSV = b"id,title\r\n1,Vendor slips\r\n"


def with_scopes(*more: str) -> dict[str, Any]:
    scopes = MANIFEST["oauth_config"]["scopes"]
    return {**MANIFEST, "oauth_config": {"scopes": {**scopes, "bot": [*scopes["bot"], *more]}}}


@pytest.fixture
def sandbox(clock: MovableClock) -> Sandbox:
    return furnish(Sandbox(clock, with_scopes("files:write", "files:read")))


def announces(app: App, name: str = "heat map.png", data: bytes = PNG, **more: Any) -> dict[str, Any]:
    body = app.calls("files.getUploadURLExternal", filename=name, length=len(data), **more)
    assert body["ok"], body
    return body


def uploads(app: App, name: str = "heat map.png", data: bytes = PNG, **more: Any) -> str:
    body = announces(app, name, data, **more)
    assert app.sandbox.upload(body["upload_url"], data).status == 200
    return str(body["file_id"])


def completes(app: App, *ids: str, **more: Any) -> dict[str, Any]:
    return app.calls(
        "files.completeUploadExternal", files=[{"id": one, "title": f"Title of {one}"} for one in ids], **more
    )


def ready_picture(app: App, name: str = "heat map.png", data: bytes = PNG) -> str:
    file_id = uploads(app, name, data)
    assert completes(app, file_id)["ok"]
    assert app.calls("files.info", file=file_id)["file"]["mimetype"]
    return file_id


def picture(file_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "Heat map: 3 extreme", **more}


def test_a_file_is_shared_in_a_channel_with_a_comment(app: App, luis: Person) -> None:
    file_id = uploads(app, alt_txt=HOSTILE)
    answer = completes(app, file_id, channel_id=PROJECT, initial_comment="The map")
    assert [(file["id"], file["mimetype"], file["shares"]) for file in answer["files"]] == [(file_id, "", {})]
    [message] = luis.reads(PROJECT)
    assert message["text"] == "The map"
    assert message["files"] == [
        {
            "id": file_id,
            "name": "heat map.png",
            "title": f"Title of {file_id}",
            "mimetype": "image/png",
            "size": len(PNG),
            "alt_txt": HOSTILE,
        }
    ]
    told = app.calls("files.info", file=file_id)["file"]
    assert (told["mimetype"], told["filetype"], told["alt_txt"]) == ("image/png", "png", HOSTILE)
    assert told["channels"] == [PROJECT]
    assert told["shares"]["public"][PROJECT][0]["ts"] == message["ts"]
    history = app.calls("conversations.history", channel=PROJECT)["messages"]
    assert [file["id"] for file in history[0]["files"]] == [file_id]


def test_a_file_goes_into_a_thread_with_blocks_and_to_a_direct_message(app: App, luis: Person) -> None:
    parent = app.posts("card")["ts"]
    first, second = uploads(app), uploads(app, "risks.csv", CSV)
    blocks = json.dumps([section("The list &lt;b&gt;")])
    assert completes(app, first, second, channel_id=PROJECT, thread_ts=parent, blocks=blocks)["ok"]
    _, reply = luis.thread(PROJECT, parent)
    assert [file["mimetype"] for file in reply["files"]] == ["image/png", "text/csv"]
    assert reply["blocks"][0]["type"] == "section"
    third = uploads(app, "risks.json", b"{}")
    assert completes(app, third, channel_id=luis.dm)["ok"]
    [message] = luis.direct_messages()
    assert (message["text"], message["files"][0]["name"]) == ("", "risks.json")


def test_the_sdk_uploads_over_http(client: WebClient, app: App, luis: Person) -> None:
    answer = client.files_upload_v2(content=PNG, filename="map.png", title="Map", channel=PROJECT, initial_comment="x")
    [message] = luis.reads(PROJECT)
    assert message["files"][0]["id"] == answer["file"]["id"]
    assert luis.client.ws.world.files[answer["file"]["id"]].data == PNG


def test_the_bytes_reach_the_sandbox_without_http_too(app: App, sandbox: Sandbox) -> None:
    client = SandboxClient(sandbox)
    url = announces(app)["upload_url"]
    assert client._upload_file(url=url, data=b"too short").status == 400
    assert client._upload_file(url=url, data=PNG).status == 200


def test_a_browsers_form_is_taken_as_well(server: SandboxServer, app: App, sandbox: Sandbox) -> None:
    url = urlsplit(announces(app)["upload_url"])
    assert url.netloc == urlsplit(server.url).netloc
    head = b'--X-1\r\nContent-Disposition: form-data; name="filename"; filename="map.png"\r\n\r\n'
    with connected(url.netloc) as connection:
        body, kind = head + PNG + b"\r\n--X-1--\r\n", "multipart/form-data; boundary=X-1"
        assert _posted(connection, url.path, body, {"Content-Type": kind}) == (200, f"OK - {len(PNG)}")


def _posted(connection: HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_a_body_of_no_form_is_the_file_itself() -> None:
    assert uploaded("application/x-www-form-urlencoded", PNG) == PNG
    assert uploaded("", b"") == b""
    assert uploaded("multipart/form-data; boundary=q", b"no form") == b""


def test_exactly_what_was_announced_is_taken_and_once(app: App, sandbox: Sandbox) -> None:
    announced = announces(app)
    assert sandbox.upload(announced["upload_url"], PNG[:-1]).status == 400
    assert completes(app, announced["file_id"])["error"] == "file_not_found"
    assert sandbox.upload(announced["upload_url"], PNG).status == 200
    assert sandbox.upload(announced["upload_url"], PNG).status == 404
    assert sandbox.upload("http://127.0.0.1/upload/v1/other", PNG).status == 404
    assert completes(app, announced["file_id"])["ok"]
    assert completes(app, announced["file_id"])["error"] == "file_not_found"


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"filename": "a.png"}, "invalid_arguments"),
        ({"length": 5}, "invalid_arguments"),
        ({"filename": "a.png", "length": 0}, "invalid_arguments"),
        ({"filename": "a.png", "length": "many"}, "invalid_arguments"),
        ({"filename": "a.png", "length": 5, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
def test_a_file_is_announced_with_its_name_and_length(app: App, args: dict[str, Any], error: str) -> None:
    assert app.calls("files.getUploadURLExternal", **args)["error"] == error
    assert announces(app, alt_txt="x" * 1000)["file_id"]


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ({"channel_id": LUIS}, "invalid_arguments"),
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": SECRET}, "channel_not_found"),
        ({"channel_id": OPEN}, "not_in_channel"),
        ({"channels": f"{PROJECT},{OPEN}"}, "not_in_channel"),
        ({"channels": ",".join(f"C0{n}" for n in range(101))}, "channel_limit_exceeded"),
        ({"channel_id": PROJECT, "thread_ts": "1.000001"}, "cannot_reply_to_message"),
        ({"channel_id": PROJECT, "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"channel_id": PROJECT, "blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"channel_id": PROJECT, "blocks": [{"type": "markdown", "text": "x"}]}, "internal_error"),
    ],
)
def test_what_cannot_be_shared_is_refused_and_can_be_completed_later(
    app: App, luis: Person, where: dict[str, Any], error: str
) -> None:
    file_id = uploads(app)
    assert completes(app, file_id, **where)["error"] == error
    assert luis.reads(PROJECT) == []
    assert completes(app, file_id)["ok"]


@pytest.mark.parametrize("files", ["nonsense", "[]", [{"title": "no id"}], ["F1"], None])
def test_the_list_of_files_has_to_be_one(app: App, files: Any) -> None:
    assert app.calls("files.completeUploadExternal", files=files)["error"] == "invalid_arguments"


def test_uploading_and_looking_have_scopes_of_their_own(clock: MovableClock) -> None:
    app = App(furnish(Sandbox(clock, MANIFEST)))
    assert app.calls("files.getUploadURLExternal", filename="a", length=1)["needed"] == "files:write"
    assert app.calls("files.completeUploadExternal", files="[]")["needed"] == "files:write"
    assert app.calls("files.info", file="F1")["needed"] == "files:read"


def test_a_picture_can_stand_in_a_block_once_slack_is_done_with_it(app: App, sandbox: Sandbox, luis: Person) -> None:
    sandbox.looks_before_files_are_ready = 1
    file_id = uploads(app)
    assert completes(app, file_id)["ok"]
    refused = app.calls("chat.postMessage", channel=PROJECT, text="Map", blocks=[picture(file_id)])
    assert (refused["error"], refused["errors"]) == (
        "invalid_blocks",
        ["invalid slack file [json-pointer:/blocks/0/slack_file]"],
    )
    assert [app.calls("files.info", file=file_id)["file"]["mimetype"] for _ in range(2)] == ["", "image/png"]
    app.posts("Map", blocks=[picture(file_id)])
    assert luis.reads(PROJECT)[0]["blocks"][0]["slack_file"] == {"id": file_id}


def test_a_picture_is_known_by_its_address_too(app: App) -> None:
    told = app.calls("files.info", file=ready_picture(app))["file"]
    for url in (told["url_private"], told["permalink"]):
        app.posts("Map", blocks=[picture("", slack_file={"url": url})])


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        (picture, "/blocks/0/slack_file"),
        (lambda file_id: section("x", accessory=picture(file_id)), "/blocks/0/accessory/slack_file"),
        (lambda file_id: {"type": "context", "elements": [picture(file_id)]}, "/blocks/0/elements/0/slack_file"),
    ],
)
def test_a_picture_that_slack_does_not_have_is_refused_wherever_it_stands(
    app: App, luis: Person, block: Callable[[str], dict[str, Any]], pointer: str
) -> None:
    problem = f"invalid slack file [json-pointer:{pointer}]"
    text = ready_picture(app, "risks.csv", CSV)
    disguised = ready_picture(app, "risks.png", CSV)
    unfinished = uploads(app)
    for file_id in ("F0MISSING", text, disguised, unfinished):
        assert app.calls("chat.postMessage", channel=PROJECT, text="x", blocks=[block(file_id)])["errors"] == [problem]
    assert app.calls("chat.postMessage", channel=PROJECT, text="x", blocks=[block(ready_picture(app))])["ok"]
    view = home(block("F0MISSING"))
    answer = app.calls("views.publish", user_id=LUIS, view=view)
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {problem.replace('/blocks', '/view/blocks')}"]
    luis.types(PROJECT, "/risk")
    assert respond(app, app.last, text="x", blocks=[block("F0MISSING")]).body["error"] == "invalid_blocks"


def test_a_form_with_a_missing_picture_does_not_open(app: App, luis: Person) -> None:
    luis.types(PROJECT, "/risk")
    trigger = app.last["trigger_id"]
    assert app.calls("views.open", trigger_id=trigger, view=form(picture("F0MISSING")))["error"] == "invalid_arguments"
    assert app.calls("views.open", trigger_id=trigger, view=form(picture(ready_picture(app))))["ok"]


def test_a_file_outlives_a_restart_and_an_unfinished_one_does_not(
    app: App, sandbox: Sandbox, luis: Person, tmp_path: Path
) -> None:
    kept, unfinished = uploads(app), uploads(app)
    completes(app, kept, channel_id=PROJECT)
    sandbox.save(tmp_path / "world.json")
    again = Sandbox.load(tmp_path / "world.json", sandbox.clock, with_scopes("files:write", "files:read"))
    assert again.person(LUIS).reads(PROJECT) == luis.reads(PROJECT)
    assert again.workspace.world.files[kept].data == PNG
    assert unfinished not in again.workspace.world.files


def test_a_workspace_kept_before_there_were_files_is_read(app: App, sandbox: Sandbox, tmp_path: Path) -> None:
    app.posts()
    sandbox.save(tmp_path / "world.json")
    kept = json.loads((tmp_path / "world.json").read_text())
    del kept["files"]
    for message in kept["channels"][PROJECT]["messages"].values():
        del message["files"]
    (tmp_path / "world.json").write_text(json.dumps(kept))
    again = Sandbox.load(tmp_path / "world.json", sandbox.clock, MANIFEST)
    assert [m["text"] for m in again.person(LUIS).reads(PROJECT)] == ["hello"]


def test_the_page_gets_pictures_to_show_and_other_files_to_save(server: SandboxServer, app: App) -> None:
    map_id, list_id = uploads(app), uploads(app, 'a "list" <b>.html', b"<script>1</script>")
    completes(app, map_id, list_id)
    got = [_got(server.url, f"/sandbox/files/{file_id}") for file_id in (map_id, list_id)]
    assert [(status, body) for status, body, _ in got] == [(200, PNG), (200, b"<script>1</script>")]
    assert [headers["content-type"] for *_, headers in got] == ["image/png", "text/html; charset=utf-8"]
    assert got[0][2]["content-disposition"].startswith("inline;")
    assert got[1][2]["content-disposition"] == "attachment; filename*=UTF-8''a%20%22list%22%20%3Cb%3E.html"
    assert all("sandbox" in headers["content-security-policy"] for *_, headers in got)
    assert _got(server.url, f"/sandbox/files/{uploads(app)}")[0] == 404
    assert _got(server.url, f"/sandbox/files/{map_id}", Host="evil.example")[0] == 403


def test_another_site_cannot_upload(server: SandboxServer, app: App) -> None:
    url = urlsplit(announces(app)["upload_url"])
    with connected(url.netloc) as connection:
        assert _posted(connection, url.path, PNG, {"Origin": "http://evil.example"})[0] == 403


def _got(url: str, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    with connected(urlsplit(url).netloc) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}


def test_an_upload_can_fail_as_other_calls_do(app: App, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("http_500", ("upload",), times=1))
    url = announces(app)["upload_url"]
    assert sandbox.upload(url, PNG).status == 500
    assert sandbox.upload(url, PNG).status == 200
    lines = sandbox.workspace.traffic.exchanges()[-2:]
    assert [(line.method, line.args, line.error) for line in lines] == [
        ("upload", {"bytes": len(PNG)}, "internal_error"),
        ("upload", {"bytes": len(PNG)}, None),
    ]


def test_the_address_of_an_upload_is_shown_to_nobody(app: App) -> None:
    url = announces(app)["upload_url"]
    assert Mask()({"upload_url": url}) == {"upload_url": "http://127.0.0.1/upload/v1/[hidden]"}
