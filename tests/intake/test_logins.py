"""Which log-in opens which source, and which permissions it takes: the least that the configuration needs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import open_calendar, open_mailbox, open_transport
from connectors.errors import ConnectorError
from daemon.commands.setup import auth
from daemon.config.load import load_settings
from daemon.config.office import source_name
from daemon.config.settings import Settings
from daemon.errors import CannotDo, ConfigError
from daemon.intake import logins
from daemon.intake.logins import Logins

DANA = "dana@northwind.example"
GOOGLE = {"client_id": "an-app", "client_secret": "its secret"}
MICROSOFT = {"client_id": "an-app", "tenant": "northwind.example"}
PREFIX = "https://www.googleapis.com/auth/"
GRAPH = "https://graph.microsoft.com/"


def settings(own: dict[str, Any], **more: Any) -> Settings:
    document = {"accounts": [{"addresses": [DANA], **own}], "oauth": {"google": GOOGLE, "microsoft": MICROSOFT}, **more}
    return Settings.model_validate(document)


def found(given: Settings) -> Logins:
    return Logins.of(given, lambda: datetime(2026, 3, 2, tzinfo=UTC))


def asked(own: dict[str, Any], *, drafts: bool = True) -> dict[tuple[str, str], set[str]]:
    given = settings(own, drafts=drafts)
    needed = logins.consents(given.accounts[0], drafts=given.drafts)
    return {
        (provider, user): {scope.removeprefix(PREFIX).removeprefix(GRAPH) for scope in scopes}
        for (provider, user), scopes in needed.items()
    }


def test_google_is_asked_for_what_is_configured_and_no_more() -> None:
    whole = {"mail": [{"type": "gmail"}], "calendars": [{"type": "google"}], "send": {"type": "gmail"}}
    everything = {"gmail.readonly", "gmail.compose", "gmail.send", "calendar.events", "calendar.freebusy"}
    assert asked(whole) == {("google", DANA): everything}
    assert asked(whole, drafts=False) == {("google", DANA): everything - {"gmail.compose"}}
    assert asked({"mail": [{"type": "gmail"}]}, drafts=False) == {("google", DANA): {"gmail.readonly"}}
    assert asked({"calendars": [{"type": "google"}]}) == {("google", DANA): {"calendar.events", "calendar.freebusy"}}
    assert asked({"mail": [{"type": "maildir", "path": "x"}]}) == {}


def test_microsoft_is_asked_for_what_is_configured_and_no_more() -> None:
    whole = {"mail": [{"type": "graph"}], "calendars": [{"type": "graph"}], "send": {"type": "graph"}}
    assert asked(whole, drafts=False) == {("microsoft", DANA): {"Mail.Read", "Mail.Send", "Calendars.ReadWrite"}}
    assert asked(whole)["microsoft", DANA] >= {"Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite"}
    shared = {"mail": [{"type": "graph", "mailbox": "sales@northwind.example"}]}
    assert asked(shared, drafts=False) == {("microsoft", DANA): {"Mail.Read", "Mail.Read.Shared"}}


def test_imap_with_a_token_is_asked_for_at_the_right_place() -> None:
    google = {"mail": [{"type": "imap", "host": "imap.gmail.com", "username": DANA, "oauth": "google"}]}
    assert asked(google) == {("google", DANA): {"https://mail.google.com/"}}
    both = {
        "mail": [{"type": "imap", "host": "outlook.office365.com", "username": DANA, "oauth": "microsoft"}],
        "send": {"type": "smtp", "host": "smtp.office365.com", "username": DANA, "oauth": "microsoft"},
    }
    outlook = "https://outlook.office.com/"
    assert asked(both) == {("microsoft", DANA): {f"{outlook}IMAP.AccessAsUser.All", f"{outlook}SMTP.Send"}}


def test_two_mailboxes_of_one_account_are_two_consents() -> None:
    own = {"mail": [{"type": "gmail"}, {"type": "gmail", "username": "sales@northwind.example"}, {"type": "graph"}]}
    assert set(asked(own)) == {("google", DANA), ("google", "sales@northwind.example"), ("microsoft", DANA)}


@pytest.mark.parametrize("provider", ["google", "graph", "ews"])
def test_mailbox_calendar_and_transport_of_one_user_share_one_back_off_window(provider: str) -> None:
    login = {"host": "mail.northwind.example", "username": DANA, "password": "x"} if provider == "ews" else {}
    mail = {"type": "gmail" if provider == "google" else provider, **login}
    given = settings({"mail": [mail], "calendars": [{"type": provider, **login}], "send": mail})
    account, ours = given.accounts[0], found(given)
    assert account.send is not None
    values = [ours.connector_arguments(source, account)[1] for source in (account.mail[0], account.calendars[0], account.send)]
    shared = [v["back_off"] if provider == "ews" else v["access"].back_off for v in values]
    assert shared[0] is shared[1] is shared[2]


def test_every_new_source_opens_its_connector_without_asking_anybody() -> None:
    login = {"host": "mail.northwind.example", "username": DANA, "password": "x"}
    for kind in ("gmail", "graph", "ews"):
        given = settings({"mail": [{"type": kind, **(login if kind == "ews" else {})}]})
        name, values = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])
        open_mailbox(name, values).close()
        open_transport(name, values).close()
    for kind in ("google", "graph", "ews"):
        given = settings({"calendars": [{"type": kind, **(login if kind == "ews" else {})}]})
        name, values = found(given).connector_arguments(given.accounts[0].calendars[0], given.accounts[0])
        open_calendar(name, {**values, "time_zone": "Europe/London"}).close()


def test_sources_are_named_as_a_person_would() -> None:
    given = settings({
        "mail": [{"type": "gmail"}, {"type": "graph", "mailbox": "sales@northwind.example"}],
        "calendars": [{"type": "google"}, {"type": "google", "calendar": "team"}, {"type": "graph"}],
    })  # fmt: skip
    account = given.accounts[0]
    assert [source_name(s) for s in (*account.mail, *account.calendars)] == [
        "mail Gmail",
        "mail Microsoft 365 (sales@northwind.example)",
        "calendar Google",
        "calendar Google (team)",
        "calendar Microsoft 365",
    ]


def test_a_source_without_a_registered_app_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"accounts:\n  - addresses: [{DANA}]\n    mail:\n      - {{type: gmail}}\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (4, "accounts[0].mail[0]")
    assert "oauth: google:" in problem.message


def test_a_secret_of_an_app_may_stand_only_in_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"accounts:\n  - addresses: [{DANA}]\noauth:\n  google: {{client_id: a, client_secret: words}}\n")
    path.chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert "chmod 600" in str(caught.value)
    assert "words" not in str(caught.value)
    path.chmod(0o600)
    assert load_settings(path).oauth.google is not None


def test_a_password_and_a_sign_in_are_not_both_named() -> None:
    with pytest.raises(ValueError, match="either a password or oauth"):
        settings({"mail": [{"type": "imap", "host": "h", "username": DANA, "oauth": "google", "password": "x"}]})


def test_a_service_accounts_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text("{}")
    key.chmod(0o644)
    given = settings({"mail": [{"type": "gmail"}]}, oauth={"google": {"service_account": str(key)}})
    access = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])[1]["access"]
    with pytest.raises(ConnectorError, match="chmod 600") as caught:
        access.grant.token()
    assert caught.value.permanent


def test_a_company_s_consent_reads_by_address_and_a_persons_by_their_own_sign_in() -> None:
    team = {"microsoft": {**MICROSOFT, "client_secret": "s"}}
    own = {"mail": [{"type": "graph"}]}
    for given, application in ((settings(own), False), (settings(own, oauth=team), True)):
        access = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])[1]["access"]
        assert access.application is application


def test_the_people_of_a_team_share_the_companys_token_at_microsoft() -> None:
    team = {"microsoft": {**MICROSOFT, "client_secret": "s"}}
    people = [{"addresses": [address], "mail": [{"type": "graph"}]} for address in (DANA, "lee@northwind.example")]
    given = Settings.model_validate({"accounts": people, "oauth": team})
    ours = found(given)
    grants = [ours.connector_arguments(a.mail[0], a)[1]["access"].grant for a in given.accounts]
    assert [grant.user for grant in grants] == [DANA, "lee@northwind.example"]
    assert grants[0]._tokens is grants[1]._tokens


@pytest.mark.parametrize("named", ["secret", "certificate", "both"])
def test_a_companys_app_logs_in_with_a_secret_or_a_certificate(named: str) -> None:
    ways = {"secret": {"client_secret": "s"}, "certificate": {"certificate": "/etc/kept/app.pem"}}
    app = {**MICROSOFT, **ways["secret"], **ways["certificate"]} if named == "both" else {**MICROSOFT, **ways[named]}
    if named == "both":
        with pytest.raises(ValueError, match="either client_secret or certificate"):
            settings({"mail": [{"type": "graph"}]}, oauth={"microsoft": app})
        return
    given = settings({"mail": [{"type": "graph"}]}, oauth={"microsoft": app})
    access = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])[1]["access"]
    assert access.application


@pytest.mark.parametrize("content", ["", "no key", "[]"])
def test_what_is_no_key_of_a_service_account_is_said(tmp_path: Path, content: str) -> None:
    key = tmp_path / "key.json"
    key.write_text(content)
    key.chmod(0o600)
    with pytest.raises(ConnectorError, match="is not a key of the service account"):
        service_token(str(key))


def test_a_service_accounts_key_may_be_a_credential_or_come_from_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key has many lines; all of them count. What is no complete key is refused by Google's library, which shows that it was read."""
    (tmp_path / "google").write_text('{\n  "type": "service_account"\n}\n')
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for named in ({"password_credential": "google"}, {"password_command": ["cat", str(tmp_path / "google")]}):
        with pytest.raises(ConnectorError, match=r"this is not the key of a service account: .*client_email"):
            service_token(named)


