"""《诉求问题反馈表》: drawn up from a case, sent to whom the place names, with receipt and reading on the record."""
