"""What Slack's refusal means, and what waits because of it (slack-platform 6.3, 12)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from bot.slack_rules import RETRYABLE_ERRORS


class Meaning(StrEnum):
    PASSING = "passing"
    """Tried again by itself."""
    APP = "app"
    """The app may not, as it is installed now: an admin mends it, and everything waits."""
    PLACE = "place"
    """Nothing can be said in this channel until somebody mends it."""
    PERSON = "person"
    """Nothing can be said to this person."""
    MESSAGE = "message"
    """This message alone is given up."""


CHANNEL_DELETED, HAS_LEFT = "channel_deleted", "user_deactivated"
"""Words of ours, where an event told us before a call was refused."""

EVERYTHING = "*"
DIRECT = "*:direct"
"""All that is said to people, where the app has no tab for it."""

_APP = """
    access_token_expired account_inactive ekm_access_denied enterprise_is_restricted invalid_auth message_limit_exceeded
    messages_tab_disabled missing_scope no_permission not_allowed_token_type not_authed not_enabled not_installed
    org_login_required team_access_not_granted team_disabled team_not_found token_expired token_revoked
    two_factor_setup_required user_removed_from_team
"""
_PLACE = """
    access_denied channel_deleted channel_not_found invalid_channel is_archived is_inactive
    method_not_supported_for_channel_type not_in_channel posting_to_general_channel_denied restricted_action
    restricted_action_read_only_channel restricted_action_thread_only_channel
"""
_PERSON = """
    cannot_dm_bot invalid_user_combination user_deactivated user_disabled user_not_found user_not_visible
    users_not_found
"""
_MESSAGE = """
    as_user_not_supported block_mismatch cannot_reply_to_message cant_delete_message cant_update_message
    compliance_exports_prevent_deletion duplicate_external_id edit_window_closed hash_conflict invalid_arguments
    invalid_blocks invalid_blocks_format invalid_charset invalid_form_data invalid_json invalid_metadata_format
    invalid_metadata_schema invalid_post_type json_not_object markdown_text_conflict message_not_found
    metadata_must_be_sent_from_app metadata_too_large missing_post_type msg_blocks_too_long msg_too_long no_text
    restricted_action_non_threadable_channel restricted_action_thread_locked streaming_state_conflict thread_not_found
    too_many_attachments too_many_contact_cards update_failed user_not_in_channel view_too_large
"""

MEANINGS: Mapping[str, Meaning] = {
    **dict.fromkeys(RETRYABLE_ERRORS, Meaning.PASSING),
    **dict.fromkeys(_APP.split(), Meaning.APP),
    **dict.fromkeys(_PLACE.split(), Meaning.PLACE),
    **dict.fromkeys(_PERSON.split(), Meaning.PERSON),
    **dict.fromkeys(_MESSAGE.split(), Meaning.MESSAGE),
}
"""Every word that Slack gives for what we call. One that it adds later is the message's alone."""

GONE = frozenset({HAS_LEFT, "user_disabled", "user_not_found"})
"""The person is no member any more: not even their Home is drawn."""

OWN_MESSAGE = frozenset(
    {
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    }
)
"""A reply is refused where a message of its own is not."""

HOME, SEEN_BY_ONE = "publish_home", "ephemeral"
FEW_MINUTES, AN_HOUR, A_DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)


def meaning_of(error: str) -> Meaning:
    word = error.partition(":")[0]
    if word.startswith("slack_connect_"):
        return Meaning.PLACE
    return MEANINGS.get(word, Meaning.MESSAGE)


def stopped_by(error: str, operation: str, target: str) -> str | None:
    """What this refusal stops: a channel or a person by id, one kind of call, or everything; None: nothing but itself.

    What one person alone sees goes to them directly where the channel refuses it, so it stops no channel.
    """
    meaning = meaning_of(error)
    if meaning is Meaning.APP:
        return _of_app(error, operation, target)
    if meaning not in (Meaning.PLACE, Meaning.PERSON) or operation in (SEEN_BY_ONE, HOME):
        return None
    return target if is_person(target) or meaning is Meaning.PLACE else None


def holders(operation: str, target: str) -> tuple[str, ...]:
    """What may be stopped so that this has to wait, the widest first."""
    kind = _kind(operation, target)
    if operation == SEEN_BY_ONE:
        return EVERYTHING, kind
    direct = (DIRECT,) if is_person(target) and operation != HOME else ()
    return EVERYTHING, kind, *direct, target


def holds(error: str, operation: str, stopped: str) -> bool:
    """Somebody who refuses messages still opens their Home."""
    return operation != HOME or not is_person(stopped) or error in GONE


def is_same(one: str, other: str) -> bool:
    """Two words for what is mended in the same way."""
    return one == other or (one in GONE and other in GONE)


def next_probe(stopped: str, probes: int, now: datetime) -> datetime:
    """When one message finds out whether somebody mended it and told nobody. `probes`: how often that was in vain."""
    if stopped.startswith(EVERYTHING):
        return now + FEW_MINUTES
    return now + (AN_HOUR if probes == 0 else A_DAY)


def is_person(target: str) -> bool:
    return target.startswith(("U", "W"))


def _of_app(error: str, operation: str, target: str) -> str:
    if error == "messages_tab_disabled":
        return DIRECT
    return _kind(operation, target) if error in ("missing_scope", "not_enabled") else EVERYTHING


def _kind(operation: str, target: str) -> str:
    """A scope is missing for some calls, and not for others."""
    return f"{EVERYTHING}:{operation}:{'person' if is_person(target) else 'channel'}"