def test_a_key_that_a_command_prints_is_asked_for_once(tmp_path: Path) -> None:
    (tmp_path / "google").write_text('{"type": "service_account"}')
    command = ["sh", "-c", f"echo asked >> {tmp_path}/log; cat {tmp_path}/google"]
    given = settings({"mail": [{"type": "gmail"}]}, oauth={"google": {"service_account": {"password_command": command}}})
    grant = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])[1]["access"].grant
    for _ in range(2):
        with pytest.raises(ConnectorError):
            grant.token()
    assert (tmp_path / "log").read_text() == "asked\n"


def service_token(key: Any) -> str:
    """Ask for a token with the key of a service account."""
    given = settings({"mail": [{"type": "gmail"}]}, oauth={"google": {"service_account": key}})
    access = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])[1]["access"]
    return str(access.grant.token())


def test_a_sign_in_of_who_left_is_deleted(tmp_path: Path) -> None:
    ours = found(settings({"mail": [{"type": "gmail"}]}, state=str(tmp_path)))
    for address in (DANA, "lee@northwind.example"):
        ours.store("google", address).save({"provider": {}})
    ours.forget(DANA)
    ours.forget(DANA)
    assert [path.name for path in (tmp_path / "tokens").iterdir()] == ["google-lee@northwind.example.json"]


