"""Which scope each method of the Web API and each event needs: for the sandbox, the doctor, and manifests."""

from collections.abc import Mapping


def _by_kind(right: str) -> Mapping[str, str]:
    """Conversations are read with the scope of their kind."""
    return {
        "channel": f"channels:{right}",
        "group": f"groups:{right}",
        "im": f"im:{right}",
        "mpim": f"mpim:{right}",
    }


READ_BY_KIND = _by_kind("read")
HISTORY_BY_KIND = _by_kind("history")

_READ = tuple(READ_BY_KIND.values())
_HISTORY = tuple(HISTORY_BY_KIND.values())
_MEMBERS = ("channels:read", "groups:read")

APP_SCOPE = "connections:write"
"""Of the app-level token, which no manifest asks for: it is chosen when the token is made."""

COMMANDS_SCOPE = "commands"

METHOD_SCOPES: Mapping[str, tuple[str, ...]] = {
    "apps.connections.open": (),
    "auth.revoke": (),
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.list": _READ,
    "conversations.members": _READ,
    "conversations.open": ("im:write",),
    "conversations.replies": _HISTORY,
    "dnd.teamInfo": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "oauth.v2.access": (),
    "oauth.v2.exchange": (),
    "users.conversations": _READ,
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
"""One of them is needed; of several, the one of the conversation's kind."""

EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": _READ,
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "dnd_updated": ("dnd:read",),
    "dnd_updated_user": ("dnd:read",),
    "file_shared": ("files:read",),
    "function_executed": (),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "link_shared": ("links:read",),
    "member_joined_channel": _MEMBERS,
    "member_left_channel": _MEMBERS,
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_access_granted": (),
    "team_access_revoked": (),
    "team_domain_change": ("team:read",),
    "team_join": ("users:read",),
    "team_rename": ("team:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
    "user_profile_changed": ("users:read",),
}
"""One of them is needed. Slack refuses a manifest with an event that it does not know or that has no such scope."""
