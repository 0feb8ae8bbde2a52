"""How a program is run, as its people see and change it: the parts, their fields, and what stands in each."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict

from models.schemas.escalation import Rule
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.schema import Schema

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RHYTHMS = {"weekly": "Weeks", "monthly": "Months"}
METHODS = {"worst_of": "The worst project", "weighted": "Weighted", "counted": "Counted"}
METHODS_EXPLAINED = {
    "worst_of": "The program is as Red as its worst project",
    "weighted": "By the weight of each project; a critical Red one makes it Red",
    "counted": "Any Red makes it Red, two Amber make it Amber",
}
RULES = {
    Rule.E1: "A risk is not acknowledged",
    Rule.E2: "A High or Extreme risk has no response",
    Rule.E3: "A risk review is overdue",
    Rule.E4: "A decision is overdue",
    Rule.E5: "A dependency is overdue",
    Rule.E5B: "A dependency is not committed",
    Rule.E6: "Status updates are missing",
    Rule.E7: "An issue is not resolved in time",
    Rule.E8: "A milestone passed its date",
    Rule.E9: "A finding passed its date",
}


class Kind(StrEnum):
    """How a value is entered and shown."""

    NUMBER = "number"
    DECIMAL = "decimal"
    WEEKDAY = "weekday"
    TIME = "time"
    RHYTHM = "rhythm"
    METHOD = "method"
    RULES = "rules"
    DAYS = "days"
    CODE = "code"
    CHANNEL = "channel"


class Setting(NamedTuple):
    """One value. `part` is where it is kept: a part of the operating parameters, the program's calendar, or itself."""

    name: str
    part: str
    label: str
    kind: Kind = Kind.NUMBER
    unit: str = ""
    hint: str | None = None

    @property
    def path(self) -> str:
        """Its field in the history of the program."""
        if self.part == "program":
            return self.name
        return f"calendar.{self.name}" if self.part == "calendar" else f"parameters.{self.part}.{self.name}"


class SectionKey(StrEnum):
    STATUS = "status"
    LADDER = "ladder"
    LIMITS = "limits"
    HEALTH = "health"
    MESSAGES = "messages"
    CALENDAR = "calendar"


class Section(NamedTuple):
    key: SectionKey
    label: str
    settings: tuple[Setting, ...]
    keeps: str
    """What goes on as it began: said after a change."""


HOURS, DAYS = "working hours", "working days"

