"""What README's performance table is made from; each file prints its own figures."""
