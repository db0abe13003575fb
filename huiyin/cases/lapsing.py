"""What lies beside a case lapses when the case ends: no clock runs on, nothing waits for a decision any more."""

from collections.abc import Callable, Sequence

from huiyin.cases.casefile import CaseFile
from huiyin.cases.instructions import lapse_instructions
from huiyin.cases.peers import lapse_with_case
from huiyin.cases.referring import lapse_referrals
from huiyin.cases.statements import lapse_statements
from huiyin.cases.terminating import lapse_terminations

# The acts that make rows of one kind, and what lets those rows lapse.
LAPSES: Sequence[tuple[tuple[str, ...], Callable[[CaseFile], None]]] = (
    (("forward", "refer_elsewhere"), lapse_referrals),
    (("propose_termination",), lapse_terminations),
    (("instruct", "ask_again"), lapse_instructions),
    (("ask_peer",), lapse_with_case),
    (("owe_statement", "declare_incident", "coordinate"), lapse_statements),
)


def lapse_asides(file: CaseFile) -> None:
    """Let everything that is still open beside the case lapse; one query, and one a kind that there is."""
    for born, lapse in LAPSES:
        if not file.happened.isdisjoint(born):
            lapse(file)
