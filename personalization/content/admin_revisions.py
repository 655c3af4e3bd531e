"""The history of a block in the admin: each save is kept, compared and brought back; drafts wait for who publishes."""

from copy import copy
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from personalization.content import revisions
from personalization.content.comparing_revisions import changes
from personalization.content.conf import conf
from personalization.content.models import Block
from personalization.content.published import published as published_blocks
from personalization.content.publishing import may_publish, waits
from personalization.content.revisions import Content, Revision
from personalization.profiles.head import configuration_version
from personalization.segments.published import published as published_rules
from personalization.segments.updating import applying_rules

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
    BlockModelForm = forms.ModelForm[Block]
else:  # Django's classes take no parameters when they run
    BlockModelAdmin = admin.ModelAdmin
    BlockModelForm = forms.ModelForm

DRAFT: Final = "draft"
"""In a page's address: it shows the draft. With an underscore before it: the button that saves one."""
SHOWN: Final = 20
"""So many revisions stand on the page of the history."""
_SAVED: Final = "_attune_saved_block"
_HELD: Final = "_attune_held"


class BlockForm(BlockModelForm):
    """A block's own fields, and what was the last revision when the page was opened."""

    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["base"] = revisions.last_number(self.instance)

    def clean(self) -> dict[str, Any] | None:
        """Tell the second of two editors: what they typed stays on the page, and saving again overwrites."""
        cleaned = super().clean()
        base = self.cleaned_data.get("base")
        last = revisions.last_number(self.instance) if self.instance.pk else 0
        if base is not None and self.instance.pk and base != last:
            typed: Any = copy(self.data)  # what was posted may not be changed
            typed[self.add_prefix("base")] = str(last)
            self.data = typed
            other = Revision.objects.filter(block=self.instance, number=last).first()
            text = _(
                "%(who)s saved this block while you were editing it, at %(time)s. Nothing of yours is saved yet; it is "
                "all still below. Look at the history; save again to put yours in its place."
            )
            who = (other.published_by or other.by) if other else ""
            at = date_format(timezone.localtime(other.at), "TIME_FORMAT") if other else "?"
            self.add_error(None, ValidationError(text, code="conflict", params={"who": who or "?", "time": at}))
        return cleaned


