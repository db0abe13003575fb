"""The home page: what this is, what to do, and what happens next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.web.navigation import CITIZEN, resolved
from huiyin.web.public.example import example


def home(request: HttpRequest) -> HttpResponse:
    """One screen that says what Huiyin does, with one tap to the form."""
    actions = {way.to.partition(":")[2]: way for way in resolved(CITIZEN, "")}
    return render(request, "public/home.html", {"actions": actions, "example": example()})
