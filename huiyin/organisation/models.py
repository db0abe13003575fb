"""Regions, units, duty lists and posts, each with the dates between which it holds."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import Role
from huiyin.kernel.rows import Read


def named(name: str, name_en: str) -> str:
    """What a row of the profile is called in the reader's language; in its own where the profile has no other."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


class Dated(Read):
    """A row that holds from one date to another and may have a successor; cases keep the row they met."""

    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("失效日期"), null=True, blank=True, help_text=_("含当日"))
    successor = models.ForeignKey(
        "self",
        verbose_name=_("后继"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    class Meta:
        abstract = True


class Region(Dated):
    """A place in the one tree of this installation; `path` is its codes from the root, for subtrees."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县区")
        STREET = "street", _("街道乡镇")
        COMMUNITY = "community", _("社区村")
        GRID = "grid", _("网格")

    code = models.CharField(_("编码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    level = models.CharField(_("层级"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, db_index=True, help_text="/root/…/code/")
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)

    def __str__(self) -> str:
        return named(self.name, self.name_en)


class Unit(Dated):
    """A body that receives, handles or supervises: department, street, community, utility, association."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("受理中心")
        DEPARTMENT = "department", _("部门")
        STREET = "street", _("街道乡镇")
        COMMUNITY = "community", _("社区村")
        UTILITY = "utility", _("公用企业")
        SOCIAL = "social", _("社会组织")
        SUPERVISION = "supervision", _("督办机构")
        LEADERSHIP = "leadership", _("领导机构")

    code = models.CharField(_("编码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=20, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    region = models.ForeignKey(Region, verbose_name=_("辖区"), on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=200, db_index=True, help_text="/root/…/code/")
    liaison = models.ForeignKey(
        "Post",
        verbose_name=_("联络员"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="liaison_for",
    )
    phone = models.CharField(_("公开电话"), max_length=40, blank=True)
    superior = models.ForeignKey(
        "self",
        verbose_name=_("上级主管部门"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="may be asked to review its opinions",
    )

    def __str__(self) -> str:
        return named(self.short_name or self.name, self.name_en)

    @property
    def full_name(self) -> str:
        """The name in full, in the reader's language."""
        return named(self.name, self.name_en)


class DutyItem(Dated):
    """A line of a unit's published duty list 职责清单: it may lead, or only assist, in a category."""

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        ASSIST = "assist", _("协助")

    successor = None
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="duties")
    category_code = models.CharField(_("类别编码"), max_length=20, help_text=_("含其下级类别"))
    part = models.CharField(_("职责"), max_length=8, choices=Part, default=Part.LEAD)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "category_code", "part"], name="duty_once")]


class Post(Dated):
    """A role that a person holds in a unit; one person may hold several, and acts under one at a time."""

    code = models.CharField(_("编码"), max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("角色"), max_length=16, choices=Role)
    title = models.CharField(_("职务"), max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "role"])]

    def __str__(self) -> str:
        return f"{self.unit} {self.title or self.get_role_display()}"


class SavedFilter(models.Model):
    """A list with its filters under a name of its own; a post's, not a person's, and nobody else sees it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="filters")
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "name"], name="filter_once")]

    def __str__(self) -> str:
        return self.name
