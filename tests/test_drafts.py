"""What becomes of a draft: it goes when its question is settled and nobody touched it, and a mail sent with its gap is pointed out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from office import DANA, KIM, Office, every
from week import at

from connectors.formats import mime
from connectors.mail import Draft, Role
from daemon.delivery.sent_log import FILE
from daemon.glossary.actions import ActionKind, Delivery
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Kind

ASKED = "Hi Dana,\n\nCan you send me the revised quote?\n\nKim"
ANSWER = "Hi Kim,\n\nthe revised quote is 4,200 for both machines.\n\nDana"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def asked_and_drafted(office: Office) -> str:
    asked = office.mail(at(0, 10), KIM, DANA, ASKED)
    office.live(*every(10, at(0, 10), at(0, 11, 30)))
    assert len(office.drafts()) == 1
    return asked


def draft_file(office: Office) -> Path:
    (file,) = (office.folder / "Maildir" / ".Drafts" / "cur").iterdir()
    return file


def removals(office: Office) -> list[str | None]:
    with office.app() as app:
        return [p.receipt for p in app.store.parcels(DANA, Delivery.SENT) if p.kind is ActionKind.REMOVE_DRAFT]


def test_a_draft_that_nobody_touched_goes_when_the_question_is_answered(office: Office) -> None:
    asked = asked_and_drafted(office)
    office.mail(at(0, 11, 40), DANA, KIM, ANSWER, answers=asked)
    office.live(*every(10, at(0, 11, 50), at(0, 13)))
    assert office.drafts() == []
    assert removals(office) == ["removed"]
    assert '"kind": "remove_draft"' in (office.folder / "state" / FILE).read_text()


def test_a_draft_that_the_user_wrote_in_is_left(office: Office) -> None:
    asked = asked_and_drafted(office)
    file = draft_file(office)
    file.write_bytes(file.read_bytes().replace(b"[your answer]", b"It will be 4,200, I think."))
    office.mail(at(0, 11, 40), DANA, KIM, ANSWER, answers=asked)
    office.live(*every(10, at(0, 11, 50), at(0, 13)))
    assert file.exists()
    assert removals(office) == ["left alone: it was changed, moved or sent"]


def test_a_draft_whose_question_is_open_stays(office: Office) -> None:
    asked_and_drafted(office)
    office.live(*every(10, at(0, 11, 40), at(0, 15)))
    assert len(office.drafts()) == 1


def test_a_draft_that_was_removed_is_not_written_again(office: Office) -> None:
    asked = asked_and_drafted(office)
    answer = office.mail(at(0, 11, 40), DANA, KIM, ANSWER, answers=asked)
    office.live(*every(10, at(0, 11, 50), at(0, 12, 10)))
    office.mail(at(0, 12, 20), KIM, DANA, "Thanks. Which finish would you choose for the lids?", answers=answer)
    office.live(*every(10, at(0, 12, 30), at(0, 14)))
    (draft,) = office.drafts()
    assert "Which finish would you choose" in draft.text
    assert "revised quote" not in draft.text


def test_a_further_question_gives_another_draft_in_place_of_one_that_nobody_touched(office: Office) -> None:
    asked = asked_and_drafted(office)
    office.mail(at(0, 11, 40), KIM, DANA, "One more thing: which finish would you choose for the lids?", answers=asked)
    office.live(*every(10, at(0, 11, 50), at(0, 12, 30)))
    (draft,) = office.drafts()
    assert draft.text.count("[your answer]") == 2
    assert removals(office) == ["removed"]


def test_the_users_other_drafts_are_never_touched(office: Office) -> None:
    asked = asked_and_drafted(office)
    own = Draft(
        "<own@x>",
        at(0, 11),
        mime.parse(draft_file(office).read_bytes(), role=Role.DRAFTS, folder="").sender,
        (),
        "Re: Quote",
        "…",
    )
    (office.folder / "Maildir" / ".Drafts" / "cur" / "own:2,DS").write_bytes(mime.render(own))
    office.mail(at(0, 11, 40), DANA, KIM, ANSWER, answers=asked)
    office.live(*every(10, at(0, 11, 50), at(0, 13)))
    assert [d.message_id for d in office.drafts()] == ["<own@x>"]


def told_of_gap(office: Office, since: datetime) -> list[str]:
    return [m.subject for m in office.sent() if "[your answer]" in m.subject and m.date >= since]


def test_a_mail_that_left_with_its_gap_is_pointed_out_once_and_answers_nothing(office: Office) -> None:
    asked = asked_and_drafted(office)
    office.mail(at(0, 11, 40), DANA, KIM, "Hi Kim,\n\n> Can you send me the revised quote?\n[your answer]\n\nDana", answers=asked)
    office.live(*every(10, at(0, 11, 50), at(0, 14)))
    assert told_of_gap(office, at(0, 11, 45)) == [
        "Acme Ltd: your reply was sent with “[your answer]” in it: “Can you send me the revised quote?”"
    ]
    assert len(office.drafts()) == 1, "the question is open still"


def test_a_draft_goes_when_the_user_says_that_nothing_is_owed(office: Office) -> None:
    asked_and_drafted(office)
    with office.app() as app:
        (runtime,) = app.runtimes.values()
        (o,) = [o for a in runtime.ledger.assessments(at(0, 11, 30)) for o in a.obligations if o.kind is Kind.REPLY]
        app.store.add_decision(DANA, Decision(o.key, Verb.WAIVE, at(0, 11, 35), DANA))
    office.live(*every(10, at(0, 11, 40), at(0, 12)))
    assert office.drafts() == []
