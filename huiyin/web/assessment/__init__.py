"""考核: units compared fairly, annual sheets, the rules and what they would have done, what is left out, hints."""
