"""Local: a Maildir, a folder of .ics files, and a folder that receives the mail instead of its being sent.

Imports `connectors.mail`, `calendar`, `errors`, `base`, `formats` and `net`, and no other provider package. Opened by name through
`connectors`; `daemon.config` and everything above it may import it.
"""
