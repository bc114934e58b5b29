"""What the commands print for a person: one module a page. They read no arguments and ask nothing."""
