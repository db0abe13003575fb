"""Addresses of the citizen's pages; a case number may stand in one, a code, a name or a telephone never."""

from django.urls import path

from huiyin.web.citizen import joining, mine, views

app_name = "citizen"
urlpatterns = [
    path("new/", views.new, name="new"),
    path("new/similar/", views.similar, name="similar"),
    path("new/<str:number>/", views.receipt, name="receipt"),
    path("join/<str:number>/", joining.join, name="join"),
    path("mine/", mine.mine, name="mine"),
    path("mine/code/", mine.code, name="mine_code"),
    path("mine/leave/", mine.leave, name="mine_leave"),
    path("follow/", views.follow, name="follow"),
    path("follow/forget/", views.forget, name="forget"),
    path("follow/<str:number>/", views.case, name="case"),
    path("follow/<str:number>/files/<int:key>/", views.file, name="file"),
    path("follow/<str:number>/papers/<slug:kind>/", views.paper, name="paper"),
    path("follow/<str:number>/<slug:act>/", views.act, name="act"),
]
