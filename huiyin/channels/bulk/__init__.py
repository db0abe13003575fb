"""The bulk channel: messages that another system wrote down, read from a file and replayed as acts."""
