"""Who is told of a check-in: whoever set it up by a receipt, the channel by one message a round and its thread."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.notices import asks
from bot.services import (
    blocker_acts,
    checkin_answers,
    checkin_past,
    checkin_round,
    checkin_rounds,
    delivery,
    desk,
    people,
    switches,
)
from bot.services.checkin_past import answer_key, round_key, summary_key
from bot.views.blocks import context
from bot.views.checkin_blockers import blocker_alone
from bot.views.checkin_round import answer_reply, round_parent, round_summary
from bot.views.checkin_team import checkin_set_up
from bot.views.text import sentence
from models.schemas.checkin_round import AnswerCard, BlockerCard, RoundCard
from models.schemas.checkin_setup import CheckinCard, CheckinReceipt
from models.schemas.home import AskKind
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.switches import MessageKind, Switch

ANSWERED, SKIPPED = "check-in answered", "check-in skipped for today"
"""What became of the ask, behind its name in the message of the day."""


def tell_set_up(session: Session, receipt: CheckinReceipt, *, by: PersonCard, key: str, now: datetime) -> None:
    """`key` is the submission's: every change has a receipt of its own."""
    card = receipt.checkin
    if by.slack_id and card.channel:
        shown = checkin_past.shown(session, card, today=local_date(now, by.tz))
        done = checkin_set_up(receipt, shown)
        delivery.whisper(session, done, key=f"checkin.done:{key}", to=card.channel, reader=by.slack_id, now=now)


def tell_ended(session: Session, card: CheckinCard, *, now: datetime) -> None:
    """What is open closes as it stands."""
    tell_moved(session, checkin_rounds.close_now(session, card.id, now=now), now=now)


def tell_moved(session: Session, moved: checkin_rounds.Moved, *, now: datetime) -> None:
    """After a tick. The messages of the day are looked at: who is asked is asked there, what is over leaves them."""
    desk.look_soon(session, moved.asked | moved.over, at=now)
    _publish(session, moved.asked | moved.over, now=now)
    for round_id in sorted(moved.changed | moved.closed):
        show_round(session, round_id, now=now)


def tell_answered(session: Session, saved: checkin_answers.Saved, *, by: PersonCard, now: datetime) -> None:
    asks.settled(session, AskKind.CHECK_IN, saved.answer_id, by=by, now=now, effect=ANSWERED)
    _publish(session, [by.id], now=now)
    card = show_round(session, saved.round_id, now=now)
    answer = next(answer for answer in card.answers if answer.id == saved.answer_id)
    _show_answer(session, card, answer, now=now)
    _show_again(session, saved.blocker_ids, but=saved.round_id, now=now)


def tell_skipped(session: Session, saved: checkin_answers.Saved, *, by: PersonCard, now: datetime) -> None:
    asks.settled(session, AskKind.CHECK_IN, saved.answer_id, by=by, now=now, effect=SKIPPED)
    _publish(session, [by.id], now=now)
    show_round(session, saved.round_id, now=now)


def tell_blocker_changed(
    session: Session, blocker: BlockerCard, *, by: PersonCard, pressed_in: str | None, now: datetime
) -> None:
    """Its rows turn, in the newest rounds that name it; whoever pressed elsewhere reads it there."""
    _show_again(session, {blocker.id}, but=None, now=now)
    for answer_id in checkin_answers.waiting_of(session, blocker.checkin_id, blocker.person.id):
        asks.settled(session, AskKind.CHECK_IN, answer_id, by=None, now=now)
    if by.slack_id and pressed_in and pressed_in != blocker.channel:
        shown = blocker_alone(blocker, local_date(now, by.tz))
        key = f"blocker.changed:{blocker.id}@{blocker.version}"
        delivery.whisper(session, shown, key=key, to=pressed_in, reader=by.slack_id, now=now)


def tell_logged(
    session: Session, blocker_id: int | None, kind: str, record_id: int, by: Standing, *, now: datetime
) -> None:
    """A record was logged; where it was logged from a blocker, its rows turn."""
    if blocker_id is None:
        return
    blocker = blocker_acts.link_logged(session, blocker_id, kind, record_id, by, now=now)
    if blocker is not None:
        tell_blocker_changed(session, blocker, by=by.person, pressed_in=None, now=now)


def show_round(session: Session, round_id: int, *, now: datetime) -> RoundCard:
    """Its message, and at its end what came of it; nothing where nobody answered."""
    card = checkin_round.get(session, round_id, now=now)
    switch, today = _switch(session, card, now), _today(card)
    if not _is_told(card, switch):
        return card
    to = switch.dry_run_to or str(card.channel)
    parent = _marked(round_parent(card, today), card, switch)
    delivery.show(session, parent, key=round_key(card.id), to=to, version=max(card.version, 1), now=now)
    if _is_summed_up(session, card):
        summary, key = _marked(round_summary(card, today), card, switch), summary_key(card.id)
        delivery.show(session, summary, key=key, to=to, version=None, now=now, under=round_key(card.id))
    return card


def _is_summed_up(session: Session, card: RoundCard) -> bool:
    """Where answers stand in the thread and nothing is in the way, there is nothing to add."""
    if card.is_open or not card.answered:
        return False
    return bool(card.open_blockers) or not card.is_live or delivery.is_known(session, summary_key(card.id))


def _show_answer(session: Session, card: RoundCard, answer: AnswerCard, *, now: datetime) -> None:
    switch = _switch(session, card, now)
    if not (card.is_live and _is_told(card, switch)):
        return
    reply = _marked(answer_reply(card, answer), card, switch)
    to, key = switch.dry_run_to or str(card.channel), answer_key(answer.id)
    delivery.show(session, reply, key=key, to=to, version=answer.version, now=now, under=round_key(card.id))


def _show_again(session: Session, blocker_ids: Iterable[int], *, but: int | None, now: datetime) -> None:
    """The newest rounds that name these blockers, all of each: the message, what stands in its thread."""
    for round_id in checkin_round.rounds_naming(session, blocker_ids):
        if round_id == but:
            continue
        checkin_answers.bump(session, round_id)
        card = show_round(session, round_id, now=now)
        for answer in card.answered:
            if card.is_live and answer.blocker_ids and set(answer.blocker_ids) & set(blocker_ids):
                version = checkin_answers.bump_answer(session, answer.id)
                _show_answer(session, card, answer.model_copy(update={"version": version}), now=now)


def _is_told(card: RoundCard, switch: Switch) -> bool:
    return card.channel is not None and switch.sends(MessageKind.CHECK_INS)


def _switch(session: Session, card: RoundCard, now: datetime) -> Switch:
    return switches.of_program(session, card.place.program_id if card.place else None, now=now)


def _marked(shown: Message, card: RoundCard, switch: Switch) -> Message:
    """To who looks at a program before anybody else does."""
    if switch.dry_run_to is None:
        return shown
    note = context(f"Dry run: this would stand in <#{card.channel}>. Nobody else got it.")
    return Message(text=sentence(f"Dry run: {shown.text}"), blocks=[note, *shown.blocks])


def _today(card: RoundCard) -> date:
    """A round is read with its own date for today: its message is not drawn anew every day."""
    return card.local_date


def _publish(session: Session, person_ids: Iterable[int], *, now: datetime) -> None:
    cards = people.cards(session, person_ids)
    delivery.publish_home(session, (card.slack_id for card in cards.values()), now=now)
