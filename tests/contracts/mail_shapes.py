"""How mails are built: each shape of parts that a mail of the same words may have. Every provider reads all of them alike."""

from __future__ import annotations

HEAD = "From: Kim <kim@acme.example>\r\nDate: Mon, 02 Mar 2026 09:14:00 +0000\r\nSubject: x\r\nMessage-ID: <1@acme.example>\r\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\nWords of the mail.\r\n"
HTML = "Content-Type: text/html\r\n\r\n<p>Words of the mail.</p>\r\n"
PDF = "Content-Type: application/pdf; name*=utf-8''Angebot%20f%C3%BCr%20Kim.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJDREVG\r\n"
IMAGE = 'Content-Type: image/png\r\nContent-Disposition: inline; filename="logo.png"\r\n\r\nxx\r\n'
STYLED = f"Content-Type: text/html\r\n\r\n<style>{'p {}' * 6000}</style><p>Words of the mail.</p>\r\n"
FORWARD = f"Content-Type: message/rfc822\r\n\r\n{HEAD}Content-Type: text/plain\r\n\r\ninner\r\n"

REACTION = 'Content-Type: text/vnd.google.email-reaction+json; charset=utf-8\r\n\r\n{"version": 1, "emoji": "+1"}\r\n'
RECEIPT = "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;kim@acme.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    inner = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{inner}--{boundary}--\r\n"


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
    "reaction": multipart("alternative", PLAIN, REACTION, HTML),
}
