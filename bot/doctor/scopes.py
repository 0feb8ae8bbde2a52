"""What the app may do: the scopes that Slack granted against those that manifest.yml asks for."""

from collections.abc import Iterator, Mapping

from bot.doctor.case import Case
from bot.doctor.finding import Finding, note, problem, right, unchecked

LOST = "a message in a {} whose answer got lost cannot be looked for, and may appear twice"

WITHOUT: Mapping[str, str] = {
    "channels:history": LOST.format("public channel"),
    "channels:read": "the bot does not hear that it was invited to a channel, and import finds no channels",
    "chat:write": "the bot cannot say anything",
    "commands": "there are no commands in Slack",
    "dnd:read": "Slack's quiet times are unknown, so a message may arrive in somebody's do-not-disturb",
    "files:read": "nobody hears when Slack is done with a picture, so it may come late",
    "files:write": "no picture and no export can be sent",
    "groups:history": LOST.format("private channel"),
    "groups:read": "the bot does not hear that it was invited to a private channel",
    "im:history": LOST.format("direct message"),
    "im:write": "nobody can be asked in a direct message",
    "users:read": "names, time zones, guests and people who left are unknown, so nobody is asked at the right hour",
}
"""What does not work without each scope that the manifest asks for."""

ADD = (
    'Your app\'s page, "App Manifest": paste manifest.yml anew and save. Then "Install App": install it again. '
    "The token stays the same."
)


def check_scopes(case: Case) -> Iterator[Finding]:
    if case.identity is None:
        yield unchecked("scopes", case.without_slack)
        return
    if case.granted is None:
        yield unchecked("scopes", "Slack did not say which ones the token has")
        return
    asked = case.manifest["oauth_config"]["scopes"]
    optional = asked.get("bot_optional", [])
    needed = [scope for scope in asked["bot"] if scope not in optional]
    missing = [scope for scope in needed if scope not in case.granted]
    if not missing:
        yield right(f"All {len(needed)} scopes that are needed are granted.")
    for scope in missing:
        yield problem(f"The scope {scope} is missing: {WITHOUT[scope]}.", ADD)
    yield from _optional([scope for scope in optional if scope not in case.granted])
    yield from _superfluous(sorted(case.granted - set(asked["bot"])))


def _optional(missing: list[str]) -> Iterator[Finding]:
    for scope in missing:
        yield note(f"The optional scope {scope} is not granted: {WITHOUT[scope]}.", ADD)


def _superfluous(more: list[str]) -> Iterator[Finding]:
    if more:
        yield note(
            f"Granted and never used: {', '.join(more)}.",
            'Your app\'s page, "OAuth & Permissions": remove them, revoke the tokens, and install the app again.',
        )
