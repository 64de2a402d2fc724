"""Markdown as a browser gets it: the tags in their order, and the texts outside of code.

And texts that try to break out of the place where they stand.
"""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import strategies as st
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
_CODE = ("code", "pre")
_PIECES = [
    "`", "``", "```", "~~~", "|", "\\", "\\|", "\n", "\n\n", "\r", "  ", "\t", "<", ">", "&amp;",
    "</details>", "</summary>", "<details>", "</code>", "<script>", "<!--", "-->", "<br>",
    "![CDATA[", "@octocat", "#1", "GH-1", "https://evil.example", "www.evil.example",
    "a@evil.example", "[x](https://evil.example)", "![x](y)", "**", "__", "*", "_", "~~", "- ",
    "+ ", "# ", "> ", "1. ", "---", "===", "    ", ":tada:", "$x$", "\x1b[31m", "\u202e", "\u2028",
    "优刻得", "【】", "a",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map("".join)


class Page(HTMLParser):
    """What a Markdown text becomes."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        """Each tag as it opens or closes, such as `td` and `/td`."""
        self.prose: list[str] = []
        """The texts outside of code: our own words, if all is well."""
        self.code: list[str] = []
        """The texts inside of it."""
        self._depth = 0
        self.feed(_PARSER.render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {attrs}" if attrs else tag)
        self._depth += tag in _CODE

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")
        self._depth -= tag in _CODE

    def handle_data(self, data: str) -> None:
        (self.code if self._depth else self.prose).append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append("!--")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("!")

    def handle_pi(self, data: str) -> None:
        self.tags.append("?")

    @property
    def is_balanced(self) -> bool:
        """Every element that is opened is closed, in the right order."""
        open_tags: list[str] = []
        for tag in self.tags:
            if tag.split()[0] in {"br", "hr", "img"}:
                continue
            if not tag.startswith("/"):
                open_tags.append(tag.split()[0])
            elif not open_tags or open_tags.pop() != tag[1:]:
                return False
        return not open_tags
