"""The bytes of a file, for the page."""

from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response

from bot.sandbox import files
from bot.sandbox.workspace import Workspace
from bot.slack_rules.pictures import PICTURE_TYPES

HARMLESS = {
    # Whatever a file says it is: the browser neither guesses nor runs anything in it.
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def served_file(ws: Workspace, file_id: str) -> Response:
    """Pictures are shown, everything else is saved under its name."""
    with ws.reading():
        file = files.completed(ws, file_id)
        if file is None:
            return PlainTextResponse("there is no such file", 404)
        kind, name, data = files.type_of(file), file.name, file.data
    place = "inline" if kind in PICTURE_TYPES else "attachment"
    named = {"Content-Disposition": f"{place}; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, media_type=kind, headers=HARMLESS | named)
