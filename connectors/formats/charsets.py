"""Text from bytes in the charset that a mail claims, or in the one that it really has.

Labels mean what mail programs and browsers take them for (encoding.spec.whatwg.org): iso-8859-1 and us-ascii are windows-1252,
gb2312 is GB18030, shift_jis is code page 932. Nothing raises.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# What a label means, without its punctuation and in lower case, where Python takes it for less or does not know it.
# The names are those of encoding.spec.whatwg.org/#names-and-labels; the code pages with "dos" or "ansi" are Windows programs' own.
_MEANS = {
    **dict.fromkeys(("iso88591", "latin1", "l1", "usascii", "ascii", "ansi", "ansix341968", "cp1252", "windows1252", "ansi1252"), "cp1252"),
    **dict.fromkeys(("iso88599", "latin5", "l5", "windows1254"), "cp1254"),
    **dict.fromkeys(("iso885911", "tis620", "windows874", "dos874"), "cp874"),
    **dict.fromkeys(("gb2312", "gb231280", "gbk", "xgbk", "csgb2312", "cp936", "windows936", "ms936", "chinese"), "gb18030"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "mskanji", "windows31j", "cp932", "windows932", "ms932"), "cp932"),
    **dict.fromkeys(("euckr", "ksc5601", "ksc56011987", "ksc56011989", "ksx1001", "korean", "windows949", "cp949", "ms949"), "cp949"),
    **dict.fromkeys(("big5", "xxbig5", "big5hkscs", "cnbig5", "cp950", "windows950"), "big5hkscs"),
    **dict.fromkeys(("iso2022jp", "csiso2022jp", "iso2022jpms", "cp50220", "cp50221", "iso2022jp1"), "iso2022_jp_ext"),
    **dict.fromkeys(("koi8r", "koi8", "koi"), "koi8_r"),
    **dict.fromkeys(("koi8u", "koi8ru"), "koi8_u"),
    **dict.fromkeys(("iso88598i", "iso88598e", "visual", "logical"), "iso8859_8"),
    **dict.fromkeys(("iso88596e", "iso88596i"), "iso8859_6"),
    **dict.fromkeys(("macintosh", "xmacroman", "mac"), "mac_roman"),
    **dict.fromkeys(("xmaccyrillic", "xmacukrainian"), "mac_cyrillic"),
    **dict.fromkeys(("utf8", "unicode11utf8", "utf8mb4", "utf8mb3", "utf8n"), "utf-8"),
    **dict.fromkeys(("utf16", "utf16le", "unicode", "ucs2", "iso10646ucs2"), "utf-16-le"),
    "utf16be": "utf-16-be",
    # Numbers of code pages that are no names (learn.microsoft.com/windows/win32/intl/code-page-identifiers)
    "cp20127": "cp1252", "cp28591": "cp1252", "cp28592": "iso8859_2", "cp28605": "iso8859_15", "cp20866": "koi8_r", "cp21866": "koi8_u",
    "cp51932": "euc_jp", "cp51949": "cp949", "cp54936": "gb18030", "cp10000": "mac_roman",
}  # fmt: skip
_CODE_PAGE = re.compile(r"(?:cp|ibm|dos|windows|ansi|ms|xcp)(\d{3,5})")
# No charset of a mail's words: programs, and codecs that take quadratic time. UTF-7 stays unread as in browsers: what it hides stays ASCII.
_REFUSED = frozenset(
    {"punycode", "idna", "utf7", "unicode11utf7", "undefined", "mbcs", "oem", "rawunicodeescape", "unicodeescape"}
)
_WESTERN = frozenset({"cp1252", "iso8859-15", "iso8859-9", "cp1254", "mac-roman", "cp850", "cp437", "iso8859-2", "cp1250"})
_C1 = {code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_HAS_C1 = re.compile("[\x80-\x9f]")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\([JI]")
_COMMON = {
    "gb18030": re.compile("[\u4e00-\u9fa5，。！？：；、“”（）]"),
    "cp949": re.compile("[\uac00-\ud7a3]"),
    "cp932": re.compile("[\u3040-\u30ff\u4e00-\u9fa5、。]"),
}
_TAIL = 4  # bytes at the end that may be half a character, where the text was cut off


@lru_cache(maxsize=256)
def codec(label: str | None) -> str | None:
    """Return Python's name of the charset that a label means; None where it is unknown, or no charset of a mail."""
    name = re.sub(r"[^a-z0-9]", "", (label or "")[:60].lower())
    if not name or name in _REFUSED:
        return None
    page = _CODE_PAGE.fullmatch(name)
    for candidate in (_MEANS.get(name), f"cp{page.group(1)}" if page else None, (label or "").strip().lower()):
        try:
            found = codecs.lookup(candidate or "").name
            "".encode(found)  # a LookupError for codecs of something other than text
        except (LookupError, ValueError):
            continue
        if re.sub(r"[^a-z0-9]", "", found) not in _REFUSED:
            return found
    return None


