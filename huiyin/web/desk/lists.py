"""What every list of the office has in common: tabs, filters in the address, pages by key, rows with a clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.cases import choices
from huiyin.cases.counting import shown
from huiyin.cases.queries import Listing, Wanted, clock_of
from huiyin.kernel import clock as wall
from huiyin.organisation.directory import indented, places_within
from huiyin.organisation.place import doors
from huiyin.web.addresses import page_of
from huiyin.web.cases.clocks import row_clock
from huiyin.web.components.matter import Badge, Matter
from huiyin.web.forms import Choosing, Day, Ticking
from huiyin.web.words import day

TONES = {"registered": "quiet", "accepted": "quiet", "closed": "done", "explained": "done", "told": "done"}
URGENT = {"pressing": "soon", "immediate": "late"}


@dataclass(frozen=True)
class Tab:
    """One way of looking at a list; `empty` says what will stand there and how it comes."""

    name: str
    label: Any
    states: Sequence[str] = ()
    mark: str = ""
    order: str = "due"
    empty: Any = ""


def day_field(label: Any) -> forms.DateField:
    """A day that narrows a list."""
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"], widget=Day)


class FilterForm(forms.Form):
    """What narrows a list; it stands in the address, and a value that makes no sense there is passed over."""

    nature = forms.ChoiceField(label=_("性质"), required=False, widget=Choosing)
    urgency = forms.ChoiceField(label=_("紧急程度"), required=False, widget=Choosing)
    region = forms.ChoiceField(label=_("地点"), required=False, widget=Choosing)
    door = forms.ChoiceField(label=_("窗口"), required=False, widget=Choosing)
    since = day_field(_("收到日期从"))
    until = day_field(_("到"))
    late = forms.BooleanField(label=_("只看超期的"), required=False, widget=Ticking)
    urgent_first = forms.BooleanField(label=_("急件优先"), required=False, widget=Ticking)

    def __init__(self, told: Mapping[str, str], *, within: str) -> None:
        super().__init__(told, auto_id="filter_%s")
        self.within = within
        self.places = {row.code: row for row in places_within(within)}
        self.offer()
        self.is_valid()

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.fields["nature"].choices = [("", _("全部")), *choices.NATURES]
        self.fields["urgency"].choices = [("", _("全部")), *choices.URGENCIES]
        self.fields["region"].choices = [("", _("全部")), *indented(tuple(self.places.values()))]
        self.fields["door"].choices = [("", _("全部")), *((door.code, door.name) for door in doors())]
        if not doors():
            del self.fields["door"]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self) -> dict[str, Any]:
        """The same as a query understands them."""
        chosen = dict(self.chosen)
        if chosen.pop("urgent_first", False):
            chosen["order"] = "urgent"
        chosen |= {name: chosen[name].isoformat() for name in ("since", "until") if name in chosen}
        place = self.places.get(chosen.pop("region", ""))
        return {**chosen, **({"region_path": place.path} if place else {})}


def chosen_tab(request: HttpRequest, tabs: Sequence[Tab], default: str) -> Tab:
    """The tab named in the address; the default one without a name, or with one that does not exist."""
    named = {tab.name: tab for tab in tabs}
    return named.get(request.GET.get("tab", ""), named[default])


def wanted(request: HttpRequest, tab: Tab, filters: FilterForm) -> Wanted:
    """What the list is to show."""
    asked = {"states": tab.states, "mark": tab.mark, "order": tab.order, **filters.narrowed()}
    if tab.order != "due":  # the urgent ones stand first among what waits; elsewhere that means nothing
        by_day = "received" if asked.get("since") or asked.get("until") else tab.order
        asked["order"] = "due" if asked.get("late") else by_day
    return Wanted(after=request.GET.get("after", ""), before=request.GET.get("before", ""), **asked)


def counted(tabs: Sequence[Tab]) -> dict[str, Wanted]:
    """The lists whose lengths stand on the tabs: those of what waits, and all that is late."""
    waiting = {tab.name: Wanted(states=tab.states, mark=tab.mark) for tab in tabs if tab.order == "due"}
    return {**waiting, "late": Wanted(late=True)}


def frame(request: HttpRequest, tabs: Sequence[Tab], tab: Tab, filters: FilterForm | None, listing: Listing,
          counted: Mapping[str, int]) -> dict[str, Any]:  # fmt: skip
    """What stands around the rows: tabs with their counts, filters, and the ways to the pages beside this one."""
    return {
        "tabs": [
            {
                "label": each.label,
                "url": address(request, tab=each.name),
                "current": each == tab,
                "count": shown(counted[each.name]) if each.name in counted else None,
            }
            for each in tabs
        ],
        "tab": tab,
        "late_count": shown(counted.get("late", 0)),
        "late_url": address(request, tab=tab.name, late="on"),
        "filters": filters,
        "clear_url": f"?tab={tab.name}",
        "first_url": address(request, tab=tab.name),
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "previous_url": address(request, tab=tab.name, before=listing.earlier) if listing.earlier else "",
        "next_url": address(request, tab=tab.name, after=listing.later) if listing.later else "",
        "shown": len(listing.rows),
    }


def framed(
    request: HttpRequest, tabs: Mapping[str, tuple[Any, Any]], tab: str, listing: Any
) -> dict[str, Any]:
    """The same for plain tabs: by their names, each with its label and what to say of it when empty."""
    known = {name: Tab(name, label, empty=empty) for name, (label, empty) in tabs.items()}
    return frame(request, list(known.values()), known[tab], None, listing, {})


def address(request: HttpRequest, **changes: str) -> str:
    """The address of this list with some of its filters changed, at its first page unless a key is given."""
    asked = request.GET.copy()
    for name in ("after", "before"):
        asked.pop(name, None)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


def export_url(request: HttpRequest, which: str) -> str:
    """Where this list, with the filters of its address, is asked for as a file."""
    return f"{reverse('exports:new', args=[which])}{address(request)}"


def reminded(act_by: date) -> Badge:
    """The mark of a reminder 催办, until the unit has acted: by which day, and whether that is over."""
    if act_by < wall.local_date(wall.now()):
        return Badge("late", _("催办过期未动"))
    return Badge("soon", _("催办：最迟 %(day)s") % {"day": day(act_by)})


def watched(case: Any) -> list[Badge]:
    """What marks a case for the desk and for those who oversee, and for nobody else."""
    return [reminded(case.reminded_until)] if case.reminded_until else []


def matter_of(case: Any, *, url: str = "", chosen: bool = False, tick: str = "",
              marks: Sequence[Badge] = ()) -> Matter:  # fmt: skip
    """A case as a row, as `queries.with_clocks` reads it.

    It leads to the case's own page, or to `url`; `chosen` marks the one that is open beside the list;
    `tick` names the form of a box for choosing several; `marks` stand before what every reader may know.
    """
    running = clock_of(case)
    return Matter(
        url=url or page_of("cases:case", case.number),
        selected=chosen,
        tick=tick,
        number=case.number,
        title=case.title,
        nature=case.get_nature_display(),
        place=place_of(case),
        unit=str(case.holder_unit) if case.holder_unit else "",
        at=case.received_at,
        clock=row_clock(running, rests_until=case.due_at) if running else None,
        badges=[*marks, *badges(case)],
        key=str(case.pk),
    )


def place_of(case: Any) -> str:
    """Region and place, once where the place names its region itself."""
    region = str(case.region)
    return str(case.place) if case.place.startswith(region) else " ".join(filter(None, (region, case.place)))


def badges(case: Any) -> list[Badge]:
    """State, urgency when it is not the ordinary one, how many people when several, the round when not the first."""
    found = [Badge(TONES.get(case.state, "active"), case.get_state_display())]
    if case.urgency in URGENT:
        found.append(Badge(URGENT[case.urgency], case.get_urgency_display()))
    if case.headcount > 1:
        found.append(Badge("quiet", _("%(n)d 人次") % {"n": case.headcount}))
    if case.finalised_at is not None:
        found.append(Badge("quiet", _("已终结")))
    if case.round > 1:
        found.append(Badge("soon", _("第 %(n)d 轮") % {"n": case.round}))
    return found
