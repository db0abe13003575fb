"""Addresses of assessment."""

from django.urls import path

from huiyin.web.assessment import hints, omissions, rules, sheets, views

app_name = "assessment"
urlpatterns = [
    path("", views.units, name="units"),
    path("file/", views.file, name="file"),
    path("unit/", sheets.unit, name="unit"),
    path("people/", sheets.people, name="people"),
    path("cases/", sheets.cases, name="cases"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.new, name="rule_new"),
    path("rules/<int:key>/", rules.look, name="rule"),
    path("hints/", hints.hints, name="hints"),
    path("omissions/", omissions.omissions, name="omissions"),
    path("omissions/new/", omissions.new, name="omission_new"),
    path("omissions/<int:key>/", omissions.decide, name="omission"),
]
