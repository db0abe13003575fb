"""The case as the office sees it: one page for desk, unit and supervisor, each shown what is theirs."""