class RevisionsAdmin(BlockModelAdmin):
    """The page of a block with its history and its draft. Stands last among its likes: it may take back a save."""

    form = BlockForm

    def get_urls(self) -> list[URLPattern]:
        """The buttons' addresses."""
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        views = {
            "bring-back": self.bring_back_view,
            "publish": self.publish_view,
            "drop-draft": self.drop_draft_view,
            "duplicate": self.duplicate_view,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"{prefix}_{name.replace('-', '_')}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    # The page

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what is live or the draft; save, or keep as a draft."""
        if request.method != "POST" and DRAFT not in request.GET:
            return super().changeform_view(request, object_id, form_url, extra_context)
        block = Block.objects.filter(pk=_number(object_id)).first() if object_id else None
        draft = revisions.open_draft(block) if block is not None and DRAFT in request.GET else None
        holds = request.method == "POST" and (draft is not None or f"_{DRAFT}" in request.POST or waits(request))
        if draft is None and not holds:
            with transaction.atomic():
                self._lock(request, block)
                return super().changeform_view(request, object_id, form_url, extra_context)
        content: Content | None = None
        _compile()
        with transaction.atomic():
            self._lock(request, block)
            with transaction.atomic():
                if draft is not None and block is not None:
                    revisions.stage(block, draft.content)
                setattr(request, _HELD, holds)
                response = super().changeform_view(request, object_id, form_url, extra_context)
                saved: Block | None = getattr(request, _SAVED, None)
                if saved is not None:
                    content = revisions.snapshot(saved)
                elif isinstance(response, TemplateResponse):
                    response.render()  # with what is taken back in a moment
                transaction.set_rollback(True)
            if saved is None or content is None:
                return response
            if block is None:  # it was never there; what is written comes when it is published
                block = Block.objects.create(key=saved.key, name=saved.name)
            return self._hold(request, block, content, publishes=self._publishes(request))

    def _lock(self, request: HttpRequest, block: Block | None) -> None:
        if request.method == "POST" and block is not None:
            Block.objects.select_for_update().get(pk=block.pk)  # of two editors one waits for the other

    def _publishes(self, request: HttpRequest) -> bool:
        return f"_{DRAFT}" not in request.POST and not waits(request)

    def _hold(self, request: HttpRequest, block: Block, content: Content, *, publishes: bool) -> HttpResponse:
        who = request.user.get_username()
        if publishes:
            revisions.note_change_elsewhere(block)
            revisions.restore(block, content)
            revisions.record_published(block, by=who)
            revisions.drop_draft(block)
            self.log_change(request, block, _("Published."))
            self.message_user(request, _("“%(name)s” is published.") % {"name": block}, messages.SUCCESS)
            return HttpResponseRedirect(_page(block))
        revisions.save_draft(block, content, by=who)
        self.log_change(request, block, _("Saved as a draft."))
        text = _("Saved as a draft. Visitors see nothing of it until it is published.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(f"{_page(block)}?{DRAFT}")

    def save_model(self, request: HttpRequest, obj: Block, form: Any, change: bool) -> None:
        """Keep what the save replaces, if code or an import had changed it."""
        if change and not getattr(request, _HELD, False):
            revisions.note_change_elsewhere(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep what was saved, in the same transaction."""
        super().save_related(request, form, formsets, change)
        setattr(request, _SAVED, form.instance)
        if not getattr(request, _HELD, False):
            revisions.record_published(form.instance, by=request.user.get_username())

    def response_add(self, request: HttpRequest, obj: Block, post_url_continue: str | None = None) -> HttpResponse:
        """Say nothing of a save that is taken back."""
        if getattr(request, _HELD, False):
            return HttpResponseRedirect("")
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Block) -> HttpResponse:
        """Say nothing of a save that is taken back."""
        return HttpResponseRedirect("") if getattr(request, _HELD, False) else super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer what may be done with the draft and the history."""
        block = context.get("original")
        waiting = waits(request)
        may_save = self.has_change_permission(request, block) if block else self.has_add_permission(request)
        context |= {"may_save_draft": may_save, "waits": waiting, "four_eyes": conf.PERSONALIZATION_FOUR_EYES}
        if waiting or DRAFT in request.GET:
            context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        if isinstance(block, Block) and (draft := revisions.open_draft(block)):
            who = request.user.get_username()
            context |= {
                "draft": draft,
                "shows_draft": DRAFT in request.GET,
                "why_not_publish": revisions.why_not_publish(draft, by=who, may_publish=may_publish(request)),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # The history

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Each revision with who, when and what changed, the last one first."""
        block = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, block):
            raise PermissionDenied
        if block is None:
            raise Http404
        found = list(Revision.objects.filter(block=block)[: SHOWN + 1])
        live = next((one for one in found if one.state == Revision.State.PUBLISHED), None)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "opts": self.opts,
            "edited": block,
            "may_change": self.has_change_permission(request, block),
            "more": len(found) > SHOWN,
            "rows": [
                {"revision": one, "is_live": one == live, "changes": _changes(one, found)} for one in found[:SHOWN]
            ],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/attune_content/block_history.html", context)

    def bring_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bring an earlier revision back."""
        block = self._asked(request, pk)
        if isinstance(block, HttpResponse):
            return block
        number = _number(request.POST.get("number", ""))
        revision = Revision.objects.filter(block=block, number=number).first()
        if revision is None:
            self.message_user(request, _("There is no such revision any more."), messages.ERROR)
            return HttpResponseRedirect(_page(block, "history"))
        with applying_rules():
            revisions.bring_back(revision, by=request.user.get_username(), may_publish=may_publish(request))
        if waits(request):
            text = _("Revision %(number)s waits as a draft. Somebody else must publish it.") % {"number": number}
        else:
            text = _("Revision %(number)s is live again.") % {"number": number}
        self.log_change(request, block, text)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(_page(block, "history"))

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish the draft."""
        block = self._asked(request, pk)
        if isinstance(block, HttpResponse):
            return block
        draft = revisions.open_draft(block)
        if draft is None or str(draft.number) != request.POST.get("number"):
            text = _("The draft is not the one that you looked at. Look at it, then publish it.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(_page(block) + (f"?{DRAFT}" if draft else ""))
        try:
            with applying_rules():
                who = request.user.get_username()
                revisions.publish_draft(draft, by=who, may_publish=may_publish(request))
        except PermissionDenied as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(f"{_page(block)}?{DRAFT}")
        except revisions.OutdatedDraft:
            text = _(
                "The block was changed after this draft was written. Look at the history; if the draft is to take the "
                "place of that change, save the draft again and then publish it."
            )
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(f"{_page(block)}?{DRAFT}")
        self.log_change(request, block, _("Published."))
        self.message_user(request, _("“%(name)s” is published.") % {"name": block}, messages.SUCCESS)
        return HttpResponseRedirect(_page(block))

    def drop_draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the draft be."""
        block = self._asked(request, pk)
        if isinstance(block, HttpResponse):
            return block
        revisions.drop_draft(block)
        self.message_user(request, _("The draft is dropped. The history still has it."), messages.SUCCESS)
        return HttpResponseRedirect(_page(block))

    def duplicate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a copy."""
        block = self._asked(request, pk)
        if isinstance(block, HttpResponse):
            return block
        if not self.has_add_permission(request):
            raise PermissionDenied
        with applying_rules():
            who = request.user.get_username()
            copy = revisions.duplicate(block, by=who, may_publish=may_publish(request))
        self.log_addition(request, copy, _("Copied from “%(name)s”.") % {"name": block})
        text = _("This is the copy. It is paused; its name in templates is “%(key)s”.") % {"key": copy.key}
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(_page(copy) + (f"?{DRAFT}" if revisions.open_draft(copy) else ""))

    def _asked(self, request: HttpRequest, pk: int) -> Block | HttpResponse:
        block = get_object_or_404(Block, pk=pk)
        if not self.has_change_permission(request, block):
            raise PermissionDenied
        return block if request.method == "POST" else HttpResponseNotAllowed(["POST"])


def _changes(revision: Revision, found: list[Revision]) -> Any:
    """What is new in it, against what was published before; None, if that is not kept."""
    before = next((one for one in found if one.number < revision.number and one.state == one.State.PUBLISHED), None)
    return None if before is None else changes(before.content, revision.content)


def _compile() -> None:
    """What is published is compiled before a draft is staged, so that no process ever takes the one for the other."""
    version = configuration_version()
    published_rules(version)
    published_blocks(version)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _page(block: Block, page: str = "change") -> str:
    return reverse(f"admin:attune_content_block_{page}", args=[block.pk])
