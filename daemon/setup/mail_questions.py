"""Where the mailbox is, and the log-in there, tried at once: each kind of provider has its own questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from connectors import open_mailbox
from connectors.errors import ConnectorError
from connectors.net.certificates import UntrustedCertificateError
from connectors.net.refusals import LoginPostponedError, LoginRefusedError
from daemon.config.provider_lookup import Location, is_personal, locate, preparation
from daemon.setup import connections, dialogue, typed
from daemon.setup.answers import Answers
from daemon.setup.connections import Login
from daemon.setup.refused import Refused
from daemon.setup.sentences import sentence, success
from daemon.setup.suggestions import SECOND_LEVEL

_WHERE = {
    "google": "at Google (Gmail or Google Workspace)",
    "microsoft": "in Microsoft 365 or Outlook.com",
    "exchange": "on your company's Exchange Server",
    "imap": "on a mail server (IMAP)",
}
_REGISTER = (
    "{name} lets a program read mail only after it has been registered once, by you or by whoever looks after your company's computers. "
    "That takes about 15 minutes; docs/providers.md describes it step by step under “{title}”. Your password stays with {name}: you only "
    "sign in there and agree."
)
_ANSWERS = (
    "Type gmail, outlook, icloud or another provider, exchange, the name of a mail server such as mail.foo.com (with its port, if that is "
    "an unusual one: mail.foo.com:993), or a folder. Your mail program or your company's IT can tell the name."
)


def ask_mailbox(answers: Answers) -> None:
    """Ask where the mailbox is, log in, and add `mail`; where one provider has all, `calendars` and `send` as well."""
    found = _configured(answers)
    if found is None:
        dialogue.tell(f"Looking up where the mail of {answers.domain} is ...")
        found = locate(answers.address)
    if found is not None:
        server = f" {found.host}" if found.host else ""
        dialogue.tell(f"It is {_WHERE[found.kind]}{server}: {found.because}.")
    else:
        dialogue.tell(
            f"Kept could not find out where it is. {_ANSWERS} With Enter, Kept tries the usual names of mail servers there."
        )
    nowhere = Location("imap", answers.domain)  # its usual names are tried
    default = (found.host or found.kind) if found and found.kind == "imap" else found.kind if found else answers.domain
    chosen = dialogue.ask("Where is your mail", lambda words: _provider(words, found or nowhere), default)
    _QUESTIONS[chosen.kind](answers, chosen)


def _configured(answers: Answers) -> Location | None:
    """Return the mail server that the configuration has already, if it has one."""
    mail = _before(answers)
    if not mail.get("host"):
        return None
    port = f":{mail['port']}" if "port" in mail else ""
    return Location("imap", f"{mail['host']}{port}", "you have said so")


def _before(answers: Answers) -> Mapping[str, Any]:
    """Return the settings of the IMAP mailbox that is configured already, or as far as a run before came; empty if there is none."""
    mail = answers.account.get("mail") or [{}]
    return mail[0] if mail[0].get("type") == "imap" else answers.begun.get("mail", {})


def _provider(words: str, found: Location) -> typed.Provider:
    if words == (found.host or found.kind):
        return typed.Provider(found.kind, found)
    try:
        return typed.provider(words, locate)
    except Refused as error:
        raise Refused(f"{error} {_ANSWERS}") from None


def _google(answers: Answers, _chosen: typed.Provider) -> None:
    dialogue.tell(_REGISTER.format(name="Google", title="Google Workspace and Gmail"))
    if is_personal(answers.address):
        dialogue.tell("A private Gmail account: publish the app (“In production”), or Google withdraws the consent every 7 days.")
    dialogue.tell("Google gives you a file to download: client_secret….json, or the key of a service account.")
    answers.oauth["google"] = dialogue.ask("That file, for example ~/Downloads/client_secret.json", google_app)
    answers.account |= {"mail": [{"type": "gmail"}], "calendars": [{"type": "google"}], "send": {"type": "gmail"}}


def google_app(text: str) -> dict[str, Any]:
    """Return the keys of `oauth: google:` for the file that Google provides. Raises Refused."""
    path = Path(text.strip("'\" ")).expanduser()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        document = None
    keys = document if isinstance(document, dict) else {}
    if keys.get("type") == "service_account":
        return {"service_account": str(path)}
    app = keys.get("installed")
    if "web" in keys:
        raise Refused(f"{path} belongs to a web application; Kept needs one of the type “Desktop app”.")
    if not isinstance(app, dict) or not app.get("client_id") or not app.get("client_secret"):
        raise Refused(f"{path} is not the file of a desktop app or of a service account.")
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


def _microsoft(answers: Answers, _chosen: typed.Provider) -> None:
    dialogue.tell(_REGISTER.format(name="Microsoft", title="Microsoft 365"))
    client_id = dialogue.text("The application (client) ID, as in 1b2c3d4e-0000-...")
    tenant = dialogue.text(
        "Your company's tenant (its ID or domain)", "consumers" if is_personal(answers.address) else answers.domain
    )
    answers.oauth["microsoft"] = {"client_id": client_id, "tenant": tenant}
    answers.account |= {"mail": [{"type": "graph"}], "calendars": [{"type": "graph"}], "send": {"type": "graph"}}


def _exchange(answers: Answers, chosen: typed.Provider) -> None:
    host = chosen.location.host if chosen.location and chosen.location.host else f"mail.{answers.domain}"
    user, trusted = answers.address, ""
    while True:
        host = dialogue.ask("The Exchange Server, as in the address of Outlook on the web", _exchange_server, host)
        user = dialogue.text("Your user name there, an address or DOMAIN\\name", user)
        password = dialogue.secret(f"Password of {user}")
        dialogue.tell(f"Trying {host} ...")
        source = {"type": "ews", "host": host, "username": user, **({"ca_file": trusted} if trusted else {})}
        try:
            lines = _checked_mailbox(*connections.arguments(source, password))
        except UntrustedCertificateError as error:
            explain_distrust(error)
            if error.fault == "unknown":
                trusted = dialogue.optional("Certificate file, as in ~/company.pem, or none", typed.certificates, "")
            continue
        except ConnectorError as error:
            dialogue.refuse(f"{sentence(error)} Try again; Ctrl-C stops, and your answers are kept.")
            continue
        dialogue.tell(success(lines))
        answers.login = Login(user, password)
        source |= answers.wallet.keys(user, password)
        answers.account |= {"mail": [source], "calendars": [dict(source)], "send": dict(source)}
        return


def _exchange_server(words: str) -> str:
    """Return the name of a server that answers. Raises Refused."""
    host = typed.server(words.removeprefix("https://").partition("/")[0]).host
    try:
        connections.require_web_answer([f"https://{host}/"])
    except ConnectorError as error:
        raise Refused(f"{sentence(error)} {_HELP}") from None
    return host


def _checked_mailbox(kind: str, values: dict[str, Any]) -> tuple[str, ...]:
    mailbox = open_mailbox(kind, values)
    try:
        return mailbox.check()
    finally:
        mailbox.close()


def _imap(answers: Answers, chosen: typed.Provider) -> None:
    location = chosen.location or Location("imap", f"imap.{answers.domain}")
    servers = hosts(location.host or answers.domain, ("imap", "mail"))
    if advice := preparation(servers[0].host):
        dialogue.tell(f"{advice}.")
    servers = answering_or_other("imap", servers)
    before = _before(answers)
    answers.begun["mail"] = begun(servers, before)
    user = str(before.get("username") or answers.address)
    trusted = str(answers.begun["mail"].get("ca_file") or "")
    login = Login(user, dialogue.secret(f"Password of {user}"), trusted)
    found, answers.login = log_in("imap", servers, login, answers.begun["mail"])
    answers.account["mail"] = [found | answers.wallet.keys(answers.login.username, answers.login.password)]
    del answers.begun["mail"]


def begun(servers: list[typed.Server], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a source as far as they are known: the server, and what was settled `before` for the same one."""
    named = _named(servers)
    place: dict[str, Any] = {"host": named.host, **({"port": named.port} if named.port else {})}
    same = {key: before[key] for key in ("username", "ca_file") if key in before} if before.get("host") == named.host else {}
    return place | same


