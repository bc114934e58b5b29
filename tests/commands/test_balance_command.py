"""`kept balance`: every message of a client's people is counted once, and `in` is the sum of the buckets."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from office import DANA, KIM, Office
from week import at

from daemon import reading
from daemon.operations.balance import balance_of

KEYS = ("answered", "open", "needs_no_answer", "held_back", "unread")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A week of Acme's mail: answered, open, thanks, a newsletter, a forgery, one that is damaged; and one of before."""
    office = Office(tmp_path)
    office.mail(at(-9, 9), KIM, DANA, "When do you open?", name="before")
    asked = office.mail(at(0, 9), KIM, DANA, "Can you send me the revised quote?", name="asked")
    office.mail(at(0, 10), DANA, KIM, "The quote is 400 a month, as agreed.", answers=asked)
    office.mail(at(0, 11), KIM, DANA, "Can you also send the drawings of the second line?", subject="Drawings", name="open")
    office.mail(at(0, 12), KIM, DANA, "Thank you!", subject="Thanks", name="thanks")
    office.mail(at(0, 13), "newsletter@acme.example", DANA, "Spring is here. Unsubscribe here.", subject="Spring", name="list")
    _alter(office, "list", b"List-Unsubscribe: <https://acme.example/u>\r\nList-Id: <news.acme.example>\r\nPrecedence: bulk\r\n")
    office.mail(at(0, 14), KIM, DANA, "Please pay here.", subject="Invoice", name="forged")
    _alter(office, "forged", b"Authentication-Results: mx.northwind.example; dmarc=fail\r\n")
    office.mail(at(0, 15), KIM, DANA, "MIME", subject="Secret", name="damaged")
    _alter(office, "damaged", b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\n')
    return office


def _alter(office: Office, name: str, fields: bytes) -> None:
    (file,) = (office.folder / "Maildir" / "cur").glob(f"*.{name}:*")
    file.write_bytes(fields + file.read_bytes())


def document(office: Office, **options: Any) -> dict[str, Any]:
    with office.app() as app:
        return balance_of(app, at(-6, 16), at(1, 16), **options).document(ZoneInfo("Europe/London"))


def test_every_message_lies_in_one_bucket_and_the_sum_holds(office: Office) -> None:
    office.live(at(0, 16))
    (acme,) = document(office)["clients"]
    assert acme == {"client": "Acme Ltd", "in": 6, "answered": 1, "open": 1, "needs_no_answer": 1, "held_back": 2, "unread": 1}
    assert acme["in"] == sum(acme[key] for key in KEYS)


def test_what_was_filtered_out_or_not_read_is_named_with_the_reason(office: Office) -> None:
    office.live(at(0, 16))
    found = document(office)
    assert [(m["message_id"], m["reason"]) for m in found["held_back"]] == [
        ("<list@acme.example>", "newsletter"),
        ("<forged@acme.example>", "forged"),
    ]
    assert [(m["subject"], m["reason"], m["from"]) for m in found["unread"]] == [("Secret", "malformed", KIM)]


def test_a_message_that_two_accounts_have_is_counted_once(office: Office) -> None:
    config = office.config.read_text()
    second = """  - name: Lee Park
    addresses: [lee@northwind.example]
    time_zone: Europe/London
    mail: [{type: maildir, path: Maildir}]
clients:"""
    office.config.write_text(config.replace("clients:", second, 1))
    office.live(at(0, 16))
    (acme,) = document(office)["clients"]
    assert acme["in"] == 6
    assert acme["answered"] == 1


def test_a_client_who_did_not_write_is_not_listed(office: Office) -> None:
    office.live(at(0, 16))
    assert document(office, client="Birch GmbH")["clients"] == []
    with office.app() as app:
        assert balance_of(app, at(-6, 16), at(1, 16), "Birch GmbH").text(ZoneInfo("UTC")) == "No client wrote in this time."


def test_the_page_counts_and_names_as_the_document_does(office: Office) -> None:
    office.live(at(0, 16))
    with office.app() as app:
        text = balance_of(app, at(-6, 16), at(1, 16)).text(ZoneInfo("America/New_York"))
    assert text.startswith("Acme Ltd: 6 in = 1 answered + 1 needs no answer + 1 unread + 1 open + 2 filtered out")
    assert "kept person ID" in text
    assert "“Secret”: it is damaged" in text
    assert "yesterday 10:00  Acme Ltd, kim@acme.example" in text, "15:00 in UTC, said in the zone of the user"


def test_a_clients_mail_that_could_not_be_read_at_all_is_counted_as_unread(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reading.read

    def fails(message: reading.ReaderInput, *more: Any) -> reading.Reading:
        if message.subject == "Drawings":
            raise KeyError(message.subject)
        return whole(message, *more)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", fails)
        office.live(at(0, 16))
    (acme,) = document(office)["clients"]
    assert (acme["in"], acme["unread"], acme["open"]) == (6, 2, 0)
    assert next((m["from"], m["reason"]) for m in document(office)["unread"]) == (
        KIM,
        "could not be read (KeyError); Kept will try again",
    )
    office.live(at(0, 16, 30))
    (acme,) = document(office)["clients"]
    assert (acme["in"], acme["unread"], acme["open"]) == (6, 1, 1), "it was read again and counts once"