def decode(raw: bytes, label: str | None = None) -> str:
    """Return the text of bytes: in the charset of the label where they can be in it, else in the one that they look like."""
    marked = _by_mark(raw)
    if marked is not None:
        return marked
    claimed = codec(label)
    if raw.isascii() and not (claimed or "utf").startswith(("utf-16", "utf-32", "iso2022", "hz", "cp037", "cp500", "cp1140")):
        return raw.decode("iso2022_jp_ext", "replace") if _JAPANESE.search(raw) else raw.decode("ascii")
    return _without_c1(_decoded(raw, claimed, label))


def _decoded(raw: bytes, claimed: str | None, label: str | None) -> str:
    if claimed is not None and claimed.startswith("utf-16"):
        return _utf_16(raw, claimed)
    unclear = claimed is None or claimed == "utf-8" or claimed in _WESTERN
    utf8 = _strict(raw, "utf-8") if unclear else None
    if utf8 is not None:  # bytes of another charset are hardly ever valid UTF-8 by chance
        return utf8
    if claimed is not None and claimed != "utf-8" and not _is_ascii(label):
        text = _strict(raw, claimed)
        return raw.decode(claimed, "replace") if text is None else text
    return raw.decode("utf-8", "replace") if _mostly_utf8(raw) else raw.decode(_guess(raw), "replace")


def _is_ascii(label: str | None) -> bool:
    """Return whether a label claims ASCII alone, which says nothing about the bytes beyond it."""
    return "ascii" in (label or "").lower() or "x3.4" in (label or "").lower()


def _by_mark(raw: bytes) -> str | None:
    """Return the text of bytes that begin with a byte order mark, which speaks louder than any label; None without one."""
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    return None


def _utf_16(raw: bytes, claimed: str) -> str:
    """Return UTF-16 without a mark in the byte order that its zeros show; text without any zero is not UTF-16 whatever it claims."""
    high, low = raw[0::2].count(0), raw[1::2].count(0)
    if not high and not low and _strict(raw, "utf-8") is not None:
        return raw.decode("utf-8", "replace")
    return raw.decode("utf-16-be" if high > low else "utf-16-le" if low > high else claimed, "replace")


def _strict(raw: bytes, name: str) -> str | None:
    """Return the text, without half a character at the end; None where it is not in this charset."""
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(raw) - _TAIL or error.start == 0:
            return None
        rest = raw[error.start :]
        if name == "utf-8" and error.reason != "unexpected end of data":
            return None
        return raw[: error.start].decode(name, "replace") if rest and error.end >= len(raw) else None
    except (LookupError, ValueError):
        return None


def _mostly_utf8(raw: bytes) -> bool:
    """Return whether bytes that are not valid UTF-8 are it but for a few: two texts were joined, or a character was cut in the middle."""
    high = sum(len(one) for one in _SEQUENCE.findall(raw))
    return high > 0 and high >= 0.8 * (len(raw) - len(raw.translate(None, bytes(range(0x80, 0x100)))))


def _guess(raw: bytes) -> str:
    """Return the charset that undeclared bytes are most likely in; Western where nothing speaks for another.

    Letters beyond ASCII are few in a Western text and most of a Chinese, Korean, Japanese or Cyrillic one.
    """
    high = len(raw) - len(raw.translate(None, bytes(range(0x80, 0x100))))
    letters = high + sum(map(raw.count, b"etaoinsrhl"))
    if high < 6 or high < 0.6 * letters:
        return "cp1252"
    return next((name for name in ("gb18030", "cp932", "cp949") if _fits(raw, name)), _cyrillic(raw))


def _fits(raw: bytes, name: str) -> bool:
    """Return whether bytes make common characters of an East Asian charset."""
    text = _strict(raw, name)
    if text is None:
        return False
    foreign = [c for c in text if c > "\x7f"]
    if name == "gb18030" and not _frequent_chinese(text):
        return False
    if name == "cp932" and 5 * sum("\u3040" <= c <= "\u30ff" for c in foreign) < len(foreign):
        return False
    return len(_COMMON[name].findall(text)) >= 0.95 * len(foreign)


# The characters that make up a fifth of any Chinese text; Korean and Cyrillic bytes read as GB 18030 give rare ones.
_CHINESE = frozenset(
    "的一是不了在有我他这中大来上个国们你为和地到以说时要就出会可也对生能而子那得于着下自之年发后作里您请好谢吗公司报价"
)


def _frequent_chinese(text: str) -> bool:
    return sum(c in _CHINESE for c in text) >= 0.08 * sum(c > "\x7f" for c in text)


def _cyrillic(raw: bytes) -> str:
    """Return the Cyrillic charset in which most letters are small, as they are in any text; Western where neither gives letters."""
    small = {name: sum("\u0430" <= c <= "\u045f" for c in raw.decode(name, "replace")) for name in ("koi8_r", "cp1251")}
    best = max(small, key=lambda name: small[name])
    return best if small[best] >= 0.4 * sum(c > 0x7F for c in raw) else "cp1252"


def _without_c1(text: str) -> str:
    """Return the text with the control characters of C1, which no mail contains, as the letters of windows-1252 that were meant."""
    return text.translate(_C1) if _HAS_C1.search(text) else text
