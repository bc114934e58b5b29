"""Who wrote a mail that stands under another's address: a client by the group or the web form of the user's own company.

A group that must satisfy DMARC puts its own address into From and the writer's into X-Original-Sender, X-Original-From or Reply-To
(RFC 7960, 4.1.3); a form mails from the company's site and names the visitor in Reply-To (RFC 5322, 3.6.2), in Sender, or only in
its text. Behind the company's own domain these say who wrote. A form that mails from its maker's domain is believed as far as to
ask the user about it. Anybody else's say nothing, and no address but that of a configured client is ever taken from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from connectors.formats.headers import parse_addresses
from connectors.mail import Address, Message, Relay, Role
from daemon.core.people import Directory, form_service
from daemon.glossary.timelines import Side

_ORIGINAL = ("x-original-sender", "x-original-from", "x-google-original-from")
_OF_THE_FORM = frozenset(("auto-submitted", "precedence", "list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id"))
_FORM = 6000  # characters of a form's text that are examined
_LONGEST = 60  # characters of a label
_EMAIL_LABEL = re.compile(
    r"(?:(?:your|business|work|contact|customer|ihre|deine|votre|tu|su|la tua|uw|je|seu|twój) )?"
    r"(?:e-?mail|mail|courriel|mél|correo|e-?post|epost|sähköposti|correio)(?:[ -]?(?:electrónico|electrónica|eletrónico|eletrônico|elettronica))?"
    r"(?:[ -]?(?:address|adresse|adres|adress|adresa|id))?",
    re.IGNORECASE,
)
_ADDRESS_OF = re.compile(
    r"(?:adresse|dirección|indirizzo|endereço|adres)(?: de| di)? (?:e-?mail|courriel|correo|messagerie|électronique)",
    re.IGNORECASE,
)


def _labels(*languages: str) -> frozenset[str]:
    return frozenset(label.strip() for words in languages for label in words.split(","))


_NAMES = _labels(
    "name, your name, full name, contact name",
    "ihr name, vollständiger name, vor- und nachname",
    "nom, votre nom, nom complet, nom et prénom",
    "nombre, tu nombre, nombre completo, nombre y apellidos",
    "nome, nome completo, nome e cognome",
    "naam, uw naam, volledige naam",
    "navn, namn, nimi, imię i nazwisko, imię",
)
_FIRST = _labels("first name, given name, vorname, prénom, voornaam, fornavn, förnamn, primeiro nome")
_LAST = _labels(
    "last name, surname, family name, nachname, nom de famille, apellidos, apellido, cognome, achternaam",
    "nazwisko, etternavn, efternavn, efternamn, sobrenome, apelido",
)
_OTHERS = _labels(
    "message, your message, comment, comments, enquiry, inquiry, question, questions, subject, company, company name, phone",
    "phone number, telephone, how can we help, how can we help you",
    "nachricht, ihre nachricht, anfrage, betreff, firma, unternehmen, telefon, anliegen, bemerkung",
    "votre message, objet, sujet, société, entreprise, téléphone, demande",
    "mensaje, asunto, empresa, teléfono, consulta, comentarios",
    "messaggio, oggetto, azienda, telefono, richiesta",
    "bericht, uw bericht, onderwerp, bedrijf, bedrijfsnaam, telefoon, vraag",
    "mensagem, assunto, telefone, wiadomość, temat, treść",
    "meddelande, meddelelse, besked, melding, emne, ämne, företag, firmanavn, viesti, aihe, yritys",
)
_HEADER_BLOCK = re.compile(r"\s*(?:>|-{4,}|_{4,}|(?:from|von|de|da|van|fra|från|od)\s*:)", re.IGNORECASE)
_LONGEST_NAME = 200
_VIA = re.compile(r"['\"‘“]?(.{1,80}?)['\"’”]?\s(?:via|über|durch|par|vía|tramite|através de|przez)\s", re.IGNORECASE)


def as_written(directory: Directory, account: str, message: Message) -> Message:
    """Return the message under the name of whoever wrote it: its sender, unless a group or a form wrote in a client's name."""
    if message.role in (Role.SENT, Role.DRAFTS) or directory.match(message.sender.email):
        return message
    if directory.side(account, message.sender.email) in (Side.USER, Side.COLLEAGUE):
        return _by_own_company(directory, account, message)
    if form_service(message.sender.email) and _is_to_us(directory, account, message):
        writer = _client_in(directory, message.reply_to)
        return _under(message, writer, _form(message.text), own=False) if writer else message
    return message