SECTIONS: tuple[Section, ...] = (
    Section(
        SectionKey.STATUS,
        "Status requests",
        (
            Setting("every", "status", "Asked every", hint="1 to 12 weeks, or months."),
            Setting("cadence", "status", "Weeks or months", Kind.RHYTHM),
            Setting(
                "open_weekday",
                "status",
                "Opens on",
                Kind.WEEKDAY,
                hint="The first such day of a month, where it is monthly. On a day off it moves backward.",
            ),
            Setting("open_local_time", "status", "Opens at", Kind.TIME, hint="In each owner's own zone."),
            Setting("due_weekday", "status", "Due on", Kind.WEEKDAY),
            Setting("due_local_time", "status", "Due at", Kind.TIME),
            Setting(
                "grace_days",
                "status",
                "Grace",
                unit="days",
                hint="A status is fresh so much longer than its rhythm.",
            ),
            Setting("stale_multiplier", "status", "Counts as Unknown after", unit="rhythms"),
            Setting("missed_periods_to_escalate", "status", "Escalates after", unit="missed ones in a row"),
        ),
        "A request that is open keeps its due date; the next one follows the new rule.",
    ),
    Section(
        SectionKey.LADDER,
        "Escalations",
        (
            Setting("manager", "ladder", "Program manager after", unit=DAYS),
            Setting("sponsor", "ladder", "Sponsor after", unit=DAYS),
            Setting(
                "extreme_manager",
                "ladder",
                "Program manager, urgent",
                unit=DAYS,
                hint="For Extreme risks, sev1 issues and critical findings.",
            ),
            Setting("extreme_sponsor", "ladder", "Sponsor, urgent", unit=DAYS),
            Setting(
                "ack_window",
                "ladder",
                "Opens again after",
                unit=DAYS,
                hint="Somebody has it, and nothing changes for so long.",
            ),
            Setting("rules", "ladder", "What escalates", Kind.RULES),
            Setting(
                "escalation_channel",
                "program",
                "Threads open in",
                Kind.CHANNEL,
                hint="Empty: the program's own channel. Invite me there.",
            ),
        ),
        "An escalation that is open keeps the deadline that it began with.",
    ),
    Section(
        SectionKey.LIMITS,
        "Time limits",
        (
            Setting("ack_extreme", "risk", "Acknowledge Extreme in", Kind.DECIMAL, HOURS),
            Setting("ack_high", "risk", "Acknowledge High in", Kind.DECIMAL, HOURS),
            Setting("ack_moderate", "risk", "Acknowledge Moderate in", Kind.DECIMAL, HOURS),
            Setting("ack_low", "risk", "Acknowledge Low in", Kind.DECIMAL, HOURS),
            Setting("plan_extreme", "risk", "Plan Extreme in", unit=DAYS),
            Setting("plan_high", "risk", "Plan High in", unit=DAYS),
            Setting("sev1", "issue", "Resolve sev1 in", unit=DAYS),
            Setting("sev2", "issue", "Resolve sev2 in", unit=DAYS),
            Setting("sev3", "issue", "Resolve sev3 in", unit=DAYS),
            Setting("sev4", "issue", "Resolve sev4 in", unit=DAYS),
            Setting("two_way", "decision", "Decide two-way in", unit=DAYS),
            Setting("one_way", "decision", "Decide one-way in", unit=DAYS),
            Setting("uncommitted_warning", "dependency", "Warn of uncommitted", unit=DAYS, hint="Before it is needed."),
            Setting("at_risk_slip", "dependency", "Late from a slip of", unit=DAYS, hint="A smaller one is at risk."),
        ),
        "A risk that was logged before keeps its hours, an issue its day.",
    ),
    Section(
        SectionKey.HEALTH,
        "Health",
        (
            Setting("rollup", "health", "Health of the program", Kind.METHOD),
            Setting("amber_at", "health", "Weighted: Amber from", Kind.DECIMAL),
            Setting("red_at", "health", "Weighted: Red from", Kind.DECIMAL),
            Setting("spi_amber", "health", "SPI: Amber below", Kind.DECIMAL),
            Setting("spi_red", "health", "SPI: Red below", Kind.DECIMAL),
            Setting("cpi_amber", "health", "CPI: Amber below", Kind.DECIMAL),
            Setting("cpi_red", "health", "CPI: Red below", Kind.DECIMAL),
            Setting("slip_amber", "health", "Slip: Amber above", unit=DAYS),
            Setting("slip_red", "health", "Slip: Red above", unit=DAYS),
            Setting("override_max_days", "health", "Set by hand for at most", unit="days"),
        ),
        "A rollup that was posted stays as it is; the next one follows the new limits.",
    ),
    Section(
        SectionKey.MESSAGES,
        "Messages",
        (
            Setting("most", "nudge", "Reminders after an ask", hint="0 to 3."),
            Setting("opens_at", "nudge", "Dates are asked at", Kind.TIME, hint="In each person's own zone."),
            Setting("snoozes", "nudge", "Snoozes of an ask"),
            Setting("snoozes_urgent", "nudge", "Snoozes, urgent"),
            Setting("weekday", "rollup", "Rollup on", Kind.WEEKDAY),
            Setting("local_time", "rollup", "Rollup at", Kind.TIME, hint="In the program's zone."),
            Setting("keep_days", "checkin", "Check-in answers kept", unit="days"),
        ),
        "What was sent stays as it is; the next message follows the new rule.",
    ),
    Section(
        SectionKey.CALENDAR,
        "Calendar of the program",
        (
            Setting("working_days", "calendar", "Working days", Kind.DAYS),
            Setting("start", "calendar", "Day begins at", Kind.TIME),
            Setting("end", "calendar", "Day ends at", Kind.CODE, hint="24:00 is midnight."),
            Setting("country", "calendar", "Public holidays of", Kind.CODE, hint="Two letters of a country, as DE."),
            Setting("region", "calendar", "Region", Kind.CODE, hint="Of that country, as BY."),
        ),
        "Working days are counted by it from now on. A deadline that was set keeps its date.",
    ),
)
BY_KEY = {section.key: section for section in SECTIONS}
ALL_SETTINGS = {setting.path: setting for section in SECTIONS for setting in section.settings}


class LastChange(Schema):
    model_config = ConfigDict(frozen=True)

    at: datetime
    by: PersonCard | None
    """None: an import."""


class Board(Schema):
    """All that holds for a program now."""

    model_config = ConfigDict(frozen=True)

    program: Place
    today: date
    version: int
    """0 while only defaults hold."""
    values: dict[str, Any]
    """By path."""
    defaults: dict[str, Any]
    changes: dict[str, LastChange]
    may_edit: bool

    def is_default(self, setting: Setting) -> bool:
        return bool(self.values[setting.path] == self.defaults[setting.path])


class Changed(Schema):
    model_config = ConfigDict(frozen=True)

    path: str
    old: Any
    new: Any


class Version(Schema):
    """What somebody changed at one time."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    by: PersonCard | None
    reason: str | None
    changes: list[Changed]


class Saved(Schema):
    model_config = ConfigDict(frozen=True)

    program: Place
    section: Literal["status", "ladder", "limits", "health", "messages", "calendar"]
    version: int
    changes: list[Changed]
    by: PersonCard
    reason: str
