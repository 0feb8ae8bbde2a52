"""oauth.v2.access and oauth.v2.exchange: what an installation or a token that ends is exchanged for."""

from hmac import compare_digest

from bot.sandbox.answers import ApiError, Json
from bot.sandbox.args import Args
from bot.sandbox.tokens import Fresh, Tokens
from bot.sandbox.workspace import Workspace


def access(ws: Workspace, args: Args) -> Json:
    _check_client(ws, args)
    if args.text("grant_type") == "refresh_token":
        tokens = _tokens_that_gave(ws, args.text("refresh_token"))
        return _told(ws, tokens, tokens.refresh(args.text("refresh_token")))
    tokens = _tokens_with_code(ws, args.text("code"))
    code = tokens.take_code(args.text("code"), args.text("redirect_uri"))
    return _told(ws, tokens, tokens.issue(), scopes=code.scopes, user=code.user)


def exchange(ws: Workspace, args: Args) -> Json:
    _check_client(ws, args)
    tokens = _tokens_that_made(ws, args.text("token"))
    return _told(ws, tokens, tokens.exchange(args.text("token")))


def revoke(ws: Workspace, args: Args) -> Json:
    """Of the last one of an installation: the app is gone from there."""
    tokens = _tokens_that_made(ws, args.text("token"))
    tokens.revoke(args.text("token"))
    return {"ok": True, "revoked": True}


def _check_client(ws: Workspace, args: Args) -> None:
    if args.text("client_id") != ws.identity.client_id:
        raise ApiError("invalid_client_id")
    if not compare_digest(args.text("client_secret").encode(), ws.identity.client_secret.encode()):
        raise ApiError("bad_client_secret")


def _tokens_with_code(ws: Workspace, code: str) -> Tokens:
    return ws.tokens.wide if ws.tokens.wide and code in ws.tokens.wide.codes else ws.tokens


def _tokens_that_made(ws: Workspace, token: str) -> Tokens:
    return ws.tokens.wide if ws.tokens.wide and ws.tokens.wide.knows(token) else ws.tokens


def _tokens_that_gave(ws: Workspace, refresh_token: str) -> Tokens:
    return ws.tokens.wide if ws.tokens.wide and ws.tokens.wide.gave(refresh_token) else ws.tokens


def _told(
    ws: Workspace, tokens: Tokens, fresh: Fresh, *, scopes: tuple[str, ...] | None = None, user: str | None = None
) -> Json:
    identity = ws.identity
    enterprise = {"id": identity.enterprise_id, "name": "Example Organisation"} if identity.enterprise_id else None
    expiring = {"refresh_token": fresh.refresh_token, "expires_in": fresh.expires_in} if fresh.refresh_token else {}
    granted = ws.installed.scopes if scopes is None else ws.installed.scopes & set(scopes)
    return {
        "ok": True,
        "app_id": identity.app_id,
        "access_token": fresh.access_token,
        "token_type": "bot",
        "scope": ",".join(sorted(granted)),
        "bot_user_id": identity.bot_user_id,
        "team": None if tokens.is_org_wide else {"id": identity.team_id, "name": identity.team_name},
        "enterprise": enterprise,
        "is_enterprise_install": tokens.is_org_wide,
        **({"authed_user": {"id": user}} if user else {}),
        **expiring,
    }
