"""A mailbox or folder that lost all its mail since the last poll: more likely a fault than somebody's work.

A server in trouble, an unmounted disk or another account's credentials show an empty mailbox. To believe it would look like a
quiet week, so an empty mailbox is refused until mail shows again, and an empty folder is mentioned.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import ConnectorError

SUDDEN = 5  # nobody removes that many messages or events between two polls without leaving one


def lost_everything(before: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Return whether at least SUDDEN messages were there before and none is now; both map a folder to its number of messages."""
    return sum(before.values()) >= SUDDEN and not any(now.values())


def emptied_folders(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[str, ...]:
    """Return the folders that still exist, held at least SUDDEN messages before and hold none now."""
    return tuple(folder for folder, count in now.items() if not count and before.get(folder, 0) >= SUDDEN)


def emptied_mailbox_error(mailbox: str) -> ConnectorError:
    """Return the error that stops the poll of `mailbox` ("the mailbox at mail.example") where everything is gone."""
    return ConnectorError(f"{mailbox} is suddenly empty; what was read from it before is kept")


def emptied_folder_warning(folder: str) -> str:
    """Return the warning that mentions a folder of that name that was emptied."""
    return f"the folder {folder} is suddenly empty; what was read from it before is kept"
