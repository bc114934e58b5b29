"""Change a YAML file that people wrote: only the lines that are meant, with comments, order and quotes as they are."""