_HELP = "Your mail program names it in its account settings, or your company's IT does. Is this computer online?"
_USUAL = frozenset(
    "imap imaps mail email smtp smtps mx pop pop3 outlook exchange".split()
)  # that names of mail servers begin with


def hosts(named: str, prefixes: tuple[str, ...]) -> list[typed.Server]:
    """Return the servers that a name may mean: itself and, where it may be a whole domain, the usual names in that. Raises Refused."""
    if named.lower().startswith(("http://", "https://")):
        raise Refused(f"“{named}” is the address of a web page: write the name of the mail server, as in mail.foo.com.")
    server = typed.server(named)
    first, *rest = server.host.split(".")
    if server.port is not None or not rest or first in _USUAL or server.host.replace(".", "").isdecimal() or ":" in server.host:
        return [server]
    usual = [typed.Server(f"{prefix}.{server.host}") for prefix in prefixes]
    if len(rest) == 1:
        return [*usual, server]
    return [server, *usual] if rest[0] in SECOND_LEVEL else [server]


def answering_or_other(service: connections.Service, servers: list[typed.Server]) -> list[typed.Server]:
    """Return the servers if one of them answers, else those that the user names instead, which do."""
    dialogue.tell(f"Looking for {' and '.join(server.host for server in servers)} ...")
    try:
        return _answering(service, servers)
    except Refused as error:
        dialogue.refuse(f"{error} Did you mean {error.suggestion}?" if error.suggestion else str(error))
        return ask_host(service, servers, error.suggestion)


