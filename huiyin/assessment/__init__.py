"""考核: how units answer, by dated rules, compared only as far as their numbers allow."""
