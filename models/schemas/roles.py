"""Who somebody is to a record."""

from enum import StrEnum


class Role(StrEnum):
    """Roles are facts about a person and one record; what each of them may do stands in `bot.domain.policy`."""

    BOT = "bot"
    """Time or a rule, never a person."""
    ADMIN = "admin"
    """Of the workspace in Slack, or named in the settings."""
    SPONSOR = "sponsor"
    MANAGER = "manager"
    LEAD = "lead"
    """The owner of the project; of a program's own records, its manager."""
    BACKUP = "backup"
    OWNER = "owner"
    """Of the record."""
    DRIVER = "driver"
    APPROVER = "approver"
    CONTRIBUTOR = "contributor"
    AUTHOR = "author"
    """Who logged it."""
    RECENT_AUTHOR = "recent_author"
    """The author, while nobody else has acted and half an hour has not passed: it can still be taken back."""
    MEMBER = "member"
    """Of the channel; of an open place, everybody in the workspace but guests."""
    GUEST = "guest"
    """Guests, apps and people of other companies: they answer what they are asked, nothing else."""
    OUTSIDER = "outsider"
    """Of a restricted place: it does not exist for them."""
