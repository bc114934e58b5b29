"""The user's word, signed: what comes back is what was offered, and nothing that anybody else made does anything."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import invented
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import short_id
from daemon.letters.tokens import BadToken, Fault, find_token, mailto, menu, sign, verify

DANA, NOW, SECRET = invented.DANA, invented.NOW, invented.SECRET
KEY = "<abc@acme.example>#can you send the quote"
TOKEN = sign(SECRET, DANA.address, KEY, Verb.DONE, NOW, None, "digest:1")


def fault(token: str, *, secret: bytes = SECRET, account: str = DANA.address, after: timedelta = timedelta(hours=1)) -> Fault:
    with pytest.raises(BadToken) as caught:
        verify(secret, token, account, NOW + after)
    return caught.value.fault


@pytest.mark.parametrize("verb", sorted(set(Verb) - {Verb.UNVERIFIED}))
def test_what_was_signed_comes_back(verb: Verb) -> None:
    until = NOW + timedelta(days=3, minutes=7) if verb is Verb.SNOOZE else None
    token = sign(SECRET, DANA.address, KEY, verb, NOW, until, "digest:1")
    said = verify(SECRET, token, DANA.address, NOW + timedelta(hours=1))
    assert (said.target_id, said.verb, said.issued, said.until) == (short_id(KEY), verb, NOW, until)


@given(st.integers(0, 43), st.sampled_from("abcXYZ019-_"))
def test_a_changed_token_is_forged(place: int, letter: str) -> None:
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if changed != TOKEN:
        assert fault(changed) is Fault.FORGED


@given(st.text(max_size=60))
def test_any_other_text_is_forged(text: str) -> None:
    assert fault(text) is Fault.FORGED


def test_another_secret_makes_no_valid_token() -> None:
    assert fault(TOKEN, secret=b"somebody else's") is Fault.FORGED


def test_a_token_of_another_account_is_foreign() -> None:
    assert fault(TOKEN, account="lee@northwind.example") is Fault.FOREIGN


def test_a_token_is_good_for_thirty_days() -> None:
    assert verify(SECRET, TOKEN, DANA.address, NOW + timedelta(days=30)).verb is Verb.DONE
    assert fault(TOKEN, after=timedelta(days=30, seconds=1)) is Fault.EXPIRED


def test_a_clock_that_stepped_back_does_not_spoil_a_token() -> None:
    assert verify(SECRET, TOKEN, DANA.address, NOW - timedelta(hours=3)).verb is Verb.DONE


def test_a_snooze_that_comes_late_lasts_as_long_from_its_coming() -> None:
    token = sign(SECRET, DANA.address, KEY, Verb.SNOOZE, NOW, NOW + timedelta(days=1), "digest:1")
    late = NOW + timedelta(days=2)
    assert verify(SECRET, token, DANA.address, late).until == late + timedelta(days=1)


def test_copies_of_a_token_count_as_one_and_another_letter_offers_a_new_one() -> None:
    disguised = TOKEN[:20] + "\n" + TOKEN[20:]
    assert verify(SECRET, disguised, DANA.address, NOW).token_id == verify(SECRET, TOKEN, DANA.address, NOW).token_id
    another = sign(SECRET, DANA.address, KEY, Verb.DONE, NOW, None, "digest:2")
    assert verify(SECRET, another, DANA.address, NOW).token_id != verify(SECRET, TOKEN, DANA.address, NOW).token_id


def test_the_same_offer_is_the_same_text_every_time() -> None:
    assert sign(SECRET, DANA.address, KEY, Verb.DONE, NOW, None, "digest:1") == TOKEN
    assert len(TOKEN) == 44
    assert len(base64.urlsafe_b64decode(TOKEN)) == 33


@pytest.mark.parametrize("before", ["", "Re: ", "AW: WG: ", "[EXT] "])
def test_a_token_is_found_in_a_subject(before: str) -> None:
    assert find_token(f"{before}Kept done {short_id(KEY)} [{TOKEN}]") == TOKEN


def test_a_folded_subject_still_has_its_token() -> None:
    assert find_token(f"Kept done {short_id(KEY)}\r\n [{TOKEN}]") == TOKEN


@pytest.mark.parametrize("subject", ["", "Kept done", f"[{TOKEN}]", f"Kept done [{TOKEN[:-1]}]", f"Kept done {TOKEN}"])
def test_other_subjects_have_none(subject: str) -> None:
    assert find_token(subject) is None


def test_a_link_makes_a_mail_to_oneself_that_carries_the_token() -> None:
    obligation = invented.owed("Acme Ltd", "kim", "Can you send the quote?", "03-03 14:05", "03-04 14:05")
    link = mailto(DANA.address, TOKEN, obligation, Verb.DONE, "Mark as done")
    parts = urlsplit(link)
    assert (parts.scheme, parts.path) == ("mailto", DANA.address)
    fields = parse_qs(parts.query)
    assert find_token(fields["subject"][0]) == TOKEN
    assert obligation.id in fields["subject"][0]
    assert "Acme Ltd" in fields["body"][0]
    assert set(link) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:@?&=%-._~")  # RFC 6068, section 2


def test_a_clients_words_never_come_into_a_link() -> None:
    obligation = invented.owed(
        "Acme Ltd", "kim", "x&cc=thief@evil.example\r\nBcc: thief@evil.example", "03-03 14:05", "03-04 14:05"
    )
    assert "thief" not in mailto(DANA.address, TOKEN, obligation, Verb.DONE, "Mark as done")


def test_the_menu_of_an_obligation_offers_every_word_on_it() -> None:
    obligation = invented.owed("Acme Ltd", "kim", "Can you send the quote?", "03-03 14:05", "03-04 14:05")
    offers = menu(SECRET, DANA, obligation, NOW, "digest:1")
    said = {
        label: verify(SECRET, find_token(parse_qs(urlsplit(url).query)["subject"][0]) or "", DANA.address, NOW)
        for label, url in offers.items()
    }
    assert {label: s.verb for label, s in said.items()} == {
        "Mark as done": Verb.DONE,
        "Hide for a day": Verb.SNOOZE,
        "Hide until Monday": Verb.SNOOZE,
        "Not owed": Verb.WAIVE,
        "Misread": Verb.WRONG,
    }
    assert {s.target_id for s in said.values()} == {obligation.id}
    assert said["Hide for a day"].until == invented.at("03-05 00:00")
    assert said["Hide until Monday"].until == invented.at("03-09 00:00")


def test_a_snooze_ends_on_a_working_day() -> None:
    thursday = invented.at("04-02 08:00") - timedelta(hours=1)  # before Good Friday and Easter Monday; summer time
    obligation = invented.owed("Acme Ltd", "kim", "Can you send the quote?", "04-01 14:05", "04-02 14:05")
    offers = menu(SECRET, DANA, obligation, thursday, "digest:1")
    ends = {
        label: verify(SECRET, find_token(parse_qs(urlsplit(url).query)["subject"][0]) or "", DANA.address, thursday).until
        for label, url in offers.items()
    }
    tuesday = invented.at("04-07 00:00") - timedelta(hours=1)
    assert ends["Hide for a day"] == ends["Hide until Monday"] == tuesday


def test_a_planned_action_can_be_stopped() -> None:
    invite = invented.review_invite(invented.busy_morning())
    (label, url), *others = menu(SECRET, DANA, invite, NOW, "digest:1").items()
    said = verify(SECRET, find_token(parse_qs(urlsplit(url).query)["subject"][0]) or "", DANA.address, NOW)
    assert (label, said.verb, said.target_id, others) == ("Stop it", Verb.VETO, invite.id, [])
