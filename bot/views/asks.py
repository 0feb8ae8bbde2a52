"""The daily message: how many, worst first, each with its button. Edited in place after every answer."""

from collections.abc import Sequence

from bot.views.ask_back import back_blocks, welcome_back
from bot.views.ask_words import done_line, named, notification, wanted
from bot.views.blocks import actions, button, context, divider, message, overflow, section
from bot.views.checkin import checkin_alone, checkin_ask_row
from bot.views.decision_receipt import decision_ask
from bot.views.home_asks import answer_buttons, facts_of, said
from bot.views.text import MOST_TITLE, count, cut, day, escape, mention, name, sentence
from models.schemas.asks import PERSONAL, AskLine, Covered, DailyAsk, Done
from models.schemas.home import AskKind
from models.schemas.message import Block, Message

MOST_ASKS = 10
FEW_ASKS = 5
MOST_TITLE_AMONG_MANY = 80
MOST_DONE = 10
MOST_DONE_BELOW_MANY = 5
SHOWN = {
    AskKind.STATUS: "Show last status",
    AskKind.READ_STATUS: "Show status",
    AskKind.MILESTONE: "Show milestone",
}
MINUTES = {AskKind.STATUS: 2}
"""That an answer takes; one for everything else."""


def daily_ask(daily: DailyAsk) -> Message:
    """What is answered folds, the next ask takes the primary."""
    if not daily.left and daily.back and not daily.done:
        return welcome_back(daily.back, today=daily.day)
    if not daily.left:
        return _all_done(daily) if daily.done and not (daily.gone or daily.snoozed) else _over(daily)
    alone = _alone(daily)
    if alone is not None:
        return alone
    return message(
        sentence(notification(daily)),
        *(back_blocks(daily.back, today=daily.day, overdue=_overdue(daily)) if daily.back else []),
        section(_headline(daily)),
        *_rows(daily),
        *_folded(daily),
        context(*_small_print(daily)),
    )


def _overdue(daily: DailyAsk) -> int:
    return sum(line.what.is_overdue for line in daily.left if line.behalf_of is None)


def _headline(daily: DailyAsk) -> str:
    left, done = len(daily.left), len(daily.done)
    covered = "\n".join(_covered(each, daily) for each in daily.covered)
    if done:
        return f"*{count(left, 'ask')} left of {left + done}*" + (f"\n{covered}" if covered else "")
    if daily.covered:
        return f"*{count(left, 'ask')} for today: {shares(daily)}*\n{covered}"
    worst = ", worst first" if left > 1 else ""
    minutes = sum(MINUTES.get(line.what.kind, 1) for line in daily.left)
    dots = "Press ⋯ for: Why me? Snooze, Hand over."
    return f"*{count(left, 'ask')} for today{worst}*\nAbout {count(minutes, 'minute')}. {dots}"


def shares(daily: DailyAsk) -> str:
    """'3 for amelie, 2 of your own'."""
    parts = [
        f"{sum(line.behalf_of == each.person for line in daily.left)} for {name(each.person)}" for each in daily.covered
    ]
    own = sum(line.behalf_of is None for line in daily.left)
    return ", ".join([*parts, *([f"{own} of your own"] if own else [])])


def _covered(covered: Covered, daily: DailyAsk) -> str:
    who = mention(covered.person)
    if covered.person.deleted:
        return f"{name(covered.person)} has left Slack. You are the next to be asked, until somebody else owns it."
    if covered.until is None:
        return f"{who} handed over what stands here for them."
    until = day(covered.until, daily.day)
    why = "named you as delegate" if covered.is_delegate else "you are the next to be asked"
    return f"{who} is away until {until} and {why}."


def _rows(daily: DailyAsk) -> list[Block]:
    """Those on behalf of somebody under their name, the reader's own below."""
    rows: list[Block] = []
    above: object = None
    for number, line in enumerate(daily.left[:MOST_ASKS], start=1):
        if daily.covered and (number == 1 or line.behalf_of != above):
            rows += _group(line, daily, is_first=number == 1)
        above = line.behalf_of
        rows += _row(number, line, daily)
    if len(daily.left) > MOST_ASKS:
        rows.append(context(f"and {len(daily.left) - MOST_ASKS} more wait in your Home"))
    return rows


def _group(line: AskLine, daily: DailyAsk, *, is_first: bool) -> list[Block]:
    if line.behalf_of is None:
        return [divider(), section("*Your own*")]
    says = cut(f"Decline to stand in for {line.behalf_of.handle}", 75)
    decline = button("Decline", "delegate.decline", str(line.behalf_of.id), says=says)
    heading = section(f"*On behalf of {name(line.behalf_of)}*", accessory=decline)
    return [heading] if is_first else [divider(), heading]


