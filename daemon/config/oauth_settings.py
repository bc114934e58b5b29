"""The apps registered with Google and Microsoft, and where their tokens are stored."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from daemon.config.source_settings import KeyFile, Secret
from daemon.config.values import Part


class ClientSecret(Secret):
    """The secret of a registered app."""


def _plain_secret(value: Any) -> Any:
    return {"password": value} if isinstance(value, str) else value


AppSecret = Annotated[ClientSecret | None, BeforeValidator(_plain_secret)]


class GoogleApp(Part):
    """The app in a Google Cloud project, or the service account that acts for a whole team."""

    client_id: str | None = Field(default=None, description="the client ID of a desktop app, from console.cloud.google.com")
    client_secret: AppSecret = Field(default=None, description="the secret that belongs to it, or {password_command: …}")
    service_account: KeyFile | None = Field(
        default=None,
        description="instead of the two above: the key file of a service account, for a whole team; or {password_credential: …}",
    )
    older_project: bool = Field(
        default=False,
        description="true if your Cloud project used the Gmail API before May 2026: Kept may then read ten times as fast",
    )
    endpoint: str | None = Field(default=None, description="another address of the API, for tests")
    auth_uri: str | None = Field(default=None, description="the same")
    token_uri: str | None = Field(default=None, description="the same")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.client_id) == bool(self.service_account):
            raise ValueError("set either client_id and client_secret, or service_account")
        if self.client_id and self.client_secret is None:
            raise ValueError("client_secret is missing; Google shows it next to the client_id")
        return self

    @property
    def acts_for_all(self) -> bool:
        """Whether the company has consented for all its users, so that nobody has to sign in."""
        return self.service_account is not None


class MicrosoftApp(Part):
    """The app registration in the company's Entra ID."""

    client_id: str = Field(description="the application (client) ID")
    tenant: str = Field(default="organizations", description="the ID or domain of your company's tenant")
    client_secret: AppSecret = Field(
        default=None, description="only for a whole team: the app then reads without anyone signing in; or {password_command: …}"
    )
    certificate: KeyFile | None = Field(
        default=None,
        description="instead of a secret: the file of a certificate with its private key (PEM), or {password_credential: …}",
    )
    authority: str = Field(default="https://login.microsoftonline.com", description="change it for a national cloud")
    endpoint: str | None = Field(default=None, description="the address of Graph; set it for a national cloud")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.client_secret is not None and self.certificate is not None:
            raise ValueError("set either client_secret or certificate, not both")
        return self

    @property
    def acts_for_all(self) -> bool:
        """Whether the company has consented for all its users, so that nobody has to sign in."""
        return self.client_secret is not None or self.certificate is not None


class OauthSettings(Part):
    """Signing in to Google and Microsoft."""

    tokens: Literal["file", "keyring", "credential"] = Field(
        default="file",
        description="where tokens are stored: a file in the state directory, the system keyring, or systemd credentials",
    )
    google: GoogleApp | None = None
    microsoft: MicrosoftApp | None = None
