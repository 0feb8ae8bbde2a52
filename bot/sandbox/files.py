"""Files that the app uploads: what they are, when they can be used, how they are shown."""

import mimetypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from bot.sandbox.answers import Json
from bot.sandbox.state import File
from bot.sandbox.workspace import Workspace
from bot.slack_rules.kinds import Problem
from bot.slack_rules.pictures import NO_SUCH_PICTURE, PICTURE_TYPES, named_files

UNKNOWN_TYPE = "application/octet-stream"
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""How the bytes of a picture begin, whatever its name says."""

Show = Callable[[Workspace, File], Json]


def type_of(file: File) -> str:
    for signature, kind in SIGNATURES.items():
        if (file.data or b"").startswith(signature):
            return kind
    guessed = mimetypes.guess_type(file.name)[0] or UNKNOWN_TYPE
    return UNKNOWN_TYPE if guessed.startswith("image/") else guessed


def is_ready(ws: Workspace, file: File) -> bool:
    """Slack works on a file after its upload was completed; an app learns from `files.info` that this is over."""
    return file.completed and file.looks > ws.looks_before_files_are_ready


def completed(ws: Workspace, file_id: str) -> File | None:
    file = ws.world.files.get(file_id)
    return file if file and file.completed else None


def check_pictures(ws: Workspace, blocks: Sequence[Json], at: str) -> list[Problem]:
    """Pictures by id or address that are no file, no picture, or not ready."""
    return [
        Problem(NO_SUCH_PICTURE, pointer) for named, pointer in named_files(blocks, at) if not _is_usable(ws, named)
    ]


def _is_usable(ws: Workspace, named: Mapping[str, Any]) -> bool:
    file_id, url = named.get("id"), named.get("url")
    found = (file for file in ws.world.files.values() if file.id == file_id or url in _urls(ws, file))
    return any(is_ready(ws, file) and type_of(file) in PICTURE_TYPES for file in found)


def listed(ws: Workspace, ids: Iterable[str], show: Show) -> list[Json]:
    return [show(ws, ws.world.files[file_id]) for file_id in ids]


def as_seen(ws: Workspace, file: File) -> Json:
    """As a person's client gets it."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": type_of(file),
        "size": file.length,
        "alt_txt": file.alt_text,
    }


def as_slack(ws: Workspace, file: File) -> Json:
    """As the Web API shows it; type and places stay empty until the file is ready."""
    ready = is_ready(ws, file)
    kind = type_of(file) if ready else ""
    url, permalink = _urls(ws, file)
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": kind,
        "filetype": PurePath(file.name).suffix.removeprefix(".").lower() if ready else "",
        "pretty_type": kind.rpartition("/")[2].upper(),
        "user": ws.bot_user_id,
        "user_team": ws.identity.team_id,
        "editable": False,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(_places(ws, file, "channel")),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": url,
        "url_private_download": url,
        "permalink": permalink,
        "has_rich_preview": False,
        "file_access": "visible",
        **({"alt_txt": file.alt_text} if file.alt_text else {}),
        **(_shares(ws, file) if ready else {"channels": [], "groups": [], "ims": [], "shares": {}}),
    }


def _urls(ws: Workspace, file: File) -> tuple[str, str]:
    return f"{ws.base_url}/sandbox/files/{file.id}", f"{ws.identity.url}files/{ws.bot_user_id}/{file.id}"


def _places(ws: Workspace, file: File, kind: str) -> list[str]:
    return [channel for channel in file.shares if ws.world.channels[channel].kind == kind]


def _shares(ws: Workspace, file: File) -> Json:
    public, groups, ims = (_places(ws, file, kind) for kind in ("channel", "group", "im"))
    named = {"public": public, "private": [*groups, *ims]}
    shares = {
        kind: {
            channel: [{"ts": ts, "team_id": ws.identity.team_id} for ts in file.shares[channel]] for channel in channels
        }
        for kind, channels in named.items()
        if channels
    }
    return {"channels": public, "groups": groups, "ims": ims, "shares": shares}