def _by_own_company(directory: Directory, account: str, message: Message) -> Message:
    """Return a mail from the company's own domain under its writer's name; one of the user or a colleague to a client is theirs."""
    original = tuple(a for name in _ORIGINAL for a in parse_addresses(message.headers.get(name, "")))
    if original:
        first = _client_in(directory, original[:1])
        return _under(message, _named(first, (*original, *message.reply_to)), {}, own=True) if first else message
    if (
        any(directory.match(a.email) for a in (*message.to, *message.cc))
        and directory.side(account, message.sender.email) is Side.USER
    ):
        return message
    form = _form(message.text)
    named = (*message.reply_to, *parse_addresses(message.headers.get("sender", "")))
    writer = _client_in(directory, named) or _client_in(directory, (form[""],) if "" in form else ())
    return _under(message, writer, form, own=True) if writer else message


def _client_in(directory: Directory, addresses: tuple[Address, ...]) -> Address | None:
    return next((a for a in addresses if directory.match(a.email)), None)


def _named(writer: Address, others: tuple[Address, ...]) -> Address:
    """Return an address with the name that another header gives it."""
    return writer if writer.name else next((a for a in others if a.email == writer.email and a.name), writer)


def _is_to_us(directory: Directory, account: str, message: Message) -> bool:
    return any(directory.side(account, a.email) in (Side.USER, Side.COLLEAGUE) for a in (*message.to, *message.cc))


def _under(message: Message, writer: Address, form: dict[str, Address], *, own: bool) -> Message:
    """Return the message as its writer's. What a form says about itself (RFC 3834, auto-generated) is not said of what they wrote."""
    via = _VIA.match(message.sender.name[:_LONGEST_NAME])
    name = writer.name or (form["name"].name if "name" in form else "") or (via[1] if via else "")
    headers = message.headers
    if form and not headers.get("auto-submitted", "").lower().startswith("auto-replied"):
        headers = {key: value for key, value in headers.items() if key not in _OF_THE_FORM}
    return replace(message, sender=Address(writer.email, name), headers=headers, relay=Relay(message.sender, own))


def _form(text: str) -> dict[str, Address]:
    """Return the visitor's address ("") and name ("name") that a form's text has beside its labels; nothing where it is no form.

    A form has a label for the address and another one at least. What is quoted or forwarded below is not examined.
    """
    labels = dict[str, str]()
    for label, value in _labelled(text[:_FORM]):
        labels.setdefault("" if _EMAIL_LABEL.fullmatch(label) or _ADDRESS_OF.fullmatch(label) else label, value)
    if len(labels) < 2 or "" not in labels:
        return {}
    address = next(iter(parse_addresses(labels[""])), None)
    if address is None:
        return {}
    whole = next((labels[label] for label in labels if label in _NAMES), "")
    parts = [next((labels[label] for label in labels if label in kind), "") for kind in (_FIRST, _LAST)]
    name = " ".join(part for part in parts if part) if parts[0] else whole
    return {"": address, "name": Address(address.email, name[:100])}


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield the labels of a form in lower case, each with its value: on the same line, else on the next one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if _HEADER_BLOCK.match(line):
            return
        label, colon, value = line.partition(":")
        label = label.strip(" *_•·-\t").partition("(")[0].strip(" *").lower()
        if len(label) <= _LONGEST and _is_label(label):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            yield label, value.strip(" *_\t") if colon and value.strip(" *_") else following


def _is_label(label: str) -> bool:
    known = label in _NAMES or label in _FIRST or label in _LAST or label in _OTHERS
    return known or _EMAIL_LABEL.fullmatch(label) is not None or _ADDRESS_OF.fullmatch(label) is not None
