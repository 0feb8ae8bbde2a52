"""`./run import`: takes over a portfolio file, or a spreadsheet, into the workspace of this database."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.error import URLError

from pydantic import TypeAdapter, ValidationError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.app import build_runtime, connect
from bot.config import Settings
from bot.csv_import import ENDINGS, SheetOptions, load_sheet, take_sheet
from bot.errors import UserError
from bot.jobs.people import know_everyone
from bot.migrate import migrate
from bot.runtime import NotInstalled, Runtime, Tenants
from bot.services import workspace as workspaces
from bot.services.importing import Summary, import_portfolio
from bot.services.importing_checks import KINDS
from bot.services.importing_matching import Matching, match_people
from bot.services.importing_places import Channels
from bot.services.importing_reading import read_portfolio
from models.schemas.portfolio import Portfolio
from models.schemas.workspace import WorkspaceCard

PAGE = 200
CHANNEL_TYPES = "public_channel,private_channel"
NO_SLACK_YET = (
    "This database belongs to no Slack workspace yet. For people and channels to be found, "
    "set SLACK_BOT_TOKEN and import into a new database."
)


WITHOUT_OPTIONS = SheetOptions()
EXAMPLES = " or ".join(f"risks{ending}" for ending in ENDINGS)


def load_portfolio(path: Path) -> Portfolio:
    """Raises InvalidPortfolio with all that is wrong with the records of the file."""
    return read_portfolio(_json(path))


def run_import(
    settings: Settings,
    file: Path,
    *,
    people: Path | None,
    options: SheetOptions = WITHOUT_OPTIONS,
    workspace: str | None = None,
) -> int:
    """The exit code: 0, or 1 when nothing was imported that should have been. `workspace` is a Slack id."""
    is_sheet = file.suffix.lower() in ENDINGS
    try:
        if is_sheet:
            done, lines = _take_over_sheet(settings, file, people, options, workspace)
        else:
            done, lines = True, _take_over_portfolio(settings, file, people, options, workspace)
    except UserError as error:
        _say("Nothing was imported.", *str(error).splitlines())
        return 1
    head = f"Imported {file.name}." if done else "Nothing was imported."
    _say(*([] if options.dry_run else [head]), *lines)
    return 0 if done else 1


def _take_over_sheet(
    settings: Settings, file: Path, people: Path | None, options: SheetOptions, wanted: str | None
) -> tuple[bool, list[str]]:
    if people is not None:
        raise UserError("--people belongs to a portfolio file; a spreadsheet names people that the workspace knows.")
    sheet, columns = load_sheet(file, options)
    runtime = build_runtime(settings, wake=lambda: None)
    try:
        migrate(runtime.database)
        workspace = _workspace(runtime, wanted)
        _ask_slack(runtime, workspace, [])
        result = take_sheet(runtime, workspace, sheet, columns, options)
    finally:
        runtime.database.close()
    return result.done, result.lines


def _take_over_portfolio(
    settings: Settings, file: Path, people: Path | None, options: SheetOptions, wanted: str | None
) -> list[str]:
    if options.used:
        raise UserError(f"--map, --kind, --project, --dry-run and --skip-rejected belong to a file like {EXAMPLES}.")
    portfolio = load_portfolio(file)
    return _take_over(settings, portfolio, _named_people(people, portfolio), wanted)


def _take_over(settings: Settings, portfolio: Portfolio, named: Mapping[str, str], wanted: str | None) -> list[str]:
    runtime = build_runtime(settings, wake=lambda: None)
    try:
        migrate(runtime.database)
        workspace = _workspace(runtime, wanted)
        channels = _ask_slack(runtime, workspace, _channel_names(portfolio))
        with runtime.database.write(workspace.id) as session:
            matching = match_people(session, named)
            summary = import_portfolio(
                session,
                portfolio,
                slack_ids=matching.slack_ids,
                channel_ids=channels.ids,
                private_channels=channels.private,
                now=runtime.now(),
            )
    finally:
        runtime.database.close()
    told = [*_told(summary), *_told_of_people(summary, matching), *_told_of_channels(portfolio, channels)]
    return [*told, *([NO_SLACK_YET] if workspace.team_id == workspaces.LOCAL else [])]


def _workspace(runtime: Runtime, wanted: str | None) -> WorkspaceCard:
    """The one that is named, the only one of this database, else the one that the token belongs to.

    Without a token an empty database gets one of its own, which the app's first workspace takes over.
    """
    with runtime.database.everywhere() as session:
        found = workspaces.all_workspaces(session)
        if runtime.tenants is not None or wanted is not None:
            return _named(found, wanted)
        if not (found or runtime.slack.token):
            return workspaces.install_local(session)
    if len(found) == 1 and (found[0].team_id != workspaces.LOCAL or not runtime.slack.token):
        return found[0]
    if not runtime.slack.token:
        raise UserError(
            f"This database knows {len(found)} workspaces: set SLACK_BOT_TOKEN to the bot's token, "
            "so that I can ask Slack which it is."
        )
    try:
        team = (connect(runtime) or {})["team_id"]
    except (SlackApiError, URLError) as error:
        raise _refusal(error) from None
    with runtime.database.everywhere() as session:
        return next(card for card in workspaces.all_workspaces(session) if card.team_id == team)


def _named(found: Sequence[WorkspaceCard], wanted: str | None) -> WorkspaceCard:
    """Nothing is taken over before there is a workspace: among several, anybody's would be the first."""
    fitting = [card for card in found if card.team_id != workspaces.LOCAL and wanted in (None, card.team_id)]
    if len(fitting) == 1:
        return fitting[0]
    if not found:
        raise UserError("This database knows no workspace yet: install the app in one first.")
    ids = ", ".join(card.team_id for card in found)
    raise UserError(f"This database knows {ids}. Say which one with --workspace.")


