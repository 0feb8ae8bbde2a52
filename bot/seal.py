"""Tokens at rest: sealed with the newest key, opened with any of them. Loaded where there is something to seal."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import UserError


class CannotOpen(UserError):
    """What is sealed was sealed with a key that we do not have, or was changed."""

    def __init__(self, whose: str) -> None:
        super().__init__(
            f"The token of {whose} cannot be opened with any key of STATIONMASTER_KEYS. "
            "Put the key it was sealed with back, behind the newer ones; or remove the installation with "
            "./run workspaces erase, and install the app there again"
        )


class Seal:
    """Newest key first."""

    def __init__(self, keys: Sequence[str]) -> None:
        fernets = [Fernet(key) for key in keys]
        self._all, self._newest = MultiFernet(fernets), fernets[0]

    def close(self, secret: str) -> str:
        return self._all.encrypt(secret.encode()).decode()

    def open(self, sealed: str, *, whose: str) -> str:
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken:
            raise CannotOpen(whose) from None

    def is_old(self, sealed: str) -> bool:
        """Sealed with another key than the newest."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return True
        return False

    def anew(self, sealed: str, *, whose: str) -> str:
        return self.close(self.open(sealed, whose=whose))


def new_key() -> str:
    return Fernet.generate_key().decode()
