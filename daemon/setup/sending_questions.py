"""How Kept sends its digest and reminders to the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.errors import ConnectorError
from connectors.net.certificates import UntrustedCertificateError
from connectors.net.refusals import LoginPostponedError, LoginRefusedError
from connectors.net.tls import is_loopback
from daemon.config.locations import OUTBOX
from daemon.config.provider_lookup import sending_hosts
from daemon.setup import connections, dialogue
from daemon.setup.answers import Answers
from daemon.setup.mail_questions import (
    ask_new_login,
    begun,
    configured_login,
    hosts,
    log_in,
    named_server,
    same_login,
)
from daemon.setup.sentences import sentence, success


def ask_sending(answers: Answers) -> None:
    """Try to send with the log-in of the mailbox at the usual servers, else ask for the server; adds `send`."""
    dialogue.tell("Kept mails its digest and reminders to you, and to nobody else unless you say so.")
    before = answers.account.get("send") or answers.begun.get("send") or {}
    mail = answers.account["mail"][0]
    if mail["type"] == "imap" and answers.login is not None and _works_by_itself(answers, mail["host"]):
        return
    named = dialogue.optional(
        "The server for outgoing mail, as in smtp.foo.com", lambda words: named_server("smtp", words), None, _written(before)
    )
    if named is None:
        dialogue.tell(f"Then mails are written to files in {OUTBOX}, and nothing is sent.")
        answers.account["send"] = {"type": "file", "path": OUTBOX}
        return
    known = configured_login(before, answers) if named[-1].host == before.get("host") else None
    answers.begun["send"] = begun(named, before)
    login = known or same_login(answers, named[-1].host) or ask_new_login(answers)
    found, login = log_in("smtp", named, login, answers.begun["send"])
    answers.account["send"] = found | answers.wallet.keys(login.username, login.password)
    del answers.begun["send"]


def _written(before: Mapping[str, Any]) -> str:
    """Return the server that is configured already, as somebody would name it; none if there is none."""
    port = f":{before['port']}" if "port" in before else ""
    return f"{before['host']}{port}" if before.get("type", "smtp") == "smtp" and "host" in before else "none"


def _works_by_itself(answers: Answers, host: str) -> bool:
    """Try the usual servers in silence; on this machine many servers may have nothing to do with the mailbox, so none is tried."""
    if answers.login is None or is_loopback(host):
        return False
    servers = [server for name in sending_hosts(answers.domain, host) for server in hosts(name, ())]
    dialogue.tell(f"Trying {' and '.join(server.host for server in servers)} ...")
    try:
        found, lines = connections.mail_settings("smtp", servers, answers.login)
    except (LoginRefusedError, LoginPostponedError, UntrustedCertificateError) as error:
        dialogue.tell(sentence(error))
        return False
    except ConnectorError:
        dialogue.tell("Kept found no server by itself that sends your mail. Your mail program names it in its settings.")
        return False
    dialogue.tell(success(lines))
    answers.account["send"] = found | answers.wallet.keys(answers.login.username, answers.login.password)
    return True
