"""The bundled sample office: one salesperson, sixty days of mail and meetings, as a Maildir and a folder of .ics files.

The office is written by hand in the YAML files beside this module, one file for each client, and built into a folder with the same
bytes at every run. All companies and people are invented; their addresses end in .example, except one on a public domain.

The same builder writes any other office from a folder of the same shape; `config.yaml` there says whose it is.

A mail has `at` (its writer's local time), `from` (a name from the file's `people`), `text` (or `html`), and where needed `to`,
`cc`, `subject`, `re` (which earlier mail of the thread it answers, counted from 0; none for a broken thread), `quote` (one of the
styles of `quoting`), `sign` (one of the file's `signatures`), `headers`, `attach`, `folder`, `threaded` (false: without References),
and `case`, the hard case that it is an example of. A file may name its people's time zone (`zone`), the `quote` of their mails, and
what stands before the subject of an answer (`answer`).

Only the commands import this package; it imports nothing else of Kept.
"""

from __future__ import annotations

from daemon.sample.build import NOW, cases, write_office

__all__ = ["NOW", "cases", "write_office"]
