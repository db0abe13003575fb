"""The channel of those who ask somebody of the office to write for them: by phone, letter, visit or walk."""
