"""`/oauth/v2/authorize`: where somebody is asked whether an app may come into their workspace."""

from collections.abc import Sequence
from html import escape
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.answers import SlackRefused
from bot.sandbox.sandbox import Sandbox

ADDRESS = "/oauth/v2/authorize"


class ConsentPages:
    def __init__(self, sandboxes: Sequence[Sandbox]) -> None:
        self._sandboxes = sandboxes

    def all(self) -> list[BaseRoute]:
        return [Route(ADDRESS, self.ask), Route(ADDRESS, self.take, methods=["POST"])]

    async def ask(self, request: Request) -> Response:
        address = f"{ADDRESS}?{request.url.query}"
        sandbox = self._named(request.query_params.get("team", ""))
        try:
            asked = sandbox.consent.asked(address)
        except SlackRefused as refused:
            return PlainTextResponse(str(refused), 400)
        return HTMLResponse(_page(address, self._people(), sandbox.workspace.installed.app_name, asked.scopes))

    async def take(self, request: Request) -> Response:
        """Back to the app, with a code or with a refusal."""
        address = f"{ADDRESS}?{request.url.query}"
        given = dict(parse_qsl((await request.body()).decode()))
        team, _, user = given.get("who", "").partition("/")
        try:
            consent = self._named(team).consent
            back = consent.allowed(user, address) if given.get("answer") == "allow" else consent.refused(address)
        except SlackRefused as refused:
            return PlainTextResponse(str(refused), 400)
        return RedirectResponse(back, 303)

    def _named(self, team: str) -> Sandbox:
        return next((each for each in self._sandboxes if each.team_id == team), self._sandboxes[0])

    def _people(self) -> list[tuple[str, str]]:
        """Who may install apps, in which workspace."""
        found = []
        for sandbox in self._sandboxes:
            with sandbox.workspace.reading() as world:
                may = [m for m in world.members.values() if not (m.is_bot or m.is_restricted or m.deleted)]
            found += [(f"{sandbox.team_id}/{m.id}", f"{m.name}, {sandbox.identity.team_name}") for m in may]
        return found


def _page(address: str, people: Sequence[tuple[str, str]], app: str, scopes: Sequence[str]) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in people)
    wanted = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>A local Slack</title>'
        f"<h1>{escape(app)} asks to come into your workspace</h1><ul>{wanted}</ul>"
        f'<form method="post" action="{escape(address)}"><label>As <select name="who">{options}</select></label> '
        '<button name="answer" value="allow">Allow</button> <button name="answer" value="cancel">Cancel</button></form>'
    )
