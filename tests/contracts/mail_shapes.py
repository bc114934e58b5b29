"""How mails are built: each shape of parts that a mail of the same words may have. Every provider reads all of them alike."""

from __future__ import annotations

import base64

from contracts.wrapped_mail import enveloped_data, signed_data, tnef

HEAD = "From: Kim <kim@acme.example>\r\nDate: Mon, 02 Mar 2026 09:14:00 +0000\r\nSubject: x\r\nMessage-ID: <1@acme.example>\r\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\nWords of the mail.\r\n"
HTML = "Content-Type: text/html\r\n\r\n<p>Words of the mail.</p>\r\n"
PDF = "Content-Type: application/pdf; name*=utf-8''Angebot%20f%C3%BCr%20Kim.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJDREVG\r\n"
IMAGE = 'Content-Type: image/png\r\nContent-Disposition: inline; filename="logo.png"\r\n\r\nxx\r\n'
STYLED = f"Content-Type: text/html\r\n\r\n<style>{'p {}' * 6000}</style><p>Words of the mail.</p>\r\n"
FORWARD = f"Content-Type: message/rfc822\r\n\r\n{HEAD}Content-Type: text/plain\r\n\r\ninner\r\n"

_CALENDAR_LINES = (
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "METHOD:REPLY", "BEGIN:VEVENT", "UID:one@northwind.example",
    "DTSTAMP:20260302T090000Z", "SEQUENCE:1", "ORGANIZER:mailto:alice@example.test",
    "ATTENDEE;PARTSTAT=DECLINED:mailto:kim@acme.example", "END:VEVENT", "END:VCALENDAR", "",
)  # fmt: skip
CALENDAR = "\r\n".join(_CALENDAR_LINES)
ANSWER = f"Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n{CALENDAR}"
INVITE_FILE = (
    f"Content-Type: application/ics; name=invite.ics\r\nContent-Disposition: attachment; filename=invite.ics\r\n\r\n{CALENDAR}"
)
REACTION = 'Content-Type: text/vnd.google.email-reaction+json; charset=utf-8\r\n\r\n{"version": 1, "emoji": "+1"}\r\n'
RECEIPT = "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;kim@acme.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    inner = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{inner}--{boundary}--\r\n"


def part(kind: str, *fields: str, text: str = "Words of the mail.") -> str:
    """A part of this type, with further fields."""
    return "\r\n".join((f"Content-Type: {kind}", *fields, "", text, ""))


def packed(content: bytes, kind: str, *fields: str) -> str:
    """A part in base64."""
    return part(
        kind, "Content-Transfer-Encoding: base64", *fields, text=base64.encodebytes(content).decode().replace("\n", "\r\n")
    )


FIRST = part("text/plain", text="Hello,\r\n\r\nthis is how it arrived:")
CALENDAR = part("text/calendar; method=REQUEST", text="BEGIN:VCALENDAR\r\nSUMMARY:Visit\r\nEND:VCALENDAR")
CARD = part("text/x-vcard", text="BEGIN:VCARD\r\nFN:Kim\r\nEND:VCARD")
AMP = part("text/x-amp-html", text="<html amp4email><body>another</body></html>")
NOTICE = part("text/plain", text="This message is in HTML. Please use an HTML capable mail program to view it.")
SIGNATURE = packed(b"signature", 'application/pkcs7-signature; name="smime.p7s"')
PGP_SIGNATURE = part(
    'application/pgp-signature; name="signature.asc"',
    text="-----BEGIN PGP SIGNATURE-----\r\n\r\nxx\r\n-----END PGP SIGNATURE-----",
)
PGP_VERSION = part("application/pgp-encrypted", text="Version: 1")
PGP_MESSAGE = part(
    'application/octet-stream; name="encrypted.asc"', text="-----BEGIN PGP MESSAGE-----\r\n\r\nxx\r\n-----END PGP MESSAGE-----"
)
P7M = 'Content-Disposition: attachment; filename="smime.p7m"'
RPMSG = packed(
    b"xx",
    'application/x-microsoft-rpmsg-message; name="message.rpmsg"',
    "Content-Disposition: attachment; filename=message.rpmsg",
)

