"""The acts of assessment, one door each."""

from huiyin.assessment.actions.omit import agree_to_omission, propose_omission, refuse_omission
from huiyin.assessment.actions.rule import propose_rule, switch_on

__all__ = ["agree_to_omission", "propose_omission", "propose_rule", "refuse_omission", "switch_on"]
