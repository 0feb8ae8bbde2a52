"""The workspace that a payload came from."""

from pydantic import ConfigDict

from models.schemas.schema import Schema


class WorkspaceCard(Schema):
    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: int
    team_id: str
    url: str
    bot_user_id: str
    default_tz: str
    refuses_tables: bool
    enterprise_id: str | None = None