def _answering(service: connections.Service, servers: list[typed.Server]) -> list[typed.Server]:
    """Return the servers if one of them answers. Raises Refused, with the name that was probably meant if there is such a server."""
    try:
        connections.require_answer(service, servers)
    except ConnectorError as error:
        raise Refused(f"{sentence(error)} {_HELP}", _likely(servers)) from None
    return servers


def _likely(servers: list[typed.Server]) -> str:
    """Return the server whose name begins as a usual one does, where one letter or two are wrong; empty if there is none."""
    first, _, rest = _named(servers).host.partition(".")
    near = get_close_matches(first, _USUAL, 1)
    likely = f"{near[0]}.{rest}" if near and near[0] != first and rest else ""
    return likely if likely and connections.exists(likely) else ""


def _named(servers: list[typed.Server]) -> typed.Server:
    """Return the server that was named: the others have a word before its name."""
    return min(servers, key=lambda server: len(server.host))


def log_in(
    service: connections.Service, servers: list[typed.Server], login: Login, known: dict[str, Any]
) -> tuple[dict[str, Any], Login]:
    """Try a log-in, and ask again for whatever was wrong, until it works. Return the settings without the password, and the log-in.

    What is settled meanwhile, but for the password, is noted in `known`, the settings of an unfinished source.
    """
    while True:
        said = {"username": login.username, **({"ca_file": login.ca_file} if login.ca_file else {})}
        known |= begun(servers, {}) | said
        dialogue.tell(f"Trying {' and '.join(server.host for server in servers)} ...")
        try:
            settings, lines = connections.mail_settings(service, servers, login)
        except (LoginRefusedError, LoginPostponedError) as error:
            again = ask_login(error, login)
            servers = servers if again else ask_host(service, servers)
            login = again or login
        except UntrustedCertificateError as error:
            servers, login = _ask_trust(service, error, servers, login)
        except ConnectorError as error:
            dialogue.refuse(f"{sentence(error)} {_HELP}")
            servers = ask_host(service, servers)
        else:
            dialogue.tell(success(lines, encrypted=settings["tls"] != "none"))
            return settings, login


def same_login(answers: Answers, host: str) -> Login | None:
    """Return the log-in of the mailbox if it may be tried at another server: one beside it, or one for which the user says so."""
    mail = str(answers.account["mail"][0].get("host") or "")
    if answers.login is None:
        return None
    if host == mail or host.split(".")[-2:] == mail.split(".")[-2:]:
        return answers.login
    return answers.login if dialogue.confirm("The same user name and password there as for your mail?") else None


def configured_login(source: Mapping[str, Any], answers: Answers) -> Login | None:
    """Return the log-in of a source that is configured already, where its password can be had here; None for an empty source."""
    password = answers.wallet.add(str(source["username"]), source) if source.get("username") else None
    return None if password is None else Login(str(source["username"]), password, str(source.get("ca_file") or ""))