def _ask_slack(runtime: Runtime, workspace: WorkspaceCard, channels: Sequence[str]) -> Channels:
    """Its people, to match handles with, and the ids of these channels. Without a token nothing is asked."""
    if runtime.tenants is not None:
        runtime = _speaking(runtime, runtime.tenants, workspace)
    if not runtime.slack.token:
        return Channels({})
    try:
        if runtime.slack.auth_test()["team_id"] != workspace.team_id:
            raise UserError("SLACK_BOT_TOKEN belongs to another workspace than the one in this database.")
        if runtime.serves:
            know_everyone(runtime, workspace.id)
        return _channels(runtime.slack, set(channels)) if channels else Channels({})
    except (SlackApiError, URLError) as error:
        raise _refusal(error) from None


def _speaking(runtime: Runtime, tenants: Tenants, workspace: WorkspaceCard) -> Runtime:
    tenants.look()
    try:
        return runtime.within(workspace.id)
    except NotInstalled:
        raise UserError(f"The app is not installed in {workspace.team_id} any more.") from None


def _channels(slack: WebClient, wanted: set[str]) -> Channels:
    """Private channels are found where the bot is a member."""
    ids: dict[str, str] = {}
    private: set[str] = set()
    cursor = ""
    while True:
        page = slack.conversations_list(
            types=CHANNEL_TYPES, exclude_archived=True, limit=PAGE, **({"cursor": cursor} if cursor else {})
        )
        for channel in page["channels"]:
            if (name := f"#{channel['name']}") in wanted:
                ids[name] = channel["id"]
                private |= {channel["id"]} if channel.get("is_private") else set()
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor or len(ids) == len(wanted):
            return Channels(ids, private)


def _refusal(error: SlackApiError | URLError) -> UserError:
    """Slack's own word for it, and nothing of the request: that holds the token."""
    word = error.response.get("error") if isinstance(error, SlackApiError) else error.reason
    return UserError(f"Slack did not answer as it should: {word}.")


def _named_people(path: Path | None, portfolio: Portfolio) -> dict[str, str]:
    if path is None:
        return {}
    try:
        named = TypeAdapter(dict[str, str]).validate_python(_json(path))
    except ValidationError:
        raise UserError(f'{path.name} should map handles to Slack ids, as {{"maya.chen": "U012AB3CD"}}.') from None
    strangers = sorted(named.keys() - {person.handle for person in portfolio.people})
    if strangers:
        raise UserError(f"{path.name} names people who are not in the portfolio: {', '.join(strangers)}.")
    return named


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise UserError(f"{path} is not JSON: {error}.") from None


def _channel_names(portfolio: Portfolio) -> list[str]:
    named = [program.channel for program in portfolio.programs] + [project.channel for project in portfolio.projects]
    return [name for name in named if name]


def _told(summary: Summary) -> list[str]:
    lines = [
        f"  {kind.replace('_', ' ')}: {summary.added[kind]} new, {summary.unchanged[kind]} known already"
        for kind in KINDS
    ]
    skipped = ", ".join(f"{name.replace('_', ' ')} ({count})" for name, count in summary.skipped.items())
    return [*lines, f"Left out, because there is no place for it yet: {skipped}."] if skipped else lines


def _told_of_people(summary: Summary, matching: Matching) -> list[str]:
    lines = [f"{handle} was not matched: {why}" for handle, why in matching.unmatched.items()]
    if summary.unmatched_people:
        names = ", ".join(summary.unmatched_people)
        lines.append(
            f"Not found in Slack, so shown by name and sent nothing: {names}. --people FILE says who they are."
        )
    return lines


def _told_of_channels(portfolio: Portfolio, channels: Channels) -> list[str]:
    missing = [name for name in _channel_names(portfolio) if name not in channels.ids]
    return [f"Channels not found, so nothing is posted there: {', '.join(missing)}."] if missing else []


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
