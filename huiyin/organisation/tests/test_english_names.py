"""What the profile calls things in English, for pages in English; in Chinese where it has no other name."""

import pytest
from django.utils import translation

from huiyin.cases.models import Category
from huiyin.organisation.models import Region, Unit
from huiyin.organisation.place import doors
from huiyin.organisation.queries import unit_name


@pytest.mark.parametrize("kind", [Region, Unit, Category])
def test_a_row_has_two_names_and_falls_back_to_the_one_it_has(kind):
    both, one = kind(name="城管局", name_en="City Management"), kind(name="城管局")
    with translation.override("en"):
        assert (str(both), str(one)) == ("City Management", "城管局")
    with translation.override("zh-hans"):
        assert str(both) == "城管局"


def test_a_unit_s_full_name_too():
    unit = Unit(name="听风县城市管理局", short_name="城管局", name_en="City Management Bureau")
    with translation.override("en"):
        assert unit.full_name == "City Management Bureau"
    with translation.override("zh-hans"):
        assert (unit.full_name, str(unit)) == ("听风县城市管理局", "城管局")


@pytest.mark.django_db
def test_one_reader_s_language_is_not_remembered_for_the_next(cast):
    Unit.objects.filter(pk=cast.chengguan.pk).update(name_en="City Management")
    with translation.override("en"):
        assert unit_name(cast.chengguan.code) == "City Management"
    with translation.override("zh-hans"):
        assert unit_name(cast.chengguan.code) == cast.chengguan.short_name


def test_doors_are_named_in_the_reader_s_language(settings):
    settings.HUIYIN_PROFILE = "antu"
    with translation.override("en"):
        assert doors()[1].name == "Legal aid" and doors()[1].duty == "Gives legal help"
    with translation.override("zh-hans"):
        assert doors()[1].name == "法律援助"
