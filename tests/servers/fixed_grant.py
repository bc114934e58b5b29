"""A grant for tests: it gives the tokens that it was given, the next one where a server refuses the last."""

from __future__ import annotations

from connectors.errors import ConnectorError


class FixedGrant:
    """As connectors.net.grants.Grant says; without another token the consent is gone."""

    def __init__(self, who: str, *tokens: str) -> None:
        self._who, self._tokens = who, list(tokens)
        self.asked = 0
        self.refusals: list[str] = []

    @property
    def user(self) -> str:
        return self._who

    def token(self) -> str:
        self.asked += 1
        return self._tokens[0]

    def reject(self, token: str) -> None:
        self.refusals.append(token)
        if len(self._tokens) == 1:
            raise ConnectorError(f"sign in again: kept auth {self._who}", permanent=True)
        self._tokens.pop(0)
