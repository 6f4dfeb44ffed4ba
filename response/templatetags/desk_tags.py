"""What every page says of the one who looks, of levels and of clocks."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plans.labels import level_name
from response.models import Incident
from response.queries import logging_rights
from shuozhou_ops import clock
from shuozhou_ops.accounts.acting import actor_of, new_key
from shuozhou_ops.accounts.models import User

register = template.Library()


@register.inclusion_tag("_whoami.html", takes_context=True)
def whoami(context: Context) -> dict[str, Any]:
    """Who looks, with which posts, and whether a call may be logged; nothing where nobody has logged in."""
    request: HttpRequest | None = context.get("request")
    if request is None or not isinstance(getattr(request, "user", None), User):
        return {"actor": None}
    actor = actor_of(request)
    posts = "、".join(name for _key, name in actor.post_names)
    may_log = context.get("may_log") or logging_rights.may_log(actor)
    return {"actor": actor, "posts": posts, "may_log": may_log, "request": request}


@register.simple_tag
def form_key() -> SafeString:
    """The hidden key of a form: its act happens once, however often it is sent."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', new_key())


@register.simple_tag
def level_badge(level: int | None) -> SafeString:
    """A response level in words, with a shape; never a colour alone."""
    number = level if level is not None else "none"
    return format_html('<span class="level-badge level-badge--{}">{}</span>', number, level_name(level))


@register.simple_tag
def incident_badge(incident: Incident) -> SafeString:
    """The level an incident is on; where its response is over, that, and not that none ever ran."""
    if incident.level is None and incident.ended_at is not None:
        return format_html('<span class="level-badge level-badge--none">{}</span>', _("响应已结束"))
    return level_badge(incident.level)


@register.filter
def age(since: datetime) -> str:
    """How long ago, in words: 不到 1 分, 12 分, 3 小时 05 分, 2 天 4 小时."""
    minutes = max(0, int((clock.now() - since) / timedelta(minutes=1)))
    if minutes < 1:
        return _("不到 1 分")
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s 小时 %(minutes)02d 分") % {"hours": hours, "minutes": rest}
    return _("%(minutes)s 分") % {"minutes": rest}


@register.simple_tag
def running(since: datetime | None) -> SafeString:
    """A clock that runs from a moment: 0:41; the script lets it go on."""
    if since is None:
        return SafeString("")
    minutes = max(0, int((clock.now() - since) / timedelta(minutes=1)))
    local = timezone.localtime(since)
    return format_html(
        '<time class="clock" datetime="{}" data-since="{}" title="{}">{}:{}</time>',
        since.isoformat(),
        int(since.timestamp()),
        _("自 %(moment)s 起") % {"moment": local.strftime("%m-%d %H:%M")},
        minutes // 60,
        f"{minutes % 60:02d}",
    )
