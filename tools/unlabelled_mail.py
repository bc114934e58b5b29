# noqa: INP001  # a script
"""Collects mail without labels from clones of public archives, from which the models learn more words (`tools/distillation.py`).

    python tools/unlabelled_mail.py MIRRORS OUT [--without MAILS ...]

MIRRORS is as for `tools/public_mail.py`. ARCHIVES names the repositories, their commits, and how many mails are taken of each: the same
ones each time, chosen by the hashes of their texts and never two of one text. Mails whose text is among those of MAILS, which are JSON
Lines, are left out, so that what measures the models is never learnt from. OUT gets a mail a line, for --unlabelled of tools/train.py.

Needs git, and nothing but Python's standard library.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import subprocess
from collections.abc import Iterator
from heapq import nsmallest
from pathlib import Path

from public_archives import archived_mails
from public_mail import clone_of

ARCHIVES = (
    ("karenwsit/enron_data_project", "1b1bde29985b624369a19acac35a3b56fc79208e", 2000),
    ("johnsica/enron-email-corpus", "b0137f21ef5c7ad165d089cf63e59475c8e65eef", 4000),
    ("JoshData/dc-bega-emails", "96073f4780aaf73066a4ed9e1ccb61f61beddf72", 2000),
    ("nveldt/fauci-email", "c5aff5533264b2e959215f5d9474de07e3f9fa93", 1500),
    ("datahoarder/secretary-clinton-email-dump", "3a745b81c168126bfeca20ce2b22bfd7de101296", 3000),
    ("cf-convention/mailing-list-archive", "9ae5665931ebc6882510cf8c7056af3733b62605", 1200),
    ("MichaelChirico/r-mailing-list-archive", "537fd9364a812dae1a01c0f6f96bfee53fb415f0", 2500),
    ("twisted/pipermail", "75a0ed20ffa55cc4354dc11e725a2f2c096f566c", 1200),
    ("imagej/pipermail", "e1ba8566b04f736fe4e2ef06b8cea2a97ef36897", 1500),
)
MAX_FILES = 6000  # of a repository that are looked through
MAX_TEXT = 8000  # characters of a mail
MIN_WORDS = 3
HASH_DIGITS = 16  # of a text's hash, by which places in tools/training name the mail
NOT_MAIL = frozenset(("cats", "ds_store", "gitignore", "png", "jpg", "css", "js", "py"))


def unlabelled(mirrors: Path, without: frozenset[str]) -> Iterator[dict[str, str]]:
    """Yield the chosen mails of every archive that is among the clones; `without` are hashes of texts that are left out."""
    taken = set(without)
    for repository, commit, most in ARCHIVES:
        if clone := clone_of(mirrors, repository):
            found = {name: text for name, text in _texts(clone, repository, commit) if name not in taken}
            for name in nsmallest(most, found):
                taken.add(name)
                yield {"source": repository, "text": found[name]}


def text_hash(text: str) -> str:
    """Return by what two texts are the same: a hash of their words."""
    return hashlib.sha256(" ".join(re.findall(r"\w+", text.lower())[:100]).encode()).hexdigest()


def _texts(clone: Path, repository: str, commit: str) -> Iterator[tuple[str, str]]:
    """Yield the hash and the text of each mail of a repository."""
    for path, raw in _files(clone, commit):
        try:
            mails = list(archived_mails(repository, path, raw))
        except (ValueError, KeyError, TypeError, AttributeError):  # not a file of mails
            continue
        for mail in mails:
            if len(mail.text.split()) >= MIN_WORDS:
                yield text_hash(mail.text), mail.text[:MAX_TEXT]


def _files(clone: Path, commit: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of a commit's files, of very many those whose paths have the least hashes."""
    git = ["git", "--git-dir", str(clone)]
    listed = subprocess.run([*git, "ls-tree", "-r", "-z", commit], check=True, capture_output=True, text=True).stdout
    rows = [row.split("\t", 1) for row in listed.split("\0") if row]
    rows = [row for row in rows if row[1].rpartition(".")[2].lower() not in NOT_MAIL]
    chosen = nsmallest(MAX_FILES, rows, key=lambda row: hashlib.sha256(row[1].encode()).hexdigest())
    names = "\n".join(meta.split()[2] for meta, _ in chosen)
    content = io.BytesIO(
        subprocess.run([*git, "cat-file", "--batch"], check=True, capture_output=True, input=names.encode()).stdout
    )
    for _, path in chosen:
        _, *told = content.readline().split()
        if told == [b"missing"]:  # a snapshot may lack its largest files
            continue
        yield path, content.read(int(told[1]))
        content.read(1)  # the line break after it


def main() -> None:
    """Write the mails, and say how many they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mirrors", type=Path, help='folder of the clones, each in a folder "owner+name"')
    parser.add_argument("out", type=Path, help="file to write, JSON Lines")
    parser.add_argument(
        "--without", type=Path, nargs="*", default=(), help="mails that are left out, JSON Lines with a text each"
    )
    args = parser.parse_args()
    lines = (line for path in args.without for line in path.open(encoding="utf-8"))
    rows = list(unlabelled(args.mirrors, frozenset(text_hash(json.loads(line)["text"]) for line in lines)))
    args.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} mails written to {args.out}")  # noqa: T201  # a command's result


if __name__ == "__main__":
    main()