def _row(number: int, line: AskLine, daily: DailyAsk) -> list[Block]:
    if line.dry_run_for is not None:
        who = escape(line.dry_run_for.handle)
        return [
            section(
                f"*{number}. {wanted(line.what, MOST_TITLE_AMONG_MANY)}*\n_Dry run: {who} would be asked, and is not._"
            )
        ]
    primary, most = number == 1, MOST_TITLE if len(daily.left) <= FEW_ASKS else MOST_TITLE_AMONG_MANY
    if line.check_in is not None:
        return checkin_ask_row(number, line.check_in, primary=primary, more=_dots(line))
    facts = " · ".join(facts_of(line.what, daily.day, behalf=line.behalf_of is not None))
    text = f"*{number}. {wanted(line.what, most)}*\n{facts}"
    return [section(text), actions(*_controls(line, primary=primary))]


def _controls(line: AskLine, *, primary: bool) -> list[Block]:
    """The answer, or two where both are likely; then Snooze beside one, else behind the dots."""
    answers = answer_buttons(line.what, primary=primary)
    if line.what.kind is AskKind.DECIDE and not line.may_decide:  # the approver is away, and named nobody
        answers = [button("Edit", "decision.edit", str(line.what.id), primary=primary, says=said("Edit", line.what))]
    snooze = button("Snooze", "ask.snooze", str(line.id), says=said("Snooze", line.what))
    return [*answers, *([snooze] if len(answers) == 1 and line.can_snooze else []), _dots(line)]


def _dots(line: AskLine) -> Block:
    acts = [("Why me?", "why")]
    if line.can_snooze:
        acts.append(("Snooze", "snooze"))
    acts.append(("Hand over", "hand_over"))
    if line.behalf_of is not None:
        acts.append(("Decline", "decline"))
    if line.what.kind is not AskKind.CHECK_IN:
        acts.append((SHOWN.get(line.what.kind, f"Show {line.what.ref}"), "show"))
    if line.what.kind in PERSONAL:
        acts = [act for act in acts if act[1] != "hand_over"]
    return overflow("ask.more", [(label, f"{act}:{line.id}") for label, act in acts])


def _alone(daily: DailyAsk) -> Message | None:
    """A decision or a check-in of a day on which nothing else is asked is shown in full."""
    line = daily.left[0]
    if len(daily.left) > 1 or daily.done or daily.back or line.behalf_of or line.dry_run_for:
        return None
    if line.check_in is not None:
        return checkin_alone(line.check_in, more=_dots(line))
    return decision_ask(daily.decision, today=daily.day) if daily.decision else None


def _folded(daily: DailyAsk) -> list[Block]:
    if not daily.done:
        return []
    most = MOST_DONE if len(daily.left) < MOST_ASKS else MOST_DONE_BELOW_MANY
    return [divider(), section("\n".join(["*Done today*", *_done(daily.done, most)]), accessory=_edit(daily))]


def _edit(daily: DailyAsk) -> Block:
    return button("Edit", "ask.edit_answers", daily.day.isoformat(), says="Edit today's answers")


def _done(done: Sequence[Done], most: int = MOST_DONE) -> list[str]:
    lines = [done_line(each) for each in done[:most]]
    return lines + ([f"and {len(done) - most} more"] if len(done) > most else [])


def _small_print(daily: DailyAsk) -> list[str]:
    snoozed = [f"{escape(named(subject))} until {day(until, daily.day)}" for subject, until in daily.snoozed]
    lines = [f"Snoozed: {', '.join(snoozed)}."] if snoozed else []
    if daily.covered:
        who = ", ".join(name(each.person) for each in daily.covered if each.until)
        if who:
            return [*lines, f"{who} gets a summary of what you answered on the first day back."]
    return [*lines, "One message a day, inside your hours. What you answer goes quiet at once. `/pm me` changes this."]


def _all_done(daily: DailyAsk) -> Message:
    number = len(daily.done)
    words = f"All {number} asks are answered" if number > 1 else "Your ask is answered"
    lines = [f":white_check_mark: *{words}. Nothing more today.*", *_done(daily.done)]
    return message(f"{words}. Nothing more today.", section("\n".join(lines), accessory=_edit(daily)))


def _over(daily: DailyAsk) -> Message:
    """What it named ended, was put off, or went to another message or person: no button here would answer it."""
    words = "Nothing waits in this message any more."
    lines = [f"*{words}*", *_done(daily.done)]
    small = [line for line in _small_print(daily) if line.startswith("Snoozed")]
    return message(words, section("\n".join(lines)), context(*small, "What waits for you stands in your Home."))
