"""How an escalation looks at the head of its thread, in every state."""

from datetime import date

from bot.views.blocks import actions, button, context, facts, message, overflow, section
from bot.views.text import count, cut, day, instant, link, listed, local_instant, name, sentence, stopped, title
from models.schemas.escalation import DATED, EscalationCard, EscalationState, Rule, Subject
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard
from models.schemas.risk import RiskStatus

MOST_WAITING = 2
"""Of those who wait for it, by name."""

NOUNS = {"risk": "risk", "issue": "issue", "finding": "audit finding", "decision": "decision"}
NOUNS |= {"dependency": "dependency", "milestone": "milestone"}
PREDICATES = {
    Rule.E1: "is not acknowledged",
    Rule.E2: "has no response",
    Rule.E3: "passed its review date",
    Rule.E4: "passed its date",
    Rule.E5: "passed its date",
    Rule.E5B: "is not committed to",
    Rule.E7: "is not resolved",
    Rule.E8: "passed its date",
    Rule.E9: "passed its date",
}
DEADLINES = {
    Rule.E1: "Was to be acknowledged",
    Rule.E2: "Response was due",
    Rule.E3: "Review was due",
    Rule.E5: "Was needed by",
    Rule.E6: "Missing since",
}
"""The label of the deadline, where it is not 'Was due'."""
UPDATES = {
    Rule.E2: ("Plan response", "risk.respond"),
    Rule.E3: ("Review", "risk.review"),
    Rule.E4: ("Decide", "decision.decide"),
    Rule.E7: ("Update", "issue.edit"),
    Rule.E8: ("Mark achieved", "milestone.achieve"),
    Rule.E9: ("Update", "finding.update"),
}
"""The record's own form that answers it."""


def escalation_parent(card: EscalationCard, *, today: date, marks: tuple[str, ...] = ()) -> Message:
    """`marks` are lines of small print: that it is a dry run, or where it would stand."""
    if not card.is_open:
        return _ended(card, today, marks)
    lines = f"{want(card, today)}\n{named(card.subject)} · {title(card.place.name)}"
    buttons = _buttons(card)
    return message(
        sentence(_fallback(card, today)),
        section(lines),
        facts(*_facts(card, today)),
        actions(*buttons) if buttons else None,
        context(_small_print(card, today), *marks),
    )


def what(card: EscalationCard) -> str:
    """'a milestone passed its date', 'an Extreme risk has no response'."""
    if card.rule is Rule.E6:
        return "status updates are missing"
    noun = f"{card.subject.grade} {NOUNS[card.subject.kind]}" if card.subject.grade else NOUNS[card.subject.kind]
    predicate = PREDICATES[card.rule]
    if card.status is EscalationState.PENDING:
        predicate = "waits for its owner"
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun} {predicate}"


def fired(card: EscalationCard) -> str:
    """The same at the beginning of a sentence."""
    words = what(card)
    return f"{words[0].upper()}{words[1:]}"


def want(card: EscalationCard, today: date) -> str:
    if card.status is EscalationState.ACKNOWLEDGED and card.acknowledged_by is not None:
        until = f" by {day(card.reopens_on, today)}" if card.reopens_on else ""
        return f":eyes: *{name(card.acknowledged_by)} has it:* a change is expected{until}"
    return f":bell: *Answer needed{_by(card, today)}:* {what(card)}"


def named(subject: Subject) -> str:
    """Its linked name, bold."""
    if subject.ref is None:
        return f"*{link(title(subject.title), subject.link)}*"
    return f"*{link(subject.ref, subject.link)} {title(subject.title)}*"


def plainly(card: EscalationCard, most: int = 60) -> str:
    """As notifications call it: 'R-12 Vendor slips (Ledger Migration)'."""
    ref = f"{card.subject.ref} " if card.subject.ref else ""
    name_of_it = f"{ref}{cut(title(card.subject.title), most)}"
    return name_of_it if card.subject.kind == "project" else f"{name_of_it} ({cut(title(card.place.name), 40)})"


def since(card: EscalationCard, today: date) -> tuple[str, str]:
    """Its deadline as a fact."""
    if card.status is EscalationState.PENDING and card.deadline_at is not None:
        return "To acknowledge by", instant(card.deadline_at)
    if card.rule is Rule.E5B:
        return "Needed by", day(card.subject.due_on or card.deadline_on, today)
    is_counted = card.status is EscalationState.OPEN and card.elapsed
    ago = f", {count(card.elapsed, 'working day')} ago" if is_counted else ""
    return DEADLINES.get(card.rule, "Was due"), f"{day(card.deadline_on, today)}{ago}"


def now_with(card: EscalationCard) -> str:
    """With what they are to it, or for whom they stand in."""
    if card.instead_of is not None:
        return f"{name(card.notify)}, for {missing(card.instead_of)}"
    return f"{name(card.notify)}, {card.role}"


def missing(person: PersonCard) -> str:
    return f"{name(person)} who {'has left Slack' if person.deleted else 'is away'}"


def next_step(card: EscalationCard, today: date) -> str:
    if card.next_person is None or card.next_on is None:
        return "no further step"
    return f"{name(card.next_person)}, {day(card.next_on, today)}"


