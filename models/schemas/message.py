"""A Slack message as plain data."""

from typing import Any

from pydantic import ConfigDict, Field

from models.schemas.schema import Schema

Block = dict[str, Any]
View = dict[str, Any]


class Message(Schema):
    """`text` is what notifications and screen readers show, so it is never optional."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(min_length=1)
    blocks: list[Block]
    fallback: list[Block] | None = None
    """The same without tables, for a workspace that refuses them."""

    def payload(self) -> dict[str, Any]:
        return {"text": self.text, "blocks": self.blocks, "unfurl_links": False, "unfurl_media": False}
