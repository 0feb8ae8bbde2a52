"""The App Home: what waits for me, answerable right there, then what is mine."""

from bot.views.asks import due
from bot.views.blocks import actions, button, context, divider, header, section
from bot.views.text import BAND_SIGN, HEALTH_SIGN, HEALTH_WORD, count, cut, day, instant, link, title
from models.schemas.decision import DecisionCard
from models.schemas.home import Home, HomeProject
from models.schemas.message import Block, View
from models.schemas.project import Place
from models.schemas.risk import RiskCard
from models.schemas.schedule import StatusAsk

MOST_ASKS = 15
MOST_PLACES = 10


def home_view(home: Home) -> View:
    asks = _asks(home)
    waiting = len(asks)
    heading = f"{count(waiting, 'ask waits', 'asks wait')} for you" if waiting else "Nothing waits for you"
    blocks = [header(heading), *_first(home, asks)]
    if home.programs or home.projects:
        blocks += [divider(), *_places(home)]
    return {"type": "home", "callback_id": "home", "blocks": [*blocks, divider(), *_capture(home)]}


def _asks(home: Home) -> list[Block]:
    rows = [_decision(ask, home) for ask in home.decisions]
    rows = [_risk(risk) for risk in home.risks] + rows
    return rows + [_status(ask) for ask in home.statuses]


def _first(home: Home, asks: list[Block]) -> list[Block]:
    if asks:
        more = [context(f"and {len(asks) - MOST_ASKS} more; they come up as you answer these")]
        return asks[:MOST_ASKS] + (more if len(asks) > MOST_ASKS else [])
    if home.next_ask_at and home.next_ask_of:
        return [section(f"Next: the status of {title(home.next_ask_of)}, {instant(home.next_ask_at)}.")]
    if _is_guest(home):
        return [section("What is asked of you will stand here, with a button to answer it.")]
    return [section("Log what you notice, or set up the channel of a project with `/pm setup`.")]


def _status(ask: StatusAsk) -> Block:
    last = f" · last {HEALTH_WORD[ask.last_health]}" if ask.last_health else ""
    return section(
        f"*Update status of {title(ask.place.name)}*\n{due(ask)} · you own it{last}",
        accessory=_update_button(ask.place),
    )


def _risk(risk: RiskCard) -> Block:
    until = f" · due {instant(risk.acknowledge_by)}" if risk.acknowledge_by else ""
    return section(
        f"*Acknowledge {link(risk.ref, risk.link)}: {title(risk.title)}*\n"
        f"{BAND_SIGN[risk.band]} {risk.band.title()} {risk.points}{until} · you own it",
        accessory=button("Acknowledge", "risk.acknowledge", str(risk.id), says=f"Acknowledge {risk.ref}"),
    )


def _decision(decision: DecisionCard, home: Home) -> Block:
    until = ""
    if decision.due_on:
        was = "Was due" if decision.due_on < home.today else "Due"
        until = f"{was} {day(decision.due_on, home.today)} · "
    return section(
        f"*Decide {link(decision.ref, decision.link)}: {title(decision.title)}*\n{until}you are the approver",
        accessory=button("Decide", "decision.decide", str(decision.id), says=f"Decide {decision.ref}"),
    )


def _places(home: Home) -> list[Block]:
    everything = home.programs + home.projects
    rows = [_place(place, home) for place in everything[:MOST_PLACES]]
    if len(everything) > MOST_PLACES:
        rows.append(context(f"and {len(everything) - MOST_PLACES} more"))
    return rows


def _place(project: HomeProject, home: Home) -> Block:
    place = project.place
    shown = f"<#{place.channel}>" if place.channel else "no channel yet"
    health = (
        f"{HEALTH_SIGN[project.health]} *{title(place.name)} is {HEALTH_WORD[project.health]}*"
        if project.health
        else f"*{title(place.name)}*"
    )
    risks = f"{count(project.open_risks, 'open risk')}"
    extreme = f", {project.extreme_risks} Extreme" if project.extreme_risks else ""
    updated = f"\nLast update {day(project.last_posted_on, home.today)}" if project.last_posted_on else ""
    text = f"{health}\n{shown} · {risks}{extreme}{updated}"
    if not project.mine:
        return section(text)
    return section(text, accessory=_update_button(place))


def _update_button(place: Place) -> Block:
    says = cut(f"Update status of {place.name}", 75)
    return button("Update status", "status.open", place.ref, says=says)


def _is_guest(home: Home) -> bool:
    return home.person is not None and home.person.is_guest


def _capture(home: Home) -> list[Block]:
    if _is_guest(home):
        return [context("You are a guest here: you see what is asked of you. Other projects are not shown.")]
    return [
        actions(
            button("Log risk", "risk.form", "home"),
            button("Log decision", "decision.form", "home"),
            button("Update status", "status.open", "home"),
        ),
        context("`/pm help` shows all commands."),
    ]
