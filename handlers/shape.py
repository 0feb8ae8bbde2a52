"""The shape that Slack gives its payloads. What has another one is none of Slack's: nothing of it is read."""

import json
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]

DEEPEST = 60
"""Levels of lists and objects: a rich text in a view inside an interaction has about fifteen."""
MOST_METADATA = 3_000
KINDS = frozenset({"type", "command", "ssl_check"})
"""One of these says what it is."""
OF_A_FORM = ("view_submission", "view_closed")
LONGEST_NAME = 2_000
"""Characters of an id, a trigger or an address."""


def has_slacks_shape(body: object) -> bool:
    """Bolt and our handlers read it without a look at its types."""
    if not isinstance(body, dict) or KINDS.isdisjoint(body):
        return False
    if body.get("type") in OF_A_FORM and body.get("view") is None:
        return False
    return _PAYLOAD(body) and _is_shallow(body)


def _name(value: Any) -> bool:
    """An id, a trigger, an address: what Slack makes itself is printable."""
    return value is None or (
        isinstance(value, str) and len(value) <= LONGEST_NAME and value.isascii() and value.isprintable()
    )


def _id(value: Any) -> bool:
    """What Slack never leaves out where it belongs."""
    return bool(value) and _name(value)


def _person(value: Any) -> bool:
    return _id(value) and value.isalnum() and value[0] in "UW"


def _nobody(value: Any) -> bool:
    return value is None or value == ""


def _metadata(value: Any) -> bool:
    """What we wrote into a form ourselves is an object."""
    if not value:
        return _text(value)
    try:
        return isinstance(value, str) and len(value) <= MOST_METADATA and isinstance(json.loads(value), dict)
    except (ValueError, RecursionError):
        return False


def _text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _flag(value: Any) -> bool:
    return value is None or isinstance(value, bool | str)


def _either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def _there(check: Check) -> Check:
    return lambda value: value is not None and check(value)


def _part(**fields: Check) -> Check:
    """An object; what it holds besides is not looked at."""
    known = tuple(fields.items())

    def check(value: Any) -> bool:
        if value is None:
            return True
        return isinstance(value, dict) and all(fits(value[name]) for name, fits in known if name in value)

    return check


def _each(check: Check, *, least: int = 0) -> Check:
    def fits(value: Any) -> bool:
        if value is None:
            return True
        return isinstance(value, list) and len(value) >= least and all(one is not None and check(one) for one in value)

    return fits


def _by_name(check: Check) -> Check:
    return lambda value: (
        value is None or (isinstance(value, dict) and all(one is not None and check(one) for one in value.values()))
    )


_WORDS = _part(type=_name, text=_text)
_OPTION = _part(value=_text, text=_WORDS)
_ELEMENT = _part(
    type=_id,
    action_id=_id,
    block_id=_text,
    value=_text,
    options=_each(_OPTION),
    initial_option=_OPTION,
    selected_option=_OPTION,
    selected_options=_each(_OPTION),
    selected_user=_name,
    selected_users=_each(_name),
    selected_channel=_name,
    selected_channels=_each(_name),
    selected_conversation=_name,
    selected_conversations=_each(_name),
    selected_date=_text,
    selected_time=_text,
    selected_date_time=lambda value: value is None or isinstance(value, int),
)
_BLOCK = _part(
    type=_name,
    block_id=_text,
    text=_WORDS,
    label=_WORDS,
    hint=_WORDS,
    element=_ELEMENT,
    accessory=_ELEMENT,
    elements=_each(_part(type=_name, action_id=_name)),
    fields=_each(_WORDS),
)
_STATE = _part(values=_by_name(_by_name(_ELEMENT)))
_VIEW = _part(
    id=_id,
    type=_id,
    callback_id=_name,
    hash=_name,
    private_metadata=_metadata,
    app_installed_team_id=_name,
    team_id=_name,
    title=_WORDS,
    submit=_WORDS,
    close=_WORDS,
    blocks=_each(_BLOCK),
    state=_STATE,
)
_ID = _part(id=_id, name=_text, domain=_text, team_id=_name, enterprise_id=_name)


def _own_view(value: Any) -> bool:
    """What is handed back has blocks, ours, and Bolt reads its type."""
    return value is None or (_VIEW(value) and "type" in value and isinstance(value.get("blocks"), list))


_USER = _part(id=_person, name=_text, username=_text, team_id=_name)
_MESSAGE = _part(user=_either(_name, _ID), username=_text, text=_text, ts=_name, thread_ts=_name, bot_id=_name)
_MEMBER = _part(
    id=_person,
    name=_text,
    real_name=_text,
    tz=_text,
    team_id=_name,
    profile=_part(display_name=_text, real_name=_text),
)
_EVENT = _part(
    type=_id,
    user=_either(_nobody, _person, _MEMBER),
    channel=_either(_name, _ID),
    team=_name,
    user_team=_name,
    inviter=_name,
    tab=_name,
    thread_ts=_name,
    bot_id=_name,
    subtype=_name,
    dnd_status=_part(),
    team_ids=_each(_name),
    view=_VIEW,
    message=_MESSAGE,
    previous_message=_MESSAGE,
    tokens=_by_name(_each(_name)),
)
_AUTHORIZATION = _part(
    team_id=_name, enterprise_id=_name, user_id=_name, is_enterprise_install=_flag, team=_either(_name, _ID)
)
_PAYLOAD = _part(
    type=_id,
    command=_id,
    text=_text,
    token=_name,
    callback_id=_id,
    action_id=_id,
    block_id=_text,
    value=_text,
    trigger_id=_id,
    event_id=_id,
    response_url=_name,
    response_urls=_each(_part(response_url=_name)),
    api_app_id=_name,
    team_id=_name,
    enterprise_id=_name,
    is_enterprise_install=_flag,
    user_id=_person,
    channel_id=_name,
    channel_name=_text,
    thread_ts=_name,
    bot_access_token=_name,
    function_data=_part(execution_id=_name),
    team=_either(_name, _ID),
    enterprise=_either(_name, _ID),
    user=_either(_person, _USER),
    channel=_either(_name, _ID),
    item=_part(channel=_name),
    assistant_thread=_part(channel_id=_name, thread_ts=_name),
    container=_part(type=_name, channel_id=_name, message_ts=_name, thread_ts=_name, view_id=_name),
    message=_MESSAGE,
    previous_message=_MESSAGE,
    view=_own_view,
    state=_STATE,
    actions=_each(_ELEMENT, least=1),
    event=_there(_EVENT),
    authorizations=_each(_AUTHORIZATION),
)


def _is_shallow(body: dict[str, Any]) -> bool:
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        parts = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for part in parts for one in part if isinstance(one, dict | list)]
        if not level:
            return True
    return False
