"""Setting a document on paper: typst in a process of its own, with fonts that come with the program."""
