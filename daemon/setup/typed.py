"""What people type as an address, a server, a clock time, working hours or a choice of a list, read as a setting."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from daemon.config.provider_lookup import Location, by_name
from daemon.config.values import to_allowance, to_clock
from daemon.config.working_hours import WorkingHoursSettings
from daemon.glossary.charter import Allowance
from daemon.setup.refused import Refused

_CLOCK = r"(\d{1,2})(?:[:.h]?(\d\d))?\s*(am|pm|a\.m\.|p\.m\.|h|uhr)?"
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|mo|di|mi|do|fr|sa|so"
_PIECE = re.compile(
    rf"(?P<days>\b(?:{_DAY})\b(?:\s*-\s*(?:{_DAY})\b)?|\bweekdays\b|\bevery day\b|\bdaily\b)"
    rf"|(?P<start>{_CLOCK})\s*-\s*(?P<end>{_CLOCK})|(?P<only>{_CLOCK})"
)
_GERMAN = {"mo": "mon", "di": "tue", "mi": "wed", "do": "thu", "fr": "fri", "sa": "sat", "so": "sun"}
_SPANS = {"weekdays": "mon-fri", "every day": "mon-sun", "daily": "mon-sun"}
_HOURS = "Write them as mon-fri 9:00-17:30, 9 to 5:30, or mon-thu 8-12, 13-17, fri 8-13."
_LATEST_START, _NOON = 6, 12  # a start before six without am or pm is one of the afternoon
_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]+|\[[0-9a-f:]+\]", re.IGNORECASE)
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("google", "gmail", "g mail", "google mail", "googlemail", "google workspace", "workspace", "gsuite", "g suite"), "google"),
    **dict.fromkeys(
        ("microsoft", "outlook", "hotmail", "live", "office", "office365", "office 365", "o365", "microsoft365", "microsoft 365", "m365",
         "365", "exchange online"), "microsoft",
    ),
    **dict.fromkeys(("exchange", "exchange server", "owa", "ews"), "exchange"),
    **dict.fromkeys(("imap", "other", "pop", "pop3", "server", "mail server"), "imap"),
    **dict.fromkeys(("folder", "maildir", "files"), "folder"),
}  # fmt: skip


class Server(NamedTuple):
    """A server as somebody names it; without a port the usual ones are meant."""

    host: str
    port: int | None = None


class Provider(NamedTuple):
    """Where somebody says that their mail is: a kind of provider, with its location or its folder if that was named."""

    kind: str
    location: Location | None = None
    path: str = ""


def email(text: str) -> str:
    """Return an e-mail address in lower case. Raises Refused."""
    address = text.strip().strip("<>").removeprefix("mailto:").lower()
    if re.fullmatch(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+", address):
        return address
    raise Refused(f"“{text}” is not an email address: write it as dana@northwind.com.")


def server(text: str) -> Server:
    """Return the host and port of “imap.foo.com”, “foo.com”, “host:993” or “imaps://host”. Raises Refused."""
    plain = re.sub(r"^\w+://", "", text.strip()).rstrip("/").rpartition("@")[2]
    host, colon, port = plain.rpartition(":") if not plain.endswith("]") else (plain, "", "")
    if not colon:
        host, port = plain, ""
    if (
        not _HOST.fullmatch(host)
        or host.isdecimal()
        or (colon and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536))
    ):
        raise Refused(f"“{text}” is not the name of a server: write it as mail.foo.com, or mail.foo.com:993 with its port.")
    return Server(host.strip("[]").lower(), int(port) if port else None)


def provider(text: str, locate: Callable[[str], Location | None]) -> Provider:
    """Return what “gmail”, “outlook”, “icloud”, “foo.com” or a folder means; `locate` looks up a domain. Raises Refused."""
    word = " ".join(text.lower().split())
    if word in _KINDS:
        return Provider(_KINDS[word])
    if text.startswith(("/", "~", "./")):
        return Provider("folder", None, maildir(text))
    known = by_name(word)
    if known is not None:
        return Provider(known.kind, known)
    if not re.search(r"\.|:\d+$", word) and word != "localhost":
        raise Refused(f"“{text}” is neither a provider that Kept knows nor the name of a server.")
    named = server(word)
    found = None if named.port or _is_address(named.host) else locate(f"@{named.host}")
    return Provider(found.kind, found) if found else Provider("imap", Location("imap", _written(named)))


