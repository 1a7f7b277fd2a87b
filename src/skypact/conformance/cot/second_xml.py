"""A strict reader of XML 1.0 documents with namespaces: no document type, no entities but the five, UTF-8.

Written from the recommendation; it shares nothing with expat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_START = "A-Z_a-zÀ-ÖØ-öø-˿Ͱ-ͽͿ-\u1fff\u200c\u200d⁰-\u218fⰀ-\u2fef、-\ud7ff豈-﷏ﷰ-\ufffd\U00010000-\U000effff"
_NAME = f"[{_START}:][{_START}:.0-9\\-·̀-ͯ‿⁀]*"
_SPACE = "[ \t\r\n]"
_BLANKS = re.compile(f"{_SPACE}*")
_LEGAL = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")

_DECLARATION = re.compile(
    rf"<\?xml{_SPACE}+version{_SPACE}*={_SPACE}*(?:\"1\.[0-9]+\"|'1\.[0-9]+')"
    rf"(?:{_SPACE}+encoding{_SPACE}*={_SPACE}*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"'])?"
    rf"(?:{_SPACE}+standalone{_SPACE}*={_SPACE}*[\"'](?:yes|no)[\"'])?{_SPACE}*\?>"
)
_COMMENT = re.compile(r"<!--((?:[^-]|-[^-])*)-->")
_INSTRUCTION = re.compile(rf"<\?({_NAME})(?:{_SPACE}(.*?))?\?>", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAG = re.compile(rf"<({_NAME})((?:{_SPACE}+{_NAME}{_SPACE}*={_SPACE}*(?:\"[^<\"]*\"|'[^<']*'))*){_SPACE}*(/?)>")
_ATTRIBUTE = re.compile(rf"({_NAME}){_SPACE}*={_SPACE}*(?:\"([^<\"]*)\"|'([^<']*)')")
_END_TAG = re.compile(rf"</({_NAME}){_SPACE}*>")
_TEXT = re.compile(r"[^<]+")
_REFERENCE = re.compile(r"&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|(lt|gt|amp|apos|quot));|&")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"'}
_LONGEST = 1 << 20
_XML = "http://www.w3.org/XML/1998/namespace"
_XMLNS = "http://www.w3.org/2000/xmlns/"


class BrokenXMLError(ValueError):
    """The text is no well-formed document."""


@dataclass
class Element:
    """An element in the order of the document; names with a namespace as ``{namespace}name``."""

    depth: int
    tag: str
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    """Its own character data, without that of the elements inside it."""


@dataclass(frozen=True)
class _Opened:
    """An element whose end is still to come. All share one table of namespaces, which its end sets back: a copy for
    each would take the square of a document's length."""

    tag: str
    element: Element
    before: dict[str, str | None]
    """What the table held under the prefixes that the element declares; ``None`` where it held nothing."""


def document(text: str, at: int) -> tuple[list[Element], int]:
    """The elements of the document that begins at an offset, and the offset after its root.

    Raises ``BrokenXMLError``, also for one of more than a mebibyte.
    """
    at = after_blanks(text, at)
    end = min(len(text), at + _LONGEST)
    if found := _DECLARATION.match(text, at):
        if found[1] and found[1].lower() not in ("utf-8", "us-ascii"):
            raise BrokenXMLError
        at = found.end()
    made: list[Element] = []
    opened: list[_Opened] = []
    names: dict[str, str | None] = {"xml": _XML, "": ""}
    while not made or opened:
        at = _next(text, at, end, made, opened, names)
    return made, at


def after_blanks(text: str, at: int) -> int:
    """The offset of what stands next."""
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _next(
    text: str, at: int, end: int, made: list[Element], opened: list[_Opened], names: dict[str, str | None]
) -> int:
    """Reads one piece of markup or text; the offset after it. ``names``: the namespaces known there."""
    if found := _TEXT.match(text, at, end):
        if opened:
            opened[-1].element.text.append(_characters(found[0]))
        elif found[0].strip(" \t\r\n"):
            raise BrokenXMLError
    elif found := _TAG.match(text, at, end):
        element, before = _element(found, len(opened), names)
        made.append(element)
        if found[3]:
            names |= before
        else:
            opened.append(_Opened(found[1], element, before))
    elif found := _END_TAG.match(text, at, end):
        if not opened or opened[-1].tag != found[1]:
            raise BrokenXMLError
        names |= opened.pop().before
    elif found := _COMMENT.match(text, at, end):
        _legal(found[1])
    elif found := _CDATA.match(text, at, end):
        if not opened:
            raise BrokenXMLError
        opened[-1].element.text.append(_lines(_legal(found[1])))
    elif (found := _INSTRUCTION.match(text, at, end)) and found[1].lower() != "xml" and ":" not in found[1]:
        _legal(found[2] or "")
    else:
        raise BrokenXMLError
    return found.end()


def _element(found: re.Match[str], depth: int, names: dict[str, str | None]) -> tuple[Element, dict[str, str | None]]:
    """The element of a start tag, whose namespaces are added to ``names``; and what these said before."""
    given: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(found[2]):
        if one[1] in given:
            raise BrokenXMLError
        given[one[1]] = _value(one[2] if one[2] is not None else one[3])
    before: dict[str, str | None] = {}
    for name, said in given.items():
        if name == "xmlns" or name.startswith("xmlns:"):
            prefix = name.partition(":")[2]
            reserved = prefix == "xmlns" or said == _XMLNS or (prefix == "xml") is not (said == _XML)
            if reserved or (prefix and not said):
                raise BrokenXMLError
            before[prefix], names[prefix] = names.get(prefix), said
    attributes: dict[str, str] = {}
    for name, said in given.items():
        if name == "xmlns" or name.startswith("xmlns:"):
            continue
        expanded = _expanded(name, names) if ":" in name else name
        if expanded in attributes:
            raise BrokenXMLError
        attributes[expanded] = said
    return Element(depth, _expanded(found[1], names), attributes), before


def _expanded(name: str, names: dict[str, str | None]) -> str:
    prefix, colon, local = name.rpartition(":")
    namespace = names.get(prefix)
    if (colon and not (prefix and re.match(f"[{_START}]", local))) or ":" in prefix or namespace is None:
        raise BrokenXMLError
    return f"{{{namespace}}}{local}" if namespace else local


def _characters(raw: str) -> str:
    if "]]>" in raw:
        raise BrokenXMLError
    return _REFERENCE.sub(_referred, _lines(_legal(raw)))


def _value(raw: str) -> str:
    """An attribute's value: line ends and tabs written as such are blanks."""
    return _REFERENCE.sub(_referred, re.sub("[\t\n]", " ", _lines(_legal(raw))))


def _lines(raw: str) -> str:
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def _legal(raw: str) -> str:
    if not _LEGAL.fullmatch(raw):
        raise BrokenXMLError
    return raw


def _referred(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    digits, base = (found[1], 10) if found[1] else (found[2], 16)
    if not digits or len(digits.lstrip("0")) > 7:
        raise BrokenXMLError
    number = int(digits, base)
    if number > 0x10FFFF or not number or not _LEGAL.fullmatch(chr(number)):
        raise BrokenXMLError
    return chr(number)
