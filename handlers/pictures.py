"""`/pm heatmap` and `/pm burndown`: the text at once, then the picture, in a direct message or shared here."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.risk_burn_down import fridays_before
from bot.errors import UserError
from bot.services import pictures, places
from bot.services.heat_map import heat_map
from bot.services.pictures import Chart
from bot.views.pictures import text_twin, too_early
from handlers.feature import Ask, Command, Feature, Handler, Reply, reads, writes
from models.schemas.charts import BurnDown
from models.schemas.message import Message
from models.schemas.pictures import ALL, PictureKind, PictureOrder

WORDS = {PictureKind.HEAT_MAP: "heatmap", PictureKind.BURN_DOWN: "burndown"}
"""As they are typed and as actions are named."""


def show(kind: PictureKind) -> Handler:
    """Strangers cannot be written to: they get the text alone."""

    def step(ask: Ask, session: Session) -> Reply:
        by = ask.acting(session)
        ref = _ref(ask, session, kind)
        chart = _chart(session, kind, ref, by, ask)
        coming = not chart.is_empty and not by.is_stranger
        if coming:
            pictures.order(session, _order(kind, ref, ask), key=f"picture:{ask.key}", to=ask.user, now=ask.now)
        return Reply(private=_twin(session, chart, ref, by, ask, coming=coming))

    return writes(step)


def show_text(kind: PictureKind) -> Handler:
    """Of a picture, by whoever looks at it: what they may see."""

    def step(ask: Ask, session: Session) -> Reply:
        by = ask.standing(session)
        chart = _chart(session, kind, ask.value, by, ask)
        return Reply(private=_twin(session, chart, ask.value, by, ask, coming=False))

    return reads(step)


def share(kind: PictureKind) -> Handler:
    """What everybody in this channel may see, which may be less than the sharer does."""

    def step(ask: Ask, session: Session) -> Reply:
        by = ask.member(session)
        if not _is_channel(ask.channel):
            raise UserError(f"Only you read this. Type /pm {WORDS[kind]} in a channel to share it there.")
        place = pictures.place_of(session, ask.value, ask.standing(session, by))
        anyone = pictures.anyone_in(ask.channel)
        if place is not None and not places.may_see(place, None, ask.channel):
            raise UserError("It is about a restricted project: it is shared in that project's channel alone.")
        if _chart(session, kind, ask.value, anyone, ask).is_empty:
            raise UserError("There is nothing in it that everybody here may see. Nothing was shared.")
        wanted = _order(kind, ask.value, ask).model_copy(update={"shared": True})
        pictures.order(session, wanted, key=f"picture:{ask.key}", to=str(ask.channel), now=ask.now)
        return Reply()

    return writes(step)


def _ref(ask: Ask, session: Session, kind: PictureKind) -> str:
    """What a button says, else the channel's project or program, else everything."""
    wanted = ask.value or ask.text.strip().lower()
    if ask.value or wanted == ALL:
        return wanted
    if wanted:
        word = WORDS[kind]
        raise UserError(f"Type /pm {word} in the channel of a project or program, or /pm {word} all for everything.")
    here = places.of_channel(session, ask.channel)
    return here.ref if here else ALL


def _chart(session: Session, kind: PictureKind, ref: str, by: Standing, ask: Ask) -> Chart:
    zone = ask.standing(session).person.tz
    return pictures.chart(session, kind, ref, by, zone=zone, now=ask.now)


def _twin(session: Session, chart: Chart, ref: str, by: Standing, ask: Ask, *, coming: bool) -> Message:
    if isinstance(chart, BurnDown) and chart.is_empty:
        place = pictures.place_of(session, ref, by)
        if not heat_map(session, place, by, today=chart.today).is_empty:
            return too_early(chart, _next_friday(ask))
    shareable = _is_channel(ask.channel) and not (by.is_stranger or by.person.is_guest)
    return text_twin(chart, ref, shareable=shareable, coming=coming)


def _next_friday(ask: Ask) -> date:
    return fridays_before(ask.now)[-1] + timedelta(weeks=1)


def _order(kind: PictureKind, ref: str, ask: Ask) -> PictureOrder:
    return PictureOrder(kind=kind, place=ref, person=ask.user, channel=ask.channel, is_stranger=ask.is_stranger)


def _is_channel(channel: str | None) -> bool:
    return channel is not None and not channel.startswith("D")


FEATURE = Feature(
    commands=(
        Command(
            word="heatmap",
            group="See",
            examples=(
                ("/pm heatmap", "shows the open risks of this project or program by probability and impact"),
                ("/pm heatmap all", "shows all that you may see"),
            ),
            handler=show(PictureKind.HEAT_MAP),
            button="Heat map",
        ),
        Command(
            word="burndown",
            group="See",
            examples=(("/pm burndown", "shows how the score of the open risks went down, week by week"),),
            handler=show(PictureKind.BURN_DOWN),
            button="Burn-down",
        ),
    ),
    actions={
        "risk.heat_map": show(PictureKind.HEAT_MAP),
        "risk.burn_down": show(PictureKind.BURN_DOWN),
        "risk.heatmap_text": show_text(PictureKind.HEAT_MAP),
        "risk.burndown_text": show_text(PictureKind.BURN_DOWN),
        "risk.heatmap_share": share(PictureKind.HEAT_MAP),
        "risk.burndown_share": share(PictureKind.BURN_DOWN),
    },
)