def _written(named: Server) -> str:
    return f"{named.host}:{named.port}" if named.port else named.host


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()


def maildir(text: str) -> str:
    """Return the path of a Maildir folder. Raises Refused."""
    path = Path(text).expanduser()
    if not path.is_dir():
        raise Refused(f"There is no folder {text}.")
    if not (path / "cur").is_dir():
        raise Refused(f"{text} is not a Maildir: that has a folder named cur in it.")
    return str(path.absolute())


def certificates(text: str) -> str:
    """Return the path of a file of certificates. Raises Refused."""
    import ssl  # noqa: PLC0415  # only where a certificate is not trusted

    path = Path(text).expanduser().absolute()
    try:
        ssl.create_default_context(cafile=str(path))
    except OSError as error:
        reason = f"There is no certificate in {text}" if path.is_file() else f"{text} cannot be read: {error.strerror}"
        raise Refused(f"{reason}.") from None
    return str(path)


def clock(text: str) -> str:
    """Return “8.30”, “8”, “7:30 am” or “17h” as HH:MM. Raises Refused."""
    match = re.fullmatch(_CLOCK, text.strip().lower().removeprefix("at ").strip())
    found = _minutes(match.group(1), match.group(2), match.group(3)) if match else None
    if found is None:
        raise Refused(f"“{text}” is not a time of day: write it as 7:30.")
    return _clock(found)


def hours(text: str) -> dict[str, Any]:
    """Return working hours as `working_hours:` has them. Without days they are Monday to Friday; a start alone keeps the usual end.

    Raises Refused.
    """
    plain = re.sub(r"\s(?:to|until|till|bis)\s|–|—", "-", f" {text.lower()} ".replace("noon", "12:00"))
    plain = re.sub(r"\b(?:and|from|und|von)\b|o'clock", " ", plain)
    if re.sub(r"[\s,;:&+]", "", _PIECE.sub("", plain)):
        raise Refused(f"“{text}” cannot be read as working hours. {_HOURS}")
    groups: list[tuple[list[str], list[tuple[int, int]]]] = [([], [])]
    for piece in _PIECE.finditer(plain):
        if piece["days"]:
            if groups[-1][0] and groups[-1][1]:
                groups.append(([], []))
            groups[-1][0].append(_days(piece["days"]))
        else:
            groups[-1][1].append(_interval(piece, groups[-1][1], text))
    return _checked(groups, text)


def _days(words: str) -> str:
    words = _SPANS.get(words, words)
    return "-".join(_GERMAN.get(word.strip(), word.strip()[:3]) for word in words.split("-"))


def _interval(piece: re.Match[str], before: Sequence[tuple[int, int]], text: str) -> tuple[int, int]:
    """Return an interval in minutes of the day. Where am and pm are left out, it lies in the day and after the one before it."""
    usual = WorkingHoursSettings().end
    first = re.fullmatch(_CLOCK, piece["start"] or piece["only"])
    last = re.fullmatch(_CLOCK, piece["end"]) if piece["end"] else None
    start = _minutes(*first.groups()) if first else None
    end = _minutes(*last.groups()) if last else usual.hour * 60 + usual.minute
    if start is None or end is None or first is None:
        raise Refused(f"“{text}” has a time that no clock shows. {_HOURS}")
    earliest = before[-1][1] if before else _LATEST_START * 60
    if start < min(earliest, _NOON * 60) and not first[3] and not first[1].startswith("0"):
        start += _NOON * 60
    if end <= start and int(first[1]) <= _NOON and not (last and last[3]):
        end += _NOON * 60
    return start, end


