"""Short messages, out. A gateway is one class with `deliver`; none is built in, because each town has its own."""