def test_auth_needs_an_account_and_something_to_sign_in_to() -> None:
    nothing = settings({"mail": [{"type": "maildir", "path": "x"}]})
    for name, words in (("lee@northwind.example", "There is no account"), (DANA, "nothing to sign in to")):
        with pytest.raises(CannotDo, match=words):
            auth.sign_in(nothing, found(nothing), name, print, lambda _: "", browser=False)


def test_tokens_lie_where_the_configuration_says(tmp_path: Path) -> None:
    given = settings({"mail": [{"type": "gmail"}]}, state=str(tmp_path))
    found(given).store("google", DANA).save({"provider": {}})
    assert json.loads((tmp_path / "tokens" / f"google-{DANA}.json").read_text()) == {"provider": {}}


@pytest.mark.parametrize(("older", "units"), [(False, 60), (True, 600)])
def test_google_is_read_at_the_pace_of_a_new_project_and_faster_only_where_that_is_said(older: bool, units: int) -> None:
    given = settings({"mail": [{"type": "gmail"}]}, oauth={"google": {**GOOGLE, "older_project": older}})
    rate_limit = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])[1]["access"].rate_limit
    assert rate_limit.per_second == units


@pytest.mark.parametrize(
    "mailbox",
    [
        {"type": "maildir", "path": "/tmp/none"},  # never opened
        {"type": "imap", "host": "imap.northwind.example", "username": DANA, "password": "x"},
        {"type": "graph"},
        {"type": "ews", "host": "mail.northwind.example", "username": DANA, "password": "x"},
    ],
    ids=lambda mailbox: str(mailbox["type"]),
)
def test_the_server_whose_judgement_is_believed_reaches_the_mailbox(mailbox: dict[str, Any]) -> None:
    given = settings({"mail": [{**mailbox, "authserv_id": "MX.northwind.example"}]})
    kind, values = found(given).connector_arguments(given.accounts[0].mail[0], given.accounts[0])
    assert values["authserv_id"] == "MX.northwind.example"
    open_mailbox(kind, values).close()


def test_only_a_mailbox_believes_a_server() -> None:
    for part in ({"send": {"type": "graph", "authserv_id": "x"}}, {"calendars": [{"type": "graph", "authserv_id": "x"}]}):
        with pytest.raises(ValueError, match="authserv_id"):
            settings(part)
