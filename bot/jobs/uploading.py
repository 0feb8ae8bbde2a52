"""Files on their way to Slack: an address is asked for, the bytes go there, and then the file is completed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from typing import Any, BinaryIO

from bot.runtime import Runtime

SAID_EVERY = 4_000_000
"""Bytes after which a long upload says that it goes on."""


class UploadFailed(OSError):
    """The address did not take the bytes. Nothing of them can be seen in Slack; a later attempt starts anew."""


@dataclass(frozen=True)
class Uploaded:
    """A file whose bytes Slack has; nobody sees it before it is completed."""

    id: str
    title: str


def upload(
    runtime: Runtime,
    name: str,
    data: bytes | Path,
    alt_txt: str | None = None,
    *,
    channel: str | None = None,
    thread: str | None = None,
) -> str:
    """The id of the file. Without a channel it is only kept, for a block that shows it by its id."""
    uploaded = send_bytes(runtime, name, data, alt_txt)
    complete(runtime, [uploaded], channel=channel, thread=thread)
    return uploaded.id


def send_bytes(
    runtime: Runtime,
    name: str,
    data: bytes | Path,
    alt_txt: str | None = None,
    *,
    goes_on: Callable[[], None] = lambda: None,
) -> Uploaded:
    """A path is read as it is sent: the file is never in memory as a whole. `goes_on` is called now and then."""
    length = data.stat().st_size if isinstance(data, Path) else len(data)
    described = {"alt_txt": alt_txt} if alt_txt else {}
    place = runtime.slack.files_getUploadURLExternal(filename=name, length=length, **described)
    with _stream(data, goes_on) as stream:
        status = runtime.put_file(place["upload_url"], stream, length)
    if not 200 <= status < 300:
        raise UploadFailed(f"the upload of {name} was answered with {status}")
    return Uploaded(place["file_id"], name)


def complete(
    runtime: Runtime,
    files: Sequence[Uploaded],
    *,
    channel: str | None = None,
    thread: str | None = None,
    words: str | None = None,
) -> None:
    """All of them in one message, which says `words` (mrkdwn) above the files."""
    place: dict[str, Any] = {"channel_id": channel, "thread_ts": thread, "initial_comment": words}
    given = {name: value for name, value in place.items() if value is not None}
    runtime.slack.files_completeUploadExternal(files=[{"id": file.id, "title": file.title} for file in files], **given)


def _stream(data: bytes | Path, goes_on: Callable[[], None]) -> BinaryIO:
    return BufferedReader(_Told(data, goes_on)) if isinstance(data, Path) else BytesIO(data)


class _Told(FileIO):
    """A file that says how far it was read."""

    def __init__(self, path: Path, goes_on: Callable[[], None]) -> None:
        super().__init__(path)
        self._goes_on, self._unsaid = goes_on, 0

    def readinto(self, buffer: Any, /) -> int:
        count = super().readinto(buffer)
        self._unsaid += count
        if self._unsaid >= SAID_EVERY:
            self._unsaid = 0
            self._goes_on()
        return count
