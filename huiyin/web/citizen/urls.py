"""Addresses of the citizen's pages; a case number may stand in one, a code, a name or a telephone never."""

from django.urls import path

from huiyin.web.citizen import views

app_name = "citizen"
urlpatterns = [
    path("new/", views.new, name="new"),
    path("new/<str:number>/", views.receipt, name="receipt"),
    path("follow/", views.follow, name="follow"),
    path("follow/forget/", views.forget, name="forget"),
    path("follow/<str:number>/", views.case, name="case"),
    path("follow/<str:number>/files/<int:key>/", views.file, name="file"),
    path("follow/<str:number>/papers/<slug:kind>/", views.paper, name="paper"),
    path("follow/<str:number>/<slug:act>/", views.act, name="act"),
]
