"""A mailbox that is suddenly empty is not believed, a folder that is suddenly empty is mentioned."""

from __future__ import annotations

import pytest

from connectors.net import sudden_loss


@pytest.mark.parametrize(
    ("before", "now", "lost", "emptied"),
    [
        ({"INBOX": 4, "Sent": 1}, {"INBOX": 0, "Sent": 0}, True, ()),
        ({"INBOX": 5, "Sent": 1}, {"INBOX": 0, "Sent": 0}, True, ("INBOX",)),
        ({"INBOX": 9}, {}, True, ()),
        ({"INBOX": 9, "Sent": 9}, {"INBOX": 0, "Sent": 1}, False, ("INBOX",)),
        ({"INBOX": 4}, {"INBOX": 0}, False, ()),
        ({"INBOX": 9}, {"INBOX": 1}, False, ()),
        ({}, {"INBOX": 0}, False, ()),
    ],
)
def test_at_least_five_messages_that_all_went_at_once_are_a_sudden_loss(
    before: dict[str, int], now: dict[str, int], lost: bool, emptied: tuple[str, ...]
) -> None:
    assert sudden_loss.lost_everything(before, now) is lost
    assert sudden_loss.emptied_folders(before, now) == emptied


def test_a_person_is_told_that_nothing_read_before_was_forgotten() -> None:
    error = sudden_loss.emptied_mailbox_error("the mailbox at mail.example")
    assert not error.permanent
    for text in (error.message, sudden_loss.emptied_folder_warning("Sent")):
        assert text.endswith("is suddenly empty; what was read from it before is kept")