def ask_new_login(answers: Answers) -> Login:
    """Ask for a user name and a password."""
    user = dialogue.text("Your user name there", answers.address)
    return Login(user, dialogue.secret(f"Password of {user}"))


def ask_login(error: LoginRefusedError | LoginPostponedError, login: Login) -> Login | None:
    """Say that a log-in was refused, and ask again for whatever may help; None if the server is the wrong one.

    The password comes first, and hidden: it is what is wrong most often, and what people type ahead.
    """
    dialogue.refuse(sentence(error))
    helps = error.helps if isinstance(error, LoginRefusedError) else "deed"
    if helps == "deed":
        dialogue.refuse("Then press Enter to try again with the same password; Ctrl-C stops, and your answers are kept.")
    short = login.username.partition("@")[0]
    other = f" (some servers want the whole address, others only “{short}”)" if short != login.username else ""
    dialogue.refuse(
        f"Type the password again; or “user” if your user name there is another one{other}, “server” if it is not your server after all."
    )
    again = login.password if helps == "deed" else ""
    word, password = dialogue.secret_or(f"Password of {login.username}", ("user", "server"), again)
    if word == "server":
        return None
    if word == "user":
        user = _other_user(login)
        return Login(user, dialogue.secret(f"Password of {user}"), login.ca_file)
    return Login(login.username, password, login.ca_file)


def _other_user(login: Login) -> str:
    """Ask for the user name; the password that was just tried, typed once more, is taken for one only if the user says so."""
    while True:
        user = dialogue.text("Your user name there", login.username)
        if user != login.password or dialogue.confirm(
            "That is the password of before. Is it your user name, too?", default=False
        ):
            return user


def _ask_trust(
    service: connections.Service, error: UntrustedCertificateError, servers: list[typed.Server], login: Login
) -> tuple[list[typed.Server], Login]:
    """Ask for another server or, where that may help, for the certificates of the company."""
    explain_distrust(error)
    if error.fault != "unknown":
        return ask_host(service, servers), login

    def read(words: str) -> str | list[typed.Server]:
        if not words:
            raise Refused("Name a file or a server, or type “back”.")
        if "/" in words or words.endswith((".pem", ".crt", ".cer")):
            return typed.certificates(words)
        return named_server(service, words)

    answer = dialogue.ask("Certificate file, as in ~/company.pem, or another server", read)
    return (servers, Login(login.username, login.password, answer)) if isinstance(answer, str) else (answer, login)


def explain_distrust(error: UntrustedCertificateError) -> None:
    """Say what it means that a certificate is not trusted, and what helps."""
    if error.fault != "unknown":
        dialogue.refuse(f"{sentence(error)} The password was not sent.")
        return
    reason = sentence(error).partition(";")[0].rstrip(".")
    dialogue.refuse(
        f"{reason}. The password was not sent. Is the name of the server right? If it is your company's own, whoever looks after it can "
        "give you its certificate file."
    )


_PREFIXES: Mapping[connections.Service, tuple[str, ...]] = {"imap": ("imap", "mail"), "smtp": ("smtp", "mail")}


def ask_host(service: connections.Service, servers: list[typed.Server], likely: str = "") -> list[typed.Server]:
    """Ask for another server until one answers; Enter takes the likely one, else tries the same once more."""
    what = "incoming mail (IMAP)" if service == "imap" else "outgoing mail (SMTP)"
    shown = _named(servers)
    default = likely or (f"{shown.host}:{shown.port}" if shown.port else shown.host)
    return dialogue.ask(f"Server for {what}", lambda words: named_server(service, words), default)


def named_server(service: connections.Service, words: str) -> list[typed.Server]:
    """Return the servers that somebody names, if one of them answers. Raises Refused."""
    return _answering(service, hosts(words, _PREFIXES[service]))


def _folder(answers: Answers, chosen: typed.Provider) -> None:
    path = chosen.path or dialogue.ask("The Maildir folder, for example ~/Maildir", typed.maildir)
    answers.account["mail"] = [{"type": "maildir", "path": path}]


_QUESTIONS: Mapping[str, Callable[[Answers, typed.Provider], None]] = {
    "google": _google,
    "microsoft": _microsoft,
    "exchange": _exchange,
    "imap": _imap,
    "folder": _folder,
}
