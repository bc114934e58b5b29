"""The mailboxes and calendars of an account, and how it sends mail: one model for each type of source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from daemon.config.secrets import SECRET_KEYS
from daemon.config.values import Command, Email, FilePath, Part

Provider: TypeAlias = Literal["google", "microsoft"]

API: Mapping[str, Provider] = {"gmail": "google", "google": "google", "graph": "microsoft"}  # type of source -> whose API it uses

# At Gmail there is nothing to choose: only what Google's own server found is believed.
AuthservId: TypeAlias = Annotated[
    str | None,
    Field(
        min_length=1,
        description="believe only this server's Authentication-Results (RFC 8601), for example mx.northwind.example; "
        "default: the topmost in each email",
    ),
]


Book: TypeAlias = Annotated[
    bool,
    Field(description="meetings are booked in this calendar; with several calendars and none so marked, in the first"),
]


class Secret(Part):
    """A password from one of four places. It is never shown."""

    password: str | None = Field(
        default=None, repr=False, description="allowed only if nobody else can read this file; one of the next three is better"
    )
    password_command: Command | None = Field(
        default=None, description="a command that prints the password, for example pass show mail/dana"
    )
    password_env: str | None = Field(default=None, description="the name of an environment variable that holds the password")
    password_credential: str | None = Field(default=None, description="the name of a systemd credential (LoadCredential=)")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        named = [key for key in SECRET_KEYS if getattr(self, key) is not None]
        if len(named) > 1:
            raise ValueError(f"set only one of {' and '.join(named)}")
        return self


class _KeyOrFile(Secret):
    """A key that may also be in a file of its own, readable by its owner alone."""

    file: FilePath | None = Field(default=None, description="a file that only Kept's user can read")

    @model_validator(mode="after")
    def _named(self) -> Self:
        named = [key for key in ("file", *SECRET_KEYS) if getattr(self, key) is not None]
        if len(named) != 1:
            raise ValueError("name either its file or one of password_command, password_env and password_credential")
        return self


def _file_alone(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


KeyFile = Annotated[_KeyOrFile, BeforeValidator(_file_alone)]
"""The path of a file, or one of the places of a secret."""


class Login(Secret):
    """A password, or a sign-in at Google or Microsoft."""

    oauth: Provider | None = Field(
        default=None, description="instead of a password: google or microsoft; sign in once with kept auth (see oauth below)"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.oauth and self.model_fields_set & set(SECRET_KEYS):
            raise ValueError("set either a password or oauth, not both")
        return self


class MaildirSettings(Part):
    """A Maildir++ folder."""

    type: Literal["maildir"]
    path: FilePath
    drafts: str | None = None
    authserv_id: AuthservId = None


class ImapSettings(Login):
    """An IMAP server."""

    type: Literal["imap"]
    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Literal["implicit", "starttls", "none"] = Field(
        default="implicit", description="implicit | starttls | none; none only for a server on this machine"
    )
    username: str
    ca_file: FilePath | None = Field(default=None, description="a file of certificates to trust besides the system's")
    drafts: str | None = Field(default=None, description="the drafts folder, if the server does not name one")
    authserv_id: AuthservId = None


class IcsSettings(Part):
    """A folder of .ics files, or one file."""

    type: Literal["ics"]
    path: FilePath
    book: Book = False


class CaldavSettings(Secret):
    """A CalDAV server."""

    type: Literal["caldav"]
    url: str
    username: str
    calendar: str | None = Field(default=None, description="the name of the calendar; default: the first one")
    invitations: Literal["server", "mail"] | None = Field(
        default=None,
        description="who invites the guests of meetings that Kept books: the calendar server, or Kept by mail; default: what the "
        "server says of itself. Set it where a digest says that the server does not tell whether it invited somebody",
    )
    ca_file: FilePath | None = None
    book: Book = False


class FileSettings(Part):
    """A folder where mails are written to files instead of being sent."""

    type: Literal["file"]
    path: FilePath


class SmtpSettings(Login):
    """An SMTP server."""

    type: Literal["smtp"]
    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    username: str | None = None
    ca_file: FilePath | None = None


class GmailSettings(Part):
    """Gmail or Google Workspace, through its API."""

    type: Literal["gmail"]
    username: Email | None = Field(default=None, description="default: the account's first address")


class GoogleCalendarSettings(Part):
    """A Google calendar."""

    type: Literal["google"]
    username: Email | None = Field(default=None, description="default: the account's first address")
    calendar: str = Field(
        default="primary",
        description="for somebody else's or a shared calendar its ID, for example sales@group.calendar.google.com",
    )
    book: Book = False


class GraphSettings(Part):
    """Microsoft 365, through Microsoft Graph."""

    type: Literal["graph"]
    username: Email | None = Field(default=None, description="default: the account's first address")
    mailbox: Email | None = Field(default=None, description="somebody else's or a shared mailbox that this user may open")


class GraphMailSettings(GraphSettings):
    """A mailbox in Microsoft 365."""

    authserv_id: AuthservId = None


class GraphCalendarSettings(GraphSettings):
    """A calendar in Microsoft 365."""

    calendar: str | None = Field(default=None, description="the name of the calendar; default: the main one")
    book: Book = False


class EwsSettings(Login):
    """Exchange Server on the company's own machines, through EWS."""

    type: Literal["ews"]
    username: str = Field(description="an address, or DOMAIN\\name")
    host: str | None = Field(default=None, description="for example mail.northwind.example; default: looked up by autodiscover")
    endpoint: str | None = Field(default=None, description="the full URL of the service, if it is not the usual one")
    auth: Literal["basic", "ntlm"] | None = Field(default=None, description="basic | ntlm; default: whichever the server offers")
    mailbox: Email | None = Field(default=None, description="somebody else's or a shared mailbox that this user may open")
    ca_file: FilePath | None = Field(default=None, description="a file of certificates to trust besides the system's")


class EwsMailSettings(EwsSettings):
    """A mailbox on an Exchange Server."""

    authserv_id: AuthservId = None


class EwsCalendarSettings(EwsSettings):
    """A calendar on an Exchange Server."""

    calendar: str | None = Field(default=None, description="the name of the calendar; default: the main one")
    book: Book = False


Mail = Annotated[
    MaildirSettings | ImapSettings | GmailSettings | GraphMailSettings | EwsMailSettings,
    Field(discriminator="type"),
]

CalendarSource = Annotated[
    IcsSettings | CaldavSettings | GoogleCalendarSettings | GraphCalendarSettings | EwsCalendarSettings,
    Field(discriminator="type"),
]

Send = Annotated[
    FileSettings | SmtpSettings | GmailSettings | GraphSettings | EwsSettings,
    Field(discriminator="type"),
]


def provider_of(source: Any) -> Provider | None:
    """Return the provider whose consent a source needs, if any."""
    provider: Provider | None = API.get(source.type) or getattr(source, "oauth", None)
    return provider
