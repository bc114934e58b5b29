"""What colleagues are sent by a real office, by what the configuration says that they may see."""

from __future__ import annotations

from pathlib import Path

import pytest
from office import DANA, KIM, Office, every
from week import at

from daemon.cycle import turn

EVE = "eve@northwind.example"
ABSENCE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:away
DTSTAMP:20260301T000000Z
DTSTART;VALUE=DATE:20260309
DTEND;VALUE=DATE:20260314
SUMMARY:Vacation
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(("sees", "quoted"), [("", True), ("sees: own", True), ("sees: figures", False), ("sees: team", True)])
def test_a_colleague_is_sent_what_they_may_see(tmp_path: Path, sees: str, quoted: bool) -> None:
    office = Office(tmp_path)
    colleague = f"  - addresses: [{EVE}]\n    manager: lee@northwind.example\n" + (f"    {sees}\n" if sees else "")
    text = office.config.read_text().replace("    send: {", f"    cover: {EVE}\n    send: {{", 1)
    office.config.write_text(text.replace("clients:\n", f"{colleague}clients:\n", 1))
    (office.folder / "calendar" / "away.ics").write_text(ABSENCE.replace("\n", "\r\n"))
    office.mail(at(4, 6), KIM, DANA, "Can you send me the revised quote?", name="ask")
    office.live(*every(30, at(4, 7), at(4, 17)))
    (letter,) = [m for m in office.sent() if EVE in {a.email for a in m.to}]
    body = " ".join(letter.text.split())
    assert "Acme Ltd" in body
    assert ("revised quote" in body) is quoted
    assert ("For the emails themselves ask Dana Reyes" in body) is not quoted


@pytest.mark.parametrize(("sees", "told"), [("", [EVE]), ("sees: figures", [EVE]), ("sees: own", [])])
def test_whom_no_email_reaches_is_said_to_their_team_alone(tmp_path: Path, sees: str, told: list[str]) -> None:
    office, maxs = Office(tmp_path), "max@northwind.example"
    others = "".join(
        f"  - addresses: [{address}]\n    manager: {manager}\n"
        for address, manager in ((EVE, "lee@x.example"), (maxs, "kai@x.example"))
    )
    own = "    manager: lee@x.example\n" + (f"    {sees}\n" if sees else "")
    text = office.config.read_text().replace("    send: {", f"{own}    send: {{", 1)
    office.config.write_text(text.replace("clients:\n", f"{others}clients:\n", 1))
    with office.app() as app:
        app.begin(at(-1, 0))
        for address in (EVE, maxs):
            app.store.set_message_for_others(address, "the password is wrong", at(-1, 0))
        turn(app.runtimes[DANA], at(0, 8))
    (digest,) = office.sent()
    assert [address for address in (EVE, maxs) if f"{address} cannot be told by email" in " ".join(digest.text.split())] == told


def test_somebody_without_a_mailbox_is_written_nothing(tmp_path: Path) -> None:
    """A manager is in the configuration for what they may see."""
    office = Office(tmp_path)
    manager = "  - addresses: [lee@northwind.example]\n    sees: team\n"
    office.config.write_text(office.config.read_text().replace("clients:\n", f"{manager}clients:\n", 1))
    office.live(*every(30, at(0, 7), at(1, 10)))
    with office.app() as app:
        assert app.store.parcels("lee@northwind.example") == ()
        assert app.store.parcels(DANA) != ()


@pytest.mark.parametrize(
    ("colleague", "read_again"), [("max@northwind.example", False), ("max@gmail.com", True), ("max@northwind.de.example", True)]
)
def test_nobodys_mail_is_read_again_because_a_colleague_of_the_same_domain_joins(
    tmp_path: Path, colleague: str, read_again: bool
) -> None:
    office = Office(tmp_path)
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="ask")
    office.live(at(0, 7))
    with office.app() as app:
        before = app.store.people_fingerprint(DANA)
    office.config.write_text(office.config.read_text().replace("clients:\n", f"  - addresses: [{colleague}]\nclients:\n", 1))
    office.live(at(0, 8))
    with office.app() as app:
        assert (app.store.people_fingerprint(DANA) != before) is read_again
