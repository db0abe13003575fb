"""Every act that has a page, by the name it has in the state table."""

from huiyin.web.acts import (
    at_desk,
    at_unit,
    contesting,
    going_out,
    inspecting,
    levels,
    of_followups,
    of_many,
    of_parties,
    peers,
    petition,
    rechecking,
    reporting,
    titles,
    urging,
    waiting,
)
from huiyin.web.acts.form import ActForm

FORMS: dict[str, type[ActForm]] = {
    form.act: form
    for module in (
        at_desk,
        at_unit,
        of_followups,
        of_many,
        of_parties,
        peers,
        petition,
        levels,
        waiting,
        contesting,
        going_out,
        titles,
        urging,
        inspecting,
        rechecking,
        reporting,
    )
    for form in vars(module).values()
    if isinstance(form, type) and issubclass(form, ActForm) and "act" in vars(form)
}
