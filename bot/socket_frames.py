"""Socket Mode's frames one at a time: however many arrive at once, each is handed on as soon as it is whole.

slack_sdk's client reads on, one call deeper for each frame, until a read ends where a frame does: a burst of
thousands would hold hundreds of MB, and be lost as a whole where the last of it comes late.
"""

from typing import Any

from slack_sdk.socket_mode.builtin import SocketModeClient

LENGTH_IN_TWO_BYTES, LENGTH_IN_EIGHT_BYTES = 126, 127
MASKED = 0x80
MASK_BYTES = 4
NEWLINE = 10
"""Something else than a frame, which the client knows."""


class WholeFrames:
    """A socket of which each read brings one whole frame, and each write sends all that it was given."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._come = bytearray()

    def recv(self, size: int) -> bytes:
        """What has come of a frame that is not whole is kept, also where the read times out."""
        while (length := frame_length(self._come)) is None or len(self._come) < length:
            more = self._socket.recv(size)
            if not more:
                length = len(self._come)
                break
            self._come += more
        frame = bytes(self._come[:length])
        del self._come[:length]
        return frame

    def send(self, data: bytes) -> int:
        self._socket.sendall(data)
        return len(data)

    def close(self) -> None:
        self._socket.close()


def frame_length(come: bytes | bytearray) -> int | None:
    """Of the frame that begins here, with its head. None while its head is not whole."""
    if len(come) < 2:
        return None
    if come[0] == NEWLINE:
        return len(come)
    said, head = come[1] & ~MASKED, 2 + (MASK_BYTES if come[1] & MASKED else 0)
    more = {LENGTH_IN_TWO_BYTES: 2, LENGTH_IN_EIGHT_BYTES: 8}.get(said, 0)
    if len(come) < 2 + more:
        return None
    return head + more + (int.from_bytes(come[2 : 2 + more], "big") if more else said)


def read_frame_by_frame(client: SocketModeClient) -> None:
    """From its next connection on."""
    connect = client.connect

    def connect_and_wrap() -> None:
        connect()
        session = client.current_session
        if session is not None and session.sock is not None:
            session.sock = WholeFrames(session.sock)  # type: ignore[assignment]  # all that is asked of a socket here

    client.connect = connect_and_wrap  # type: ignore[method-assign]  # the handler makes the client
