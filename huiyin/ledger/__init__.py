"""Append-only events of every act, their global order, and the proof that none was dropped."""
