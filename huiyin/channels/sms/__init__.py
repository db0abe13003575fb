"""Short messages, out: through a gateway that takes JSON by HTTPS."""