def update_button(card: EscalationCard, *, primary: bool = False) -> Block | None:
    """Opens the record's own form."""
    subject, says = card.subject, f"Update {cut(plainly(card), 60)}"
    if card.rule is Rule.E6:
        return button("Update status", "status.open", card.place.ref, primary=primary, says=cut(says, 75))
    if card.rule is Rule.E1:
        is_new = subject.state == RiskStatus.IDENTIFIED
        known = ("Update", "risk.assess") if is_new else ("Review", "risk.review")
    elif card.rule in UPDATES:
        known = UPDATES[card.rule]
    else:
        return None
    return button(known[0], known[1], str(subject.id), primary=primary, says=cut(says, 75))


def _by(card: EscalationCard, today: date) -> str:
    if card.status is EscalationState.PENDING and card.deadline_at is not None:
        return f" by {instant(card.deadline_at)}"
    return f" by {day(card.next_on, today)}" if card.next_on else ""


def _facts(card: EscalationCard, today: date) -> list[tuple[str, str] | None]:
    waits = [title(each.name) for each in card.subject.waits]
    has_it = card.status is EscalationState.ACKNOWLEDGED
    return [
        since(card, today),
        ("Waiting for it", listed(waits, MOST_WAITING)) if waits else None,
        ("From", title(card.subject.provider)) if card.subject.provider else None,
        None if has_it else ("Now with", now_with(card)),
        None if has_it else ("Next", next_step(card, today)),
    ]


def _buttons(card: EscalationCard) -> list[Block]:
    value, called = str(card.id), cut(plainly(card), 50)
    if card.status is EscalationState.PENDING:
        says = f"Acknowledge {called}"
        return [button("Acknowledge", "risk.acknowledge", str(card.subject.id), primary=True, says=says)]
    is_waiting = card.status is EscalationState.OPEN
    acknowledge = button("Acknowledge", "escalation.acknowledge", value, primary=True, says=f"Acknowledge {called}")
    redate = _redate_button(card, says=f"Re-date {called}")
    parts = [
        acknowledge if is_waiting else None,
        update_button(card),
        redate if card.rule in DATED else None,
        overflow("escalation.more", [("Cancel escalation", f"cancel:{card.id}")]),
    ]
    return [part for part in parts if part is not None]


def _redate_button(card: EscalationCard, *, says: str) -> Block:
    """A milestone's own form says what the new date would mean."""
    if card.rule is Rule.E8:
        return button("Re-date", "milestone.redate", str(card.subject.id), says=says)
    return button("Re-date", "escalation.redate", str(card.id), says=says)


def _small_print(card: EscalationCard, today: date) -> str:
    if card.status is EscalationState.ACKNOWLEDGED and card.acknowledged_at is not None:
        again = f" No change by {day(card.reopens_on, today)} opens it again at this step." if card.reopens_on else ""
        return f"Acknowledged {instant(card.acknowledged_at)}. The climb is stopped.{again}"
    if card.status is EscalationState.PENDING:
        return f"{card.ref}. Acknowledging it in time ends this."
    informed = f" {name(card.informed)} is informed." if card.informed else ""
    window = count(card.ack_window, "working day")
    return f"Acknowledge stops the climb for {window}. Any real change ends it.{informed}"


def _ended(card: EscalationCard, today: date, marks: tuple[str, ...]) -> Message:
    where = f"{named(card.subject)} · {title(card.place.name)}"
    who = f"By {name(card.resolved_by)}," if card.resolved_by else "Ended"
    on = f" {day(card.resolved_on, today)}" if card.resolved_on else ""
    after = f", after {count(card.elapsed, 'working day')}" if card.elapsed else ""
    climbs = f"{' and' if after else ', after'} {count(card.climbs, 'climb')}" if card.climbs else ""
    why = f" Why: {stopped(title(card.reason))}" if card.reason else ""
    if card.status is EscalationState.CANCELLED:
        start = ":no_entry_sign: *Cancelled:* this is not pursued any more"
    else:
        more = f" {card.outcome_more}" if card.outcome_more else ""
        start = f":white_check_mark: *Resolved: {title(card.outcome or '')}.*{more}"
    return message(
        sentence(_ended_words(card)),
        section(f"{start}\n{where}"),
        context(f"{who}{on}{after}{climbs}.{why}", *marks),
    )


def _ended_words(card: EscalationCard) -> str:
    if card.status is EscalationState.CANCELLED:
        return f"Cancelled: {plainly(card)} is not pursued any more."
    more = f" {card.outcome_more}." if card.outcome_more else ""
    return f"Resolved: {plainly(card)} {card.outcome}.{more}"


def _fallback(card: EscalationCard, today: date) -> str:
    if card.status is EscalationState.ACKNOWLEDGED and card.acknowledged_by is not None:
        until = f" A change is expected by {day(card.reopens_on, today)}." if card.reopens_on else ""
        return f"{plainly(card)}: {name(card.acknowledged_by)} has it.{until}"
    if card.status is EscalationState.PENDING and card.deadline_at is not None:
        until = local_instant(card.deadline_at, card.zone)
        return f"{plainly(card)}: answer needed by {until}. Now with {name(card.notify)}."
    coming = (
        f" Next: {name(card.next_person)} on {day(card.next_on, today)}." if card.next_person and card.next_on else ""
    )
    predicate = PREDICATES.get(card.rule, "has status updates missing")
    date_words = f", {day(card.deadline_on, today)}" if predicate.endswith("date") else ""
    return f"{plainly(card)} {predicate}{date_words}. Now with {name(card.notify)}.{coming}"
