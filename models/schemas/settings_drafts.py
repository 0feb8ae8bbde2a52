"""What the forms of a program's settings hold: the words of what is wrong stand here, each at its field."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.escalation import Rule
from models.schemas.parameters import (
    CheckinRules,
    DecisionRules,
    DependencyRules,
    HealthRules,
    IssueRules,
    Ladder,
    LocalTime,
    NudgeRules,
    RiskRules,
    RollupRules,
    StatusRules,
    Weekday,
)
from models.schemas.people import Paragraph
from models.schemas.register import REASON_WORDS
from models.schemas.schema import Schema
from models.schemas.settings import SectionKey

MIDNIGHT = "24:00"
HOURS_WORDS = "A number of hours above 0 and up to 1,000."
DAYS_WORDS = "A whole number of days from 0 to 365."
TIME_WORDS = "A time of day, as 09:30."


class Because(Schema):
    """Every change says why."""

    reason: Annotated[Paragraph, Field(min_length=5, max_length=500)]


def _later(name: str, words: str) -> Any:
    """A check of a field against an earlier one: it has to be larger."""

    def check(value: Any, info: ValidationInfo) -> Any:
        earlier = info.data.get(name)
        if earlier is not None and value <= earlier:
            raise PydanticCustomError("say", f"{words} {{least}}.", {"least": _plain(earlier)})
        return value

    return check


def _not_before(name: str, words: str) -> Any:
    def check(value: Any, info: ValidationInfo) -> Any:
        earlier = info.data.get(name)
        if earlier is not None and value < earlier:
            raise PydanticCustomError("say", f"{words} {{least}}.", {"least": _plain(earlier)})
        return value

    return check


def _worse(name: str, words: str) -> Any:
    def check(value: Any, info: ValidationInfo) -> Any:
        milder = info.data.get(name)
        if milder is not None and value >= milder:
            raise PydanticCustomError("say", f"{words} {{most}}.", {"most": _plain(milder)})
        return value

    return check


def _plain(value: float) -> str:
    return f"{value:g}"


class StatusDraft(StatusRules, Because):
    WORDS: ClassVar[dict[str, str]] = {
        "every": "A whole number from 1 to 12.",
        "open_local_time": TIME_WORDS,
        "due_local_time": TIME_WORDS,
        "grace_days": "A whole number of days from 0 to 60.",
        "stale_multiplier": "A whole number from 1 to 10.",
        "missed_periods_to_escalate": "A whole number from 1 to 10.",
        "reason": REASON_WORDS,
    }

    @field_validator("due_local_time")
    @classmethod
    def _is_due_after_it_opens(cls, due: str, info: ValidationInfo) -> str:
        opens = info.data.get("open_local_time", "")
        if info.data.get("open_weekday") == info.data.get("due_weekday") and due <= opens:
            raise PydanticCustomError("say", "It opens that day at {opens}. Choose a later time.", {"opens": opens})
        return due


class LadderDraft(Ladder, Because):
    rules: list[Rule] = []
    """Those that are used."""
    escalation_channel: str | None = None

    WORDS: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("manager", "sponsor", "extreme_manager", "extreme_sponsor"), DAYS_WORDS),
        "ack_window": "A whole number of days from 1 to 30.",
        "rules": "Choose from the list.",
        "reason": REASON_WORDS,
    }
    _after_the_manager = field_validator("sponsor")(
        _later("manager", "The sponsor comes after the program manager: more than")
    )
    _after_the_manager_too = field_validator("extreme_sponsor")(
        _later("extreme_manager", "The sponsor comes after the program manager: more than")
    )


class LimitsDraft(RiskRules, IssueRules, DecisionRules, DependencyRules, Because):
    WORDS: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("ack_extreme", "ack_high", "ack_moderate", "ack_low"), HOURS_WORDS),
        **dict.fromkeys(("plan_extreme", "plan_high", "sev1", "sev2", "sev3", "sev4"), DAYS_WORDS),
        **dict.fromkeys(("two_way", "one_way", "uncommitted_warning", "at_risk_slip"), DAYS_WORDS),
        "reason": REASON_WORDS,
    }
    _high = field_validator("ack_high")(_not_before("ack_extreme", "Extreme is the most urgent: at least"))
    _moderate = field_validator("ack_moderate")(_not_before("ack_high", "High is more urgent: at least"))
    _low = field_validator("ack_low")(_not_before("ack_moderate", "Moderate is more urgent: at least"))
    _plan = field_validator("plan_high")(_not_before("plan_extreme", "Extreme is more urgent: at least"))
    _sev2 = field_validator("sev2")(_not_before("sev1", "Sev1 is more urgent: at least"))
    _sev3 = field_validator("sev3")(_not_before("sev2", "Sev2 is more urgent: at least"))
    _sev4 = field_validator("sev4")(_not_before("sev3", "Sev3 is more urgent: at least"))
    _one_way = field_validator("one_way")(_not_before("two_way", "A one-way door takes no less time: at least"))


Index = Annotated[float, Field(gt=0, le=5)]


class HealthDraft(HealthRules, Because):
    amber_at: Annotated[float, Field(gt=0, le=2)] = 0.5
    red_at: Annotated[float, Field(gt=0, le=2)] = 1.25
    spi_amber: Index = 0.9
    spi_red: Index = 0.8
    cpi_amber: Index = 0.9
    cpi_red: Index = 0.8
    slip_amber: Annotated[int, Field(ge=0, le=365)] = 0
    slip_red: Annotated[int, Field(ge=0, le=365)] = 10

    WORDS: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("amber_at", "red_at"), "A number above 0 and up to 2."),
        **dict.fromkeys(("spi_amber", "spi_red", "cpi_amber", "cpi_red"), "A number above 0 and up to 5."),
        **dict.fromkeys(("slip_amber", "slip_red"), DAYS_WORDS),
        "override_max_days": "A whole number of days from 1 to 90.",
        "reason": REASON_WORDS,
    }
    _score = field_validator("red_at")(_later("amber_at", "Red is worse than Amber: above"))
    _spi = field_validator("spi_red")(_worse("spi_amber", "Red is worse than Amber: below"))
    _cpi = field_validator("cpi_red")(_worse("cpi_amber", "Red is worse than Amber: below"))
    _slip = field_validator("slip_red")(_later("slip_amber", "Red is worse than Amber: more than"))


class MessagesDraft(NudgeRules, RollupRules, CheckinRules, Because):
    WORDS: ClassVar[dict[str, str]] = {
        "most": "A whole number from 0 to 3.",
        "snoozes": "A whole number from 0 to 10.",
        "snoozes_urgent": "A whole number from 0 to 10.",
        "opens_at": TIME_WORDS,
        "local_time": TIME_WORDS,
        "keep_days": "A whole number of days from 1 to 3,650.",
        "reason": REASON_WORDS,
    }

    @field_validator("snoozes_urgent")
    @classmethod
    def _is_snoozed_less(cls, urgent: int, info: ValidationInfo) -> int:
        most = info.data.get("snoozes")
        if most is not None and urgent > most:
            raise PydanticCustomError("say", "What is urgent is snoozed no more often: at most {most}.", {"most": most})
        return urgent


def _upper(text: object) -> object:
    return text.upper() if isinstance(text, str) else text


class CalendarDraft(Because):
    working_days: Annotated[list[Weekday], Field(min_length=1)]
    start: LocalTime
    end: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
    country: Annotated[str, BeforeValidator(_upper), Field(pattern=r"^[A-Z]{2}$")] | None = None
    region: Annotated[str, BeforeValidator(_upper), Field(pattern=r"^[A-Z0-9-]{1,6}$")] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "working_days": "Choose at least one day.",
        "start": TIME_WORDS,
        "end": "A time of day, as 18:00, or 24:00.",
        "country": "Two letters of a country, as DE.",
        "region": "The letters of a region, as BY.",
        "reason": REASON_WORDS,
    }

    @field_validator("end")
    @classmethod
    def _ends_after_it_begins(cls, end: str, info: ValidationInfo) -> str:
        start = info.data.get("start", "")
        if end <= start:
            raise PydanticCustomError("say", "The day begins at {start}. Choose a later time.", {"start": start})
        return end

    @field_validator("region")
    @classmethod
    def _belongs_to_a_country(cls, region: str | None, info: ValidationInfo) -> str | None:
        if region is not None and info.data.get("country") is None and "country" in info.data:
            raise PydanticCustomError("say", "Say the country, too.")
        return region


Draft = StatusDraft | LadderDraft | LimitsDraft | HealthDraft | MessagesDraft | CalendarDraft

DRAFTS: dict[SectionKey, type[Draft]] = {
    SectionKey.STATUS: StatusDraft,
    SectionKey.LADDER: LadderDraft,
    SectionKey.LIMITS: LimitsDraft,
    SectionKey.HEALTH: HealthDraft,
    SectionKey.MESSAGES: MessagesDraft,
    SectionKey.CALENDAR: CalendarDraft,
}
