"""The look-back: `page` is the letter that people read, `document` its figures for --json. Part of `daemon.letters`."""
