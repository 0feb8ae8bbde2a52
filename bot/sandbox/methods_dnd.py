"""dnd.teamInfo: when people want no notifications."""

from bot.sandbox.answers import ApiError, Json, invalid_arguments
from bot.sandbox.args import Args
from bot.sandbox.state import Member
from bot.sandbox.workspace import Workspace

MOST_USERS = 50


def team_info(ws: Workspace, args: Args) -> Json:
    """Of whom the workspace does not know, nothing is told."""
    users = args.names("users")
    if not users:
        raise invalid_arguments(["missing required field: users [json-pointer:/users]"])
    if len(users) > MOST_USERS:
        raise ApiError("too_many_users")
    found = {user: ws.world.members[user] for user in users if user in ws.world.members}
    return {"ok": True, "users": {user: status(member) for user, member in found.items() if not member.deleted}}


def status(member: Member) -> Json:
    """Slack writes 1 where there is no quiet time to come."""
    start, end = member.quiet or (1, 1)
    return {"dnd_enabled": member.quiet is not None, "next_dnd_start_ts": start, "next_dnd_end_ts": end}
