"""What comes to the address that Slack calls: what Slack did not sign, said twice, or made otherwise than it does."""

import json
import random
from typing import Any

import pytest

from bot.server import MOST_BYTES
from tests.hostile.doors import FORM, Answer, Headers, encoded, signed
from tests.hostile.wire import NOTICES, Payload, Wire, fresh, kind_of
from tests.neighbours import everything

JSON = "application/json"
TYPES = (
    "text/html",
    "multipart/form-data; boundary=x",
    "application/xml",
    "",
    "application/json; charset=utf-16",
    FORM,
)


def each_kind(wire: Wire) -> list[Payload]:
    found = {kind_of(payload): payload for payload in wire.payloads}
    return [fresh(payload, f"kind.{kind}") for kind, payload in found.items() if kind != "ssl_check"]


def unsigned(body: bytes) -> dict[str, Headers]:
    """Every way in which a signature is none."""
    [(at_name, at), (name, digest)] = signed(body)
    return {
        "none": [],
        "no time": [(name, digest)],
        "no signature": [(at_name, at)],
        "another secret": signed(body, secret="another"),
        "of another body": signed(body + b" "),
        "older than five minutes": signed(body, age=301),
        "much older": signed(body, age=86_400),
        "from the future": signed(body, age=-310),
        "another time": [(at_name, str(int(at) - 1)), (name, digest)],
        "another version": [(at_name, at), (name, digest.replace("v0=", "v1="))],
        "cut": [(at_name, at), (name, digest[:-1])],
        "twice": [*signed(body), (name, "v0=0")],
        "twice the same": [*signed(body), (name, digest)],
        "two times": [*signed(body), (at_name, "0")],
        "no number": [(at_name, "yesterday"), (name, digest)],
        "digits of elsewhere": [(at_name, "\xb2"), (name, digest)],
        "a huge time": [(at_name, "9" * 500), (name, digest)],
        "letters of elsewhere": [(at_name, at), (name, digest + "\xe9")],
        "blank": [(at_name, ""), (name, "")],
    }


def test_what_slack_did_not_sign_is_refused_and_changes_nothing(wire, trial):
    before = everything(wire.town.database)
    for payload in each_kind(wire):
        body, content_type = encoded(payload)
        for how, headers in unsigned(body).items():
            sent = [*headers, ("content-type", content_type)]
            assert trial.found(lambda body=body, sent=sent: trial.web.posts(body, sent), is_quiet=True) == [], how
            assert str(trial.web.posts(body, sent)) == '401 {"error": "invalid request"}', how
    assert everything(wire.town.database) == before


def test_what_is_not_signed_is_not_parsed(trial, monkeypatch):
    """Not even what only a parser would trip over."""
    monkeypatch.setattr("bot.server.json.loads", pytest.fail)
    monkeypatch.setattr("bot.server.parse_qsl", pytest.fail)
    for body in (b"[" * 900_000, b"\xff\xfe", b"payload=%7B", b"a=1&" * 200_000, b"{}", b""):
        assert trial.web.posts(body, [("content-type", JSON)]).status == 401


@pytest.mark.parametrize("age", [290, -290])
def test_what_is_not_older_or_newer_than_five_minutes_is_answered(wire, trial, age):
    body, content_type = encoded({"type": "url_verification", "token": "t", "challenge": "c4ll"})
    answer = trial.web.posts(body, [*signed(body, age=age), ("content-type", content_type)])
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "c4ll"})


def test_a_replay_is_answered_the_same_and_changes_nothing(wire, trial):
    """The very same request once more, while its signature still holds."""
    for number, payload in enumerate(wire.payloads):
        if kind_of(payload).removeprefix("event ") in NOTICES:
            continue  # what comes after it would be nobody's
        body, content_type = encoded(fresh(payload, f"replay.{number}"))
        headers = [*signed(body), ("content-type", content_type)]
        first = trial.web.posts(body, headers)
        before = everything(wire.town.database)
        again = trial.web.posts(body, headers)
        assert (again.status, again.body) == (first.status, first.body), kind_of(payload)
        after = everything(wire.town.database)
        assert {name for name in after if after[name] != before[name]} == set(), kind_of(payload)


