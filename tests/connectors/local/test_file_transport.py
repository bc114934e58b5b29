"""Mail that is sent into a folder on disk."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import pytest

from connectors.errors import ConnectorError
from connectors.local.file_transport import FileTransport
from connectors.mail import Draft

pytest_plugins = ("maildir_places",)


def test_a_mail_is_written_once_and_found(tmp_path: Path, draft: Draft) -> None:
    outbox = FileTransport(tmp_path / "out" / "box")
    assert outbox.was_sent(draft.message_id) is False
    outbox.send(draft)
    receipt = outbox.send(draft)
    (file,) = (tmp_path / "out" / "box").iterdir()
    assert (file.name, outbox.was_sent(draft.message_id)) == (receipt.reference, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Here it is." in file.read_bytes()


def test_a_message_id_cannot_lead_out_of_the_folder(tmp_path: Path, draft: Draft) -> None:
    outbox = FileTransport(tmp_path / "box")
    for hostile in ("<../../etc/passwd@x>", "<" + "a" * 900 + "@x>", "<.@x>"):
        outbox.send(dataclasses.replace(draft, message_id=hostile))
    assert len(list((tmp_path / "box").iterdir())) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["box"]


def test_an_outbox_that_cannot_be_written_is_said(tmp_path: Path, draft: Draft) -> None:
    (tmp_path / "box").write_text("a file")
    with pytest.raises(ConnectorError, match="cannot be written") as caught:
        FileTransport(tmp_path / "box").send(draft)
    assert caught.value.permanent
    with pytest.raises(ConnectorError, match="cannot be written"):
        FileTransport(tmp_path / "box").check()
