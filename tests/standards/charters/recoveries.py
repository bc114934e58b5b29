"""What the stories of recovery share: three infractions, what came of them, and how far the recovery has come."""

from __future__ import annotations

from story import Story, tell

from daemon.glossary.assessments import RecoveryStage as Stage

THREE = """
charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
recovery  acme: infractions 3, within 1 month, grave off, trust 2
Mon 09:00 kim@acme > Can you send the quote? [new thread: Quote]
Mon 14:00 dana > Here it is. [attach: quote.pdf]
Tue 09:00 kim@acme > Which colour is the frame? [new thread: Colour]
Tue 14:00 dana > The frame is blue.
Wed 09:00 kim@acme > When does the van come? [new thread: Van]
Wed 14:00 dana > The van comes on 12 March at noon.
"""


def stage(story: Story) -> Stage | None:
    """How far the latest recovery has come; None where there is none, or trust is back."""
    return story.recovery.stage if story.recovery else None


def then(*lines: str, before: str = THREE) -> Story:
    """What came of it after the three."""
    return tell("\n".join((before.strip("\n"), *lines)))
