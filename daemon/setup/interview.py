"""The order of the questions, and taking up a run that was stopped.

Before each question and after each step the answers are kept in a file beside the configuration, so whatever stops the program costs
one answer and the passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors import open_mailbox
from connectors.base import Mailbox
from daemon import clock
from daemon.config.secrets import SECRET_KEYS
from daemon.config.settings import Settings
from daemon.intake.logins import Logins, consents
from daemon.setup import (
    calendar_questions,
    connections,
    dialogue,
    mail_questions,
    sending_questions,
    standards_questions,
    working_questions,
)
from daemon.setup.answers import Answers
from daemon.setup.client_questions import ClientQuestions, past_messages
from daemon.setup.connections import Login
from daemon.setup.past_mail import PastMail

SignIn = Callable[[Settings, Logins, str], bool]
"""(settings, log-ins, address) -> whether the user signed in at Google or Microsoft, which is needed there."""


class Interview:
    """One run of the questions for one account."""

    def __init__(self, answers: Answers, sign_in: SignIn) -> None:
        self.answers = answers
        self._sign_in = sign_in
        self._past: PastMail | None = None
        self._clients: ClientQuestions | None = None
        self._silent: set[str] = set()  # the steps that asked nothing when they were taken last
        self.signed_in = True

    def ask_all(self, address: str | None, *, last_again: bool = False) -> None:
        """Ask everything that was not answered in a run before, or only the `last_again`. “back” asks the question before once more."""
        answers = self.answers
        steps: Mapping[str, Callable[[], None]] = {
            "person": lambda: working_questions.ask_person(answers, address),
            "mailbox": lambda: mail_questions.ask_mailbox(answers),
            "calendars": self._ask_calendars,
            "sending": self._ask_sending,
            "working hours": lambda: working_questions.ask_working(answers),
            "digest": lambda: working_questions.ask_digest(answers),
            "manager": lambda: working_questions.ask_manager(answers),
            "standards": lambda: standards_questions.ask_standards(answers),
            "clients": self.ask_clients,
        }
        names = list(steps)
        at = len(names) - 1 if last_again else 0
        if last_again:
            self._ask_again(names[at])
        dialogue.progress.backwards = last_again
        while at < len(names):
            taken, was_done = dialogue.progress.answers, names[at] in answers.done
            try:
                self._step(names[at], steps[names[at]])
            except dialogue.Back:
                to = self._before(names, at) if dialogue.progress.answers == taken and not was_done else at
                dialogue.progress.backwards = to < at
                at = to
                self._ask_again(names[at])
            else:
                if not was_done:
                    (self._silent.discard if dialogue.progress.answers > taken else self._silent.add)(names[at])
                at += 1
                dialogue.progress.backwards = False

    def _before(self, names: Sequence[str], at: int) -> int:
        """Return the place of the step before that asked something: what a provider has, or works by itself, asks nothing."""
        return max((n for n in range(at) if names[n] not in self._silent), default=0)

    def _ask_again(self, name: str) -> None:
        """Take a step for one that was not answered."""
        answers = self.answers
        answers.done = [step for step in answers.done if step != name]
        for key in {"mailbox": ("calendars", "send"), "calendars": ("calendars",), "sending": ("send",)}.get(name, ()):
            answers.account.pop(key, None)

    def ask_clients(self) -> None:
        """Suggest clients from past mail, and ask for others."""
        if self._clients is None:
            self._clients = ClientQuestions(self.answers, lambda: past_messages(self._past))
        self._clients.ask()

    def _step(self, name: str, ask: Callable[[], None]) -> None:
        if name not in self.answers.done:
            ask()
            self.answers.done.append(name)
            self.answers.save()
        if name == "mailbox":
            self.log_in_again()
            self.begin_reading()

    def _ask_calendars(self) -> None:
        if "calendars" not in self.answers.account:
            calendar_questions.ask_calendars(self.answers)

    def _ask_sending(self) -> None:
        if "send" not in self.answers.account:
            sending_questions.ask_sending(self.answers)

    def log_in_again(self) -> None:
        """Have the password of the mailbox at hand: as it is kept, else asked for again, because no password is kept before the end."""
        mail = self.answers.account["mail"][0]
        if self.answers.login is not None or mail["type"] not in {"imap", "ews"} or "oauth" in mail:
            return
        password = self.answers.wallet.add(mail["username"], mail) if any(key in mail for key in SECRET_KEYS) else None
        if password is not None:
            self.answers.login = Login(mail["username"], password, str(mail.get("ca_file") or ""))
        elif mail["type"] == "imap" and not any(key in mail for key in SECRET_KEYS):
            self._ask_password_again(mail)

    def _ask_password_again(self, mail: dict[str, Any]) -> None:
        dialogue.tell(f"Your password for {mail['host']} was not kept; it is needed once more.")
        named = f"{mail['host']}:{mail['port']}" if "port" in mail else mail["host"]
        servers = mail_questions.answering_or_other("imap", mail_questions.hosts(named, ()))
        login = Login(mail["username"], dialogue.secret(f"Password of {mail['username']}"), str(mail.get("ca_file") or ""))
        _, self.answers.login = mail_questions.log_in("imap", servers, login, {})
        keys = self.answers.wallet.keys(self.answers.login.username, self.answers.login.password)
        self._fill_in(keys)

    def _fill_in(self, keys: Mapping[str, Any]) -> None:
        """Give every source of the unfinished answers the password that was left out of them."""
        account = self.answers.account
        for source in (*account.get("mail", ()), *account.get("calendars", ()), account.get("send") or {}):
            if (
                "username" in source
                and not any(key in source for key in SECRET_KEYS)
                and source["type"] in {"imap", "caldav", "smtp", "ews"}
            ):
                source.update(keys)

    def begin_reading(self, *, first: bool = True) -> None:
        """Begin to read past mail in the background; at Google and Microsoft the user signs in first if it is the first time and they want to."""
        self._clients = None  # what it asks comes from this mailbox
        if "clients" in self.answers.done:
            return
        mail, login = self.answers.account["mail"][0], self.answers.login
        if login is not None:
            self._past = PastMail(lambda: open_mailbox(*connections.arguments(without_place(mail), login.password)), clock.now())
            return
        settings = Settings.model_validate(self.answers.document(), context={"folder": self.answers.target.parent})
        keys = Logins.of(settings, clock.now)
        if first and consents(settings.accounts[0], drafts=settings.drafts):
            self.signed_in = self._sign_in(settings, keys, self.answers.address)
        if self.signed_in:
            self._past = PastMail(lambda: _configured(settings, keys), clock.now())


def without_place(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source without where its password is kept."""
    return {key: value for key, value in source.items() if key not in SECRET_KEYS}


def _configured(settings: Settings, keys: Logins) -> Mailbox:
    account = settings.accounts[0]
    return open_mailbox(*keys.connector_arguments(account.mail[0], account))
