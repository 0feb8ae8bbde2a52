"""auth.test, users.* and apps.connections.open"""

from zoneinfo import ZoneInfo

from bot.sandbox.answers import ApiError, Json, paged
from bot.sandbox.args import Args, need_team, page
from bot.sandbox.state import Member
from bot.sandbox.workspace import Workspace


def auth_test(ws: Workspace, args: Args) -> Json:
    identity = ws.identity
    return {
        "ok": True,
        "url": identity.url,
        "team": identity.team_name,
        "user": ws.world.members[identity.bot_user_id].name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": ws.tokens.serves_org_wide,
        **({"enterprise_id": identity.enterprise_id} if identity.enterprise_id else {}),
    }


def open_connection(ws: Workspace, args: Args) -> Json:
    if ws.open_socket is None:
        raise ApiError("internal_error")
    return {"ok": True, "url": ws.open_socket()}


def info(ws: Workspace, args: Args) -> Json:
    member = ws.world.members.get(args.required("user"))
    if member is None:
        raise ApiError("user_not_found")
    return {"ok": True, "user": shown(ws, member)}


def list_users(ws: Workspace, args: Args) -> Json:
    need_team(ws, args)
    everyone = list(ws.world.members.values())
    found, cursor = page(everyone, args, default=len(everyone))
    return paged("members", [shown(ws, member) for member in found], cursor)


def shown(ws: Workspace, member: Member) -> Json:
    offset = ws.clock.now().astimezone(ZoneInfo(member.tz)).utcoffset()
    return {
        "id": member.id,
        "team_id": ws.identity.team_id,
        "name": member.name,
        "deleted": member.deleted,
        "real_name": member.real_name,
        "tz": member.tz,
        "tz_label": member.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": _profile(ws, member),
        "is_admin": member.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": member.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": ws.seconds(),
    }


def _profile(ws: Workspace, member: Member) -> Json:
    names = {"real_name": member.real_name, "display_name": member.name, "team": ws.identity.team_id}
    has_email = "users:read.email" in ws.installed.scopes and not member.is_bot
    return names | ({"email": f"{member.name}@example.com"} if has_email else {})
