"""The acts of this room."""

from huiyin.evaluation.actions.calling_back import call_back, dial
from huiyin.evaluation.actions.contest import contest_rating, refuse_contest, uphold_contest
from huiyin.evaluation.actions.pressed import look_into_pressure, say_pressed
from huiyin.evaluation.actions.rate import rate
from huiyin.evaluation.actions.rate_bringer import rate_bringer
from huiyin.evaluation.actions.second_opinion import ask_second_opinion, give_second_opinion

__all__ = ["ask_second_opinion", "call_back", "contest_rating", "dial", "give_second_opinion", "look_into_pressure",
           "rate", "rate_bringer", "refuse_contest", "say_pressed", "uphold_contest"]  # fmt: skip
