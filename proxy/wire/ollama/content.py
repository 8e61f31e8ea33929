"""Blocks as what a message holds: one text, and pictures beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from proxy.wire.canonical import Block, Data, Document, Image, Opaque, PlainText, Refusal, Text, Url
from proxy.wire.ollama.draft import Draft
from proxy.wire.target import Loss

BETWEEN_TEXTS = "\n\n"
UNSEEN_IMAGE = "[An image stood here, but this model cannot be shown it.]"
UNFETCHED_IMAGE = "[An image stood here, but this model cannot fetch it: {url}]"
UNREAD_DOCUMENT = "[A document stood here, but this model cannot be given it.]"


@dataclass(slots=True)
class Content:
    texts: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return BETWEEN_TEXTS.join(self.texts)

    def __bool__(self) -> bool:
        return bool(self.texts or self.images)


def content_of(draft: Draft, blocks: Iterable[Block]) -> Content:
    content = Content()
    for block in blocks:
        _add(draft, block, content)
    return content


def _add(draft: Draft, block: Block, content: Content) -> None:
    match block:
        case Text(text):
            draft.note(block.extra, block.cache)
            if block.citations:
                draft.lost.add(Loss.CITATIONS)
            if text:
                content.texts.append(text)
        case Refusal(text):
            content.texts.append(text)
        case Image():
            _add_image(draft, block, content)
        case Document():
            _add_document(draft, block, content)
        case Opaque():
            draft.lost.add(Loss.SERVER_TOOL_HISTORY)


def _add_image(draft: Draft, image: Image, content: Content) -> None:
    """The server takes bytes and fetches nothing."""
    draft.note(image.extra, image.cache)
    if image.detail is not None:
        draft.lost.add(Loss.IMAGE_DETAIL)
    match image.source:
        case Data(_, base64) if draft.target.vision:
            content.images.append(base64)
        case Url(url) if draft.target.vision:
            draft.lost.add(Loss.IMAGE)
            content.texts.append(UNFETCHED_IMAGE.format(url=url))
        case _:
            draft.lost.add(Loss.IMAGE)
            content.texts.append(UNSEEN_IMAGE)


def _add_document(draft: Draft, document: Document, content: Content) -> None:
    draft.note(document.extra, document.cache)
    if document.name is not None or document.context is not None or document.citable is not None:
        draft.lost.add(Loss.DOCUMENT_DETAILS)
    if isinstance(document.source, PlainText):
        content.texts.append(document.source.text)
    else:
        draft.lost.add(Loss.DOCUMENT)
        content.texts.append(UNREAD_DOCUMENT)
