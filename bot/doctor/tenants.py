"""Several workspaces: which ones there are, whether their tokens open and work, and which of them are left."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.doctor.case import Case
from bot.doctor.finding import Finding, counted, lasting, listed, note, problem, right, unchecked
from bot.doctor.line import Line, Unreachable
from bot.seal import CannotOpen, Seal
from bot.services import installation as installations
from bot.services import operating
from bot.services import workspace as workspaces
from models.schemas.installation import InstallationCard, Tenant

MOST_ASKED = 10
"""Workspaces that are looked at one by one."""


def check_workspaces(case: Case) -> Iterator[Finding]:
    if case.database is None:
        yield unchecked("workspaces", case.without_database)
        return
    with case.database.everywhere() as session:
        found = operating.tenants(session)
    with case.database.look() as connection:
        live = installations.live(connection)
    if not live:
        yield note("The app is installed nowhere yet.", f"Open {case.settings.install_url} in a browser.")
    else:
        yield right(f"The app has {counted(len(live), 'installation')}.")
    yield from _sealed(case, live)
    yield from _left([tenant for tenant in found if tenant.erase_at is not None], now=case.now())


def cases_of(case: Case) -> list[tuple[str, Case]]:
    """A case of its own for each workspace that is served, with its name."""
    if case.database is None:
        return []
    with case.database.look() as connection:
        served = installations.served(connection)[:MOST_ASKED]
        cards = {each.installation_id: installations.by_id(connection, each.installation_id) for each in served}
    seal, found = _seal(case), []
    for each in served:
        card = cards[each.installation_id]
        with case.database.everywhere() as session:
            workspace = workspaces.by_team(session, each.team_id)
        token = _opened(seal, card)
        if token is not None and workspace is not None:
            line = Line(case.settings, case.clock, token=token)
            found.append((each.team_id, replace(case, line=line, workspace=workspace, identity=None, granted=None)))
    return found


def check_token(case: Case) -> Iterator[Finding]:
    """Remembers who Slack says that we are there, and which scopes we have."""
    try:
        answer = case.line.ask(lambda slack: slack.auth_test())
    except Unreachable as trouble:
        case.unreachable = True
        yield unchecked("its token", str(trouble))
        return
    if answer.error:
        yield problem(
            f"Slack does not take its token ({answer.error}).", f"Install it again: {case.settings.install_url}"
        )
        return
    case.identity, case.granted = answer.body, answer.scopes
    yield right(f"The bot is @{case.bot_name} there, in {answer.body.get('team')}.")


def _sealed(case: Case, live: list[InstallationCard]) -> Iterator[Finding]:
    seal, now = _seal(case), case.now()
    closed = [card.slack_id for card in live if _opened(seal, card) is None]
    ended = [card.slack_id for card in live if card.expires_at is not None and card.expires_at <= now]
    if closed:
        yield problem(
            f"No key of STATIONMASTER_KEYS opens the tokens of {listed(closed)}: ./run start refuses to start.",
            "Put the key that sealed them back, behind the newest.",
        )
    if ended:
        yield problem(
            f"Their tokens have ended and were not renewed: {listed(ended)}.",
            f"Is ./run start running? If it is: install the app there again, at {case.settings.install_url}",
        )
    turning = [card for card in live if card.refresh_token is not None]
    if turning and not ended:
        yield right(f"{counted(len(turning), 'token')} of {len(live)} rotate, and are renewed before they end.")


def _left(left: list[Tenant], *, now: datetime) -> Iterator[Finding]:
    for tenant in left:
        assert tenant.erase_at is not None
        rest = tenant.erase_at - now
        when = f"in {lasting(rest)}" if tenant.erase_at > now else "within the hour, by ./run start"
        yield note(
            f"The app was removed from {tenant.name or tenant.team_id}: all that is known of it is deleted {when}."
        )


def _seal(case: Case) -> Seal:
    return Seal([key.get_secret_value() for key in case.settings.keys])


def _opened(seal: Seal, card: InstallationCard | None) -> str | None:
    try:
        return seal.open(card.token, whose=card.slack_id) if card is not None else None
    except CannotOpen:
        return None
