"""Slack itself: whether it answers, who it says we are, whether the clocks agree, and the way in."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.config import SLACK_PATH
from bot.doctor.case import Case
from bot.doctor.finding import Finding, lasting, note, problem, right, unchecked
from bot.doctor.line import Answer, Unreachable
from bot.doctor.settings import APP_TOKEN, BOT_TOKEN, FROM_APP_TOKEN, FROM_BOT_TOKEN

CLOCKS_DIFFER = timedelta(seconds=60)
SIGNATURES_END = timedelta(seconds=300)
"""A signed request that is older than this, or from later than this, is refused."""

REINSTALL = 'Your app\'s page, "Install App": install it again. Then copy the new token.'
ASK_AN_ADMIN = "Ask an admin of the workspace to approve the app."

BOT_TOKEN_WORDS: Mapping[str, tuple[str, str]] = {
    "invalid_auth": ("Slack does not know this bot token.", FROM_BOT_TOKEN),
    "not_authed": ("No bot token reached Slack.", "A proxy of your network may take it away."),
    "account_inactive": ("The app is not installed in the workspace any more, or the workspace is gone.", REINSTALL),
    "token_revoked": ("The bot token was taken back.", REINSTALL),
    "token_expired": ("The bot token has expired: token rotation is on, and cannot be switched off.",
        "Give SLACK_CLIENT_ID and what belongs to it, so that it is renewed; or make the app anew from manifest.yml."),
    "not_allowed_token_type": ("This is not a bot token.", FROM_BOT_TOKEN),
    "org_login_required": ("The workspace was moved into an organisation and cannot be used now.", ASK_AN_ADMIN),
    "team_access_not_granted": ("The app may not be used in this workspace.", ASK_AN_ADMIN),
    "access_denied": ("The app may not be used in this workspace.", ASK_AN_ADMIN),
    "ratelimited": ("Slack is called too often just now.", "Wait a minute and try again."),
}  # fmt: skip

APP_TOKEN_WORDS: Mapping[str, tuple[str, str]] = {
    "invalid_auth": ("Slack does not know this app-level token.", FROM_APP_TOKEN),
    "not_authed": ("No app-level token reached Slack.", "A proxy of your network may take it away."),
    "missing_scope": ("The app-level token lacks the scope connections:write.", FROM_APP_TOKEN),
    "not_allowed_token_type": ("SLACK_APP_TOKEN holds another kind of token.", FROM_APP_TOKEN),
    "token_revoked": ("The app-level token was taken back.", FROM_APP_TOKEN),
    "account_inactive": ("The app-level token belongs to an app that is gone.", FROM_APP_TOKEN),
    "ratelimited": ("Slack is called too often just now.", "Wait a minute and try again."),
}


def check_slack(case: Case) -> Iterator[Finding]:
    """Remembers in the case who Slack says we are, and which scopes we have."""
    if BOT_TOKEN in case.refused:
        yield unchecked("Slack and this machine's clock", case.without_slack)
        return
    try:
        answer = case.line.ask(lambda slack: slack.auth_test())
    except Unreachable as trouble:
        case.unreachable = True
        yield problem(f"{trouble}.", trouble.remedy)
        return
    yield right(f"{case.line.host} answers.")
    if case.settings.is_for_several:  # there is no token to ask with here: each workspace's follows
        pass
    elif answer.error:
        yield _refusal(answer.error, BOT_TOKEN_WORDS, f"Compare {BOT_TOKEN} with the token on your app's page.")
    else:
        case.identity, case.granted = answer.body, answer.scopes
        yield _identity(case)
    yield _clock(case, answer)


def check_way_in(case: Case) -> Iterator[Finding]:
    """How Slack's payloads reach us."""
    if case.uses_http:
        host = case.settings.url or "https://YOUR-HOST"
        several = "--several " if case.settings.is_for_several else ""
        yield note(
            f"Slack must be given your bot's public address, {host}{SLACK_PATH}, for commands, "
            "interactivity and events. Whether it gets through to here cannot be seen from here.",
            f"./run manifest {several}--http {host} prints the manifest that says so.",
        )
    elif case.unreachable:
        yield unchecked("Socket Mode", "Slack was not reached")
    elif APP_TOKEN in case.refused:
        yield unchecked("Socket Mode", f"{APP_TOKEN} has to be mended first")
    else:
        yield _socket_mode(case)


def _socket_mode(case: Case) -> Finding:
    token = case.settings.slack_app_token.get_secret_value()
    try:
        answer = case.line.ask(lambda slack: slack.apps_connections_open(app_token=token))
    except Unreachable as trouble:
        return unchecked("Socket Mode", str(trouble))
    if answer.error:
        switched_off = 'Is Socket Mode switched on? Your app\'s page, "Socket Mode".'
        return _refusal(answer.error, APP_TOKEN_WORDS, switched_off)
    return right("Slack opens Socket Mode for the app-level token.")


def _refusal(error: str, words: Mapping[str, tuple[str, str]], otherwise: str) -> Finding:
    said, remedy = words.get(error, ("Slack refused.", otherwise))
    return problem(f"{said} ({error})", remedy)


def _identity(case: Case) -> Finding:
    known = case.identity or {}
    return right(f"The bot is @{case.bot_name} in the workspace {known.get('team')} ({known.get('team_id')}).")


def _clock(case: Case, answer: Answer) -> Finding:
    if answer.sent_at is None:
        return unchecked("this machine's clock", "Slack did not tell the time")
    behind = answer.sent_at - answer.came_at
    if abs(behind) <= CLOCKS_DIFFER:
        return right("This machine's clock agrees with Slack's.")
    words = (
        f"This machine's clock is {lasting(abs(behind))} {'behind' if behind > timedelta(0) else 'ahead of'} Slack's"
    )
    remedy = "Let the machine keep its own time: timedatectl set-ntp true, or your system's like."
    if abs(behind) < SIGNATURES_END:
        return note(f"{words}: people are asked that much off.", remedy)
    refused = "; what Slack signs is refused, so nothing works by HTTP" if case.uses_http else ""
    return problem(f"{words}: people are asked at the wrong time{refused}.", remedy)
