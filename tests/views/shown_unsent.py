"""What was not sent, and what a lead is told of it."""

from datetime import timedelta
from typing import Any

from bot.domain.stops import DIRECT, EVERYTHING
from bot.views import moving, stops, unsent
from models.schemas.unsent import Lifted, Owning, Stop, Target, Trouble, Unsent, Waiting, Why
from tests.views.cast import DANA, HOSTILE, LUIS, NOW, PLACE, PROGRAM, changed

STOP = Stop(id=1, workspace_id=1, target="C1", error="not_in_channel", since=NOW, told_id=1, probe_at=NOW, probes=0)
CHANNEL = Target(id="C1", channel="C1", place=PLACE.name)
PERSON = Target(id="ULUIS", person=LUIS)
HIDDEN = Target(id="", is_hidden=True)
OWNED = [
    Owning(ref="project:7", name=PLACE.name, is_place=True),
    Owning(ref="program:3", name=PROGRAM.name, is_place=True),
    *(Owning(ref=f"R-{number}", name=HOSTILE) for number in range(1, 15)),
]
WELL = Unsent(
    waiting=[],
    stopped=[],
    failed=[],
    doubled=0,
    too_old=0,
    people_at=NOW,
    people_are_old=False,
    is_whole=True,
)
LATER = Waiting(why=Why.LATER, number=3, oldest_at=NOW, next_at=NOW + timedelta(hours=2))
REFUSED = Waiting(why=Why.REFUSED, number=1, oldest_at=NOW, next_at=NOW + timedelta(minutes=2))
PACED = Waiting(why=Why.PACE, number=40, oldest_at=NOW, next_at=NOW)


def trouble(target: Target, error: str, *, waiting: int = 0, failed: int = 0, may_try: bool = True) -> Trouble:
    return Trouble(target=target, error=error, since=NOW, waiting=waiting, failed=failed, may_try=may_try)


TROUBLED = changed(
    WELL,
    waiting=[REFUSED, LATER, PACED],
    stopped=[
        trouble(CHANNEL, "is_archived", waiting=12),
        trouble(PERSON, "cannot_dm_bot", waiting=1),
        trouble(PERSON, "user_disabled", waiting=2),
        trouble(HIDDEN, "channel_deleted", waiting=4),
        trouble(Target(id=DIRECT), "messages_tab_disabled", waiting=5),
    ],
    failed=[
        trouble(CHANNEL, "invalid_blocks: must be less than 3001 characters [json-pointer:/blocks/0]", failed=1),
        trouble(PERSON, "http_503", failed=2),
        trouble(CHANNEL, "its thread does not stand", failed=1),
    ],
    doubled=2,
    too_old=3,
)
MANY = changed(
    WELL, stopped=[trouble(CHANNEL, "restricted_action", waiting=1)] * 14, people_are_old=True, people_at=None
)

SHOWN: dict[str, Any] = {
    "unsent-well": unsent.unsent(WELL),
    "unsent-well-waiting": unsent.unsent(changed(WELL, waiting=[LATER, PACED], is_whole=False)),
    "unsent-troubled": unsent.unsent(TROUBLED),
    "unsent-many": unsent.unsent(MANY),
    "unsent-token": unsent.unsent(
        changed(WELL, stopped=[trouble(Target(id=EVERYTHING), "token_revoked", waiting=900, may_try=False)])
    ),
    "unsent-scope": unsent.unsent(
        changed(WELL, stopped=[trouble(Target(id="*:picture:channel"), "missing_scope", waiting=2)])
    ),
    "unsent-trying": unsent.trying(1),
    "unsent-trying-several": unsent.trying(5),
    "unsent-nothing-to-try": unsent.trying(0),
    "stopped-channel": stops.channel_stopped(STOP, PLACE),
    "stopped-channel-archived": stops.channel_stopped(changed(STOP, error="is_archived"), PLACE),
    "stopped-channel-deleted": stops.channel_stopped(changed(STOP, error="channel_deleted"), PROGRAM),
    "stopped-channel-unseen": stops.channel_stopped(changed(STOP, error="channel_not_found"), PLACE),
    "stopped-person": stops.person_stopped(changed(STOP, target="ULUIS", error="user_not_visible"), LUIS, OWNED[:3]),
    "stopped-person-left": stops.person_left(LUIS, OWNED),
    "stopped-person-left-one-record": stops.person_left(DANA, OWNED[2:3]),
    "stopped-works-again": stops.works_again(Lifted(stop=STOP, said=3, too_old=1), where="<#C1>"),
    "stopped-works-again-quiet": stops.works_again(Lifted(stop=STOP, said=1, too_old=0), where="<@ULUIS>"),
    "moving-offer": moving.move_here([PLACE]),
    "moving-offer-many": moving.move_here([PLACE] * 8),
    "moving-done": moving.moved_here(changed(PLACE, restricted=True), Lifted(stop=STOP, said=2, too_old=0)),
}
