# noqa: INP001  # a script
"""Rebuilds the labelled mails of public archives, whose text is not kept here, from clones of their repositories.

    python tools/public_mail.py MIRRORS OUT

tools/training/lists.jsonl labels these mails by their place: repository, commit, path, and the mail's key in that file. MIRRORS holds
a clone of each repository in a folder "owner+name", with or without a work tree, or in the folder "repo" inside that. What is not
there is named and left out. OUT gets a mail a line, as JSON, for the option --archives of tools/train.py.

Needs git, and nothing but Python's standard library.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from email.utils import getaddresses
from functools import cache
from pathlib import Path
from typing import Any

from public_archives import ArchivedMail, archived_mails

LABELS = Path(__file__).parent / "training" / "lists.jsonl"
NAMED_ONLY = "people.example"  # the domain of people of whom an archive gives only the name
# A surname, a comma, and what follows it up to the next person or the address. In archives a quotation mark may be left of a pair.
SURNAME_FIRST = re.compile(r"(^|[;,])\s*((?:[a-z.]+ )*[\w'’-]+),\s*\"?([^;,<>\"@]+?)\s*\"?\s*(?=[;,<]|$)")
# All up to a comma or semicolon that stands neither in quotes nor in brackets of either kind.
PERSON = re.compile(r'(?:"[^"]*"|<[^<>]*>|\((?:[^()]|\([^()]*\))*\)|[^,;])+')


def rebuilt(labels: Iterable[Mapping[str, Any]], mirrors: Path) -> Iterator[dict[str, Any]]:
    """Yield the labelled mails that are among the clones, and say on standard error which are not."""
    for label in labels:
        repository, commit, path = label["repo"], label["commit"], label["path"]
        if clone := clone_of(mirrors, repository):
            if mail := _mails(clone, repository, commit, path).get(label["message_id"]):
                yield _row(label["id"], mail)
            else:
                _say(f"{label['id']} is left out: {repository} has no mail {label['message_id']} in {path} of {commit}.")


@cache
def clone_of(mirrors: Path, repository: str) -> Path | None:
    """Return the folder in which git keeps a repository's clone."""
    folder = mirrors / repository.replace("/", "+")
    for place in (folder / ".git", folder, folder / "repo" / ".git", folder / "repo"):
        if (place / "HEAD").is_file():
            return place
    _say(f"The mails of {repository} are left out: there is no clone of it in {folder}.")
    return None


@cache
def _mails(clone: Path, repository: str, commit: str, path: str) -> Mapping[str, ArchivedMail]:
    """Return the mails of one file by their keys; of those that share a key, the first."""
    git = ["git", "--git-dir", str(clone), "cat-file", "blob", f"{commit}:{path}"]
    blob = subprocess.run(git, check=False, capture_output=True)
    if blob.returncode:
        _say(f"{repository}: {blob.stderr.decode(errors='replace').strip()}")
        return {}
    mails = list(archived_mails(repository, path, blob.stdout))
    return {mail.key: mail for mail in reversed(mails)}


def _row(name: str, mail: ArchivedMail) -> dict[str, Any]:
    return {
        "id": name,
        "from": next(addresses(mail.sender), ""),
        "to": list(addresses(mail.to)),
        "cc": list(addresses(mail.cc)),
        "date": mail.date.isoformat(),
        "subject": mail.subject,
        "text": mail.text,
    }


def addresses(field: str) -> Iterator[str]:
    """Yield the bare addresses of a header field; a person without an address gets one that is made of the name.

    Mail programs part people by semicolons, too, and some write "Surname, Given" without quotes. So the comma after a single word (or
    one with small words before it, as in "van den Berg") parts nobody: two people who are named by a word each are taken for one.
    """
    for person in PERSON.findall(_given_name_first(field)):
        name, address = next(iter(_parsed(person)), ("", ""))
        if "@" in address:
            yield address
        elif words := re.findall(r"\w+", _given_name_first(_name_beside_address(person) or name or person).lower()):
            yield f"{'.'.join(words)}@{NAMED_ONLY}"


def _given_name_first(names: str) -> str:
    return SURNAME_FIRST.sub(r"\1 \3 \2 ", names)


def _name_beside_address(person: str) -> str:
    """Return the name of "kim at acme.example (Kim Lee)", as some archives write against spam; nothing of any other form."""
    match = re.fullmatch(r"[^<]*(?:@| at )[^<]*?\((.*)\)\s*", person)
    return match[1] if match else ""


def _parsed(field: str) -> list[tuple[str, str]]:
    """Return names and addresses, also of fields that archives have garbled, which later releases of Python otherwise refuse."""
    try:
        return getaddresses([field], strict=False)
    except TypeError:  # a release before that option
        return getaddresses([field])


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201  # a command's progress


def main() -> None:
    """Write the mails, and say how many of the labelled ones they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mirrors", type=Path, help='folder of the clones, each in a folder "owner+name"')
    parser.add_argument("out", type=Path, help="file to write, JSON Lines")
    args = parser.parse_args()
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    rows = list(rebuilt(labels, args.mirrors))
    args.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    _say(f"{len(rows)} of {len(labels)} mails written to {args.out}")


if __name__ == "__main__":
    main()