def _checked(groups: Sequence[tuple[list[str], list[tuple[int, int]]]], text: str) -> dict[str, Any]:
    groups = [group for group in groups if group[1]]
    if not groups:
        raise Refused(f"“{text}” has no times. {_HOURS}")
    listed = {",".join(days) or "mon-fri": [f"{_clock(a)}-{_clock(b)}" for a, b in times] for days, times in groups}
    (days, times), *more = listed.items()
    if more or len(times) > 1:
        answer: dict[str, Any] = {"hours": listed}
    else:
        start, _, end = times[0].partition("-")
        answer = {"days": days, "start": start, "end": end}
    try:
        WorkingHoursSettings.model_validate(answer)
    except ValueError:
        raise Refused(f"“{text}” does not work: hours must end after they start and not overlap. {_HOURS}") from None
    return answer


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours_, minutes = int(hour), int(minute or 0)
    if half in {"pm", "p.m."}:
        hours_ = hours_ % _NOON + _NOON
    elif half in {"am", "a.m."}:
        hours_ %= _NOON
    return hours_ * 60 + minutes if hours_ < 24 and minutes < 60 else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def duration(text: str) -> Allowance | None:
    """Return how long “2h”, “one day”, “within 3 months” or “every 6 months” is; None for off. Raises Refused."""
    plain = re.sub(
        r"^(?:within|every|the)\s+|^(?:an?|one)\s+(?=\D)", lambda m: "1 " if m[0][0] in "ao" else "", text.strip().lower()
    )
    if plain in {"day", "week", "month", "hour"}:
        plain = f"1 {plain}"
    try:
        found: Allowance | None = to_allowance({"no": "off", "never": "off", "-": "off"}.get(plain, plain))
    except ValueError:
        raise Refused(f"“{text}” is not a length of time: write it as 2h, 1 day, 3 months, or off.") from None
    return found


def numbers(text: str, names: Sequence[str]) -> list[int]:
    """Return the places in a list (from 0) that “1-3, 5”, “all”, “all but 4”, “none” or parts of names mean. Raises Refused."""
    plain = text.strip().lower()
    if plain in {"none", "no", "0", "-"}:
        return []
    every = list(range(len(names)))
    if plain in {"all", "yes", "*"}:
        return every
    if match := re.match(r"(?:all\s+)?(?:but|except|without|not)\s+(.+)", plain):
        left_out = numbers(match[1], names)
        return [n for n in every if n not in left_out]
    chosen: list[int] = []
    for part in re.split(r"[,;]\s*|\s+(?=\d)|\s+and\s+", plain):
        chosen += _places(part.strip(), names)
    return list(dict.fromkeys(chosen))


def _places(part: str, names: Sequence[str]) -> list[int]:
    if match := re.fullmatch(r"(\d+)(?:\s*-\s*(\d+))?", part):
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= len(names):
            raise Refused(f"“{part}” is not in the list, which goes from 1 to {len(names)}.")
        return list(range(first - 1, last))
    exact = [n for n, name in enumerate(names) if part == name.lower()]
    found = exact or [n for n, name in enumerate(names) if part and part in name.lower()]
    if len(found) != 1:
        problem = "fits more than one" if found else "is not in the list"
        raise Refused(f"“{part}” {problem}: type numbers, for example 1-3, 5, or “all”, “all but 2”, “none”.")
    return found


def yes(text: str) -> bool:
    """Return whether the answer is yes. Raises Refused."""
    word = text.strip().lower()
    if word in {"y", "yes", "ja", "j", "ok", "sure", "n", "no", "nein"}:
        return not word.startswith("n")
    raise Refused(f"“{text}” is neither yes nor no: type y or n.")


def hours_in_words(working: Mapping[str, Any]) -> str:
    """Return working hours as a person reads them, and as `hours` reads them again."""
    listed = working.get("hours")
    if isinstance(listed, Mapping):
        return "; ".join(f"{days} {', '.join(times)}" for days, times in listed.items())
    days = working.get("days", "mon-fri")
    named = days if isinstance(days, str) else ",".join(days)
    return f"{named} {', '.join(listed) if listed else '{}-{}'.format(*(_shown(working, key) for key in ('start', 'end')))}"


def _shown(working: Mapping[str, Any], key: str) -> str:
    value = to_clock(working.get(key, getattr(WorkingHoursSettings(), key)))
    return f"{value:%H:%M}"
