"""Tracking: what opens a request or a promise, and what settles it. `requests`, `promises`, `questions` and `promised_meetings` judge
single mails and events; `request_tracking` and `promise_tracking` follow a client's timeline with them. Part of `daemon.core`.
"""
