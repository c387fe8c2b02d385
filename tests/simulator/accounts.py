"""Who streams on the simulated Velora, and what their tokens may do."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone

__all__ = ["SCOPES", "Account", "Token", "Tokens"]

SCOPES = ("stream:key", "stream:read", "stream:write", "user:read")


@dataclass
class Account:
    """One streamer's channel."""

    username: str = "streamer"
    display_name: str = "The Streamer"
    streaming_enabled: bool | None = True
    stream_key: str = "live_test_key_0000"
    rtmp_url: str = "rtmp://ingest.velora.tv:1935/live"
    srt_url: str = "srt://ingest.velora.tv:9999"
    whip_url: str = "https://ingest.velora.tv:3334/live/{key}/whip"
    """``{key}`` stands for the stream key."""
    ingest_server: str = "ingest.velora.tv"
    title: str | None = None
    category_slug: str | None = None
    tags: list[str] = field(default_factory=list)
    tells_tags: bool = True
    viewers: int = 0
    started_at: datetime | None = None
    _numbers: Iterable[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    @property
    def is_live(self) -> bool:
        return self.started_at is not None

    def go_live(self, key: str) -> bool:
        """Do what the ingest does with a stream: refuse it unless the key is the present one."""
        if key != self.stream_key:
            return False
        self.started_at = datetime.now(timezone.utc)
        return True

    def go_offline(self) -> None:
        self.started_at = None

    def regenerate(self) -> str:
        number = next(iter(self._numbers))
        self.stream_key = f"live_test_key_{number:04}"
        return self.stream_key


@dataclass
class Token:
    """An access token and what it may do."""

    access: str
    scopes: frozenset[str]
    expires_at: float
    refresh: str | None = None
    client_id: str | None = None
    code: str | None = None


class Tokens:
    """All tokens, by their text."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._numbers = itertools.count(1)
        self._by_access: dict[str, Token] = {}
        self._by_refresh: dict[str, Token] = {}

    def issue(
        self,
        scopes: Iterable[str] = SCOPES,
        *,
        expires_in: float = 3600.0,
        refresh: str | None = None,
        with_refresh: bool = False,
        client_id: str | None = None,
        code: str | None = None,
    ) -> Token:
        number = next(self._numbers)
        if with_refresh and refresh is None:
            refresh = f"test_refresh_{number:04}_only_for_tests"
        token = Token(
            access=f"test_access_{number:04}_only_for_tests",
            scopes=frozenset(scopes),
            expires_at=self.clock() + expires_in,
            refresh=refresh,
            client_id=client_id,
            code=code,
        )
        self._by_access[token.access] = token
        if refresh:
            self._by_refresh[refresh] = token
        return token

    def find(self, access: str) -> Token | None:
        """Return the token, unless it has expired."""
        token = self._by_access.get(access)
        return token if token and token.expires_at > self.clock() else None

    def find_refresh(self, refresh: str) -> Token | None:
        return self._by_refresh.get(refresh)

    def drop_refresh(self, refresh: str) -> None:
        self._by_refresh.pop(refresh, None)

    def expire(self, access: str) -> None:
        """Have this access token be good no longer."""
        self._by_access.pop(access, None)

    def expire_all(self) -> None:
        """Have no access token be good any more; refresh tokens still are."""
        self._by_access.clear()

    def revoke(self, token: Token) -> None:
        self._by_access.pop(token.access, None)
        if token.refresh:
            self._by_refresh.pop(token.refresh, None)

    def revoke_code(self, code: str) -> None:
        """Revoke all that came from this authorization code."""
        for token in [grant for grant in self._by_access.values() if grant.code == code]:
            self.revoke(token)
        for token in [grant for grant in self._by_refresh.values() if grant.code == code]:
            self.revoke(token)

    def revoke_all(self) -> None:
        self._by_access.clear()
        self._by_refresh.clear()
