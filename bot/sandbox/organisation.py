"""Several workspaces of one organisation, which may have one installation of the app together."""

from collections.abc import Sequence

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.tokens import Tokens


def make_organisation(sandboxes: Sequence[Sandbox]) -> Tokens:
    """All of the same `enterprise_id`. From now on the app can be installed in all of them at once."""
    first = sandboxes[0]
    assert {sandbox.identity.enterprise_id for sandbox in sandboxes} == {first.identity.enterprise_id}
    rotates = first.workspace.installed.rotates
    wide = Tokens(first.clock, first.identity, rotates=rotates, is_org_wide=True)
    for sandbox in sandboxes:
        sandbox.workspace.tokens.wide = wide
    return wide
