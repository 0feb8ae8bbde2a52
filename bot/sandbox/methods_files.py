"""files.*, and the address where the bytes go."""

import re
import secrets
from typing import Any

from bot.sandbox import files, messages
from bot.sandbox.access import writable_channel
from bot.sandbox.answers import Answer, ApiError, Json, invalid_arguments
from bot.sandbox.args import Args
from bot.sandbox.content import content_of
from bot.sandbox.methods_chat import thread_of
from bot.sandbox.state import Channel, File
from bot.sandbox.workspace import Workspace
from bot.slack_rules.limits import FILE_ALT_TEXT, FILE_CHANNELS

UPLOAD_PATH = "/upload/v1/"
MOST_BYTES = 1_000_000_000
PLACE = re.compile(r"[CGDZ][A-Z0-9]+")
"""A conversation's id: the id of a person does not do here."""


def get_upload_url(ws: Workspace, args: Args) -> Json:
    name = args.required("filename")
    args.required("length")
    length = args.number("length", 0, most=MOST_BYTES, error="invalid_arguments")
    if len(args.text("alt_txt")) > FILE_ALT_TEXT:
        raise ApiError("alt_txt_too_large")
    file_id, ticket = ws.next_id("F"), secrets.token_hex(20)
    ws.world.files[file_id] = File(file_id, name, length, ticket, ws.seconds(), args.text("alt_txt"))
    return {"ok": True, "upload_url": f"{ws.base_url}{UPLOAD_PATH}{ticket}", "file_id": file_id}


def take_bytes(ws: Workspace, ticket: str, data: bytes) -> Answer:
    """What is posted to an upload address: exactly the announced number of bytes, once."""
    file = next((file for file in ws.world.files.values() if file.ticket == ticket), None)
    if file is None or file.data is not None:
        return Answer(404, {"ok": False, "error": "file_not_found"})
    if len(data) != file.length:
        return Answer(400, {"ok": False, "error": "length_mismatch"})
    file.data = data
    return Answer(200, {"ok": True})


def complete_upload(ws: Workspace, args: Args) -> Json:
    """Without a channel the files are only kept; with one, a message there carries them."""
    named = _named(args)
    found = [_uploaded(ws, item["id"]) for item in named]
    channels = [_place(ws, channel) for channel in _channels(args)]
    said = _said(ws, args) if channels else None
    threads = [thread_of(ws, channel, args.text("thread_ts")) for channel in channels]
    for file, item in zip(found, named, strict=True):
        file.title, file.completed = str(item.get("title") or file.name), True
    for channel, thread_ts in zip(channels, threads, strict=True):
        _share(ws, channel, found, said or {"text": "", "blocks": None}, thread_ts)
    return {"ok": True, "files": [files.as_slack(ws, file) for file in found]}


def info(ws: Workspace, args: Args) -> Json:
    file = files.completed(ws, args.required("file"))
    if file is None:
        raise ApiError("file_not_found")
    file.looks += 1
    shown = files.as_slack(ws, file)
    return {"ok": True, "file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def _named(args: Args) -> list[Json]:
    try:
        named: Any = args.parsed("files")
    except ValueError:
        named = None
    if not isinstance(named, list) or not named:
        raise invalid_arguments(["must provide an array [json-pointer:/files]"])
    if not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in named):
        raise invalid_arguments(["missing required field: id [json-pointer:/files/0]"])
    return named


def _uploaded(ws: Workspace, file_id: str) -> File:
    """A file whose bytes are there, and that was not completed yet."""
    file = ws.world.files.get(file_id)
    if file is None or file.data is None or file.completed:
        raise ApiError("file_not_found")
    return file


def _channels(args: Args) -> list[str]:
    channels = list(dict.fromkeys([*args.names("channel_id"), *args.names("channels")]))
    if len(channels) > FILE_CHANNELS:
        raise ApiError("channel_limit_exceeded")
    return channels


def _place(ws: Workspace, channel_id: str) -> Channel:
    if not PLACE.fullmatch(channel_id):
        raise invalid_arguments([f"input must match regex pattern: {PLACE.pattern} [json-pointer:/channel_id]"])
    return writable_channel(ws, channel_id)


def _said(ws: Workspace, args: Args) -> Json | None:
    """What the message says besides the files; with a comment, blocks are left out of account."""
    if args.text("initial_comment"):
        return content_of(ws, Args({"text": args.text("initial_comment")}))
    if not args.has("blocks"):
        return None
    said = content_of(ws, args)
    if any(block["type"] == "markdown" for block in said["blocks"]):
        # What Slack answers to this block here, though not elsewhere (python-slack-sdk #1756).
        raise ApiError("internal_error")
    return said


def _share(ws: Workspace, channel: Channel, shared: list[File], said: Json, thread_ts: str | None) -> None:
    ids = [file.id for file in shared]
    message = messages.app_message(ws, channel.id, said, thread_ts=thread_ts, files=ids)
    for file in shared:
        file.shares.setdefault(channel.id, []).append(message.ts)
    messages.keep(ws, message)
