"""Engines that outlive a test: what they compiled stays compiled, while each test has a database of its own."""

import copy
from typing import Any

from sqlalchemy import event, make_url

from bot.database import Database


class Engines:
    """Of one kind of database. Between two tests all connections are closed."""

    def __init__(self, url: str) -> None:
        self._first = Database(url)
        self._url = make_url(url)
        for dialect in {self._first.writer.dialect, self._first.reader.dialect}:
            event.listen(dialect, "do_connect", self._connect)

    def at(self, url: str) -> Database:
        """A database at this address, from now on the only one that these engines know."""
        self._url = make_url(url)
        database = copy.copy(self._first)
        database.url = url
        return database

    def _connect(self, dialect: Any, *_: object) -> Any:
        arguments, options = dialect.create_connect_args(self._url)
        return dialect.connect(*arguments, **options)