def raw_bodies() -> dict[str, bytes]:
    event = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_home_opened", "user": "UKAVYA"}}
    text = json.dumps(event)
    return {
        "nothing": b"",
        "no object": b"[]",
        "text": b'"x"',
        "null": b"null",
        "a number": b"1e999",
        "cut": text[:-3].encode(),
        "deep": b"[" * 400_000,
        "deep objects": b'{"a":' * 150_000,
        "deep and whole": b'{"type":' + b"[" * 900 + b"]" * 900 + b"}",
        "not a number": text.replace('"Ev1"', "NaN").encode(),
        "infinity": text.replace('"Ev1"', "-Infinity").encode(),
        "a huge number": text.replace('"Ev1"', "9" * 100_000).encode(),
        "keys twice": b'{"type":"event_callback","type":"block_actions","actions":[],"event":{},"event":[]}',
        "invalid UTF-8": b'{"type":"\xff\xfe"}',
        "overlong UTF-8": b'{"type":"\xc0\xaf"}',
        "NUL": b'{"type":"\x00"}',
        "escaped NUL": b'{"type":"event_callback","event_id":"\\u0000","event":{"type":"app_home_opened"}}',
        "half a character": b'{"type":"event_callback","event_id":"\\ud800","event":{"type":"x"}}',
        "a mark at the start": b"\xef\xbb\xbf" + text.encode(),
        "another encoding": text.encode("utf-16"),
        "many fields": b"&".join(b"a%d=1" % number for number in range(50_000)),
        "one field often": b"command=/pm&" * 20_000,
        "percent signs": b"payload=" + b"%" * 300_000,
        "broken escapes": b"payload=%7B%22type%22%3A%22%FF%22%7D",
        "no payload": b"payload=",
        "payload twice": b"payload={}&payload=[]",
        "form in form": b"payload=payload%3D%7B%7D",
        "near a megabyte": b'{"type":"x","text":"' + b"a" * (MOST_BYTES - 100) + b'"}',
        "ssl_check that is none": b"ssl_check=1&" + b"command=/pm&text=" + b"a" * 600,
    }


@pytest.mark.parametrize("name", raw_bodies())
@pytest.mark.parametrize("content_type", [JSON, FORM])
def test_what_is_signed_and_is_no_payload_is_refused(trial, name, content_type):
    body = raw_bodies()[name]
    answer: list[Answer] = []

    def send() -> Answer:
        answer.append(trial.web.posts(body, [*signed(body), ("content-type", content_type)], pieces=3))
        return answer[0]

    assert trial.found(send, is_quiet=True, user="UKAVYA") == []
    assert answer[0].status in (200, 400, 401)


def test_more_than_a_megabyte_is_not_read(trial):
    body = b"payload=" + b"x" * MOST_BYTES
    answer = trial.web.posts(body, [*signed(body), ("content-type", FORM)], pieces=50)
    assert answer.status == 413


def test_a_type_of_content_that_slack_does_not_send_is_no_fault(wire, trial):
    for payload in each_kind(wire):
        body, _ = encoded(payload)
        for content_type in TYPES:
            headers = [*signed(body), ("content-type", content_type), ("content-type", "text/plain")]
            assert trial.found(lambda body=body, headers=headers: trial.web.posts(body, headers), is_quiet=False) == []


def test_random_bytes_are_no_fault(trial):
    dice = random.Random(9)
    for _ in range(150):
        start = dice.choice((b"", b"{", b"payload=", b"payload=%7B", b"command=", b'{"type":"'))
        body = start + dice.randbytes(dice.choice((1, 10, 100, 5_000)))
        headers = [*signed(body), ("content-type", dice.choice((JSON, FORM)))]
        assert trial.found(lambda body=body, headers=headers: trial.web.posts(body, headers), is_quiet=True) == []


def test_answers_tell_nothing_of_the_server(wire, trial):
    answers: list[Any] = [trial.web.sends(payload) for payload in each_kind(wire)]
    answers += [trial.web.posts(b"x", []), trial.web.posts(b"{", [*signed(b"{")])]
    for answer in answers:
        names = {name for name, _ in answer.headers}
        assert names <= {"content-type", "content-length"}, names
