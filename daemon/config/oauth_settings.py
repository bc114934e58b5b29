"""The apps that are registered at Google and Microsoft, and where their tokens are stored."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from daemon.config.source_settings import Secret
from daemon.config.values import FilePath, Part


class ClientSecret(Secret):
    """The secret of a registered app."""


def _plain_secret(value: Any) -> Any:
    return {"password": value} if isinstance(value, str) else value


AppSecret = Annotated[ClientSecret | None, BeforeValidator(_plain_secret)]


class GoogleApp(Part):
    """The app in your Google Cloud project, or the service account that speaks for your team."""

    client_id: str | None = Field(default=None, description="of a desktop app, from console.cloud.google.com")
    client_secret: AppSecret = Field(default=None, description="its secret, or {password_command: …}")
    service_account: FilePath | None = Field(
        default=None, description="instead: the key file of a service account for the whole team"
    )
    older_project: bool = Field(
        default=False,
        description="true where your Cloud project used the Gmail API before May 2026: it may read ten times as fast",
    )
    endpoint: str | None = Field(default=None, description="another address of the API; only for tests")
    auth_uri: str | None = Field(default=None, description="as above")
    token_uri: str | None = Field(default=None, description="as above")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.client_id) == bool(self.service_account):
            raise ValueError("name either client_id with client_secret, or service_account")
        if self.client_id and self.client_secret is None:
            raise ValueError("client_secret is missing; Google gives it together with the client_id")
        return self


class MicrosoftApp(Part):
    """The app registration in your company's Entra ID."""

    client_id: str = Field(description="the application (client) id")
    tenant: str = Field(default="organizations", description="your company's tenant id or domain")
    client_secret: AppSecret = Field(
        default=None, description="only for a whole team: the app reads without anybody signing in, or {password_command: …}"
    )
    authority: str = Field(default="https://login.microsoftonline.com", description="another one in national clouds")
    endpoint: str | None = Field(default=None, description="of Graph; another one in national clouds")


class OauthSettings(Part):
    """Signing in at Google and Microsoft."""

    tokens: Literal["file", "keyring", "credential"] = Field(
        default="file", description="where they lie: beside the database, in the system's keyring, or as systemd credentials"
    )
    google: GoogleApp | None = None
    microsoft: MicrosoftApp | None = None