SHAPES = {
    "plain": PLAIN,
    "html": HTML,
    "alternative": multipart("alternative", PLAIN, HTML),
    "attachment": multipart("mixed", PLAIN, PDF),
    "alternative and attachment": multipart("mixed", multipart("alternative", PLAIN, HTML, boundary="c"), PDF),
    "image first": multipart("mixed", IMAGE, PLAIN),
    "attachment first": multipart("mixed", PDF, multipart("alternative", PLAIN, HTML, boundary="c")),
    "related": multipart("related", HTML, IMAGE),
    "long style": STYLED,
    "long style in an alternative": multipart("alternative", "Content-Type: text/plain\r\n\r\n \r\n", STYLED),
    "long style and attachment": multipart("mixed", STYLED, PDF),
    "forwarded as an attachment": multipart("mixed", PLAIN, FORWARD),
    "only a document": PDF,
    "base64": "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nV29yZHMgb2YgdGhlIG1haWwuCg==\r\n",
    "no text at all": multipart("mixed", IMAGE, PDF),
    "empty": "\r\n",
    # words in other places than the first text
    "text after a picture": multipart("mixed", FIRST, IMAGE, PLAIN),
    "text after a document": multipart("mixed", FIRST, PDF, PLAIN, boundary="Apple-Mail=1"),
    "page after a document": multipart("mixed", part("text/html", text="<p>Hello</p>"), PDF, HTML),
    "text after an alternative and a document": multipart(
        "mixed", multipart("alternative", FIRST, part("text/html", text="<p>Hello</p>"), boundary="c"), PDF, PLAIN
    ),
    "an alternative with a document in its page": multipart(
        "alternative", PLAIN, multipart("mixed", HTML, PDF, boundary="Apple-Mail=2"), boundary="Apple-Mail=1"
    ),
    "a named text": part('text/plain; name="body.txt"'),
    "a named page": part('text/html; name="mail.html"', "Content-Disposition: inline"),
    "an inline text": part("text/plain", 'Content-Disposition: inline; filename="mail.txt"'),
    "an alternative with names": multipart(
        "alternative", part('text/plain; name="a.txt"'), part('text/html; name="a.html"', text="<p>Words of the mail.</p>")
    ),
    "a named text before a document": multipart("mixed", part('text/plain; name="mail.txt"', "Content-Disposition: inline"), PDF),
    # other texts
    "page and calendar": multipart("alternative", HTML, CALENDAR),
    "calendar first": multipart("alternative", CALENDAR, PLAIN),
    "card first": multipart("mixed", CARD, PLAIN),
    "table first": multipart("mixed", part('text/csv; name="prices.csv"', text="a,b"), PLAIN),
    "a page for AMP": multipart("alternative", PLAIN, AMP, HTML),
    "a page for AMP first": multipart("alternative", AMP, HTML),
    "enriched": part("text/enriched", text="<bold>Words</bold> of the mail."),
    "root of a compound": multipart("related", multipart("alternative", PLAIN, HTML, boundary="c"), IMAGE),
    "signed": multipart("signed", PLAIN, SIGNATURE),
    "signed by PGP": multipart("signed", multipart("mixed", PLAIN, PDF, boundary="c"), PGP_SIGNATURE),
    "delivery report": multipart(
        "report", PLAIN, part("message/delivery-status", text="Action: failed"), part("text/rfc822-headers", text="Subject: y")
    ),
    # plain parts that stand in for the page
    "a notice beside the page": multipart("alternative", NOTICE, HTML),
    "a picture's name beside the page": multipart("alternative", part("text/plain", text="[cid:image001.png@01DA1234]"), HTML),
    "a greeting beside the page": multipart("alternative", part("text/plain", text="Acme news"), HTML),
    # charsets
    "page that names its charset": part(
        "text/html",
        "Content-Transfer-Encoding: quoted-printable",
        text="<meta charset=3Dwindows-1252><p>Words of the mail. Gr=FC=DFe</p>",
    ),
    "smart quotes in Latin-1": part(
        "text/plain; charset=iso-8859-1", "Content-Transfer-Encoding: quoted-printable", text="I=92ll send it. Words of the mail."
    ),
    # wrapped
    "signed and wrapped": packed(signed_data(part("text/plain").encode()), "application/pkcs7-mime; smime-type=signed-data", P7M),
    "signed, wrapped and in pieces": packed(
        signed_data(multipart("mixed", PLAIN, PDF).encode(), in_pieces=True), "application/x-pkcs7-mime; name=smime.p7m", P7M
    ),
    "winmail.dat": multipart(
        "mixed", part("text/plain", text=""), packed(tnef("Words of the mail."), 'application/ms-tnef; name="winmail.dat"')
    ),
    "encrypted by S/MIME": packed(enveloped_data(), "application/pkcs7-mime; smime-type=enveloped-data", P7M),
    "encrypted by PGP": multipart("encrypted", PGP_VERSION, PGP_MESSAGE),
    "encrypted in the text": part("text/plain", text="-----BEGIN PGP MESSAGE-----\r\n\r\nxx\r\n-----END PGP MESSAGE-----"),
    "rights managed": multipart("mixed", part("text/plain", text="Sign in to read this."), RPMSG),
    "answer to a meeting": multipart("alternative", PLAIN, ANSWER),
    "answer to a meeting with HTML": multipart("alternative", PLAIN, HTML, ANSWER),
    "answer to a meeting with a file": multipart("mixed", multipart("alternative", PLAIN, ANSWER, boundary="c"), INVITE_FILE),
    "answer to a meeting as a file alone": multipart("mixed", PLAIN, INVITE_FILE),
    "reaction": multipart("alternative", PLAIN, REACTION, HTML),
}
# How senders and subjects are written: the field, and what it says.
SENDERS = {
    "all in one word": ("=?utf-8?B?IktpbSBMZWUiIDxraW1AYWNtZS5leGFtcGxlPg==?=", ("kim@acme.example", "Kim Lee")),
    "a semicolon in a word": ("=?iso-8859-1?Q?Lee;_Kim?= <kim@acme.example>", ("kim@acme.example", "Lee; Kim")),
    "split in a letter": ("=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?= <j@acme.example>", ("j@acme.example", "Jörg")),
    "an internationalized domain": ("Kim <kim@xn--mller-bau-q9a.example>", ("kim@xn--mller-bau-q9a.example", "Kim")),
}
SUBJECTS = {
    "quotes of Windows in Latin-1": ("=?iso-8859-1?Q?I=92ll_call?=", "I’ll call"),
    "GB 2312 split in a letter": ("=?gb2312?B?xPq6w6M=?= =?GB2312?B?rMfrzsrE+g==?=", "您好，请问您"),
    "spaces in a word": ("=?utf-8?Q?Gr=C3=BC=C3=9Fe aus Bonn?=", "Grüße aus Bonn"),
}
WORDLESS = frozenset(
    {
        "only a document",
        "no text at all",
        "empty",
        "encrypted by S/MIME",
        "encrypted by PGP",
        "encrypted in the text",
        "rights managed",
    }
)
